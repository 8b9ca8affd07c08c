"""WAV files: reads what speech engines write, whatever its rate, and writes sounds."""

from __future__ import annotations

import struct
import sys
import wave
from array import array
from pathlib import Path

from coach.voice.process.resampling import resampled
from coach.voice.process.sound import RATE, Sound, little_endian


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
    return resampled(samples[::channels], rate, RATE)


def write_wav(path: Path, sound: Sound) -> None:
    with path.open("wb") as raw, wave.open(raw, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(little_endian(sound))


def wav_header(size: int) -> bytes:
    """The 44 bytes before `size` bytes of samples."""
    return struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVEfmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size)
