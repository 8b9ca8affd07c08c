"""Finds out whether the speed of a recording is a footpod's: then its distance agrees with its speed, not its positions.

A watch counts metres by GPS but smooths its speed: over ten records the two differ by 5 to 20 %, and metres and positions by
1 to 14 %. With a pod, metres and speed come from the same measurement and differ by 0.2 %.
"""

from __future__ import annotations

from itertools import islice
from math import cos, hypot, radians, sqrt

from devices.tracks.clock import Placed
from devices.tracks.points import Point

DEGREE = 111_195.0  # m of latitude
STEPS = 10  # records in a comparison
LONGEST = 10.0  # s between two records: over a longer time the speed at the ends says little
SHORTEST = 10.0  # m in a comparison: a standing runner tells nothing
FEWEST = 12  # comparisons needed
ALIKE = 0.015  # largest rms difference between metres and speed, as a share
NEARER = 3.0  # factor by which the difference to the positions must be larger


def is_by_pod(points: list[Placed]) -> bool:
    by_speed: list[float] = []
    by_places: list[float] = []
    steps = (each for each in map(_step, points, islice(points, 1, None)) if each)
    while len(some := list(islice(steps, STEPS))) == STEPS:
        metres = sum(each[0] for each in some)
        if metres > SHORTEST:
            by_speed.append(sum(each[1] for each in some) / metres - 1)
            by_places.append(sum(each[2] for each in some) / metres - 1)
    if len(by_speed) < FEWEST:
        return False
    return _spread(by_speed) < min(ALIKE, _spread(by_places) / NEARER)


def _step(before: Placed, after: Placed) -> tuple[float, float, float] | None:
    """Metres by the odometer, by the speed at the end of the step, and between the positions; None if one is unknown."""
    one, two, seconds = before.point, after.point, after.at - before.at
    if one.distance is None or two.distance is None or two.speed is None or seconds > LONGEST:
        return None
    apart = _apart(one, two)
    return None if apart is None else (two.distance - one.distance, two.speed * seconds, apart)


def _apart(one: Point, two: Point) -> float | None:
    if one.lat is None or one.lon is None or two.lat is None or two.lon is None:
        return None
    return DEGREE * hypot(two.lat - one.lat, (two.lon - one.lon) * cos(radians(one.lat)))


def _spread(shares: list[float]) -> float:
    return sqrt(sum(share * share for share in shares) / len(shares))
