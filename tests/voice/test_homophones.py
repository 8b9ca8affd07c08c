"""No two numbers or paces that mean different things sound the same, by the phonemes that espeak-ng speaks."""

import re
import shutil
import subprocess

import pytest

from coach.voice.words.numerals import Numerals
from coach.voice.words.tables import languages, read

NUMBERS = range(121)
PACES = range(150, 721)  # s per km or mile
pytestmark = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng gives the phonemes")


def phonemes(texts: list[str], voice: str) -> list[str]:
    """One string a text, without stress, pauses and blanks: wind takes those first."""
    command = ["espeak-ng", "-q", "-x", "-v", voice]
    spoken = subprocess.run(
        command, input="\n\n".join(f"{text}." for text in texts), capture_output=True, text=True, check=True
    )
    return [re.sub(r"[\s',|]|_:?", "", line) for line in spoken.stdout.splitlines() if line.strip()]


@pytest.mark.parametrize("language", languages())
def test_what_means_different_things_sounds_different(language: str) -> None:
    tables = read(language)
    numerals = Numerals(tables, "metric")
    said = {f"number {value}": numerals.number(value) for value in NUMBERS}
    said |= {f"pace {seconds // 60}:{seconds % 60:02}": numerals.exact(seconds) for seconds in PACES}
    sounds = phonemes(list(said.values()), tables["voice"])
    assert len(sounds) == len(said)
    heard: dict[str, list[str]] = {}
    for meaning, sound in zip(said, sounds, strict=True):
        heard.setdefault(sound, []).append(meaning)
    assert [meanings for meanings in heard.values() if len(meanings) > 1] == []
