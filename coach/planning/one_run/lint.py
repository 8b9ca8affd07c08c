"""Finds what will not go well in a valid workout, and says what to do about it.

Each rule is a row: a function that yields findings, whether it needs the runner's fitness, and whether it holds for races too.
All findings are advice. Sizes and steps are those of progressions.py, so that plans made there have no findings here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from coach.core.plan.segments import Band, Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target
from coach.core.units import METRES, SECONDS, clock_text, distance_text, pace_text, parse_duration
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.lint_hearts import unreachable
from coach.planning.one_run.progressions import SAME, SIZES, STEP_SPEED, fast_seconds

SPLIT = 0.01  # share of speed: neighbours that differ by less are meant to be equal, like the parts of a race
SLACK = 1.12  # factor on a level's share, because plans are rounded to half minutes
SLACK_SECONDS = 60.0
WARM = 300.0  # s of easy running needed before anything at threshold
STEEPEST = 0.04  # share of speed per minute: a steeper ramp has moved on before its target has been said and reached
GOAL = 0.02  # share by which the total may differ from the goal
OVERLAP = 0.001  # share of speed: bands that overlap by less than this only touch

_CALM = (Kind.WARMUP, Kind.COOLDOWN, Kind.RECOVERY, Kind.FREE)
_HARD = (Kind.TEMPO, Kind.PEAK)
_TIME = re.compile(
    r"(?<![0-9x×:.])(?:([0-9]{1,3}) ?-?(min|minutes|h|hours)|([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))(?![\w:/])", re.I
)
_WAY = re.compile(r"(?<![0-9x×:.])([0-9]{1,3}(?:\.[0-9]{1,3})?) ?-?(k|km|mi|miles)(?![\w/])", re.I)
_TIMES = re.compile(r"[0-9] ?[x×]|\b(pace|effort|race|repeats|intervals?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Runner:
    """The runner whom the workout is for, and the unit for paces in findings."""

    level: str
    fitness: Fitness | None
    unit: str = "km"
    hearts: Hearts = UNKNOWN
    heart_limit: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `segment` counts from 0; None means the whole workout."""

    rule: str
    segment: int | None
    what: str
    advice: str


Found = Iterator[tuple[int | None, str, str]]


@dataclass(frozen=True, slots=True)
class Look:
    """The input of a rule."""

    plan: Plan
    runner: Runner
    goals: tuple[Length, ...]
    goals_by_name: bool

    @property
    def marathon(self) -> float:
        """Marathon pace, m/s. Only for rules that need fitness."""
        return self.runner.fitness.speed("marathon") if self.runner.fitness else 0.0

    @property
    def threshold(self) -> float | None:
        return self.runner.fitness.speed("threshold") if self.runner.fitness else None

    def pace(self, speed: float) -> str:
        return pace_text(speed, self.runner.unit)


@dataclass(frozen=True, slots=True)
class Rule:
    find: Callable[[Look], Found]
    needs_fitness: bool = False
    holds_for_races: bool = True
    about: str = ""


def lint(plan: Plan, runner: Runner, goal: Length | None = None) -> tuple[list[Finding], list[str]]:
    """The findings in the order of the segments, and the rules that were skipped because the fitness is not known."""
    goals = (goal,) if goal else goals_in(plan.name)
    look, race = Look(plan, runner, goals, goal is None), is_race(plan)
    findings, skipped = dict[tuple[str, str], Finding](), list[str]()  # a finding in a repeat is reported once
    for name, rule in RULES.items():
        if race and not rule.holds_for_races:
            continue
        if rule.needs_fitness and runner.fitness is None:
            skipped.append(rule.about)
            continue
        for found in rule.find(look):
            findings.setdefault((name, found[1]), Finding(name, *found))
    return sorted(findings.values(), key=lambda each: -1 if each.segment is None else each.segment), skipped


def is_race(plan: Plan) -> bool:
    """Whether the plan is hard from the first step to the last, like a race."""
    return all(segment.kind in _HARD for segment in plan.segments)


def goals_in(name: str) -> tuple[Length, ...]:
    """The total time or distance in a plan's name ("50 min", "Progression 10k"); none if it may mean only a part."""
    times, ways = _TIME.findall(name), _WAY.findall(name)
    if _TIMES.search(name) or len(times) > 1 or len(ways) > 1:
        return ()
    goals: list[Length] = []
    for number, unit, clock in times:
        seconds = float(number) * SECONDS["h" if unit.lower().startswith("h") else "min"] if number else parse_duration(clock)
        goals += [Duration(seconds)] if seconds else []
    goals += [Distance(float(number) * METRES["mi" if unit.lower().startswith("mi") else "km"]) for number, unit in ways]
    return tuple(goals)


# The rules: each yields the segment, the problem, and what to do


def _overlapping(look: Look) -> Found:
    for index, (before, after) in enumerate(pairwise(look.plan.segments), 1):
        one, other = before.target, after.target
        if isinstance(one, Band) and isinstance(other, Band) and _middle(one) != _middle(other) and _are_work(before, after):
            shared = min(one.fast, other.fast) - max(one.slow, other.slow)
            if shared > OVERLAP * _middle(one):
                what = f"its band {_band(look, other)} overlaps that of the step before, {_band(look, one)}"
                yield index, what, "one pace could satisfy both: make the bands narrower, or the step larger"


def _small_steps(look: Look) -> Found:
    least = STEP_SPEED[look.runner.level]
    for index, (before, after) in enumerate(pairwise(look.plan.segments), 1):
        end, start = _ends(before.target)[1], _ends(after.target)[0]
        if not (isinstance(before.target, Steady) and isinstance(after.target, Steady) and _are_work(before, after)):
            continue
        slow, fast = sorted((end, start))
        rounded = (1000 / slow + 0.5) / (1000 / fast - 0.5) - 1  # paces are given in whole seconds
        if fast / slow - 1 > SPLIT and rounded < least:
            what = f"the step from {look.pace(end)} to {look.pace(start)} is {100 * (fast / slow - 1):.1f} %"
            advice = f"at level {look.runner.level} make it {100 * least:g} % or more: smaller ones are not felt"
            yield index, what, advice


def _no_warm_up(look: Look) -> Found:
    calm = 0.0
    for index, segment in enumerate(look.plan.segments):
        before = _seconds_before(segment, look.threshold)
        if before is None:
            calm += segment.seconds or WARM  # until lap, or a distance without a pace: assume it is long enough
            continue
        if calm + before < WARM:
            after = calm + before
            what = (
                f"the hard running begins after only {clock_text(after)}" if after >= 1 else "the run begins with hard running"
            )
            yield index, what, f"put at least {WARM / 60:g} minutes of easy running before it"
        return


def _rising_cool_down(look: Look) -> Found:
    advice = "make it slow down, or leave the pace out"
    last: float | None = None
    for index, segment in enumerate(look.plan.segments):
        if segment.kind is not Kind.COOLDOWN:
            last = None
            continue
        start, end = _ends(segment.target)
        if isinstance(segment.target, Ramp) and end > start:
            yield index, f"the cool-down speeds up from {look.pace(start)} to {look.pace(end)}", advice
        elif last and start > last * (1 + SPLIT):
            yield index, f"the cool-down is faster than the step before it: {look.pace(start)} after {look.pace(last)}", advice
        last = end or None


def _too_fast_for_long(look: Look) -> Found:
    size = SIZES[look.runner.level]
    whole = look.plan.totals.seconds
    share = size.fast_share * whole if not look.plan.totals.open_time else size.fast * 60
    allowed = min(size.fast * 60, share)
    yield from _too_much(look, look.marathon, allowed, "marathon pace or faster")


def _too_hard_for_long(look: Look) -> Found:
    yield from _too_much(look, look.threshold or 0.0, SIZES[look.runner.level].hard * 60, "threshold pace or faster")


def _too_much(look: Look, floor: float, allowed: float, called: str) -> Found:
    seconds = sum(fast_seconds(segment, floor) for segment in look.plan.segments)
    if seconds > SLACK * allowed + SLACK_SECONDS:
        sensible = f"at level {look.runner.level} at most {clock_text(allowed)} is sensible"
        what = f"it has {clock_text(seconds)} at {called} ({look.pace(floor)}); {sensible}"
        yield None, what, "make the fast part shorter or slower"


def _misses_goal(look: Look) -> Found:
    totals = look.plan.totals
    for goal in look.goals:
        match goal:
            case Duration(wanted) if not totals.open_time:
                reached, told, aim = totals.seconds, clock_text(totals.seconds), clock_text(wanted)
            case Distance(wanted) if not totals.open_distance:
                unit = look.runner.unit
                reached, told, aim = totals.metres, distance_text(totals.metres, unit), distance_text(wanted, unit)
            case _:
                continue
        if abs(reached / wanted - 1) > GOAL:
            source = "its name says" if look.goals_by_name else "its goal is"
            yield None, f"its total is {told}, but {source} {aim}", "change a length, the name or the goal"


def _fast_recovery(look: Look) -> Found:
    for index, (before, after) in enumerate(pairwise(look.plan.segments), 1):
        work, rest = _ends(before.target)[1], _mean(after.target)
        if after.kind is Kind.RECOVERY and before.kind not in _CALM and rest > work > 0:
            yield index, f"the recovery at {look.pace(rest)} is faster than the work at {look.pace(work)}", "slow it down"


def _steep_ramp(look: Look) -> Found:
    for index, segment in enumerate(look.plan.segments):
        if not isinstance(segment.target, Ramp) or not segment.seconds:
            continue
        start, end = segment.target.start, segment.target.end
        rate = abs(end - start) / ((start + end) / 2) / (segment.seconds / 60)
        if rate > STEEPEST:
            what = f"the ramp from {look.pace(start)} to {look.pace(end)} changes by {100 * rate:.0f} % a minute"
            least = clock_text(segment.seconds * rate / STEEPEST)
            yield index, what, f"make it at least {least} long, or turn it into two steps"


def _too_long(look: Look) -> Found:
    most, totals = SIZES[look.runner.level].most * 60, look.plan.totals
    if totals.seconds > most * (1 + GOAL):
        what = f"it lasts {clock_text(totals.seconds)}; at level {look.runner.level} at most {clock_text(most)} is sensible"
        yield None, what, "shorten it, or raise [runner] level once you have reached it"


RULES = {
    "overlapping_bands": Rule(_overlapping),
    "small_step": Rule(_small_steps),
    "no_warm_up": Rule(_no_warm_up, holds_for_races=False),
    "rising_cool_down": Rule(_rising_cool_down),
    "too_much_fast": Rule(_too_fast_for_long, True, holds_for_races=False, about="time at marathon pace or faster"),
    "too_much_hard": Rule(_too_hard_for_long, True, holds_for_races=False, about="time at threshold or faster"),
    "misses_goal": Rule(_misses_goal),
    "fast_recovery": Rule(_fast_recovery),
    "steep_ramp": Rule(_steep_ramp),
    "heart": Rule(lambda look: unreachable(look.plan, look.runner.hearts, look.runner.heart_limit)),
    "too_long": Rule(_too_long, holds_for_races=False),
}


def _are_work(*segments: Segment) -> bool:
    return all(segment.kind not in _CALM for segment in segments)


def _ends(target: Target) -> tuple[float, float]:
    """The speeds (m/s) at the start and at the end; 0 without a target."""
    match target:
        case Steady(speed):
            return speed, speed
        case Band():
            return _middle(target), _middle(target)
        case Ramp(start, end):
            return start, end
    return 0.0, 0.0


def _mean(target: Target) -> float:
    return sum(_ends(target)) / 2


def _middle(band: Band) -> float:
    return (band.slow + band.fast) / 2


def _band(look: Look, band: Band) -> str:
    return f"{look.pace(band.slow)} .. {look.pace(band.fast)}"


def _seconds_before(segment: Segment, threshold: float | None) -> float | None:
    """Seconds into the segment until it is at threshold; None if it never is. Without fitness its kind decides."""
    if segment.target is None or threshold is None:
        return 0.0 if segment.kind in _HARD else None
    start, end = _ends(segment.target)
    if start >= SAME * threshold:
        return 0.0
    if end < SAME * threshold:
        return None
    return (segment.seconds or 0.0) * (SAME * threshold - start) / (end - start)
