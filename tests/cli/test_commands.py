"""The command line as a contract: JSON lines, exit codes, and one clear line for what is wrong."""

import json
import os
import re
import subprocess
import wave
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from coach import __version__
from coach.cli.main import COMMANDS, load, main
from coach.core.policy import Policy
from coach.runs import store
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.workouts import read_workout
from tests.cli.commands import COACH, coach, configured, lines
from tests.conftest import ROOT

DEMO = ROOT / "coach" / "demo" / "run.nmea"
WORKOUT = ROOT / "coach" / "demo" / "workout.toml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configured(tmp_path)


def test_replay_gives_json_lines(config: Path) -> None:
    told = lines(coach(config, "replay", DEMO, "--workout", WORKOUT, "--json", "--estimates").stdout)
    kinds = {line["kind"] for line in told}
    assert kinds == {"event", "estimate", "cue", "summary"}
    assert told[-1]["kind"] == "summary"
    assert {line["event"] for line in told if line["kind"] == "event"} >= {
        "run_began", "segment_began", "segment_ended", "off_pace", "on_pace", "signal_lost", "signal_back", "run_complete",
    }  # fmt: skip
    for line in told:
        assert line["at"] >= 0
        if line["kind"] == "cue":
            assert {"cue", "text", "priority", "until"} <= set(line)
        if line["kind"] == "estimate":
            assert {"distance", "speed", "sigma", "source", "segment", "target"} <= set(line)
    summary = told[-1]
    assert summary["complete"] is True
    assert [row["name"] for row in summary["segments"]] == ["Warm-up", "Build", "Peak", "Cool-down"]
    assert all({"planned", "actual", "score"} <= set(row) for row in summary["segments"])


def test_with_json_peoples_text_is_on_stderr(config: Path) -> None:
    done = coach(config, "demo", "--json")
    assert lines(done.stdout, "cue")
    assert "Nobody ran it" in done.stderr


def test_the_demo_prints_its_transcript_and_writes_a_wav(config: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    config.write_text("[voice]\nplayer = 'none'\n")
    done = coach(config, "demo", "--wav", heard)
    assert "Run complete" in done.stdout
    with wave.open(str(heard)) as sound:
        assert sound.getnframes() / sound.getframerate() > 20


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["replay", "gone.gpx"], 2, "gone.gpx: "),
        (["replay", str(WORKOUT)], 2, "workout.toml: "),
        (["replay", str(DEMO), "--workout", "gone.toml"], 2, "gone.toml: cannot be read: no such file"),
        (["replay", str(DEMO), "--rate", "fast"], 2, "'fast' is not a speed of playback; write 1"),
        (["replay", str(DEMO), "--rate", "nan"], 2, "is not a speed of playback"),
        (["run", "--resume"], 2, "there is no interrupted run to resume"),
        (["show"], 2, "there are no runs yet; `coach run` begins one"),
        (["verify", "nothing"], 2, "nothing: is not a run that `coach runs` lists"),
        (["rnu"], 2, "rnu"),
        (["run"], 3, "no receiver or footpod is plugged in"),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(config: Path, arguments: list[str], code: int, told: str) -> None:
    done = coach(config, *arguments, check=code)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_in_the_config_ends_before_the_run(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[runner]\nunitz = 'metric'\n")
    done = coach(config, "run", check=2)
    assert done.stderr.startswith(f"{config}:2: runner.unitz: is not a known option; did you mean")


def test_check_prints_the_timeline(config: Path) -> None:
    printed = coach(config, "check", WORKOUT).stdout.splitlines()
    assert printed[0] == "Demo progression"
    assert [line.split() for line in printed[1:-1]] == [
        ["0:00", "Warm-up", "5:00", "6:30/km"],
        ["5:00", "Build", "10:00", "6:05/km", "->", "4:55/km"],
        ["15:00", "Peak", "3:00", "4:40/km"],
        ["18:00", "Cool-down", "2:00", "free"],
        ["total", "20:00,", "at", "least", "3.25", "km"],
    ]
    assert printed[-1].startswith("not checked because your fitness is not known")  # and no advice


def test_runs_and_verify_tell_of_a_run(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text() + f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 5000\n')
    live = lines(coach(config, "run", WORKOUT, "--json").stdout)
    assert live[-1]["complete"] is True
    (run,) = lines(coach(config, "runs", "--json").stdout)
    assert run["ended"] is True
    (verified,) = lines(coach(config, "verify", run["name"], "--json").stdout)
    assert verified == {"kind": "verified", "cues": live[-1]["cues"], "same": True, "difference": None}
    journal = store.find_run(run["name"])
    text = journal.read_bytes()
    for rate in ("max", "10000"):
        again = lines(coach(config, "replay", journal, "--json", "--rate", rate).stdout)
        assert again == live
    altered = tmp_path / "altered.jsonl"
    cue = next(line for line in text.splitlines(keepends=True) if b'"k":"cue"' in line)
    altered.write_bytes(text.replace(cue, b""))
    assert "the journal says" in coach(config, "verify", altered, check=1).stderr


def test_help_is_everywhere_and_names_every_command() -> None:
    shown = subprocess.run([*COACH, "--help"], capture_output=True, text=True, check=True).stdout
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", shown, re.MULTILINE)
    version = subprocess.run([*COACH, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.strip() == f"coach, version {__version__}"


def test_help_imports_nothing_heavy() -> None:
    """`coach --help` answers at once: what a command needs is imported with the command."""
    program = (
        "import sys\nfrom coach.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    loaded = subprocess.run([COACH[0], "-c", program], capture_output=True, text=True, check=True).stderr.split()
    heavy = {"pydantic", "rich", "lxml", "geopy", "serial", "pyttsx3", "sounddevice", "fitdecode", "asyncio", "platformdirs"}
    assert "coach.cli.main" in loaded
    assert not {"coach.core", "coach.config", "devices.catalogue", "importlib.metadata", *heavy} & set(loaded)


def test_a_workout_in_words_loads_no_reader_of_xml() -> None:
    """It would stay in memory for the whole run."""
    program = "import sys\nfrom coach.workouts import read_workout\nread_workout('10m', None, print)\nprint(*sys.modules)"
    loaded = subprocess.run([COACH[0], "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "coach.workouts.files" in loaded
    assert "lxml" not in loaded


def test_the_table_of_commands_and_their_files_say_the_same() -> None:
    """A command is a file in coach/cli and a row of COMMANDS in coach/cli/main.py, whose text is its docstring."""
    for name, told in COMMANDS.items():
        command = load(name)
        assert (command.name, command.help) == (name, told), f"coach/cli/main.py: COMMANDS: {name}"
    rooms = {
        path.stem
        for path in (ROOT / "coach" / "cli").glob("*.py")
        if re.search(r"(?m)^@click\.(command|group)\(\)", path.read_text())
    }
    assert rooms == set(COMMANDS), "each file with a click.command needs a row in COMMANDS of coach/cli/main.py"


def test_the_package_is_the_program_too() -> None:
    for name in ("coach.cli", "coach.cli.main"):
        shown = subprocess.run([COACH[0], "-m", name, "--version"], capture_output=True, text=True, check=True).stdout
        assert shown.strip() == f"coach, version {__version__}"


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def documented_commands() -> list[str]:
    text = "\n".join(page.read_text() for page in PAGES)
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    spoken = re.findall(r"`(coach [a-z]+ [^`\n]+)`", text)  # a command named alone is a mention
    typed = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return sorted({line for line in typed + spoken if line.startswith("coach ")})


@pytest.mark.parametrize("line", documented_commands())
def test_every_command_of_the_readme_and_the_docs_is_one(line: str) -> None:
    name, *arguments = re.findall(r'"[^"]*"|\S+', line)[1:]
    load(name).make_context(name, [each.strip('"') for each in arguments], parent=click.Context(main))


@pytest.mark.parametrize("page", ["README.md", "docs/workouts.md"])
def test_the_workout_of_a_page_is_valid(page: str, tmp_path: Path, config: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    config.write_text(config.read_text() + '[runner]\nrace = "10k 50:00"\n')
    assert blocks
    for block in blocks:
        (tmp_path / "readme.toml").write_text(block)
        assert "total" in coach(config, "check", tmp_path / "readme.toml").stdout


def test_a_journal_holds_what_it_takes_to_run_again(config: Path) -> None:
    config.write_text(config.read_text() + f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 5000\n')
    coach(config, "run", WORKOUT)
    header = json.loads(store.find_run("last").read_bytes().split(b"\n")[0])
    assert header["run"]["plan"]["name"] == "Demo progression"
    assert header["run"]["settings"]["policy"]["correction"]["settle"] == Policy().correction.settle


@pytest.mark.edge
def test_a_command_needs_no_standard_input(config: Path, tmp_path: Path) -> None:
    """Also where a run did not end, and a question would be asked."""
    config.write_text(config.read_text() + f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000.0\n')
    setup = Setup(read_workout("1m", None)).as_dict()
    JournalWriter.begin(store.new_path("unfinished"), setup, pytest.fail, 1).close(0.0, None)
    closed = f"exec {' '.join(COACH)} --config {config} run 1m <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "did not end" in done.stdout


def test_who_has_no_home_is_told_where_things_are_kept(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as for a user whom the system does not know
    monkeypatch.setenv("HOME", "")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["--config", str(config), "runs"])
    assert done.exit_code == 0
    assert f"runs and settings are kept in {tmp_path}" in done.output
    assert os.environ["HOME"] == str(tmp_path)


def test_a_number_of_five_thousand_digits_is_one_line(config: Path) -> None:
    config.write_text(f"[runner]\nage = {'9' * 5000}\n")
    assert coach(config, "check", check=2).stderr.strip().endswith("has a number with too many digits")
    config.write_text(f"[runner]\nage = {'9' * 4000}\n")
    assert len(coach(config, "check", check=2).stderr) < 1000
