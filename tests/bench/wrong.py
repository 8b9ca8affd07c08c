"""Wrong words: how often the coach corrects a runner whose true pace is inside the band, or off to the other side.

The legs are real: residuals of recorded road runners about their own pace (the median of five minutes), in blocks of five
minutes drawn by lot, and those of the runner who was fitted to them. They wander five times more than an even runner, so they
are often just inside the band or just outside. Signals are simulated. The runner answers what he hears, right or wrong; what
he mends fades as wandering does. True is the mean speed of the last ten seconds.
"""

from __future__ import annotations

import os
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from statistics import median

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.settings import Settings
from coach.rehearsal.runner import ROAD, Correction, advice
from tests.bench.legs import recorded
from tests.bench.row import Row
from tests.bench.simulator import Devices, LikeRecorded, simulate
from tests.bench.spoken import ANSWERED, FREE, PACE, PLAN, REACTION
from tests.conftest import ROOT

FILES = ("road-10k", "road-5k")
BLOCK, AROUND = 300, 150  # s of a block, and to either side of a second whose own pace is wanted
WALKS = 0.6  # of the own pace: slower is no running
RUNS, WHOLE = 30, 2700  # runs, s each
BAND = 0.03  # share: that of tempo
TRUE_MEAN = 10  # s
AT_MOST = 0.2  # wrong words an hour
FADES = exp(-1 / ROAD.waver_memory)  # of what an answer mended, a second
SIGNALS = {
    "footpod": Devices("open", pod=True),
    "GPS, open": Devices("open"),
    "GPS, typical": Devices("typical"),
    "GPS, urban": Devices("urban"),
}

Strays = Callable[[], float]  # the residual of the next second, a share


@dataclass(slots=True)
class Words:
    """Corrections by what was true when they were said, in so many seconds with a target."""

    seconds: int = 0
    said: int = 0
    inside: int = 0
    opposite: int = 0

    def add(self, other: Words) -> None:
        for name in ("seconds", "said", "inside", "opposite"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def an_hour(self, count: int) -> float:
        return 3600 * count / max(1, self.seconds)


def measure(seed: int = 0, verbosity: str = "normal") -> Iterator[Row]:
    folder = Path(os.environ.get("COACH_LEGS", ROOT.parent / "shared" / "legs"))
    legs: dict[str, Callable[[random.Random], Strays]] = {"the runner fitted to them": _fitted}
    if blocks := _blocks(folder):
        legs["recorded legs"] = lambda chance: _drawn(blocks, chance)
    else:
        print(f"  no recorded legs in {folder}: set COACH_LEGS")
    settings = Settings(verbosity=verbosity, estimator=EstimatorSettings())
    for what, devices in SIGNALS.items():
        for whose, begin in legs.items():
            whole = Words()
            for run in range(RUNS):
                whole.add(words(settings, devices, seed + 7000 + run, begin(random.Random(f"{seed} {run} legs"))))
            wrong = whole.an_hour(whole.inside + whole.opposite)
            yield Row(f"{what}, {whose}: wrong words", wrong, "/h", AT_MOST)
            yield Row("  of which to the wrong side", whole.an_hour(whole.opposite), "/h")
            yield Row("  corrections", whole.an_hour(whole.said), "/h")


def words(settings: Settings, devices: Devices, seed: int, strays: Strays) -> Words:
    """One run, answered."""
    coach, count, heard = Coach(PLAN, settings), Words(), deque[tuple[float, float]]()
    shift, true = [0.0], deque[float](maxlen=TRUE_MEAN)

    def profile(at: float) -> float:
        return (1 + shift[0] + strays()) * 1000 / PACE

    for second in simulate(profile, WHOLE, devices, seed, wander=0.0):
        shift[0] *= FADES
        while heard and heard[0][0] <= second.at:
            shift[0] -= ANSWERED * heard.popleft()[1]
        true.append(second.speed)
        count.seconds += second.at > FREE
        error = sum(true) / len(true) * PACE / 1000 - 1
        for cue in (cue for sample in second.samples for cue in coach.feed(sample)):
            if isinstance(told := advice(cue), Correction):
                count.said += 1
                count.inside += abs(error) <= BAND
                count.opposite += abs(error) > BAND and told.error * error < 0
                heard.append((second.at + REACTION, told.error))
    return count


def _fitted(chance: random.Random) -> Strays:
    like = LikeRecorded(chance)
    return lambda: like.step(1.0)


@cache
def _blocks(folder: Path) -> Sequence[Sequence[float]]:
    """Residuals of the recorded speeds about the runner's own pace, where he ran."""
    blocks = []
    for path in (folder / f"{name}.csv" for name in FILES):
        speeds = recorded(path) if path.exists() else []
        own = [median(speeds[max(0, at - AROUND) : at + AROUND]) for at in range(len(speeds))]
        for begin in range(AROUND, len(speeds) - AROUND - BLOCK, BLOCK // 4):
            block = [speeds[at] / own[at] - 1 for at in range(begin, begin + BLOCK)]
            if min(block) > WALKS - 1:
                blocks.append(block)
    return blocks


def _drawn(blocks: Sequence[Sequence[float]], chance: random.Random) -> Strays:
    left: deque[float] = deque()

    def following() -> float:
        if not left:
            left.extend(chance.choice(blocks))
        return left.popleft()

    return following


if __name__ == "__main__":
    for each in measure(0, *sys.argv[1:]):
        print(each, flush=True)
