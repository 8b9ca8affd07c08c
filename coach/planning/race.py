"""Race plans: an even, a negative or a positive split whose blocks add up to the goal, to the second.

The pace changes evenly with the way, p(x) = p0 + (p1 - p0) x/D, so that halves differ by exactly the split that is asked
for. Whole seconds are taken on the running sum. Small is good: the best marathons are run nearly even, and a start that is
ten per cent too slow costs as much as one that is too fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf

from coach.core.plan import Distance, Kind, Plan, Segment, Steady
from coach.core.units import clock_text, distance_text

# for a race up to so many metres
SPLITS = ((7_500.0, 0.005), (30_000.0, 0.0075), (inf, 0.0025))
BLOCKS = ((7_500.0, 1_000.0), (15_000.0, 2_000.0), (inf, 5_000.0))  # m
LAST = ((7_500.0, 800.0), (15_000.0, 1_000.0), (30_000.0, 2_000.0), (inf, 7_195.0))  # m before the end: run what is left
WARN, REFUSE = 0.02, 0.03


@dataclass(frozen=True, slots=True)
class RacePlan:
    plan: Plan
    halves: tuple[float, float]  # s
    notes: tuple[str, ...]


def default_split(metres: float) -> float:
    return next(split for most, split in SPLITS if metres <= most)


def race_plan(name: str, metres: float, seconds: int, split: float) -> RacePlan:
    """`split` is how much of the whole time the second half is quicker: 0.01 is one per cent, below 0 it is slower.

    Raises ValueError for a split that no race should have.
    """
    if abs(split) > REFUSE:
        what = "the goal is too easy, or the start too timid" if split > 0 else "that is no plan, it is a collapse"
        raise ValueError(f"a split of {100 * split:g} % is more than {100 * REFUSE:g} %: {what}")
    blocks = _blocks(metres)
    marks = [_time_at(end, metres, seconds, split) for end in blocks]
    times = [after - before for before, after in zip([0, *marks], marks, strict=False)]
    ways = [after - before for before, after in zip([0.0, *blocks], blocks, strict=False)]
    free = _free_from(metres)
    segments = [
        Segment(_called(end - way, end, metres), _kind(end - way, free), Distance(way), Steady(way / time))
        for way, time, end in zip(ways, times, blocks, strict=True)
    ]
    half = _pace_integral(metres / 2, metres, seconds, split)
    notes = (f"a split of {100 * split:g} % is a lot: the best are below 1 %",) if abs(split) > WARN else ()
    return RacePlan(Plan(f"{name} in {clock_text(seconds)}", tuple(segments)), (half, seconds - half), notes)


def _blocks(metres: float) -> list[float]:
    """Where each block ends, m."""
    size = next(each for most, each in BLOCKS if metres <= most)
    count = max(2, ceil(metres / size - 0.05))
    ends = [size * number for number in range(1, count)]
    free = _free_from(metres)
    if all(abs(free - end) > 150 for end in ends):
        ends = sorted([*ends, free])
    return [*(end for end in ends if end < metres - 100), metres]


def _free_from(metres: float) -> float:
    """Where the runner is let go, m: from there on nobody is too fast."""
    return metres - next(left for most, left in LAST if metres <= most)


def _kind(begin: float, free: float) -> Kind:
    return Kind.PEAK if begin >= free - 1 else Kind.TEMPO


def _time_at(way: float, metres: float, seconds: int, split: float) -> int:
    return floor(_pace_integral(way, metres, seconds, split) + 0.5)


def _pace_integral(way: float, metres: float, seconds: int, split: float) -> float:
    """Seconds for the first `way` metres: the pace runs evenly from (T/D)(1 + 2n) to (T/D)(1 - 2n)."""
    start, end = seconds / metres * (1 + 2 * split), seconds / metres * (1 - 2 * split)
    return start * way + (end - start) * way**2 / (2 * metres)


def _called(begin: float, end: float, metres: float) -> str:
    return "Finish" if end >= metres else "Start" if begin == 0 else f"To {distance_text(end).replace('.00', '')}"
