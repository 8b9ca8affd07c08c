"""Whether a receiver that really is bad is found: of its bad minutes, how many are graded poor; of good ones, how few.

A minute is bad by the truth of the simulator: the receiver's own speed, averaged over ten seconds, is off by BAD or more (root
mean square). By positions alone every minute under an urban sky is. It counts as found if it was graded poor for some of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from math import sqrt
from statistics import fmean

from coach.core.coach import Coach
from coach.core.estimate.quality import Quality
from coach.core.inputs import Tick
from coach.core.plan.segments import FREE_RUN
from devices.sample import Fix, Mode
from tests.bench.real import DEGREE, STANDING_POOR, recorded_legs
from tests.bench.row import Row
from tests.bench.simulator import SKIES, Devices, constant, simulate

RUNS, SECONDS, PACE = 6, 3600, 3.2  # m/s
MEAN = 10  # s of a mean
BAD, GOOD = 0.05, 0.03  # shares of the speed
LEARNING = 2  # minutes at the start that do not count
FOUND = 90.0  # %
SKIES["bursts"] = replace(SKIES["open"], bursts=1 / 150, amplitude=3.0)

Minute = tuple[float, bool]  # its error, a share of the speed; whether it was graded poor for some of it


def measure(seed: int = 0) -> Iterator[Row]:
    for sky, limit in (("urban", FOUND), ("bursts", FOUND), ("typical", None)):
        minutes = [each for run in range(RUNS) for each in _minutes(Devices(sky, accuracy=False), seed + run)]
        bad, good = [poor for error, poor in minutes if error >= BAD], [poor for error, poor in minutes if error < GOOD]
        yield Row(f"{sky} (simulated): bad minutes of {len(minutes)}", len(bad), "")
        yield Row("  of them graded poor", 100 * fmean(bad), "%", limit, least=True)
        yield Row("  good ones graded poor", 100 * fmean(good), "%")
    places = Devices("urban", doppler=False)
    found = fmean(poor for run in range(RUNS) for _, poor in _minutes(places, seed + run))
    yield Row("urban, positions alone (simulated): graded poor", 100 * found, "% of time", FOUND, least=True)
    found = fmean(poor for _, poor in _minutes(Devices("open", doppler=False), seed))
    yield Row("open, positions alone (simulated): graded poor", 100 * found, "% of time", STANDING_POOR)
    for name, speeds in recorded_legs():
        yield Row(f"{name}, exact positions alone (real legs): poor", 100 * _poor(speeds), "% of time", STANDING_POOR)


def _minutes(devices: Devices, seed: int) -> Iterator[Minute]:
    coach, errors, poor = Coach(FREE_RUN), list[float](), False
    said, true = deque[float](maxlen=MEAN), deque[float](maxlen=MEAN)
    for second in simulate(constant(PACE), SECONDS, devices, seed):
        for sample in second.samples:
            coach.feed(sample)
            if isinstance(sample, Fix) and sample.speed is not None:
                said.append(sample.speed)
                true.append(second.speed)
        coach.feed(Tick(second.at))
        poor = poor or coach.quality in (Quality.POOR, Quality.NONE)
        if said:
            errors.append((fmean(said) / fmean(true) - 1) ** 2)
        if second.at % 60 == 0:
            if second.at > 60 * LEARNING:
                yield sqrt(fmean(errors)) if errors else 0.0, poor
            errors, poor = [], False


def _poor(speeds: list[float]) -> float:
    """The share of time that exact positions, a second apart, are graded poor."""
    coach, way, poor = Coach(FREE_RUN), 0.0, 0
    for second, speed in enumerate(speeds):
        way += speed
        coach.feed(Fix(float(second), "gps", 10 + way / DEGREE, 8.0, mode=Mode.FIX_3D))
        poor += coach.quality is Quality.POOR
    return poor / len(speeds)
