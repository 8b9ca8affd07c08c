"""A voice that clicks: a tone for every word."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 22_050  # Hz


class Clicks:
    """An Engine: `voice` is the language's, `rate` in words a minute."""

    def __init__(self, voice: str, rate: int) -> None:
        self._word = RATE * 60 // rate

    def wav(self, text: str, path: Path) -> None:
        count = self._word * len(text.split())
        tone = (round(9000 * math.sin(math.tau * 880 * n / RATE)) * (n % self._word < self._word // 2) for n in range(count))
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(struct.pack(f"<{count}h", *tone))
