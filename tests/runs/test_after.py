"""What is done with a run that ended: files, and a program that may fail, hang or not exist; the run loses nothing."""

import json
import sys
from pathlib import Path

import pytest

import coach.demo as coach_demo
import coach.runs
from coach.config import load
from coach.core.plan.segments import FREE_RUN
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.after import After, after_run
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.runs.sync.options import Sync
from devices.sample import Fix, Mode
from tests.cli.commands import coach as run_coach
from tests.cli.commands import configured

DEMO = Path(coach_demo.__file__).with_name("run.nmea")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "monday.jsonl"
    writer = JournalWriter.begin(path, Setup(FREE_RUN).as_dict(), pytest.fail, 1)
    for at in range(200):
        writer.write_input(Fix(float(at), "gps", 47.0 + at * 2.7e-5, 8.0, speed=3.0, utc=1.8e9 + at, mode=Mode.FIX_3D))
    writer.close(200.0, "quit")
    return path


def done(after: After, journal: Path) -> list[str]:
    told = list[str]()
    after_run(after, Sync(), journal, "km", told.append)
    return told


def test_files_are_written_and_the_program_is_given_the_first(journal: Path, tmp_path: Path) -> None:
    copy = [
        sys.executable,
        "-c",
        "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])",
        "{file}",
        str(tmp_path / "copy.fit"),
    ]
    told = done(After(export=["fit", "csv"], folder=str(tmp_path / "new" / "folder"), command=copy), journal)
    fit, table = (tmp_path / "new" / "folder" / f"monday.{kind}" for kind in ("fit", "csv"))
    assert told == [f"written: {fit}", f"written: {table}"]
    assert (tmp_path / "copy.fit").read_bytes() == fit.read_bytes()


def test_places_near_home_are_left_out(journal: Path, tmp_path: Path) -> None:
    done(After(export=["fit"], folder=str(tmp_path), hide_home="100 m"), journal)
    found = coach.runs.load(str(tmp_path / "monday.fit"))
    assert found.summary["distance"] < 500.0 < coach.runs.load(str(journal)).summary["distance"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["/nowhere/program"], "[after] command: /nowhere/program cannot be started: no such file or directory"),
        ([sys.executable, "-c", "raise SystemExit('disk is full')"], "failed with 1: disk is full"),
        (["sleep", "60"], "was ended: it took more than 0.3 s"),
        (["a\0b"], "cannot be started: embedded null byte"),
    ],
)
def test_a_program_that_fails_is_told_in_one_line(journal: Path, command: list[str], told: str) -> None:
    [line] = done(After(command=command, seconds=0.3 if command[0] == "sleep" else 60.0), journal)
    assert told in line and "\n" not in line


def test_a_folder_that_cannot_be_made_is_told_in_one_line(journal: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    [line] = done(After(export=["fit"], folder=str(tmp_path / "file" / "folder")), journal)
    assert line.startswith("[after] export: ") and "\n" not in line


def test_a_service_without_a_key_is_told_in_one_line(journal: Path) -> None:
    assert done(After(sync=True), journal) == ["[after] sync: intervals: has no key yet; coach sync intervals --login"]


@pytest.mark.parametrize("wrong", ['export = ["doc"]', 'hide_home = "far"', "seconds = 0", 'folders = "x"'])
def test_a_wrong_option_is_refused_with_its_line(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "config.toml").write_text(f"[after]\n{wrong}\n")
    with pytest.raises(InvalidSettings) as caught:
        load(tmp_path / "config.toml")
    assert "config.toml:2" in str(caught.value)


def test_a_run_that_ends_is_exported_and_can_be_loaded(tmp_path: Path) -> None:
    track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 5000\n'
    config = configured(tmp_path, f'{track}[after]\nexport = ["gpx"]\nfolder = "{tmp_path}"\n')
    told = run_coach(config, "run", "2m 6:00/km", "--json")
    [run] = store.list_runs()
    assert f"written: {tmp_path / run.path.stem}.gpx" in told.stderr
    assert all(json.loads(line) for line in told.stdout.splitlines())
    activity = coach.runs.load()
    columns = activity.columns()
    assert len(columns["speed"]) == len(columns["heart"]) == len(activity.seconds) >= 119
