"""Somebody else's package, really built and installed, adds kinds of everything; a broken one costs a line, never a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path
from zipfile import ZipFile

import pytest

from coach import Duration, Kind, Plan, Rx, Segment, Steady
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup, SourceSpec
from tests.cli import warm
from tests.cli.commands import lines
from tests.conftest import ROOT

SILENT = "[voice]\nplayer = 'none'\nengine = 'none'\n"
WORKOUT = ROOT / "coach" / "demo" / "workout.toml"
TRACK = ROOT / "coach" / "demo" / "run.nmea"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the sample package is installed, as an installer of wheels does it: unpacked."""
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(ROOT / "tests" / "plugin", folder / "source")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def coach(installed: Path, config: Path, *arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(installed))))
        ran = warm.run(["--config", str(config), *map(str, arguments)])
    done = subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    assert "Traceback" not in done.stderr
    return done


def written(tmp_path: Path, text: str = "", head: str = SILENT) -> Path:
    config = tmp_path / "config.toml"
    config.write_text(head + text)
    return config


def source(name: str, kind: str, rest: str = "") -> str:
    return f"[[source]]\nname = '{name}'\nkind = '{kind}'\n{rest}\n"


def test_a_device_with_an_option_is_one_of_the_kinds(installed: Path, tmp_path: Path) -> None:
    config = written(tmp_path, source("clicks", "click-counter", "port = '/dev/absent'\nmetres = 2.5"))
    assert "source clicks: /dev/absent is not there" in coach(installed, config, "check", code=1).stdout
    for wrong, told in (
        ("metres = 0", "metres: 0 is out of bounds: 0.1 to 100 metres a click"),
        ("meters = 1", 'did you mean "metres"?'),
    ):
        config = written(tmp_path, source("clicks", "click-counter", wrong))
        error = coach(installed, config, "check", code=2).stderr
        assert error.splitlines()[0].startswith(f"{config}:7: source 1.") and told in error
    config = written(tmp_path, source("clicks", "click-conter"))
    assert 'did you mean "click-counter"?' in coach(installed, config, "check", code=2).stderr


def test_its_bytes_become_samples_by_its_option(installed: Path) -> None:
    program = (
        "from devices import catalogue; it = catalogue.decoder('click-counter', 'c', {'metres': 2.5})\n"
        "print([each.distance for each in it.feed(1.0, b'click\\nclack\\nclick\\n')], dict(it.faults))"
    )
    path = os.pathsep.join((str(ROOT), str(installed)))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stdout == "[2.5, 5.0] {'no click': 1}\n"


def test_a_workout_format_is_read_and_written(installed: Path, tmp_path: Path) -> None:
    steps = tmp_path / "tuesday.steps"
    steps.write_text("10 390\n20 330\n")
    config = written(tmp_path)
    coach(installed, config, "convert", steps, tmp_path / "tuesday.toml")
    coach(installed, config, "convert", tmp_path / "tuesday.toml", tmp_path / "again.steps")
    assert (tmp_path / "again.steps").read_text() == steps.read_text()
    steps.write_text("10 390\nten 330\n")
    assert coach(installed, config, "check", steps, code=2).stderr.startswith(f"{steps}:2: is not a step; write minutes")


def test_a_language_says_its_phrases_and_the_rest_in_english(installed: Path, tmp_path: Path) -> None:
    config = written(tmp_path, "[runner]\nlanguage = 'pirate'\n")
    told = coach(installed, config, "check", code=1).stdout  # no device is there
    assert "language: pirate lacks" in told and "cues.paused" not in told
    assert lines(coach(installed, config, "replay", TRACK, "--workout", WORKOUT, "--json").stdout, "cue")


def test_a_voice_makes_the_sound(installed: Path, tmp_path: Path) -> None:
    config = written(tmp_path, head="[voice]\nplayer = 'none'\nengine = 'clicks'\n")
    heard = tmp_path / "heard.wav"
    coach(installed, config, "say", "one", "two", "three", "--wav", heard)
    with wave.open(str(heard)) as sound:
        assert 0.3 < sound.getnframes() / sound.getframerate() < 4.0
    assert "voice: clicks" in coach(installed, config, "check", code=1).stdout


def test_every_plugin_is_tried_by_check_and_a_broken_one_is_a_line(installed: Path, tmp_path: Path) -> None:
    told = coach(installed, written(tmp_path), "check", code=1).stdout.splitlines()
    for name in ("click-counter", "steps", "pirate", "clicks"):
        assert sum(line.startswith(f"ok   plug-in: {name} of steps-and-clicks (coach.") for line in told) == 1
    broken = [line for line in told if line.startswith("FIX  plug-in") and line.endswith("pip uninstall steps-and-clicks")]
    assert sorted(line.split()[2] for line in broken) == ["foreign-kind", "nmea", "torn", "torn", "torn-kind"]
    assert any("is not a devices.kinds.Kind" in line for line in broken)


def test_a_broken_plugin_costs_its_own_line_and_not_the_run(installed: Path, tmp_path: Path) -> None:
    track = source("track", "track", f"port = '{TRACK}'\nrate = 5000")
    config = written(tmp_path, "[runner]\nlanguage = 'torn'\n" + track)
    done = coach(installed, config, "run", WORKOUT, "--json")
    assert lines(done.stdout)[-1]["complete"] is True
    assert sum(line.startswith("plug-in torn of steps-and-clicks cannot be used: ") for line in done.stderr.splitlines()) == 1
    config = written(tmp_path, source("gone", "torn-kind"))
    told = coach(installed, config, "run", WORKOUT, code=3).stderr.splitlines()
    assert told[0].startswith("source gone: plug-in torn-kind of steps-and-clicks cannot be used: ModuleNotFoundError")
    torn = tmp_path / "some.torn"
    torn.touch()
    (line,) = coach(installed, config, "check", torn, code=2).stderr.splitlines()
    assert line.startswith(f"{torn}: plug-in torn of steps-and-clicks cannot be used: IndexError")


def test_what_no_one_names_is_not_imported(installed: Path, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom coach.cli.main import main\n"
        f"try: main(['--config', {str(written(tmp_path))!r}, 'replay', {str(TRACK)!r}, '--workout', {str(WORKOUT)!r}])\n"
        "except SystemExit as end: print(end.code, 'steps_and_clicks' in sys.modules, file=sys.stderr)"
    )
    path = os.pathsep.join((str(ROOT), str(installed)))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stderr == "0 False\n"


def test_a_broken_device_among_others_is_left_out(installed: Path, tmp_path: Path) -> None:
    config = written(tmp_path, source("gone", "torn-kind") + source("gps", "gpsd", "address = 'localhost:1'"))
    told = coach(installed, config, "run", WORKOUT, code=3)
    assert "localhost:1 does not answer" in told.stderr  # the other one was tried
    assert told.stdout.startswith("source gone is left out: plug-in torn-kind of steps-and-clicks")


def test_a_plugin_does_not_replace_what_is_ours(installed: Path, tmp_path: Path) -> None:
    config = written(tmp_path, source("gps", "nmea", "port = '/dev/absent'\nmetres = 2.5"))
    assert 'is not an option of kind = "nmea"' in coach(installed, config, "check", code=2).stderr


def test_a_run_recorded_with_a_plugin_is_refused_in_a_line_where_it_is_missing(installed: Path, tmp_path: Path) -> None:
    plan = Plan("Two minutes", (Segment("Easy", Kind.EASY, Duration(120.0), Steady(3.0)),))
    setup = Setup(plan, sources=(SourceSpec("clicks", "click-counter", {"metres": 3.0}),))
    journal = tmp_path / "run.jsonl"
    writer = JournalWriter.begin(journal, setup.as_dict(), print)
    for second in range(130):
        writer.write_input(Rx(float(second), "clicks", b"click\n"))
    writer.close(130.0, "quit")
    replayed = lines(coach(installed, written(tmp_path), "replay", journal, "--json").stdout, "summary")
    assert replayed[0]["distance"] == pytest.approx(360, abs=5)
    for command in ("replay", "verify", "explain"):
        told = coach(tmp_path, written(tmp_path), command, journal, code=2).stderr
        assert told.startswith('the journal: source clicks: kind = "click-counter" is not known') and told.count("\n") == 1
