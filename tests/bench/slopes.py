"""How soon a hill is known by height alone, at one false hill an hour; and what a height costs.

Simulated: the errors of heights wander as those of real devices do (how much two heights differ that lie 1 to 300 s apart
was measured: a barometer against a second one; u-blox receivers on level water; poor is twice that).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

from coach.core.estimate.slope import BAROMETER, SATELLITE, Altimeter, Slope, SlopeFilter
from tests.bench.row import Row
from tests.bench.simulator import Wander

SPEED = 1000 / 330  # m/s
LEVEL_RUNS, LEVEL_SECONDS, HILLS = 20, 1920, 60
FOOT = 600.0  # m into a run that the hill begins
STILL_FOUND = 50.0  # m after its crest that a hill still counts as found
PER_HOUR = 1.0  # false hills
TICKS = 0.1  # m: the steps in which heights are told


@dataclass(frozen=True, slots=True)
class Heights:
    """A device's errors: (sigma m, memory s) of each wander, white noise m; and the slope that is a hill, for the tests."""

    name: str
    wanders: tuple[tuple[float, float], ...]
    white: float
    altimeter: Altimeter
    threshold: float


BAROMETRIC = Heights("barometer", ((0.33, 3), (0.39, 600)), 0.05, BAROMETER, 0.025)
OPEN = Heights("satellites, open sky", ((1.66, 117),), 0.02, SATELLITE, 0.031)
POOR = Heights("satellites, poor sky", ((3.32, 117),), 0.05, SATELLITE, 0.044)
LIMITS = {"barometer": 40.0, "satellites, open sky": 66.0, "satellites, poor sky": 290.0}  # m for a hill of 6 %


def heights(device: Heights, seed: int) -> Iterator[float]:
    """Errors, a second each."""
    chance = random.Random(seed)
    parts = [Wander(chance, *wander) for wander in device.wanders]
    while True:
        yield sum(part.step(1.0) for part in parts) + chance.gauss(0.0, device.white)


def measure(seed: int = 0) -> Iterator[Row]:
    for device in (BAROMETRIC, OPEN, POOR):
        level = [list(_slopes(device, lambda metres: 0.0, LEVEL_SECONDS, seed + run)) for run in range(LEVEL_RUNS)]
        threshold = _threshold(level)
        yield Row(f"{device.name} (simulated): one false hill an hour above", 100 * threshold, "%")
        scaled = [slope.value / slope.sigma for run in level for slope in run if slope]
        yield Row("  error over its sigma, on the level", sqrt(sum(each**2 for each in scaled) / len(scaled)), "rms", 1.1)
        for slope, length in ((0.04, 400), (0.06, 200), (0.06, 400), (0.08, 200)):
            ways = [_known_after(device, slope, length, threshold, seed + 500 + run) for run in range(HILLS)]
            found = [way for way in ways if way is not None]
            yield Row(f"  {100 * slope:.0f} % for {length} m: found", 100 * len(found) / HILLS, "%")
            if found:
                limit = LIMITS[device.name] if (slope, length) == (0.06, 400) else None
                yield Row("    metres from its foot, median", sorted(found)[len(found) // 2], "m", limit)
    yield Row("a height costs", _cost(), "us", 6.0)


def _slopes(device: Heights, ground: Callable[[float], float], seconds: int, seed: int) -> Iterator[Slope | None]:
    found, errors = SlopeFilter(device.altimeter), heights(device, seed)
    for second in range(seconds):
        metres = second * SPEED
        found.feed(float(second), metres, round((ground(metres) + next(errors)) / TICKS) * TICKS)
        yield found.slope


def _known_after(device: Heights, slope: float, length: float, threshold: float, seed: int) -> float | None:
    """Metres from the foot of the hill until it is known; None where it is not before it is over."""
    seconds = int((FOOT + length + STILL_FOUND) / SPEED)
    slopes = _slopes(device, lambda metres: slope * min(max(0.0, metres - FOOT), length), seconds, seed)
    for second, now in enumerate(slopes):
        if second * SPEED > FOOT and now and now.value > threshold:
            return second * SPEED - FOOT
    return None


def _threshold(level: list[list[Slope | None]]) -> float:
    """The slope that level ground passes once an hour; a false hill is over below half of it."""
    hours = sum(slope is not None for run in level for slope in run) / 3600
    low, high = 0.005, 0.2
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_hills(run, middle) for run in level) / hours > PER_HOUR else (low, middle)
    return high


def _hills(slopes: list[Slope | None], threshold: float) -> int:
    count, on = 0, False
    for slope in slopes:
        if slope and not on and abs(slope.value) > threshold:
            count, on = count + 1, True
        elif slope and abs(slope.value) < threshold / 2:
            on = False
    return count


def _cost() -> float:
    found, many = SlopeFilter(), 20_000
    began = time.process_time()
    for second in range(many):
        found.feed(float(second), second * SPEED, 100 + second % 7 / 10, 0.5)
    return (time.process_time() - began) / many * 1e6


if __name__ == "__main__":
    for row in measure():
        print(row)
