"""Places and the way between them: short distances, the step from fix to fix, the path that all steps make, lines of places.

Distances are on the WGS-84 ellipsoid and cheap enough for every fix: relative error below 3e-8 up to a kilometre.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, hypot, inf, radians, sin, sqrt
from typing import NamedTuple

from devices.sample import Fix

EQUATOR = 6_378_137.0  # m, WGS-84 semi-major axis
ECCENTRICITY_2 = 6.694379990141e-3  # WGS-84

SHORT_GAP = 3.0  # s: a step up to this is bridged by speed, a longer one by the distance between its ends
LEG = 30.0  # m: shorter legs add the noise of their ends, longer ones cut corners
LEAP = 12.5  # m/s: faster than anybody runs; such a leg is left out
ROUNDING = 0.001  # m by which distances that were added up may be too small


def metres_between(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Metres from one point to another, both in degrees, by the local radii of curvature at their middle latitude.

    Beyond some tens of kilometres the result only shows that the points are far apart.
    """
    middle = radians((lat + lat2) / 2)  # as `east_north`, which every second is too short to call for this
    bend = 1 - ECCENTRICITY_2 * sin(middle) ** 2
    normal = EQUATOR / sqrt(bend)
    east = (lon2 - lon + 180.0) % 360.0 - 180.0
    return hypot(radians(east) * normal * cos(middle), radians(lat2 - lat) * (normal * (1 - ECCENTRICITY_2) / bend))


def east_north(lat: float, lon: float, lat2: float, lon2: float) -> tuple[float, float]:
    """Metres to the east and to the north, from one point to another nearby."""
    middle = radians((lat + lat2) / 2)
    bend = 1 - ECCENTRICITY_2 * sin(middle) ** 2
    normal = EQUATOR / sqrt(bend)  # radius of curvature of the prime vertical
    meridian = normal * (1 - ECCENTRICITY_2) / bend
    east = (lon2 - lon + 180.0) % 360.0 - 180.0  # the short way round, also across 180°
    return radians(east) * normal * cos(middle), radians(lat2 - lat) * meridian


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


AT_ONCE = 200  # points: longer lines are thinned in pieces of this size, which keeps the time linear in the length


def outline(count: int, off: Callable[[int, int, int], float], tolerance: float) -> list[int]:
    """Thins a line: the indices of the points to keep, both ends included.

    `off(first, last, n)` is the distance of point n from the line between the points first and last.
    """
    kept = [0]
    for begin in range(0, count - 1, AT_ONCE):
        kept += _piece(begin, min(begin + AT_ONCE, count - 1), off, tolerance)
    return kept


def _piece(begin: int, end: int, off: Callable[[int, int, int], float], tolerance: float) -> list[int]:
    """The indices to keep after `begin`, up to `end`."""
    kept, waiting = [], [(begin, end)]
    while waiting:
        first, last = waiting.pop()
        furthest = max(range(first + 1, last), key=lambda n: off(first, last, n), default=last)
        if furthest == last or off(first, last, furthest) <= tolerance:
            kept.append(last)
        else:
            waiting += [(furthest, last), (first, furthest)]
    return kept


def nearest_share(ahead: tuple[float, float], place: tuple[float, float]) -> float:
    """Where on the line through the origin and `ahead` the point nearest to `place` lies: 0 at the origin, 1 at `ahead`."""
    length = ahead[0] ** 2 + ahead[1] ** 2
    return (place[0] * ahead[0] + place[1] * ahead[1]) / length if length else 0.0


def distance_off(ahead: tuple[float, float], place: tuple[float, float]) -> float:
    """The distance of `place` from the line segment between the origin and `ahead`."""
    share = min(1.0, max(0.0, nearest_share(ahead, place)))
    return hypot(place[0] - share * ahead[0], place[1] - share * ahead[1])
