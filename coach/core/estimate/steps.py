"""What several fixes tell together: the mean speed of an epoch, and how far positions stray across the way."""

from __future__ import annotations

from collections import deque
from math import cos, hypot, radians, sin, sqrt

from coach.core.estimate.witness import SPREAD, middle
from coach.core.geometry import SHORT_GAP, east_north
from devices.sample import Fix

STRAYS, FEWEST_STRAYS, AFRESH = 60, 30, 5  # steps remembered, needed, and between two results
OF_STEP = 3.0  # variance of the change from step to step over that of a step, if the errors of places are independent
MOVING = 0.8  # m/s: a slower step has no direction


def velocity(before: Fix | None, fix: Fix) -> tuple[float, float] | None:
    """To the east and to the north, m/s, between two places of which none is missing."""
    if before is None or before.lat is None or before.lon is None or fix.lat is None or fix.lon is None:
        return None
    seconds = fix.at - before.at
    if seconds > SHORT_GAP:
        return None
    east, north = east_north(before.lat, before.lon, fix.lat, fix.lon)
    return east / seconds, north / seconds


def mean_speed(epoch: list[Fix]) -> float | None:
    """The length of the mean velocity vector over an epoch, m/s; the mean speed if a course is missing."""
    speeds = [fix.speed for fix in epoch if fix.speed is not None]
    if len(speeds) <= 1:
        return speeds[0] if speeds else None
    courses = [fix.course for fix in epoch if fix.speed is not None]
    if any(course is None for course in courses):
        return sum(speeds) / len(speeds)
    pairs = [(speed, radians(course or 0.0)) for speed, course in zip(speeds, courses, strict=True)]
    north = sum(speed * cos(course) for speed, course in pairs)
    east = sum(speed * sin(course) for speed, course in pairs)
    return hypot(north, east) / len(pairs)


class Across:
    """How far positions stray across the way. Runners go faster and slower, but seldom zigzag: this is the receiver's noise.

    It is the witness where a receiver gives no speed. The median counts, so that bends of the way matter little.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        self._strays: deque[float] = deque(maxlen=STRAYS)
        self._fresh = 0
        self.sigma: float | None = None  # m/s, of the speed of one step; None until it is known

    def feed(self, step: tuple[float, float] | None) -> None:
        """A step to the east and to the north, m/s; None after a gap."""
        last, self._last = self._last, step
        if last is None or step is None:
            return
        along = hypot(last[0] + step[0], last[1] + step[1])
        if along < 2 * MOVING:
            return
        self._strays.append(abs(2 * (last[0] * step[1] - last[1] * step[0]) / along))
        self._fresh += 1
        if self._fresh >= AFRESH and len(self._strays) >= FEWEST_STRAYS:
            self._fresh = 0
            self.sigma = SPREAD * middle(sorted(self._strays)) / sqrt(OF_STEP)
