"""Metres run, each second of time counted once, whichever source tells of it; and how often a source speaks."""

from __future__ import annotations

from collections import deque

from devices.sample import Fix, Stride

STANDING = 0.3  # m/s: below this a receiver that stands still does not move (its Doppler says 0.01)
SHORT_GAP = 3.0  # s: bridged by speed; a longer one by the way between its ends
COARSEST = 20.0  # m: some belts count hundredths of a mile, whose reading stands for 16 m
USUAL_AT_MOST = 15.0  # s between two records of the slowest recorder that is still recording


class Odometer:
    """Metres run, each second of time counted once."""

    def __init__(self) -> None:
        self.metres = 0.0
        self._until = float("-inf")
        self._offered: deque[tuple[float, float, float]] = deque()

    def offer(self, begin: float, end: float, metres: float) -> None:
        """What the second-best source says: counts for the time that the best one turns out to be silent about."""
        self._offered.append((begin, end, metres))

    def add(self, begin: float, end: float, metres: float) -> None:
        """`metres` were run from `begin` to `end`; what of that time is counted already is left out."""
        while self._offered and self._offered[0][0] < begin:
            since, until, way = self._offered.popleft()
            shorter = min(until, begin)
            self._count(since, shorter, way * (shorter - since) / (until - since))
        self._count(begin, end, metres)

    def _count(self, begin: float, end: float, metres: float) -> None:
        if end <= begin or end <= self._until:
            return
        self.metres += max(0.0, metres) * (end - max(begin, self._until)) / (end - begin)
        self._until = end


class Rhythm:
    """When something was last measured, and how often it is: a recorder that writes every 8 s is not silent at 6."""

    def __init__(self) -> None:
        self.last: float | None = None
        self._usual = 1.0

    def beat(self, at: float) -> None:
        if self.last is not None and 0 < at - self.last < USUAL_AT_MOST:
            self._usual += 0.2 * (at - self.last - self._usual)
        self.last = at

    def is_fresh(self, at: float, hold: float) -> bool:
        return self.last is not None and at - self.last <= max(hold, 2.5 * self._usual)


def odometer_step(before: Fix | Stride | None, now: Fix | Stride) -> float | None:
    """Metres by the device's own odometer; None where it has none, was reset, or leapt."""
    if before is None or before.distance is None or now.distance is None or before.source != now.source:
        return None
    step = now.distance - before.distance
    return step if 0 <= step <= 40.0 * (now.at - before.at) + 10.0 else None


class Reading:
    """A device's own odometer, made steady. While it stands and the device says that it moves, the speed counts; what that
    was too little or too much is settled when the reading moves again. One that never moves costs nothing.
    """

    def __init__(self) -> None:
        self._ahead = 0.0  # m counted by speed since the reading last moved

    def settled(self, step: float, elapsed: float, speed: float) -> float:
        """Metres to count for a `step` (m) of the reading in `elapsed` seconds, at the device's own `speed` (m/s)."""
        if step == 0 and speed >= STANDING and elapsed <= USUAL_AT_MOST:
            self._ahead += speed * elapsed
            return speed * elapsed
        if step == 0:
            return 0.0
        left = step - self._ahead
        if left < -COARSEST:
            left = step  # it did not count seldom, it did not count at all
        self._ahead = max(0.0, -left)
        return max(0.0, left)
