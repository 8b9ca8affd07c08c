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
EVERY = 5  # measurements between two looks
LEAST = 30  # measurements until anything is known
MEDIAN = 0.455  # of a squared normal variable, as a share of its variance
SHOWN = 0.82  # of the wandering variance, for errors alike over 5 to 8 s: 2 (e^(-1/6) - e^(-5/6))
LEGS = 0.0016  # (m/s)²: what a steady runner's own coming and going (0.05 m/s, 12 s) would show as noise
SUPPOSED = 0.02  # (m/s)²: until it is known, of a receiver that does not say what its speed is worth
SHORTEST, LONGEST = 0.7, 2.0  # s between two measurements that can be compared with others of a second


class Wander:
    """Fed with measured speeds, a second apart or so; `variance` tells how much of its noise wanders."""

    def __init__(self) -> None:
        self._at = float("-inf")
        self._last: deque[float] = deque(maxlen=FAR)
        self._near: deque[float] = deque(maxlen=SPAN)
        self._far: deque[float] = deque(maxlen=SPAN)
        self._count = self._fed = 0
        self._variance: float | None = None

    @property
    def is_known(self) -> bool:
        """Enough was measured to tell; of a recorder that is too slow for that, as much as it can."""
        return len(self._far) >= LEAST or self._fed >= 2 * LEAST

    def variance(self, stated: float | None) -> float:
        """Of the noise that wanders, (m/s)²; until it is known as much as the device `stated` (m/s, one sigma) of all of it."""
        if self._variance is not None:
            return self._variance
        return SUPPOSED if stated is None else stated**2

    def feed(self, at: float, speed: float) -> None:
        self._fed += 1
        if not SHORTEST <= at - self._at <= LONGEST:
            self._last.clear()
        self._at = at
        if len(self._last) == FAR:
            self._near.append((speed - self._last[-NEAR]) ** 2)
            self._far.append((speed - self._last[0]) ** 2)
            self._count += 1
            if self._count % EVERY == 0 and self.is_known:
                more = (median(self._far) - median(self._near)) / MEDIAN
                self._variance = max(0.0, more / SHOWN - LEGS)
        self._last.append(speed)
