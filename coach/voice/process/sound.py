"""A sound: 16-bit samples, one channel, RATE samples a second; read from and written to WAV, resampled, trimmed."""

from __future__ import annotations

import sys
import wave
from array import array
from pathlib import Path
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


def read_wav(path: Path) -> Sound:
    """Reads any 16-bit WAV. Raises ValueError if it holds no sound, because engines report success for an empty file too."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            # a streaming engine does not know the length yet and writes 0x7fffffff: read what is there
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
    """The samples as bytes for WAV files and sound cards."""
    if sys.byteorder == "big":
        sound = sound[:]
        sound.byteswap()
    return sound.tobytes()


def resampled(sound: Sound, rate: int) -> Sound:
    """Converts from `rate` to RATE by linear interpolation, which is good enough for speech."""
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
    """The sound without the silence at both ends. Raises ValueError if nothing is left."""
    loud = [at for at in range(0, len(sound), _BLOCK) if _peak(sound[at : at + _BLOCK]) > AUDIBLE]
    if not loud:
        raise ValueError("it contains only silence")
    return sound[loud[0] : loud[-1] + _BLOCK]


def scaled(sound: Sound, factor: float) -> Sound:
    return array("h", [max(-PEAK, min(PEAK, int(sample * factor))) for sample in sound])


def seconds(sound: Sound) -> float:
    return len(sound) / RATE


def _peak(sound: Sound) -> int:
    return max(max(sound), -min(sound)) if sound else 0
