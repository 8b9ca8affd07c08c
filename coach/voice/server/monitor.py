"""Hears without a microphone: records what a sound server sends to a sink, and tells when something was heard."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Samples = array[int]
else:
    Samples = array

LOUD = 250  # of 32767: anything quieter counts as silence
_STEADY = 0.2  # s of sound that must have arrived before its timing can be trusted


class Monitor:
    """Records the monitor of `sink` from now on; the earliest arrival ties sample 0 to the monotonic clock.

    The smaller `latency_ms`, the nearer that is to the truth, and the more often the sound server has to wake.

    Raises OSError if parec is not installed.
    """

    def __init__(self, sink: str, rate: int = 16_000, latency_ms: int = 5) -> None:
        self.rate = rate
        self.samples, self.began = array("h"), float("inf")
        command = ["parec", f"--latency-msec={latency_ms}", "--raw", "--format=s16le", f"--rate={rate}", "--channels=1"]
        self._recorder = subprocess.Popen(
            [*command, "-d", f"{sink}.monitor"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._thread = threading.Thread(target=self._listen, name="monitor", daemon=True)
        self._thread.start()

    @property
    def hears(self) -> bool:
        """Whether the server sends anything at all."""
        return len(self.samples) > _STEADY * self.rate

    def between(self, start: float, end: float) -> Samples:
        first, last = (max(0, round((moment - self.began) * self.rate)) for moment in (start, end))
        return self.samples[first:last]

    def onset(self, after: float, before: float) -> float | None:
        """When the first loud sample was heard between two times; None if there was none."""
        heard = self.between(after, before)
        first = next((at for at, sample in enumerate(heard) if abs(sample) > LOUD), None)
        return None if first is None else max(after, self.began) + first / self.rate

    def loudness(self, start: float, end: float) -> int:
        """The largest sample between two times."""
        return max((abs(sample) for sample in self.between(start, end)), default=0)

    def close(self) -> None:
        self._recorder.kill()
        self._recorder.wait()
        self._thread.join()
        assert self._recorder.stdout
        self._recorder.stdout.close()

    def _listen(self) -> None:
        assert self._recorder.stdout
        rest = b""
        while data := os.read(self._recorder.stdout.fileno(), 4096):
            rest += data
            whole = array("h", rest[: len(rest) // 2 * 2])
            if sys.byteorder == "big":
                whole.byteswap()
            self.samples += whole
            rest = rest[2 * len(whole) :]
            self.began = min(self.began, time.monotonic() - len(self.samples) / self.rate)
