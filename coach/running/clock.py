"""The run's clock: seconds since the run began; it never goes back."""

from __future__ import annotations

import time


class RunClock:
    """Seconds since the run began, on a monotonic clock: setting the system's time does not change it.

    A resumed run starts at the second at which it continues; a replay may run at `rate` times real time.
    """

    def __init__(self, start: float = 0.0, rate: float = 1.0) -> None:
        self._start, self._rate = start, rate
        self._origin = time.monotonic()

    def now(self) -> float:
        return self._start + (time.monotonic() - self._origin) * self._rate

    def advance(self, seconds: float) -> None:
        """Sets the clock forward: `seconds` more of the run have passed than was known."""
        self._start += seconds

    def monotonic(self, at: float) -> float:
        """The system's monotonic time at the run's second `at`."""
        return self._origin + (at - self._start) / self._rate

    def ahead(self, at: float) -> float:
        """Seconds to wait until the run's second `at`; 0 when it is past."""
        return max(0.0, self.monotonic(at) - time.monotonic())
