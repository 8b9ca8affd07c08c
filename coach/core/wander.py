"""How much of a speed's noise wanders: errors of neighbouring seconds that are alike, which no filter averages away.

White noise makes speeds one second apart differ as much as speeds five seconds apart; noise that wanders differs less
over one second than over five. What is more over five is the noise that wanders; a runner's own changes of pace are
rare and brief, and the median passes them by.
"""

from __future__ import annotations

from collections import deque
from statistics import median

NEAR, FAR = 1, 5  # measurements apart
SPAN = 120  # measurements that are remembered
EVERY = 10  # measurements between two looks
LEAST = 40  # measurements until anything is known
MEDIAN = 0.455  # of a squared normal variable, as a share of its variance
SHOWN = 0.82  # of the wandering variance, for errors alike over 5 to 8 s: 2 (e^(-1/6) - e^(-5/6))
LEGS = 0.0016  # (m/s)²: what a steady runner's own coming and going (0.05 m/s, 12 s) would show as noise
SHORTEST, LONGEST = 0.7, 2.0  # s between two measurements that can be compared with others of a second


class Wander:
    """Fed with measured speeds, a second apart or so; `variance` (m/s)² is that of the noise that wanders."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._last: deque[float] = deque(maxlen=FAR)
        self._near: deque[float] = deque(maxlen=SPAN)
        self._far: deque[float] = deque(maxlen=SPAN)
        self._count = 0
        self.variance = 0.0

    def feed(self, at: float, speed: float) -> None:
        if not SHORTEST <= at - self._at <= LONGEST:
            self._last.clear()
        self._at = at
        if len(self._last) == FAR:
            self._near.append((speed - self._last[-NEAR]) ** 2)
            self._far.append((speed - self._last[0]) ** 2)
            self._count += 1
            if self._count % EVERY == 0 and len(self._far) >= LEAST:
                more = (median(self._far) - median(self._near)) / MEDIAN
                self.variance = max(0.0, more / SHOWN - LEGS)
        self._last.append(speed)
