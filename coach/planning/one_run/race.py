"""Race plans with an even, negative or positive split. The parts add up to the goal to the second, hills included.

The pace changes linearly with distance, p(x) = p0 + (p1 - p0) x/D, so that the halves differ by exactly the split asked for.
On a course the effort changes in that way, and a part with the slope factor g gets its share of the total time,
t = T ∫q·g dx / ∫q·g dx over the race. The running sum is rounded to whole seconds. Small splits are best: the best marathons
are run nearly evenly, and a start ten per cent too slow costs as much as one that is too fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf

from coach.core.course.cost import planned
from coach.core.course.hills import SHORT, Section
from coach.core.plan.course import Course
from coach.core.plan.segments import MAX_SEGMENTS, Distance, Kind, Plan, Segment, Steady
from coach.core.units import FASTEST, METRES, SLOWEST, clock_text, distance_text, pace_text
from coach.planning.one_run.terrain import for_a_race, sections_or_flat

WARN, REFUSE = 0.02, 0.03
CLIMB = 0.02  # slope, rise/run: a part this steep is named after its hill


@dataclass(frozen=True, slots=True)
class Habit:
    """The usual pacing of races up to a distance, and the limits for advice; in m and shares."""

    upto: float
    split: float
    block: float  # length of a part with one pace, where no hill changes it
    last: float  # length of the last part, in which the runner is free to run faster
    opening: float  # length of the opening ...
    slow: float  # ... in which the pace may be slower than the goal by this share
    fast: float  # ... or faster by this share
    floor: float | None = None  # share by which the pace may be slower at any point


HABITS = (
    Habit(7_500, 0.005, 1_000, 800, 800, 0.010, 0.03),
    Habit(15_000, 0.0075, 2_000, 1_000, 2_000, 0.016, 0.02),
    Habit(30_000, 0.005, 5_000, 2_000, 5_000, 0.010, 0.02, floor=0.01),
    Habit(inf, 0.0025, 5_000, 7_195, 5_000, 0.010, 0.01),
)


@dataclass(frozen=True, slots=True)
class RacePlan:
    plan: Plan
    halves: tuple[float, float]  # s
    notes: tuple[str, ...]


def default_split(metres: float) -> float:
    return _habit(metres).split


def race_plan(name: str, metres: float, seconds: int, split: float, course: Course | None = None, unit: str = "km") -> RacePlan:
    """`split` is the time gained in the second half, as a share of the total: 0.01 is 1 % faster, below 0 is slower.

    A course must be as long as the race. Raises ValueError for an unreasonable split or goal.
    """
    if abs(split) > REFUSE:
        size = f"the most is {100 * REFUSE:g} %" if split > 0 else f"the least is -{100 * REFUSE:g} %"
        raise ValueError(f"a split of {100 * split:g} % is too {'large' if split > 0 else 'small'}; {size}")
    effort = _Effort(metres, seconds, split, course)
    least = max(SHORT, metres / (MAX_SEGMENTS / 2))
    parts = for_a_race(course, metres, least)
    ends = _ends(metres, [round(part.end, -1) for part in parts], least)
    marks = [0, *(floor(effort.until(end) + 0.5) for end in ends[:-1]), seconds]
    segments = []
    for (begin, end), (start, stop) in zip(pairwise([0.0, *ends]), pairwise(marks), strict=True):
        speed = (end - begin) / max(1, stop - start)
        if not SLOWEST <= speed <= FASTEST:
            told = f"{clock_text(seconds)} is not a possible time for {distance_text(metres)}"
            raise ValueError(f"{told}: part of the race would be run at {speed * 3.6:.1f} km/h")
        segments.append(_segment(begin, end, metres, speed, parts))
    half = effort.until(metres / 2)
    notes = tuple(_notes(metres, seconds, split, unit))
    plan = Plan(f"{name} in {clock_text(seconds)}", tuple(segments), course, float(seconds))
    return RacePlan(plan, (half, seconds - half), notes)


class _Effort:
    """The time at each distance of a race, at an effort that changes linearly with distance."""

    def __init__(self, metres: float, seconds: int, split: float, course: Course | None) -> None:
        self._metres, self._split = metres, split
        self._sections = [(each, planned(each.slope)) for each in sections_or_flat(course, metres)]
        self._share = 1.0
        self._share = seconds / self.until(metres)

    def until(self, way: float) -> float:
        """Seconds for the first `way` metres."""
        total = 0.0
        for each, factor in self._sections:
            end = min(way, each.end)
            if end <= each.begin:
                break
            middle = (each.begin + end) / 2
            total += factor * (end - each.begin) * (1 + 2 * self._split * (1 - 2 * middle / self._metres))
        return round(total * self._share, 9)  # rounded so that exact half seconds stay exact


def _habit(metres: float) -> Habit:
    return next(habit for habit in HABITS if metres <= habit.upto)


def _ends(metres: float, changes: list[float], least: float) -> list[float]:
    """Where each part ends, m: before the last part, where the slope changes, and at regular distances."""
    habit = _habit(metres)
    count = max(2, ceil(metres / habit.block - 0.05))
    ends = [0.0, metres]
    for wanted in ([metres - habit.last], changes, [habit.block * number for number in range(1, count)]):
        ends += [end for end in wanted if all(abs(end - other) >= least for other in ends)]
    return sorted(ends)[1:]


def _segment(begin: float, end: float, metres: float, speed: float, parts: tuple[Section, ...]) -> Segment:
    middle = (begin + end) / 2
    part = next((part for part in parts if middle < part.end), parts[-1])
    name = "Finish" if end >= metres else "Start" if begin == 0 else f"To {distance_text(end).replace('.00', '')}"
    if abs(part.slope) >= CLIMB:
        name = "Climb" if part.slope > 0 else "Descent"
    kind = Kind.PEAK if begin >= metres - _habit(metres).last - 1 else Kind.TEMPO
    return Segment(name, Kind.FREE if part.is_steep else kind, Distance(end - begin), Steady(speed))


def _notes(metres: float, seconds: int, split: float, unit: str) -> list[str]:
    """The advice that is printed with the paces."""
    habit, goal = _habit(metres), metres / seconds
    opening = 2 * split * (1 - habit.opening / metres)
    first = f"the first {_short(habit.opening, unit)}"
    notes = [f"a split of {100 * split:g} % is a lot: the best runners stay below 1 %"] if abs(split) > WARN else []
    if not -habit.fast <= opening <= habit.slow:
        limit, how = (habit.slow, "slower") if opening > 0 else (habit.fast, "faster")
        notes += [f"{first} are {100 * abs(opening):.1f} % {how} than the goal; more than {100 * limit:g} % costs time"]
    notes += [f"In {first}: not faster than {pace_text(goal * (1 + habit.fast), unit)}."]
    if habit.floor:
        slowest = 1 - max(habit.floor, opening, -2 * split)  # a split that was asked for keeps its own guard
        notes += [f"At no point slower than {pace_text(goal * slowest, unit)}, hills aside."]
    return [*notes, f"From {_short(metres - habit.last, unit)} on run as fast as you can: there is no too fast."]


def _short(metres: float, unit: str) -> str:
    """ "800 m", "5 km", "3.1 mi"."""
    if unit == "km" and metres < 1000:
        return f"{metres:.0f} m"
    return f"{metres / METRES[unit]:.1f} {unit}".replace(".0 ", " ")
