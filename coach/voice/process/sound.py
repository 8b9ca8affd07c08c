"""A sound: 16-bit samples, one channel, RATE a second. Read from and written to WAV, resampled, trimmed, levelled."""

from __future__ import annotations

import sys
import wave
from array import array
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Sound = array[int]
else:
    Sound = array  # of "h", int16 in the machine's byte order; 3.11's cannot be subscripted

RATE = 22_050  # samples a second: what espeak gives
PEAK = 32_767
SPEECH = 3_300  # RMS that all speech is brought to: -20 dBFS, as loud as espeak's louder phrases
CEILING = 29_000  # no sample beyond: -1 dBFS
AUDIBLE = 200  # of PEAK: quieter than -44 dBFS at an end is silence
_BLOCK = RATE // 200  # 5 ms


def silence(seconds: float) -> Sound:
    return array("h", bytes(2 * round(seconds * RATE)))


def read_wav(path: Path) -> Sound:
    """Any 16-bit WAV as ours. ValueError where it holds no sound: engines report success for an empty file."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            # an engine that streams writes a length it does not know yet (0x7fffffff): read what there is
            data = file.readframes(min(file.getnframes(), path.stat().st_size))
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"no sound in {path.name}: {error}") from None
    if width != 2:
        raise ValueError(f"{path.name} has {8 * width}-bit samples, not 16-bit")
    samples = array("h", data[: len(data) - len(data) % (2 * channels)])
    if sys.byteorder == "big":
        samples.byteswap()
    if not samples:
        raise ValueError(f"no sound in {path.name}: it is empty")
    return resampled(samples[::channels], rate)


def write_wav(path: Path, sound: Sound) -> None:
    with path.open("wb") as raw, wave.open(raw, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(little_endian(sound))


def little_endian(sound: Sound) -> bytes:
    """As WAV files and sound cards want it."""
    if sys.byteorder == "big":
        sound = sound[:]
        sound.byteswap()
    return sound.tobytes()


def resampled(sound: Sound, rate: int) -> Sound:
    """From `rate` to RATE by straight lines between the samples: good enough for speech."""
    if rate == RATE:
        return sound
    length = len(sound) * RATE // rate
    padded = sound + sound[-1:]
    result = array("h", bytes(2 * length))
    for index in range(length):
        place, rest = divmod(index * rate, RATE)
        result[index] = padded[place] + (padded[place + 1] - padded[place]) * rest // RATE
    return result


def trimmed(sound: Sound) -> Sound:
    """Without the silence at both ends; ValueError where nothing else is there."""
    loud = [at for at in range(0, len(sound), _BLOCK) if _peak(sound[at : at + _BLOCK]) > AUDIBLE]
    if not loud:
        raise ValueError("nothing but silence")
    return sound[loud[0] : loud[-1] + _BLOCK]


def levelled(sound: Sound) -> Sound:
    """Brought to one loudness, whatever the voice: cues must not jump out of the music nor drown in it."""
    power = sum(sample * sample for sample in sound) / len(sound)
    return scaled(sound, min(SPEECH / sqrt(power), CEILING / _peak(sound))) if power else sound


def scaled(sound: Sound, factor: float) -> Sound:
    return array("h", [max(-PEAK, min(PEAK, int(sample * factor))) for sample in sound])


def seconds(sound: Sound) -> float:
    return len(sound) / RATE


def _peak(sound: Sound) -> int:
    return max(max(sound), -min(sound)) if sound else 0
