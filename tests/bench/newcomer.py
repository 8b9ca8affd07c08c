"""A newcomer's changes, really made in a copy of the repository: files touched, and whether tests name one that is forgotten.

A change is made whole, and its tests must pass. Then each of its files is left out in turn, and a test must fail and name it.
Goldens are written by `--update` and not counted. The device and the workout format are those of the sample plug-in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.row import Row
from tests.conftest import ROOT

Edit = Callable[[str], str]  # the text of a file, "" if there is none, as it becomes
SAMPLES = ROOT / "tests" / "plugin" / "steps_and_clicks"
LANGUAGES = "coach/voice/words/languages"
CLICKS = """    "clicks": Kind(
        decoder="devices.clicks:ClickDecoder",
        heard="devices.framing:has_text",
        bauds=(9600,),
        options=(Option("metres", float, "metres a click", least=0.1, most=100, default=1.0),),
    ),
"""
SHOUTED = """    "shouted": Rule(5, 20.0, 2.0, since="chatty", because="a kilometre is over, and it was shouted"),
"""


@dataclass(frozen=True)
class Change:
    """What somebody adds: an edit for each file, how many files it may touch, and the tests that tell what is missing."""

    what: str
    most: int
    edits: Mapping[str, Edit]
    tests: tuple[str, ...]


def whole(text: str) -> Edit:
    return lambda _: text


def behind(place: str, added: str) -> Edit:
    def edit(text: str) -> str:
        assert place in text, f"no {place!r} to add {added!r} behind"
        return text.replace(place, place + added, 1)

    return edit


def _decoder(text: str) -> str:
    """The decoder of the sample plug-in, without the row of its kind, which has a place of its own here."""
    head, _, rest = text.partition("CLICK_COUNTER = ")
    lines = [line for line in head.splitlines() if "devices.kinds" not in line and "devices.options" not in line]
    return "\n".join(lines).rstrip() + "\n\n\n" + rest[rest.index("class ClickDecoder") :]


CHANGES = (
    Change(
        "a device with an option",
        4,
        {
            "devices/clicks.py": whole(_decoder((SAMPLES / "device.py").read_text("utf-8"))),
            "devices/kinds.py": behind("KINDS: dict[str, Kind | None] = {\n", CLICKS),
            "tests/captures/clicks/selfmade.log": whole("click\nclick\nclack\nclick\n"),
            "tests/captures/clicks/selfmade.json": whole('{"options": {"metres": 2.0}, "faults": {}, "samples": []}\n'),
        },
        ("tests/devices/test_captures.py", "tests/devices/test_catalogue.py", "tests/test_docs.py", "tests/test_layers.py"),
    ),
    Change(
        "a cue on an event",
        3,
        {
            "coach/core/judge/milestones.py": behind(
                "            self._split += 1\n",
                '            events.append(Event(moment.at, "shouted", {"number": self._split}))\n',
            ),
            "coach/core/speech/rules.py": behind("RULES: dict[str, Rule] = {\n", SHOUTED),
            f"{LANGUAGES}/en.toml": behind("\n[cues]", '\nshouted = "{number} it is."'),
        },
        ("tests/core/speech/test_rules.py", "tests/voice/test_words.py", "tests/test_docs.py"),
    ),
    Change(
        "a language",
        1,
        {f"{LANGUAGES}/nl.toml": lambda _: (ROOT / LANGUAGES / "en.toml").read_text("utf-8")},
        ("tests/core/speech/test_rules.py", "tests/voice/test_words.py", "tests/voice/test_homophones.py"),
    ),
    Change(
        "a workout format",
        3,
        {
            "coach/workouts/steps.py": whole((SAMPLES / "workout.py").read_text("utf-8")),
            "coach/workouts/__init__.py": behind("FORMATS = {\n", '    ".steps": "steps",\n'),
            "tests/workouts/samples/thursday.steps": whole("10 390\n20 330\n5 420\n"),
        },
        ("tests/workouts/test_formats.py", "tests/workouts/test_conversion.py", "tests/test_layers.py"),
    ),
    Change(
        "a config option",
        2,
        {
            "coach/config.py": behind("    beta_blockers: bool = False\n", "    left_handed: bool = False\n"),
            "config.example.toml": behind("\n[runner]\n", "left_handed = false  # the page has its buttons on the left\n"),
        },
        ("tests/test_config.py", "tests/test_docs.py"),
    ),
)


def measure() -> Iterator[Row]:
    for change in CHANGES:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            _copy(copy)
            _make(copy, change.edits)
            _tested(copy, change.tests, "--update")
            passed, told = _tested(copy, change.tests)
            yield Row(f"{change.what}: files", len(change.edits), "", change.most)
            yield Row(f"{change.what}: its tests pass", passed, "", 1, least=True)
            print(*([] if passed else [told]), sep="\n", end="")
        for path in change.edits if len(change.edits) > 1 else ():
            yield Row(f"{change.what}: {Path(path).name} forgotten and named", _is_named(change, path), "", 1, least=True)


def _is_named(change: Change, forgotten: str) -> bool:
    """Whether a test fails that names the file, where it is left out."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy(copy)
        _make(copy, {path: edit for path, edit in change.edits.items() if path != forgotten})
        passed, told = _tested(copy, change.tests)
    where, suffix = Path(forgotten).parent, Path(forgotten).suffix  # of a file of any name, and of any file
    place = re.compile(rf"{re.escape(forgotten)}|{where}/[A-Z]+{suffix}|of {where}\b(?!/)")
    named = any(place.search(line) for line in told.splitlines() if line.startswith("E "))
    print(*([] if named else [told[-6000:]]), sep="\n", end="")
    return not passed and named


def _copy(folder: Path) -> None:
    """What git knows of the repository, as it stands here now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def _make(folder: Path, edits: Mapping[str, Edit]) -> None:
    for name, edit in edits.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(edit(path.read_text("utf-8") if path.exists() else ""), "utf-8")


def _tested(folder: Path, tests: tuple[str, ...], *options: str) -> tuple[bool, str]:
    """Whether these tests pass in the copy, and what pytest says."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *options, *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COACH_TRACKS": "/nowhere", "COACH_WORKOUTS": "/nowhere"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout
