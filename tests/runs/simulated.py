"""Simulated runners: what they mean to run, and what their devices say of it. Seeded, so always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, radians, sin

from devices.sample import Fix, Mode, Sample, Stride

Will = Sequence[tuple[float, float]]  # from this second on this speed, m/s; straight lines between
RESPONSE = 4.0  # s in which the legs follow the will
DEGREE = 111_195.0  # m


def outdoors(will: Will, seconds: int, seed: int, noise: float = 0.06, tunnel: range = range(0)) -> Iterator[Sample]:
    """A fix a second: Doppler speed with `noise` m/s, positions that wander, and nothing in the tunnel."""
    chance = random.Random(seed)
    lat, lon, course = 47.36, 8.55, 30.0
    for second, speed in enumerate(speeds(will, seconds, seed)):
        course = (course + chance.gauss(0.1, 1.0)) % 360
        lat += speed * cos(radians(course)) / DEGREE
        lon += speed * sin(radians(course)) / DEGREE / cos(radians(lat))
        seen = max(0.0, speed + chance.gauss(0, noise))
        if second not in tunnel:
            yield Fix(float(second), "gps", lat, lon, speed=seen, course=course, hdop=0.9, mode=Mode.FIX_3D)


def indoors(will: Will, seconds: int, seed: int, noise: float = 0.05) -> Iterator[Sample]:
    """A stride a second from a pod on a shoe."""
    chance = random.Random(seed)
    for second, speed in enumerate(speeds(will, seconds, seed)):
        yield Stride(float(second), "pod", max(0.0, speed + chance.gauss(0, noise)), cadence=172.0)


def speeds(will: Will, seconds: int, seed: int) -> Iterator[float]:
    """True m/s, second by second: it follows the will and wanders about it."""
    chance = random.Random(seed + 1)
    speed = wander = 0.0
    for second in range(seconds):
        wander += -wander / 12 + chance.gauss(0, 0.02)
        speed = max(0.0, speed + (_meant(will, second) + wander - speed) / RESPONSE)
        yield speed


def _meant(will: Will, second: int) -> float:
    for (before, slow), (after, fast) in pairwise(will):
        if before <= second < after:
            return slow + (fast - slow) * (second - before) / (after - before)
    return will[-1][1]
