"""What a person types is taken as it was meant: options anywhere, files by pipe, one fitness, a question before loss."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.runs import store
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.workouts import read_workout
from tests.cli import warm
from tests.cli.commands import coach, configured, lines
from tests.conftest import ROOT

DEMO = ROOT / "coach" / "demo" / "run.nmea"
WORKOUT = ROOT / "coach" / "demo" / "workout.toml"
SAMPLES = ROOT / "tests" / "workouts" / "samples"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configured(tmp_path)


def typed(*arguments: str | Path, piped: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return warm.run([*map(str, arguments)], piped)


def test_the_config_may_be_named_after_the_command(config: Path) -> None:
    config.write_text(config.read_text() + '[runner]\nunits = "imperial"\n')
    before = typed("--config", config, "check", WORKOUT)
    after = typed("check", WORKOUT, "--config", config)
    assert before.returncode == after.returncode == 0
    assert before.stdout == after.stdout and b"/mi" in after.stdout


def test_help_is_a_word_too() -> None:
    assert typed("help").stdout == typed("--help").stdout
    assert typed("help", "run").stdout == typed("run", "--help").stdout
    assert typed("-V").stdout == typed("--version").stdout


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".timeline"))
def test_a_workout_of_any_format_may_be_piped_in(sample: str, config: Path) -> None:
    named = typed("check", SAMPLES / sample, "--config", config)
    piped = typed("check", "-", "--config", config, piped=(SAMPLES / sample).read_bytes())
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout.splitlines()[1:12] == named.stdout.splitlines()[1:12]


def test_words_and_tracks_may_be_piped_in_too(config: Path) -> None:
    said = typed("check", "-", "--config", config, piped=b"10 min 6:00/km, 5 min 5:00/km\n").stdout.decode()
    assert "5:00/km" in said and "15:00, 2.67 km" in said
    assert typed("check", "-", "--config", config, piped=b"").returncode == 2
    piped = typed("replay", "-", "--workout", WORKOUT, "--config", config, "--json", piped=DEMO.read_bytes())
    assert piped.stdout == typed("replay", DEMO, "--workout", WORKOUT, "--config", config, "--json").stdout


@pytest.mark.parametrize("fitness", [["--race", "10k 50:00"], ["--easy-pace", "6:24/km"]])
@pytest.mark.parametrize("command", ["check", "replay", "convert"])
def test_the_fitness_is_typed_where_a_workout_is_read(command: str, fitness: list[str], config: Path, tmp_path: Path) -> None:
    workout = "1 min easy"
    arguments = {
        "check": ["check", workout, *fitness],
        "replay": ["replay", str(DEMO), "--workout", workout, *fitness],
        "convert": ["convert", workout, str(tmp_path / "w.toml"), *fitness],
    }[command]
    config.write_text(config.read_text() + '[runner]\nrace = "10k 60:00"\n')
    coach(config, *arguments)
    told = coach(config, "convert", workout, tmp_path / "w.toml", *fitness, "--json").stdout
    metres = lines(told)[0]["metres"]
    assert metres == pytest.approx(1000 / 384 * 60, rel=0.02)  # 6:24/km, whichever way it was told


def test_a_fitness_that_is_none_is_one_line(config: Path) -> None:
    assert "did you mean 1:45:00?" in coach(config, "check", "10m", "--race", "half 1:45", check=2).stderr


@pytest.mark.parametrize(("distance", "time"), [("half", "1:45"), ("marathon", "3:59"), ("½ marathon", "2:10")])
def test_hours_and_minutes_are_asked_about(distance: str, time: str, config: Path) -> None:
    assert f"did you mean {time}:00?" in coach(config, "race", distance, time, check=2).stderr
    assert coach(config, "race", distance, f"{time}:00").returncode == 0
    assert coach(config, "race", "mile", "5:40").returncode == 0


def test_explain_and_verify_take_the_last_run_when_none_is_named(config: Path) -> None:
    config.write_text(config.read_text() + f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000.0\n')
    coach(config, "run", "1m")
    (run,) = store.list_runs()
    assert coach(config, "verify").stdout == coach(config, "verify", run.path.stem).stdout
    assert coach(config, "explain").stdout == coach(config, "explain", run.path.stem).stdout


def test_the_folder_of_runs_is_made_its_owners_alone(config: Path) -> None:
    store.folder().mkdir(parents=True, mode=0o755)
    config.write_text(config.read_text() + f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000.0\n')
    coach(config, "run", "1m")
    assert store.folder().stat().st_mode & 0o777 == 0o700


def test_a_plan_by_hand_has_its_total_in_all(config: Path) -> None:
    by_hand = ["plan", "continuous", "--from", "6:00", "--to", "4:45", "--warmup", "10min", "--cooldown", "5min", "--json"]
    (plan,) = lines(coach(config, *by_hand, "--total", "10km").stdout)
    assert plan["metres"] == 7500  # and a quarter of an hour by feel, at 6:00/km
    (plan,) = lines(coach(config, *by_hand, "--total", "50min").stdout)
    assert plan["seconds"] == 3000
    assert "leaves nothing for the rest" in coach(config, *by_hand, "--total", "2km", check=2).stderr


def test_a_schedule_for_a_race_far_away_starts_later_by_itself(config: Path) -> None:
    runner = ["schedule", "--race", "10k 50:00", "--weekly", "190", "--longest", "75", "--today", "2026-11-28"]
    done = coach(config, *runner, "--race-date", "2027-09-05", "--race-distance", "half", "--json")
    (made,) = lines(done.stdout)
    assert len(made["weeks"]) == 12 and made["weeks"][0]["starts"] == "2027-06-14"
    assert "starts on 2027-06-14" in done.stderr


def test_what_cannot_be_heard_is_no_success(config: Path) -> None:
    assert "so nothing can be heard" in coach(config, "say", "hello", check=3).stderr
    config.write_text('[voice]\nengine = "none"\ndevice = "none such"\n')
    assert coach(config, "say", "hello", check=3).stderr
    assert "nothing to say" in coach(config, "say", " ", check=2).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("answer", "kept"), [(b"n\n", True), (b"\n", True), (b"y\n", False)])
@pytest.mark.edge
def test_a_file_is_replaced_only_after_a_question(answer: bytes, kept: bool, config: Path, tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.toml", tmp_path / "plan"
    folder.mkdir()
    for command, mine in (
        (["plan", "continuous", "--race", "10k 50:00", "-o", file], file),
        (["convert", "10m", file], file),
        (["replay", ROOT / "coach/demo/run.nmea", "--wav", file], file),
        (["schedule", "--race", "10k 50:00", "--weekly", "190", "--longest", "75", "-o", folder], folder / "schedule.json"),
    ):
        mine.write_text("precious")
        keyboard, terminal = os.openpty()
        os.write(keyboard, answer)
        done = warm.run(["--config", str(config), *map(str, command)], terminal)
        assert b"Replace it?" in done.stderr
        assert (mine.read_bytes() == b"precious") is kept
        assert done.returncode == (1 if kept else 0)
        os.close(keyboard)
        os.close(terminal)


@pytest.mark.parametrize("fitness", [("--race", "10k 50:00"), ("--easy-pace", "7:00/km")])
def test_the_fitness_is_typed_alike_for_every_command(fitness: tuple[str, str], config: Path, tmp_path: Path) -> None:
    volume = ("--weekly", "190", "--longest", "75")
    track = ROOT / "coach/demo/run.nmea"
    for command in (
        ["plan", "continuous"], ["schedule", *volume], ["check", "10m easy"], ["convert", "10m easy", tmp_path / "w.zwo"],
        ["paces"], ["replay", track, "--workout", "10m easy"], ["demo"], ["run", "--help"], ["rehearse", "--help"],
    ):  # fmt: skip
        done = coach(config, *command, *fitness)
        assert "needs your fitness" not in done.stdout + done.stderr


def test_ctrl_c_while_modules_are_imported_leaves_no_traceback() -> None:
    program = """
import importlib.abc, os, signal, sys
class Pressed(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressed())
from coach.cli.start import start
start()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_without_anybody_to_ask_a_file_is_written(config: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("old")
    (row,) = lines(coach(config, "plan", "continuous", "--race", "10k 50:00", "-o", tmp_path / "mine.toml", "--json").stdout)
    assert json.dumps(row["file"]) and (tmp_path / "mine.toml").read_text() != "old"


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["ver"], {"plain,verify"}),
        (["verify", "20"], {"plain,2026-01-01T08-00-00-long-run"}),
        (["explain", ""], {"plain,last", "plain,2026-01-01T08-00-00-long-run"}),
        (["run", "--resume", "20"], {"plain,2026-01-01T08-00-00-long-run"}),
        (["check", "thu"], {"file,thu"}),
        (["run", "--re"], {"plain,--resume"}),
    ],
)
def test_the_shell_completes_commands_runs_and_files(words: list[str], completed: set[str]) -> None:
    store.folder().mkdir(parents=True)
    setup = Setup(read_workout("1m", None)).as_dict()
    path = store.folder() / "2026-01-01T08-00-00-long-run.jsonl"
    JournalWriter.begin(path, setup, pytest.fail, 1).close(0.0, "quit")
    program = "from coach.cli.main import main; main(prog_name='coach')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60,
        env={**os.environ, "_COACH_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(["coach", *words]),
             "COMP_CWORD": str(len(words))},
    )  # fmt: skip
    assert set(done.stdout.split()) == completed
