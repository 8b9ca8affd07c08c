"""Hills without a course: what a runner at even effort hears on them, and whether the flat is coached as before.

Simulated: 35 minutes at 5:30 on a road with a hill, and on rolling ground. The heights wander as those of real devices do
(`slopes`), or by 0.2 m per square root of a second, and are told in steps of 0.1 m. Two runners who mean no pace on a hill:
one whose cost is that of equal heart rate, and one as in a time trial (Townshend 2010), slower for 78 s after a climb too.
Recorded: the shared runs with heights, as if their pace on level ground had been asked of them.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from math import exp
from pathlib import Path
from random import Random
from statistics import fmean, median

from coach.core.coach import Coach
from coach.core.course.cost import at_equal_heart
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.rehearsal.signals import DEGREE
from coach.runs.recording import open_recording
from devices.api import InvalidFile
from devices.sample import Fix, Mode
from tests.bench.row import Row
from tests.bench.simulator import HELD, Wander
from tests.bench.slopes import BAROMETRIC, OPEN, POOR, TICKS, heights
from tests.conftest import ROOT

FLAT = 1000 / 330  # m/s
SECONDS, SEEDS = 2100, 8
FOOT = 1500.0  # m at which a hill begins
WHITE, SLOW, MEMORY = 0.10, 0.04, 8.0  # m/s, m/s, s: of the receiver's speed under an open sky
LAG = 6.0  # s: with which legs follow the ground
LOSES, GAINS, COMES_BACK = 3.83, 2.3, 26.0  # per slope: 23 % up and 14 % down at 6 %; s: a twentieth is left after 78 s
WALK = 0.2  # m per square root of a second
AROUND = 60.0  # m to either side: the slope there is that of a recording
HILL, LEVEL, WENT_OVER = 0.03, 0.01, 80.0  # slopes; s after a hill that belong to it
LEAST = 600  # s of running with heights
OFF = (600.0, 700.0, 0.945)  # s, s, share: from when to when a runner is off pace on the flat
WRONG_AT_MOST, FALSE_AT_MOST, LATER_AT_MOST = 1.0, 1.0, 2.0  # a run; an hour; s

Off = tuple[float, float, float]
Ground = Callable[[float], float]  # the slope at so many metres
WORDS = ("off_pace", "struck", "adapted", "hill")


@dataclass(slots=True)
class Told:
    """What was told of a run: by name, how often; and when the first correction came after OFF began.

    `wrong` are the corrections on a hill and soon after it.
    """

    count: Counter[str] = field(default_factory=Counter)
    noticed: float | None = None
    wrong: int = 0


@dataclass(slots=True)
class Legs:
    """Even effort: what a slope costs, up and down, and what is left of that after a climb."""

    is_trial: bool
    left: float = 0.0
    now: float = FLAT

    def speed(self, slope: float) -> float:
        """A second later."""
        self.now += (FLAT / self._cost(slope) - self.now) / LAG
        return self.now

    def _cost(self, slope: float) -> float:
        if not self.is_trial:
            return at_equal_heart(slope)
        loss = LOSES * slope if slope > 0 else GAINS * slope
        self.left = loss if loss > self.left else self.left * exp(-1 / COMES_BACK)
        return 1 + (max(loss, self.left) if slope >= 0 else loss)


def walking(seed: int) -> Iterator[float]:
    chance, off = Random(f"{seed} walk"), 0.0
    while True:
        off += chance.gauss(0.0, WALK)
        yield off


DOUBTFUL = "satellites, poor sky"  # twice the errors of an open sky, which is a guess: told, but held against no limit
DEVICES: dict[str, Callable[[int], Iterator[float]]] = {
    "barometer": lambda seed: heights(BAROMETRIC, seed),
    "satellites, open sky": lambda seed: heights(OPEN, seed),
    DOUBTFUL: lambda seed: heights(POOR, seed),
    "a walk of 0.2 m": walking,
}


def hill(slope: float, length: float) -> Ground:
    return lambda metres: slope if FOOT <= metres < FOOT + length else 0.0


def rolling(seed: int, steep: tuple[float, float] = (0.06, 0.06), long: tuple[float, float] = (400.0, 1200.0)) -> Ground:
    """Climbs and descents so steep and so long (m), with level ground of 100 to 400 m between them."""
    chance, parts, end = Random(f"{seed} ground"), list[tuple[float, float]](), 500.0
    while end < FLAT * SECONDS * 1.5:
        for side in (0, 1, 0, -1):
            parts.append((end, side * chance.uniform(*steep)))
            end += chance.uniform(*(long if side else (100.0, 400.0)))
    parts.reverse()
    return lambda metres: next((slope for begin, slope in parts if metres >= begin), 0.0)


def short_hills(seed: int) -> Ground:
    return rolling(seed, (0.03, 0.07), (100.0, 400.0))


def measure(seeds: int = SEEDS) -> Iterator[Row]:
    for device in DEVICES:
        for is_trial in (False, True):
            yield from _on_hills(device, is_trial, seeds)
        yield from _on_the_flat(device, seeds)
    yield from _recorded()


def _on_hills(device: str, is_trial: bool, seeds: int) -> Iterator[Row]:
    who = "as in a time trial" if is_trial else "at equal heart rate"
    grounds: dict[str, Callable[[int], Ground]] = {
        "6 % up for 400, 800, 1200 m": lambda seed: hill(0.06, (400.0, 800.0, 1200.0)[seed % 3]),
        "6 % down for 400, 800, 1200 m": lambda seed: hill(-0.06, (400.0, 800.0, 1200.0)[seed % 3]),
        "rolling, 6 %, 400 to 1200 m": rolling,
        "short hills, 3 to 7 %, 100 to 400 m": short_hills,
    }
    for name, ground in grounds.items():
        runs = [run(device, ground(seed), seed, is_trial) for seed in range(seeds)]
        judged = device != DOUBTFUL and ground is not short_hills
        limit = WRONG_AT_MOST if judged else None
        yield Row(f"{device}, {who}, {name}: wrong corrections", fmean(each.wrong for each in runs), "a run", limit)
        yield Row("  at most", max(each.wrong for each in runs), "")
        yield Row("  plans given way", sum(each.count["adapted"] for each in runs), "", 0)
        yield Row("  hills told", fmean(each.count["hill"] for each in runs), "a run")


def _on_the_flat(device: str, seeds: int) -> Iterator[Row]:
    level: Ground = lambda metres: 0.0  # noqa: E731
    hours = seeds * SECONDS / 3600
    told = [run(device, level, 100 + seed, off=OFF) for seed in range(seeds)]
    before = [run(None, level, 100 + seed, off=OFF) for seed in range(seeds)]
    yield Row(
        f"{device}: false hills on level ground", sum(each.count["hill"] for each in told) / hours, "an hour", FALSE_AT_MOST
    )
    known = [each.noticed for each in told if each.noticed is not None]
    without = [each.noticed for each in before if each.noticed is not None]
    yield Row("  20 s/km too slow on the flat: told", 100 * len(known) / seeds, "%", 100 * len(without) / seeds, least=True)
    yield Row("  told later than without heights, median", median(known) - median(without), "s", LATER_AT_MOST)


def run(
    device: str | None, ground: Ground, seed: int, is_trial: bool = False, off: Off = (0, 0, 1), seconds: int = SECONDS
) -> Told:
    """A run of a runner who hears nothing; `off` tells from when to when he is off by a share."""
    chance, told, legs = Random(seed), Told(), Legs(is_trial)
    coach = Coach(Plan("p", (Segment("Steady", Kind.STEADY, Duration(float(SECONDS)), Steady(FLAT)),)), Settings())
    waver, slowly = Wander(chance, HELD, 12.0), Wander(chance, SLOW, MEMORY)
    errors: Iterator[float | None] = chain(DEVICES[device](seed)) if device else repeat(None)
    metres = height = 0.0
    near = -1e9
    for second, error in zip(range(seconds), errors, strict=False):
        slope = ground(metres)
        speed = legs.speed(slope) * (off[2] if off[0] <= second < off[1] else 1.0) + waver.step(1.0)
        metres, height = metres + speed, height + speed * slope
        alt = None if error is None else round((100 + height + error) / TICKS) * TICKS
        seen = max(0.0, speed + chance.gauss(0.0, WHITE) + slowly.step(1.0))
        near = second if slope else near
        coach.feed(Fix(float(second), "gps", 47.0 + metres / DEGREE, 8.0, alt, seen, mode=Mode.FIX_3D))
        told.count.update(event.name for event in coach.events if event.name in WORDS)
        told.wrong += second - near <= WENT_OVER and any(each.name == "off_pace" for each in coach.events)
        if told.noticed is None and off[0] <= second < off[1] + 10 and any(each.name == "off_pace" for each in coach.events):
            told.noticed = second - off[0]
    return told


@dataclass(slots=True)
class Recorded:
    """A second of a recorded run: its time, way, speed, height, and what was told."""

    at: float
    metres: float
    speed: float
    height: float


def _recorded() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    whole, hours, level_hours, climbs = Counter[str](), 0.0, 0.0, 0
    for path in sorted(chain(tracks.glob("fit_run_gps*/*.fit"), tracks.glob("tcx_run*/*.tcx"))):
        seconds = list(_seconds(path))
        if len(seconds) < LEAST:
            continue
        slopes = _slopes(seconds)
        found = _judged(path, seconds, slopes)
        on_hills = fmean(abs(slope) >= HILL for slope in slopes)
        hours += len(seconds) / 3600
        climbs += on_hills > 0.02
        if on_hills < 0.01:
            level_hours += len(seconds) / 3600
            whole["false"] += found["hill"]
        whole.update({name: found[name] for name in ("wrong", "gave way")})
        if on_hills > 0.02 or found["hill"]:
            shown = f"{path.stem[-40:]}: wrong on its hills ({100 * on_hills:.0f} % of the time), {found['hill']} hills told"
            yield Row(shown, found["wrong"], "", WRONG_AT_MOST)
    if not hours:
        print(f"  no recordings in {tracks}: set COACH_TRACKS")
        return
    yield Row(f"recorded, {hours:.1f} h, {climbs} runs with hills: plans given way there", whole["gave way"], "", 0)
    yield Row(
        f"  hills told on level recordings ({level_hours:.1f} h)",
        whole["false"] / max(0.1, level_hours),
        "an hour",
        FALSE_AT_MOST,
    )


def _seconds(path: Path) -> Iterator[Recorded]:
    coach = Coach(Plan("p", (Segment("Free", Kind.FREE, Duration(1e6)),)))
    try:
        for item in open_recording(path).items():
            coach.feed(item)
            estimate = coach.estimate
            if isinstance(item, Fix) and item.alt is not None and estimate.speed and estimate.speed > 1.5:
                yield Recorded(item.at, estimate.distance, estimate.speed, item.alt)
    except InvalidFile:
        return


def _slopes(seconds: list[Recorded]) -> list[float]:
    """Centred: the rise from AROUND before to AROUND behind."""
    found, low, high = list[float](), 0, 0
    for each in seconds:
        while each.metres - seconds[low].metres > AROUND:
            low += 1
        while high + 1 < len(seconds) and seconds[high].metres - each.metres < AROUND:
            high += 1
        way = seconds[high].metres - seconds[low].metres
        found.append((seconds[high].height - seconds[low].height) / way if way >= AROUND else 0.0)
    return found


def _judged(path: Path, seconds: list[Recorded], slopes: list[float]) -> Counter[str]:
    """The run with its own level pace as target: `wrong` are corrections that a hill explains."""
    level = [each.speed for each, slope in zip(seconds, slopes, strict=True) if abs(slope) < LEVEL] or [
        e.speed for e in seconds
    ]
    sides: dict[str, float] = {"slow": -1e9, "fast": -1e9}
    plan = Plan("p", (Segment("Steady", Kind.STEADY, Duration(1e6), Steady(min(6.0, max(1.6, median(level or [FLAT]))))),))
    coach, found, at = Coach(plan), Counter[str](), dict(zip((each.at for each in seconds), slopes, strict=True))
    for item in open_recording(path).items():
        coach.feed(item)
        slope = at.get(item.at, 0.0)
        if abs(slope) >= HILL:
            sides["slow" if slope > 0 else "fast"] = item.at
        for event in coach.events:
            explained = item.at - sides.get(event.facts.get("side", ""), -1e9) <= WENT_OVER
            found["hill"] += event.name == "hill"
            found["wrong"] += event.name == "off_pace" and explained
            found["gave way"] += event.name == "adapted" and item.at - sides["slow"] <= WENT_OVER
    return found


if __name__ == "__main__":
    for row in measure(*map(int, sys.argv[1:])):
        print(row, flush=True)
