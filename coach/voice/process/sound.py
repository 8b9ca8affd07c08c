"""A sound: 16-bit samples, one channel, RATE samples a second; its silence, loudness and length."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Sound = array[int]
else:
    Sound = array  # type "h": int16 in the machine's byte order; Python 3.11 cannot subscript `array`

RATE = 22_050  # samples a second: espeak's own
PEAK = 32_767
SPEECH = 3_300  # RMS of all speech: -20 dBFS, as loud as espeak's louder phrases
AUDIBLE = 200  # of PEAK: anything quieter than -44 dBFS at either end counts as silence
_BLOCK = RATE // 200  # 5 ms


def silence(seconds: float) -> Sound:
    return array("h", bytes(2 * round(seconds * RATE)))


def little_endian(sound: Sound) -> bytes:
    """The samples as bytes for WAV files and sound cards."""
    if sys.byteorder == "big":
        sound = sound[:]
        sound.byteswap()
    return sound.tobytes()


def trimmed(sound: Sound) -> Sound:
    """The sound without the silence at both ends. Raises ValueError if nothing is left."""
    loud = [at for at in range(0, len(sound), _BLOCK) if _peak(sound[at : at + _BLOCK]) > AUDIBLE]
    if not loud:
        raise ValueError("it contains only silence")
    return sound[loud[0] : loud[-1] + _BLOCK]


def squeezed(sound: Sound, longest: float) -> Sound:
    """The sound with no silence inside it longer than `longest` s: in wind a long one sounds like the end."""
    keep = max(1, round(longest * RATE / _BLOCK))
    result, quiet = array("h"), 0
    for at in range(0, len(sound), _BLOCK):
        block = sound[at : at + _BLOCK]
        quiet = quiet + 1 if _peak(block) <= AUDIBLE else 0
        if quiet <= keep:
            result += block
    return result


def scaled(sound: Sound, factor: float) -> Sound:
    return array("h", [max(-PEAK, min(PEAK, int(sample * factor))) for sample in sound])


def seconds(sound: Sound) -> float:
    return len(sound) / RATE


def _peak(sound: Sound) -> int:
    return max(max(sound), -min(sound)) if sound else 0
