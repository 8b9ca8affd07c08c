"""The step from one fix to the next, the speed of an epoch of several fixes, and what noise adds to a speed."""

from __future__ import annotations

from math import cos, hypot, radians, sin
from typing import NamedTuple

from coach.core.estimate.odometer import SHORT_GAP, STANDING
from coach.core.geometry import east_north, metres_between
from devices.sample import Fix

LONGER_AT_MOST = 0.1  # share of a speed that can be due to noise across the direction of motion


class Step(NamedTuple):
    """The step from the last fix that counted to this one."""

    seconds: float  # 0 at the first fix
    chord: float | None  # m between the two places; None where one is unknown

    @property
    def speed(self) -> float | None:
        """Between the two places, m/s; None where one is unknown or a record is missing."""
        return self.chord / self.seconds if self.chord is not None and 0.0 < self.seconds < SHORT_GAP else None

    @classmethod
    def between(cls, before: Fix | None, fix: Fix) -> Step:
        if before is None:
            return cls(0.0, None)
        lat, lon = before.lat, before.lon
        if lat is None or lon is None or fix.lat is None or fix.lon is None:
            return cls(fix.at - before.at, None)
        return cls(fix.at - before.at, metres_between(lat, lon, fix.lat, fix.lon))


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


def straightened(speed: float, variance: float) -> float:
    """Removes the bias of a speed, which is the length of a noisy vector: noise across it makes it longer (Rice, 1945)."""
    if speed <= STANDING:
        return speed
    longer, most = variance / (2 * speed), LONGER_AT_MOST * speed
    return speed - (longer if longer < most else most)
