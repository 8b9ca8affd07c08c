"""Whether the speed of a recording with positions is a footpod's: its distance follows its speed, and not its positions.

A watch counts metres by the receiver, and smooths the speed it writes: over ten records the two differ by 5 to 20 %, the
metres and the positions by 1 to 14 %. With a pod metres and speed are one measure and differ by 0.2 %.
"""

from __future__ import annotations

from itertools import islice
from math import cos, hypot, radians, sqrt

from devices.tracks.clock import Placed
from devices.tracks.points import Point

DEGREE = 111_195.0  # m of latitude
STEPS = 10  # records in a comparison
LONGEST = 10.0  # s of a step: what lies between says little of the speed at its ends
SHORTEST = 10.0  # m in a comparison: who stands tells nothing
FEWEST = 12  # comparisons
ALIKE = 0.015  # root mean square of the difference, as a share
NEARER = 3.0  # times nearer to the speed than to the positions


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
    """Metres by the odometer, by the speed at the step's end, and between the places; None where one is not known."""
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
