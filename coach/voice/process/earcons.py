"""The sounds without words: countdown beeps, a sound for each kind of change, the fallback tone, metronome clicks."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from math import exp, pi, sin, sqrt

from coach.voice.process.sound import PEAK, RATE, SPEECH, Sound, scaled, silence

BEEP = 660.0  # Hz: audible over music and wind, but not shrill
GO = BEEP * 5 / 3  # a sixth higher
DONE = BEEP * 2 / 3  # a fifth lower
BEEPS_APART = 1.0  # s
LOUDNESS = SPEECH / PEAK * sqrt(2)  # share of full scale: the RMS of a tone is that of speech
CLICK = 0.3  # share of full scale: a click is short
WAKE = 0.001  # share of full scale, -60 dB: keeps a headset's amplifier on, but is inaudible
_EDGE = 0.008  # s over which a tone fades in and out, so that it does not click
_TICK = 0.02  # s that a click lasts


def countdown() -> Sound:
    """Three beeps exactly a second apart, and the go at three seconds."""
    return _counted() + _note(GO, 0.4)


def countdown_end() -> Sound:
    """The same three beeps, and the end of the run at three seconds: low and long, nothing to go on to."""
    return _counted() + _note(DONE, 0.8)


def beep() -> Sound:
    """One beep of the countdown."""
    return _note(BEEP, 0.12)


def pips() -> Sound:
    """Two rising pips: you are on pace."""
    return _note(BEEP, 0.07) + silence(0.06) + _note(BEEP * 5 / 4, 0.1)


def ack() -> Sound:
    """A key was pressed: short and high, unlike all sounds about the run."""
    return _note(BEEP * 5 / 2, 0.05)


def changed() -> Sound:
    """The segment or the plan changed: down a fourth and back, without a pause."""
    return _note(BEEP, 0.08) + _note(BEEP * 3 / 4, 0.08) + _note(BEEP, 0.12)


def lost() -> Sound:
    """Falling: something was lost."""
    return _note(BEEP, 0.12) + _note(BEEP * 4 / 5, 0.12) + _note(BEEP * 3 / 5, 0.25)


def back() -> Sound:
    """Rising: it is back."""
    return _note(BEEP * 3 / 5, 0.12) + _note(BEEP * 4 / 5, 0.12) + _note(BEEP, 0.25)


def ease_off() -> Sound:
    """Slow down: a falling pair, twice."""
    return _fall() + silence(0.12) + _fall()


def pick_up() -> Sound:
    """Go faster: a rising pair, lower and wider than `pips`."""
    return _note(BEEP * 2 / 3, 0.14) + _note(BEEP, 0.2)


def pip() -> Sound:
    """One soft pip: the target has moved a little."""
    return scaled(_note(BEEP, 0.1), 0.5)


def preview() -> Sound:
    """Two equal tones: something is coming."""
    return _note(BEEP, 0.1) + silence(0.1) + _note(BEEP, 0.1)


def tone() -> Sound:
    """Stands in for words that could not be spoken: look at the screen."""
    return _note(BEEP * 3 / 4, 0.25) + silence(0.1) + _note(BEEP * 3 / 4, 0.25)


def wake(seconds: float) -> Sound:
    """Inaudible noise that wakes a sleeping headset; digital silence does not wake all of them."""
    chance = random.Random(0)
    return array("h", [round(chance.uniform(-1, 1) * WAKE * PEAK) for _ in range(round(seconds * RATE))])


def click(loudness: float) -> Sound:
    """A click of the metronome; its first samples are the loudest, so that it marks the step exactly."""
    top = loudness * PEAK
    decay, pitch = _TICK / 5 * RATE, 2 * pi * BEEP * 5 / 2 / RATE
    return array("h", [round(top * exp(-at / decay) * sin(pitch * (at + 1))) for at in range(round(_TICK * RATE))])


EARCONS: dict[str, Callable[[], Sound]] = {
    make.__name__: make
    for make in (countdown, countdown_end, beep, pips, ack, changed, lost, back, ease_off, pick_up, pip, preview, tone)
}


def _counted() -> Sound:
    sound = silence(3 * BEEPS_APART)
    for count in range(3):
        _lay(sound, _note(BEEP, 0.12), round(count * BEEPS_APART * RATE))
    return sound


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
