"""The step from one fix to the next, how it strays across the way, the path that all steps make; epochs of several fixes."""

from __future__ import annotations

from collections import deque
from math import cos, hypot, inf, radians, sin, sqrt
from typing import NamedTuple

from coach.core.estimate.odometer import SHORT_GAP
from coach.core.estimate.witness import SPREAD, middle
from coach.core.geometry import east_north, metres_between
from devices.sample import Fix

STRAYS, FEWEST_STRAYS, AFRESH = 60, 30, 5  # steps remembered, needed, and between two results
OF_STEP = 3.0  # variance of the change from step to step over that of a step, if the errors of places are independent
MOVING = 0.8  # m/s: a slower step has no direction

LEG = 30.0  # m: shorter legs add the noise of their ends, longer ones cut corners
LEAP = 12.5  # m/s: faster than anybody runs; such a leg is left out
ROUNDING = 0.001  # m by which distances that were added up may be too small


class Step(NamedTuple):
    """The step from the last fix that counted to this one."""

    seconds: float  # 0 at the first fix
    chord: float | None  # m between the two places; None where one is unknown
    speed: float | None = None  # m/s between the two places; None where one is unknown or a record is missing

    @classmethod
    def between(cls, before: Fix | None, fix: Fix) -> Step:
        if before is None:
            return cls(0.0, None)
        lat, lon = before.lat, before.lon
        if lat is None or lon is None or fix.lat is None or fix.lon is None:
            return cls(fix.at - before.at, None)
        seconds, chord = fix.at - before.at, metres_between(lat, lon, fix.lat, fix.lon)
        return cls(seconds, chord, chord / seconds if 0.0 < seconds < SHORT_GAP else None)


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


class Path:
    """The length of the GPS track: a polyline of legs long enough for noise to matter little, and short enough for bends."""

    def __init__(self) -> None:
        self._metres = 0.0
        self._corner: Fix | None = None
        self._here: Fix | None = None  # the latest position
        self._at_most = 0.0  # m from the last corner to the latest position, along the steps between them

    @property
    def metres(self) -> float:
        """The length so far, up to the latest position."""
        return self._metres + self._reach()

    def step(self, before: Fix | None, fix: Fix) -> Step:
        """The step from the last fix that counted to this one, by which the path grows."""
        step = Step.between(before, fix)
        self.feed(fix, step.chord if before is self._here else None)
        return step

    def feed(self, fix: Fix, chord: float | None = None) -> None:
        """Another fix; `chord` (m) is the distance from the one fed before. While it must be too near, no leg is looked for."""
        if fix.lat is None or fix.lon is None:
            return
        corner, self._here, before = self._corner, fix, self._here
        if corner is None:
            self._corner, self._at_most = fix, 0.0
            return
        self._at_most += inf if chord is None else chord + ROUNDING
        if self._at_most < LEG:
            return
        self._at_most = reach = self._reach()
        if reach > LEAP * (fix.at - corner.at) + LEG:
            self._here = before
            self._corner, self._metres, self._here, self._at_most = fix, self.metres, fix, 0.0
        elif reach >= LEG:
            self._corner, self._metres, self._at_most = fix, self._metres + reach, 0.0

    def forget(self) -> None:
        """The distance from here to the next position was not run."""
        self._metres, self._corner = self.metres, None

    def _reach(self) -> float:
        """Metres from the last corner to the latest position."""
        corner, here = self._corner, self._here
        if corner is None or here is None or here is corner:
            return 0.0
        assert corner.lat is not None and corner.lon is not None and here.lat is not None and here.lon is not None
        return metres_between(corner.lat, corner.lon, here.lat, here.lon)
