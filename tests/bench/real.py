"""What the estimate is worth on real runners: recorded legs under perfect, simulated and recorded receivers.

The legs are a pod's speed each second of four recorded runs (`COACH_LEGS`). As noise-free receivers they show what the
runner's own coming and going is taken for; under a simulated sky, how good the pace of now is for such a runner.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import fmean

from coach.core.coach import Coach
from coach.core.estimate.estimator import Estimator, EstimatorSettings
from coach.core.estimate.footpod import MEMORY, TAUGHT
from coach.core.estimate.quality import Quality
from coach.core.inputs import Input, Tick
from coach.core.plan.segments import FREE_RUN
from devices.framing import sentence
from devices.nmea import NmeaDecoder
from devices.sample import Rx, Stride
from tests.bench.calibration import Calibration, is_changing
from tests.bench.row import Row
from tests.bench.simulator import KNOT, Pod
from tests.conftest import ROOT

DEGREE = 111_132.95  # m of latitude, near enough to the equator's 110,574 that a straight road north stays straight
WARM = 60  # s at the start that do not count
MOVING = 0.8  # m/s
RUNNING = 1.5  # m/s: below it is walking or standing, where a share of the speed says little
AVERAGE = 2  # s to either side: the true pace of now is a centred mean of five seconds, for no runner means each step
BARS = {"beginner-8k": 3.4, "road-10k": 3.6, "road-5k": 2.5, "trail-12k": 5.5}  # % rms
PODS = 12
STANDING_POOR = 5.0  # % of the moving time that may be graded poor where nothing is wrong


@dataclass(slots=True)
class Heard:
    """What came of a run: a second each of true and estimated speed, and how the signal was judged."""

    true: list[float] = field(default_factory=list)
    shown: list[float | None] = field(default_factory=list)
    sigma: list[float | None] = field(default_factory=list)
    poor: list[bool] = field(default_factory=list)
    weak: int = 0

    def rms(self) -> float:
        squares = [(shown / true - 1) ** 2 for true, shown in self._pairs() if shown is not None]
        return 100 * sqrt(fmean(squares)) if squares else 100.0

    def poor_share(self) -> float:
        moving = [poor for poor, true in zip(self.poor[WARM:], self.true[WARM:], strict=True) if true > MOVING]
        return 100 * fmean(moving) if moving else 0.0

    def calibration(self) -> Calibration:
        found = Calibration()
        for second, (true, shown, sigma) in enumerate(zip(self.true, self.shown, self.sigma, strict=True)):
            if second >= WARM and shown is not None and sigma and true > RUNNING:
                found.add(shown - true, sigma, is_changing(self.true, second))
        return found

    def _pairs(self) -> Iterator[tuple[float, float | None]]:
        for second in range(WARM, len(self.true)):
            if self.true[second] > RUNNING:
                yield self.true[second], self.shown[second]


def measure() -> Iterator[Row]:
    legs = dict(recorded_legs())
    if not legs:
        print("  no recorded legs: set COACH_LEGS")
        return
    for name, speeds in legs.items():
        by_gps, by_pod = heard(receiver(speeds), speeds), heard(strides(speeds), speeds)
        yield Row(f"{name}, a perfect receiver: told as weak (real legs)", by_gps.weak, "times", 0)
        yield Row(f"{name}, a perfect receiver: poor", by_gps.poor_share(), "% of time", STANDING_POOR)
        yield Row(f"{name}, a perfect receiver: error", by_gps.rms(), "% rms", BARS.get(name))
        yield from by_gps.calibration().rows(f"{name}, a perfect receiver")
        yield Row(f"{name}, as strides: told as weak", by_pod.weak, "times", 0)
        yield Row(f"{name}, as strides: poor", by_pod.poor_share(), "% of time", STANDING_POOR)
        yield Row(f"{name}, as strides: error", by_pod.rms(), "% rms", BARS.get(name))
        yield from by_pod.calibration().rows(
            f"{name}, as strides", judged=False
        )  # sigma knows of lag and scale; these have none
        for taught in (False, True):
            what = "taught" if taught else "untaught"
            yield from by_pods(speeds, taught).rows(f"{name}, {PODS} {what} pods (simulated)")
    for name, speeds in made_legs().items():
        made = heard(receiver(speeds), speeds)
        yield Row(f"{name}: poor", made.poor_share(), "% of time", 0)
        yield Row(f"{name}: told as weak", made.weak, "times", 0)


def by_pods(speeds: Sequence[float], taught: bool) -> Calibration:
    """Of pods this runner might wear, each with a lag and a scale of its own; if `taught`, the scale is known to TAUGHT."""
    found, true = Calibration(), [_around(speeds, second) for second in range(len(speeds))]
    for seed in range(PODS):
        pod = Pod(random.Random(seed))
        known = pod.scale * random.Random(PODS + seed).gauss(1, TAUGHT)
        estimator = Estimator(EstimatorSettings(known, MEMORY) if taught else None)
        for second, speed in enumerate(speeds):
            estimator.feed(pod.stride(second + 0.3, speed))
            estimate = estimator.estimate(second + 0.6)
            if second >= WARM and estimate.speed is not None and estimate.sigma and true[second] > RUNNING:
                found.add(estimate.speed - true[second], estimate.sigma, is_changing(true, second))
    return found


def legs_folder() -> Path:
    return Path(os.environ.get("COACH_LEGS", ROOT.parent / "shared" / "legs"))


def recorded_legs() -> Iterator[tuple[str, list[float]]]:
    for path in sorted(legs_folder().glob("*.csv")):
        with path.open(newline="") as table:
            yield path.stem, [float(row["pod_mps"] or 0) for row in csv.DictReader(table)]


def made_legs() -> dict[str, list[float]]:
    """Exact speeds of runs that are no fault of any receiver."""
    light = [3.0] * 300 + [0.0] * 30 + [3.0] * 300
    return {
        "2.8 and 4.2 m/s by turns, 30 s each (made)": ([2.8] * 30 + [4.2] * 30) * 15,
        "a hill of six per cent (made)": [3.03] * 300 + [2.4] * 240 + [3.03] * 300,
        "a red light of 30 s (made)": light,
    }


def receiver(speeds: Sequence[float]) -> Iterator[Input]:
    """A straight road north, an epoch a second, rounded as sentences are and otherwise without noise."""
    way = 0.0
    for second, speed in enumerate(speeds):
        way += speed
        minutes = 60 * (10.0 + way / DEGREE)
        place = f"{int(minutes // 60):02d}{minutes % 60:08.5f},N,00800.00000,E"
        clock = f"{6 + second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}.00"
        lines = (
            f"GPRMC,{clock},A,{place},{speed / KNOT:.2f},0.0,140526,,,A",
            f"GPGGA,{clock},{place},1,10,0.9,50.0,M,48.0,M,,",
        )
        yield Rx(second + 0.3, "gps", b"".join(sentence(line.encode()) for line in lines))
        yield Tick(second + 0.6)


def strides(speeds: Sequence[float]) -> Iterator[Input]:
    for second, speed in enumerate(speeds):
        yield Stride(second + 0.3, "pod", round(speed * 256) / 256, cadence=170.0)
        yield Tick(second + 0.6)


def heard(items: Iterator[Input], speeds: Sequence[float]) -> Heard:
    coach, result = Coach(FREE_RUN, decoders={"gps": NmeaDecoder("gps")}), Heard()
    for item in items:
        coach.feed(item)
        result.weak += sum(event.name == "weak_signal" for event in coach.events)
        if isinstance(item, Tick):
            result.true.append(_around(speeds, int(item.at)))
            result.shown.append(coach.estimate.speed)
            result.sigma.append(coach.estimate.sigma)
            result.poor.append(coach.quality is Quality.POOR)
    return result


def _around(speeds: Sequence[float], second: int) -> float:
    """The true pace of now."""
    return fmean(speeds[max(0, second - AVERAGE) : second + AVERAGE + 1])
