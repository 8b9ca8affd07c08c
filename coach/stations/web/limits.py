"""How much one address may ask for: a bucket for each, which empties at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_ADDRESSES = 256  # remembered; with more, somebody makes them up, and all begin anew


class Limit:
    """At most `burst` at once and `rate` a second from an address. `now` gives monotonic seconds."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._levels: dict[str, tuple[float, float]] = {}  # how full, and when

    def allows(self, address: str) -> bool:
        """Whether one more from this address is within the limit; if so, it is counted."""
        now = self._now()
        level, since = self._levels.get(address, (0.0, now))
        level = max(0.0, level - self._rate * (now - since))
        if level + 1.0 > self._burst:
            return False
        if len(self._levels) >= MOST_ADDRESSES:
            self._levels.clear()
        self._levels[address] = level + 1.0, now
        return True
