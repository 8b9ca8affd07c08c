"""A runner on a course: where he goes, and what his receiver and his odometer say of it. Seeded, so always the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, exp, radians, sin, sqrt

from coach.core.geometry import east_north, metres_between
from coach.core.plan.course import Course
from devices.sample import Fix, Mode

HOME = (47.36, 8.55)
EAST, NORTH = (1000 * each for each in east_north(*HOME, HOME[0] + 1e-3, HOME[1] + 1e-3))  # m a degree, near home


def place(east: float, north: float) -> tuple[float, float]:
    """So many metres from home."""
    return HOME[0] + north / NORTH, HOME[1] + east / EAST


def drawn(corners: Sequence[tuple[float, float]], every: float = 20.0) -> list[tuple[float, float]]:
    """Places on straight lines between corners (m east, m north), one every so many metres."""
    found = [place(*corners[0])]
    for (east, north), (east2, north2) in pairwise(corners):
        count = max(1, round(sqrt((east2 - east) ** 2 + (north2 - north) ** 2) / every))
        found += [place(east + (east2 - east) * n / count, north + (north2 - north) * n / count) for n in range(1, count + 1)]
    return found


def circle(radius: float, count: int = 72) -> list[tuple[float, float]]:
    """Corners of a round that begins and ends at home."""
    turn = [radians(360 * n / count) for n in range(count + 1)]
    return [(radius * (1 - cos(angle)), radius * sin(angle)) for angle in turn]


@dataclass(frozen=True)
class Seen:
    """A fix, the metres the odometer has, and where the runner truly is: metres along his way."""

    fix: Fix | None
    run: float
    true: float


def follow(
    way: Sequence[tuple[float, float]], speed: float | Callable[[], float], seed: int, odometer: float = 1.0,
    sigma: float = 2.5, tunnel: range = range(0), stands: range = range(0),
) -> Iterator[Seen]:  # fmt: skip
    """Along the places of `way`: a position every second that wanders by `sigma` (m, over 30 s), its speed off by a factor.

    In the tunnel there is neither; after it the odometer has the straight line between its ends.
    """
    chance = random.Random(seed)
    marks = [0.0]
    for one, other in pairwise(way):
        marks.append(marks[-1] + metres_between(*one, *other))
    east = north = true = run = lost = 0.0
    leg, second, keeps = 1, 0, exp(-1 / 30)
    while true < marks[-1]:
        meant = speed() if callable(speed) else speed
        step = 0.0 if second in stands else max(0.0, meant + chance.gauss(0, 0.1))
        true = min(marks[-1], true + step)
        while leg < len(marks) - 1 and marks[leg] < true:
            leg += 1
        share = (true - marks[leg - 1]) / (marks[leg] - marks[leg - 1])
        (lat, lon), (lat2, lon2) = way[leg - 1], way[leg]
        east, north = (keeps * wander + chance.gauss(0, sigma * sqrt(1 - keeps**2)) for wander in (east, north))
        seen = place(east + chance.gauss(0, 0.5), north + chance.gauss(0, 0.5))
        lat, lon = lat + share * (lat2 - lat) + seen[0] - HOME[0], lon + share * (lon2 - lon) + seen[1] - HOME[1]
        lost = lost + step * odometer if second in tunnel else lost
        if second not in tunnel:
            run, lost = run + step * odometer + lost, 0.0
        fix = None if second in tunnel else Fix(float(second), "gps", lat, lon, speed=step * odometer, mode=Mode.FIX_3D)
        yield Seen(fix, run, true)
        second += 1


def course_of(way: Sequence[tuple[float, float]], laps: int = 1, heights: Sequence[float] = ()) -> Course:
    from coach.planning.one_run.survey import in_laps, survey

    tall = heights or [0.0] * len(way)
    return in_laps(survey((lat, lon, height, None) for (lat, lon), height in zip(way, tall, strict=True)), laps)
