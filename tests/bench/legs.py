"""How real legs vary, and how the virtual runner's do: speeds some seconds apart, and excursions that end by themselves.

A speed that lies `T` s after another differs from it by so many per cent: the typical difference (the median size, as that
of a normal variable), which walks and stops hardly move. `python -m tests.bench.legs --fit` fits the runner's figures anew:
two wanders, a slow one that the legs follow with their lag of 6 s, and one that comes and goes within seconds.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from collections.abc import Iterator, Sequence
from math import copysign, exp, log, sqrt
from pathlib import Path
from statistics import fmean, median

from coach.rehearsal.runner import BEGINNER, ROAD, TRAIL, Legs, Runner
from tests.bench.row import Row
from tests.conftest import ROOT

APART = (1, 2, 3, 5, 8, 12, 20, 30, 40, 60, 90, 120)  # s
SHOWN = (1, 5, 20, 60, 120)
SIZE = 1.4826  # the sd of a normal variable over its median size
WALKS = 0.55  # of the median speed: slower is walking or standing, and is left out
FILES = {"road": ("road-10k", "road-5k"), "beginner": ("beginner-8k",), "trail": ("trail-12k",)}
LIKE = {"road": ROAD, "beginner": BEGINNER, "trail": TRAIL}
PACES = {"road": 3.3, "beginner": 2.0, "trail": 2.8}  # m/s
RUNS, SECONDS = 4, 3600
OFF, LASTS, SHOWN_MEAN = 0.03, 6, 8  # an excursion: share, s until it is one, s of the mean
BASE, AGAIN = 300, 40  # s before, whose median is the runner's own pace; s until the last look
TRIES = 40_000  # of the fit

Speeds = Sequence[float]


def measure() -> Iterator[Row]:
    folder = Path(os.environ.get("COACH_LEGS", ROOT.parent / "shared" / "legs"))
    for terrain, files in FILES.items():
        simulated = [_simulated(LIKE[terrain], PACES[terrain], seed) for seed in range(RUNS)]
        real = [recorded(folder / f"{name}.csv") for name in files if (folder / f"{name}.csv").exists()]
        if not real:
            print(f"  no recorded legs in {folder}: set COACH_LEGS")
        for apart in SHOWN:
            yield Row(f"{terrain}, speeds {apart} s apart (simulated)", 100 * _typical(simulated, apart), "%")
            if real:
                yield Row("  recorded", 100 * _typical(real, apart), "%")
        if real:
            off = [log(_typical(simulated, apart) / _typical(real, apart)) for apart in APART]
            yield Row("  simulated against recorded, at worst", 100 * max(abs(each) for each in off), "% off", 25.0)
        for what, runs in (("simulated", simulated), ("recorded", real)):
            if runs:
                gone = _gone(runs)
                yield Row(f"{terrain}, of an excursion gone by itself after 20 s ({what})", 100 * gone[0], "%")
                yield Row("  after 40 s", 100 * gone[1], "%")


def recorded(path: Path) -> list[float]:
    """A footpod's speed, a second each, m/s."""
    with path.open() as file:
        return [float(row["pod_mps"] or 0) for row in csv.DictReader(file)]


def _simulated(runner: Runner, pace: float, seed: int) -> list[float]:
    legs = Legs(runner, seed)
    legs.begin_segment(pace)
    return [legs.step(float(at), pace) for at in range(SECONDS)]


def _typical(runs: Sequence[Speeds], apart: int) -> float:
    """The typical difference of two speeds so many seconds apart, as a share; of several runs the mean square."""
    sizes = []
    for speeds in runs:
        least = WALKS * median(speeds)
        pairs = zip(speeds, speeds[apart:], strict=False)
        sizes.append(SIZE * median(abs(log(b / a)) for a, b in pairs if a > least and b > least))
    return sqrt(fmean(size * size for size in sizes))


def _gone(runs: Sequence[Speeds]) -> tuple[float, float]:
    """Of excursions from the runner's own pace: the share that is gone 20 and 40 s after one was seen."""
    begun, after20, after40 = 0.0, 0.0, 0.0
    for speeds in runs:
        off = list(_off_by(speeds))
        lasted = 0
        for at in range(len(off) - AGAIN):
            lasted = lasted + 1 if abs(off[at]) > OFF else 0
            if lasted == LASTS:
                side = copysign(1.0, off[at])
                begun, after20 = begun + abs(off[at]), after20 + side * off[at + AGAIN // 2]
                after40 += side * off[at + AGAIN]
    return 1 - after20 / begun, 1 - after40 / begun


def _off_by(speeds: Speeds) -> Iterator[float]:
    """How far the mean of some seconds is off the median of the five minutes before, as a share."""
    for at in range(BASE, len(speeds)):
        yield fmean(speeds[at - SHOWN_MEAN + 1 : at + 1]) / median(speeds[at - BASE : at]) - 1


# The fit


def fit(runs: Sequence[Speeds], chance: random.Random) -> tuple[Runner, float]:
    """The figures of a runner whose speeds differ as those of recorded ones, and how far off (rms of the logarithm)."""
    wanted = [(apart, _typical(runs, apart)) for apart in APART]
    best: tuple[float, list[float]] | None = None
    for _ in range(TRIES):
        near = best and chance.random() < 0.8
        tried = [figure * exp(chance.gauss(0, 0.1)) for figure in best[1]] if near and best else _anywhere(chance)
        cost = sum(log(_predicted(apart, *tried) / size) ** 2 for apart, size in wanted)
        if best is None or cost < best[0]:
            best = cost, tried
    assert best
    slow, memory, restless, restless_memory = best[1]
    wavers = slow * sqrt((memory + ROAD.lag) / memory)
    found = Runner(0.0, wavers=wavers, waver_memory=memory, restless=restless, restless_memory=restless_memory)
    return found, sqrt(best[0] / len(APART))


def _anywhere(chance: random.Random) -> list[float]:
    return [chance.uniform(0.01, 0.12), chance.uniform(10, 150), chance.uniform(0.003, 0.08), chance.uniform(0.7, 6)]


def _predicted(apart: int, slow: float, memory: float, restless: float, restless_memory: float) -> float:
    slower = slow * slow * (1 - _alike(apart, memory, ROAD.lag))
    return sqrt(2 * (slower + restless * restless * (1 - _alike(apart, restless_memory, restless_memory))))


def _alike(apart: float, memory: float, lag: float) -> float:
    """Correlation of a wander that is followed with a lag."""
    if abs(memory - lag) < 1e-6:
        return (1 + apart / memory) * exp(-apart / memory)
    return (memory * exp(-apart / memory) - lag * exp(-apart / lag)) / (memory - lag)


def main(arguments: list[str]) -> int:
    if arguments != ["--fit"]:
        print(__doc__)
        return 2
    folder = Path(os.environ.get("COACH_LEGS", ROOT.parent / "shared" / "legs"))
    for terrain, files in FILES.items():
        found, off = fit([recorded(folder / f"{name}.csv") for name in files], random.Random(1))
        print(
            f"{terrain}: wavers={found.wavers:.3f}, waver_memory={found.waver_memory:.0f}, restless={found.restless:.3f}, "
            f"restless_memory={found.restless_memory:.1f}   ({100 * off:.0f} % off)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
