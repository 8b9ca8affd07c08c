"""Makes paces slower in the heat by a few per cent; from 40 °C on it refuses hard runs.

The factors are fitted to 3,891 marathon performances of elite runners. Slower runners lose more (Ely 2007): below the level
"advanced" the loss counts 1.3 times. The temperature is what it feels like, as typed in by the runner.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from coach.core.plan.segments import Band, Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target
from coach.planning.fitness.paces import Fitness

FACTORS = ((10.0, 1.0), (15.0, 1.005), (20.0, 1.015), (25.0, 1.026), (30.0, 1.039), (35.0, 1.054), (40.0, 1.070))  # °C, factor
SLOWER_LOSE = {"beginner": 1.3, "intermediate": 1.3, "advanced": 1.0}  # factor on an elite runner's loss
OFFER_EASY, REFUSE_HARD = 35.0, 40.0  # °C
COLDEST, HOTTEST = -30.0, 55.0  # °C: anything beyond is a typing mistake, or Fahrenheit


def heat_factor(celsius: float, level: str) -> float:
    """The factor on paces, 1.0 when it is cool. Raises ValueError outside the supported range."""
    if not COLDEST <= celsius <= HOTTEST:
        raise ValueError(f"{celsius:g} °C is out of range: give what it feels like, {COLDEST:g} to {HOTTEST:g} °C")
    return 1 + (_elite(celsius) - 1) * SLOWER_LOSE[level]


def in_heat(plan: Plan, factor: float) -> Plan:
    """The plan with each speed divided by `factor`: 1.03 makes every pace 3 % slower, in whole seconds per km."""
    return replace(plan, segments=tuple(replace(each, target=_slower(each.target, factor)) for each in plan.segments))


def easy_twin(plan: Plan, fitness: Fitness) -> Plan:
    """The easy twin of a plan: as long, but all of it easy. Neighbouring lengths of the same sort become one segment."""
    segments: list[Segment] = []
    for each in plan.segments:
        kind = each.kind if each.kind in (Kind.WARMUP, Kind.COOLDOWN) else Kind.EASY
        speed = _to_a_second(fitness.speed("easy" if kind is Kind.EASY else "recovery"))
        together = _together(segments[-1].length, each.length) if segments and segments[-1].kind is kind else None
        if together:
            segments.pop()
        segments.append(Segment(kind.label, kind, together or each.length, Steady(speed)))
    return Plan(f"{plan.name}, the easy twin", tuple(segments))


def _together(one: Length, other: Length) -> Length | None:
    match one, other:
        case Duration(before), Duration(after):
            return Duration(before + after)
        case Distance(before), Distance(after):
            return Distance(before + after)
    return None


def _elite(celsius: float) -> float:
    if celsius >= FACTORS[-1][0]:
        return FACTORS[-1][1]
    if celsius <= FACTORS[0][0]:
        return FACTORS[0][1]
    above = bisect_right(FACTORS, (celsius, 9.0))
    (cool, low), (warm, high) = FACTORS[above - 1], FACTORS[above]
    return low + (high - low) * (celsius - cool) / (warm - cool)


def _slower(target: Target, factor: float) -> Target:
    match target:
        case Steady(speed):
            return Steady(_to_a_second(speed / factor))
        case Band(slow, fast):
            return Band(_to_a_second(slow / factor), _to_a_second(fast / factor))
        case Ramp(start, end):
            return Ramp(_to_a_second(start / factor), _to_a_second(end / factor))
    return None


def _to_a_second(speed: float) -> float:
    """The speed (m/s) with its pace rounded to whole seconds per km, as people say it."""
    return 1000 / int(1000 / speed + 0.5)
