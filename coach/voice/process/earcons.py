"""The sounds without words: the countdown's beeps, one sound for each kind of change, the fallback tone, clicks."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from math import exp, pi, sin

from coach.voice.process.sound import PEAK, RATE, Sound, scaled, silence

BEEP = 660.0  # Hz: heard beside music and wind, without being shrill
GO = BEEP * 5 / 3  # a sixth higher
BEEPS_APART = 1.0  # s
LOUDNESS = 0.3  # of full scale: a pure tone sounds louder than speech of the same level
WAKE = 0.001  # of full scale, -60 dB: keeps a headset's amplifier on, heard by nobody
_EDGE = 0.008  # s in which a tone swells and fades, lest it clicks
_CLICK = 0.02  # s


def countdown() -> Sound:
    """Three beeps a second apart, to the sample, and the go at three seconds."""
    sound = silence(3 * BEEPS_APART)
    for count in range(3):
        _lay(sound, _note(BEEP, 0.12), round(count * BEEPS_APART * RATE))
    return sound + _note(GO, 0.4)


def beep() -> Sound:
    """One of the countdown's."""
    return _note(BEEP, 0.12)


def pips() -> Sound:
    """Two that rise: you are where you should be."""
    return _note(BEEP, 0.07) + silence(0.06) + _note(BEEP * 5 / 4, 0.1)


def ack() -> Sound:
    """The key was heard: short and high, unlike all that tells of the run."""
    return _note(BEEP * 5 / 2, 0.05)


def changed() -> Sound:
    """Another segment, another plan: down a fourth and back, without a pause."""
    return _note(BEEP, 0.08) + _note(BEEP * 3 / 4, 0.08) + _note(BEEP, 0.12)


def lost() -> Sound:
    """Falling: something is gone."""
    return _note(BEEP, 0.12) + _note(BEEP * 4 / 5, 0.12) + _note(BEEP * 3 / 5, 0.25)


def back() -> Sound:
    """Rising: it is here again."""
    return _note(BEEP * 3 / 5, 0.12) + _note(BEEP * 4 / 5, 0.12) + _note(BEEP, 0.25)


def ease_off() -> Sound:
    """A falling pair, twice."""
    return _fall() + silence(0.12) + _fall()


def pick_up() -> Sound:
    """A rising pair, lower and wider than the pips of a pace found again."""
    return _note(BEEP * 2 / 3, 0.14) + _note(BEEP, 0.2)


def pip() -> Sound:
    """Soft: the target has moved a little."""
    return scaled(_note(BEEP, 0.1), 0.5)


def preview() -> Sound:
    """Two alike: something comes."""
    return _note(BEEP, 0.1) + silence(0.1) + _note(BEEP, 0.1)


def tone() -> Sound:
    """Says only that something was to be said: look at the screen."""
    return _note(BEEP * 3 / 4, 0.25) + silence(0.1) + _note(BEEP * 3 / 4, 0.25)


def wake(seconds: float) -> Sound:
    """Noise that nobody hears and every headset wakes up for: some sleep through digital silence."""
    chance = random.Random(0)
    return array("h", [round(chance.uniform(-1, 1) * WAKE * PEAK) for _ in range(round(seconds * RATE))])


def click(loudness: float) -> Sound:
    """A metronome's: its first samples are its loudest, so that the step falls on it."""
    top = loudness * PEAK
    decay, pitch = _CLICK / 5 * RATE, 2 * pi * BEEP * 5 / 2 / RATE
    return array("h", [round(top * exp(-at / decay) * sin(pitch * (at + 1))) for at in range(round(_CLICK * RATE))])


EARCONS: dict[str, Callable[[], Sound]] = {
    make.__name__: make for make in (countdown, beep, pips, ack, changed, lost, back, ease_off, pick_up, pip, preview, tone)
}


def _fall() -> Sound:
    return _note(BEEP, 0.12) + _note(BEEP * 2 / 3, 0.16)


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
