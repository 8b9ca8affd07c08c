"""A key of a run is whole: a letter and its word on the screen, phrases to type, what the run does, and a line of help."""

from pathlib import Path

import pytest

from coach.core.coach import _KEYS as ASKED
from coach.core.inputs import KEYS
from coach.core.session.phases import _KEYS as HANDLED
from coach.running.keyboard import KEYBOARD
from coach.stations.phrases import PHRASES
from coach.voice.words.screen import Screen

ROOT = Path(__file__).parent.parent.parent
TOGGLED = "resume"  # its letter is that of "pause"
LANGUAGES = sorted(path.stem for path in (ROOT / "coach" / "voice" / "words" / "languages").glob("*.toml"))
LETTERED = {key for letter, key in KEYBOARD.items() if not letter.isspace()}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_known_wherever_it_is_pressed(key: str) -> None:
    assert key in ASKED or key in {name for _, name in HANDLED}, f"coach/core: {key} does nothing; add it to a _KEYS table"
    assert key in PHRASES, f"coach/stations/phrases.py: add phrases for {key}"
    assert f" {key}" in _help(), f"docs/steering.md: add {key} to the line of `coach press`"
    assert key in LETTERED or key == TOGGLED, f"coach/running/keyboard.py: give {key} a letter"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [each for each in KEYS if each != TOGGLED])
def test_each_letter_has_its_word_in_the_line_of_keys(key: str, language: str) -> None:
    named = [each.split()[0] for each in Screen.load(language).live("keys").split("   ")]
    shown = {letter[0] for each in named for letter in each.split("/")}  # "qq" is q; "+/-" is two keys with one word
    letters = {letter for letter, meant in KEYBOARD.items() if meant == key}
    assert shown & letters, f"coach/voice/words/languages/{language}.toml: add a letter and a word for {key} to keys"


def _help() -> str:
    text = (ROOT / "docs" / "steering.md").read_text()
    return next(line for line in text.splitlines() if line.startswith("coach press lap "))
