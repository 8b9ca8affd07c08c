"""Finds out whether the speed of a recording is a footpod's: then its distance agrees with its speed, not its positions.

A watch counts metres by GPS but smooths its speed: over ten records the two differ by 5 to 20 %, and metres and positions by
1 to 14 %. With a pod, metres and speed come from the same measurement and differ by 0.2 %.
"""

from __future__ import annotations

from itertools import islice, pairwise
from math import cos, hypot, radians, sqrt

from devices.tracks.clock import Placed

DEGREE = 111_195.0  # m of latitude
STEPS = 10  # records in a comparison
LONGEST = 10.0  # longest time between two records, s: beyond it, the speeds at both ends say little about the distance
SHORTEST = 10.0  # m in a comparison: a standing runner tells nothing
FEWEST = 12  # comparisons needed
ALIKE = 0.015  # largest rms difference between metres and speed, as a share
Record = tuple[float, float | None, float | None, float | None, float | None]  # s, degrees (two), m, m/s
NEARER = 3.0  # factor by which the difference to the positions must be larger


def is_by_pod(run: Placed) -> bool:
    points = run.points
    if not points.known("distance") or not points.known("speed"):
        return False
    by_speed: list[float] = []
    by_places: list[float] = []
    columns = (points.values(name) for name in ("lat", "lon", "distance", "speed"))
    steps = (step for one, two in pairwise(zip(run.ats, *columns, strict=False)) if (step := _step(one, two)))
    while len(some := list(islice(steps, STEPS))) == STEPS:
        metres = sum(each[0] for each in some)
        if metres > SHORTEST:
            by_speed.append(sum(each[1] for each in some) / metres - 1)
            by_places.append(sum(each[2] for each in some) / metres - 1)
    if len(by_speed) < FEWEST:
        return False
    return _spread(by_speed) < min(ALIKE, _spread(by_places) / NEARER)


def _step(before: Record, after: Record) -> tuple[float, float, float] | None:
    """Metres by the odometer, by the speed at the end of the step, and between the positions; None if one is unknown."""
    (began, lat, lon, way, _), (at, lat2, lon2, way2, speed) = before, after
    if way is None or way2 is None or speed is None or at - began > LONGEST:
        return None
    if lat is None or lon is None or lat2 is None or lon2 is None:
        return None
    apart = DEGREE * hypot(lat2 - lat, (lon2 - lon) * cos(radians(lat)))
    return way2 - way, speed * (at - began), apart


def _spread(shares: list[float]) -> float:
    return sqrt(sum(share * share for share in shares) / len(shares))
