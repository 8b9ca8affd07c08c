"""The sounds that are no words: the countdown's beeps, the pips of a pace found again, the tone that replaces a lost voice."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from math import pi, sin

from coach.voice.sound import PEAK, RATE, Sound, silence

BEEP = 660.0  # Hz: heard beside music and wind, without being shrill
GO = BEEP * 5 / 3  # a sixth higher
BEEPS_APART = 1.0  # s
LOUDNESS = 0.3  # of full scale: a pure tone sounds louder than speech of the same level
WAKE = 0.001  # of full scale, -60 dB: keeps a headset's amplifier on, heard by nobody
_EDGE = 0.008  # s in which a tone swells and fades, lest it clicks


def countdown() -> Sound:
    """Three beeps a second apart, to the sample, and the go at three seconds."""
    sound = silence(3 * BEEPS_APART)
    for count in range(3):
        _lay(sound, _note(BEEP, 0.12), round(count * BEEPS_APART * RATE))
    return sound + _note(GO, 0.4)


def pips() -> Sound:
    """Two that rise: you are where you should be."""
    return _note(BEEP, 0.07) + silence(0.06) + _note(BEEP * 5 / 4, 0.1)


def tone() -> Sound:
    """Says only that something was to be said: look at the screen."""
    return _note(BEEP * 3 / 4, 0.25) + silence(0.1) + _note(BEEP * 3 / 4, 0.25)


def wake(seconds: float) -> Sound:
    """Noise that nobody hears and every headset wakes up for: some sleep through digital silence."""
    chance = random.Random(0)
    return array("h", [round(chance.uniform(-1, 1) * WAKE * PEAK) for _ in range(round(seconds * RATE))])


EARCONS: dict[str, Callable[[], Sound]] = {"countdown": countdown, "pips": pips, "tone": tone}


def _note(frequency: float, seconds: float) -> Sound:
    length, edge = round(seconds * RATE), round(_EDGE * RATE)
    top = LOUDNESS * PEAK
    return array(
        "h",
        [
            round(top * min(1.0, (at + 1) / edge, (length - at) / edge) * sin(2 * pi * frequency * (at + 0.5) / RATE))
            for at in range(length)
        ],
    )


def _lay(sound: Sound, note: Sound, at: int) -> None:
    sound[at : at + len(note)] = note
