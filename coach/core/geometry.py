"""Short distances on the WGS-84 ellipsoid, cheap enough for every fix: relative error below 3e-8 up to a kilometre."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, hypot, radians, sin, sqrt

EQUATOR = 6_378_137.0  # m, WGS-84 semi-major axis
ECCENTRICITY_2 = 6.694379990141e-3  # WGS-84


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
