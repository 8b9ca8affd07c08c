"""What people read reaches every terminal, and nothing in it commands the terminal."""

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from coach.runs.entries import seal
from coach.runs.journal import BEGINNING
from coach.runs.setup import Setup
from coach.ui.terminal import STANDS_FOR_A_COMMAND, PeoplesText, one_line, printable
from coach.workouts import read_workout
from tests.cli.commands import COACH, configured
from tests.conftest import ROOT

DEMO = ROOT / "coach" / "demo" / "run.nmea"
WORKOUT = '[[segment]]\nname = "Läufer Ж 走 ½"\nlength = "2 min"\n'


@pytest.mark.parametrize("text", ["Läufer", "走る", "½ café – “so”", "עברית", "می‌خواهم", "👩‍🚀", "a\tb\nc", "\u00a0x"])
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_no_character_that_a_terminal_obeys_passes() -> None:
    kept = {"\t", "\n", "\u200c", "\u200d"}  # the last two join letters in Persian and faces in emoji
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(char) in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        ):  # fmt: skip
            assert char in kept or printable(char) == STANDS_FOR_A_COMMAND, hex(code)


def test_a_name_does_not_begin_a_line_of_its_own() -> None:
    assert one_line("pod\nok  all is well\x1b[2J") == f"pod ok  all is well{STANDS_FOR_A_COMMAND}[2J"


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", b"L?ufer ? ?[2J"), ("latin-1", b"L\xe4ufer ? ?[2J")])
def test_what_a_terminal_cannot_show_is_replaced(encoding: str, shown: bytes) -> None:
    below = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print("Läufer Ж \x1b[2J", end="", file=PeoplesText(below))
    below.flush()
    assert below.buffer.getvalue() == shown


def run(config: Path, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COACH, "--config", str(config), *arguments], capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "ascii:strict"])
@pytest.mark.edge
def test_a_terminal_that_is_not_utf8_ends_no_run(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(WORKOUT)
    config = configured(tmp_path, f'[[source]]\nname = "läufer"\nkind = "track"\nport = "{DEMO}"\nrate = 10000.0\n')
    for command in (["run", str(tmp_path / "w.toml")], ["check", str(tmp_path / "w.toml")]):
        done = run(config, encoding, *command)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
        assert b"ufer ? ?" in done.stdout


@pytest.mark.edge
def test_a_journal_from_a_stranger_does_not_command_the_terminal(tmp_path: Path) -> None:
    plan = Setup(read_workout("2m", None)).as_dict()
    plan["plan"]["segments"][0]["name"] = evil = "\x1b]0;owned\x07\x9b2J\u202egnp\n FIX"
    header = {"k": "run", "format": 1, "version": "0", "started": 1.0, "number": 1, "run": plan}
    (tmp_path / "j.jsonl").write_bytes(seal(header))
    assert (tmp_path / "j.jsonl").read_bytes().startswith(BEGINNING)
    done = run(configured(tmp_path), "utf-8", "replay", str(tmp_path / "j.jsonl"))
    assert done.returncode == 0 and "]0;owned" in done.stdout.decode()
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(done.stdout.decode() + done.stderr.decode())
    assert not any(line.startswith(" FIX") for line in done.stdout.decode().splitlines())
    told = run(configured(tmp_path), "utf-8", "replay", str(tmp_path / "j.jsonl"), "--json").stdout.decode()
    assert json.loads(told.splitlines()[-1])["segments"][0]["name"] == evil
