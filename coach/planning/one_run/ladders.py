"""The ladders: progression runs from easiest to hardest, one ladder for each level; and how hard each run is on the body.

A rung gives minutes and efforts between warm-up and cool-down: "12E 12S 8M" is twelve minutes easy, twelve steady and eight
at marathon effort. The fast part gets longer before it gets faster. The ladders and the classes of load are our judgement;
the hours of recovery follow Stanley, Peake & Buchheit (2013).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.planning.fitness.paces import NAMES, THRESHOLD, Fitness
from coach.planning.one_run.progressions import SAME, SIZES

LADDERS = {
    "beginner": (
        "20E 3S", "8R 8E 8E+", "20E 4M", "9E 9E+ 5M", "10E 10E+ 6M", "25E 8M", "12E 10S 8M", "10E 10S 10M",
    ),
    "intermediate": (
        "12E 12S 8M", "30E 10H", "15E 15S 12M", "15E 10S 8M 5T", "12E 8S 8M 8H 5T", "15E 15M 8T", "40E 5(5k)",
        "12E 7S 7M 7H 7T 5(10k)",
    ),
    "advanced": (
        "20E 20S 15M", "20E 15S 10M 8T", "40E 15T", "15E 8S 8M 8H 8T 6(10k)", "20E 20M 15T", "50E 6(5k)",
        "20E 20M 12H 10T", "15E 10M 10H 10T 8(10k)",
    ),
}  # fmt: skip
PRIMER = {"beginner": "10E 4S 4M", "intermediate": "10E 4S 4M 3T", "advanced": "10E 4S 4M 3T"}  # some days before a race
HOURS = {"easy": 0, "moderate": 24, "hard": 48, "very hard": 72}  # class of load -> hours until the next run that is not easy
MORE_HOURS = 24  # more of them after hard and very hard runs, for beginners and from OLDER on
OLDER = 50  # years
CALM_STEADY, MODERATE_FAST, LONG_FAST, LONG_RUN = 10, 12, 20, 90  # min: the bounds between classes of load
SHORTEN = 2 / 3  # the share of a rung's easy beginning that stays if time is short
LEAST_EASY, LEAST_PART = 8, 2  # min

_ANCHORS = {"R": "recovery", "E": "easy", "E+": "easy+", "S": "steady", "M": "marathon", "H": "half", "T": "threshold",
            "10k": "10k", "5k": "5k"}  # fmt: skip
_PART = re.compile(r"(\d+)\(?(10k|5k|E\+|[RESMHT])\)?")
_WORDS = {"recovery": "Very easy", "easy": "Easy", "easy+": "Easy, brisk", "steady": "Steady", "marathon": "Marathon effort",
          "half": "Half-marathon effort", "threshold": "Comfortably hard", "10k": "Hard", "5k": "Hard"}  # fmt: skip
_CALM = ("recovery", "easy", "easy+")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a run: whole minutes at a named pace."""

    minutes: int
    pace: str
    kind: Kind


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Efforts:
    """One runner's named paces. Whether a pace is as fast as marathon pace or threshold is decided by speed, not by name."""

    fitness: Fitness

    @cached_property
    def speeds(self) -> dict[str, float]:
        """The speed (m/s) of each named pace, rounded to whole seconds per km."""
        return {name: 1000 / int(1000 / self.fitness.speed(name) + 0.5) for name in NAMES}

    @cached_property
    def threshold(self) -> float:
        """The runner's threshold speed (m/s), even if the runner's paces are capped below it."""
        return self.fitness.at_effort(THRESHOLD)

    @cached_property
    def fast(self) -> frozenset[str]:
        return frozenset(name for name, speed in self.speeds.items() if speed >= SAME * self.speeds["marathon"])

    @cached_property
    def hard(self) -> frozenset[str]:
        return frozenset(name for name, speed in self.speeds.items() if speed >= SAME * self.threshold)

    def fast_minutes(self, steps: Iterable[Step]) -> int:
        return sum(step.minutes for step in steps if step.pace in self.fast)

    def hard_minutes(self, steps: Iterable[Step]) -> int:
        return sum(step.minutes for step in steps if step.pace in self.hard)

    def load(self, steps: Iterable[Step]) -> str:
        """How hard a run of these steps is: a key of HOURS, such as "easy" or "very hard"."""
        return self.load_of((step.minutes, self.speeds[step.pace]) for step in steps)

    def load_of(self, parts: Iterable[tuple[float, float]]) -> str:
        """The same for a run given as (minutes, m/s) parts."""
        total = fast = hard = steady = 0.0
        for minutes, speed in parts:
            total += minutes
            steady += minutes if speed >= SAME * self.speeds["steady"] else 0
            fast += minutes if speed >= SAME * self.speeds["marathon"] else 0
            hard += minutes if speed >= SAME * self.threshold else 0
        if fast >= LONG_FAST and total >= LONG_RUN:
            return "very hard"
        if fast > MODERATE_FAST or hard:
            return "hard"
        return "moderate" if fast or steady > CALM_STEADY else "easy"

    def plan(self, name: str, steps: Iterable[Step]) -> Plan:
        return Plan(name, tuple(self._segment(step) for step in steps))

    def _segment(self, step: Step) -> Segment:
        name = step.kind.label if step.kind in (Kind.WARMUP, Kind.COOLDOWN) else _WORDS[step.pace]
        return Segment(name, step.kind, Duration(60.0 * step.minutes), Steady(self.speeds[step.pace]))


def rung(level: str, number: int) -> Steps:
    """The run of this rung, with warm-up and cool-down; above the top of the ladder, its last run."""
    ladder = LADDERS[level]
    return within(level, parts(ladder[min(number, len(ladder) - 1)]))


def primer(level: str) -> Steps:
    return within(level, parts(PRIMER[level]))


def easy(minutes: int) -> Steps:
    return (Step(minutes, "easy", Kind.EASY),)


def fast_finish(level: str, minutes: int, fast: int, pace: str) -> Steps:
    """A long run that is fast at the end, before the cool-down."""
    size = SIZES[level]
    calm = minutes - fast - int(size.warm + size.cool)
    return within(level, (Step(calm, "easy", Kind.EASY), Step(fast, pace, Kind.PEAK)))


def parts(text: str) -> Steps:
    """The steps of "12E 12S 8M"; the last one is the peak."""
    found = [(int(minutes), _ANCHORS[anchor]) for minutes, anchor in _PART.findall(text)]
    last = len(found) - 1
    return tuple(Step(minutes, pace, _kind(pace, place == last)) for place, (minutes, pace) in enumerate(found))


def within(level: str, middle: Steps) -> Steps:
    """The steps with the level's warm-up and cool-down around them."""
    size = SIZES[level]
    warm, cool = Step(int(size.warm), "recovery", Kind.WARMUP), Step(int(size.cool), "recovery", Kind.COOLDOWN)
    return (warm, *middle, cool)


def minutes_of(steps: Iterable[Step]) -> int:
    return sum(step.minutes for step in steps)


def fitted(steps: Steps, most: int, shorten: float = SHORTEN) -> Steps | None:
    """The run cut to `most` minutes by shortening its easy part, at most to the share `shorten`; None if still too long."""
    over = minutes_of(steps) - most
    if over <= 0:
        return steps
    place = _longest_calm(steps)
    if place is None:
        return None
    left = steps[place].minutes - over
    return _with(steps, place, left) if left >= max(LEAST_EASY, shorten * steps[place].minutes) else None


def shrunk(steps: Steps, most: int) -> Steps | None:
    """The run cut to `most` minutes by scaling all but warm-up and cool-down, to no less than half; None if still too long."""
    ends = [step for step in steps if step.kind in (Kind.WARMUP, Kind.COOLDOWN)]
    middle = minutes_of(steps) - minutes_of(ends)
    share = (most - minutes_of(ends)) / middle
    return steps if share >= 1 else scaled(steps, share) if share >= 0.5 else None


def scaled(steps: Steps, share: float) -> Steps:
    """The run with all but warm-up and cool-down scaled by `share`, rounded down; parts that become too short are left out."""
    kept = [step if step.kind in (Kind.WARMUP, Kind.COOLDOWN) else replace(step, minutes=int(share * step.minutes))
            for step in steps]  # fmt: skip
    return tuple(step for step in kept if step.minutes >= LEAST_PART)


def lengthened(steps: Steps, minutes: int) -> Steps:
    """The run made at least `minutes` long, by lengthening its longest easy part."""
    place = _longest_calm(steps)
    more = minutes - minutes_of(steps)
    return steps if place is None or more <= 0 else _with(steps, place, steps[place].minutes + more)


def title(steps: Sequence[Step]) -> str:
    """The usual name of such a run."""
    middle = [step for step in steps if step.kind not in (Kind.WARMUP, Kind.COOLDOWN)]
    if all(step.pace == "easy" for step in middle):
        return "Easy"
    return {1: "Steady", 2: "Fast finish", 3: "Thirds"}.get(len(middle), "Cut-down")


def shorthand(steps: Iterable[Step]) -> str:
    """ "12E 12S 8M": the part between warm-up and cool-down."""
    letters = {pace: letter for letter, pace in _ANCHORS.items()}
    middle = [step for step in steps if step.kind not in (Kind.WARMUP, Kind.COOLDOWN)]
    return " ".join(f"{step.minutes}({step.pace})" if step.pace in ("10k", "5k") else f"{step.minutes}{letters[step.pace]}"
                    for step in middle)  # fmt: skip


def recovery_days(load: str, slow_to_recover: bool) -> int:
    """Days from a run of this load to the next run that is not easy; at least one."""
    more = MORE_HOURS if slow_to_recover and load in ("hard", "very hard") else 0
    return max(1, ceil((HOURS[load] + more) / 24))


def _kind(pace: str, is_last: bool) -> Kind:
    if is_last and pace not in _CALM:
        return Kind.PEAK
    return Kind.EASY if pace in _CALM else Kind.TEMPO if pace in ("half", "threshold", "10k", "5k") else Kind.STEADY


def _longest_calm(steps: Steps) -> int | None:
    places = [place for place, step in enumerate(steps) if step.kind is Kind.EASY]
    return max(places, key=lambda place: (steps[place].pace == "easy", steps[place].minutes), default=None)


def _with(steps: Steps, place: int, minutes: int) -> Steps:
    return (*steps[:place], replace(steps[place], minutes=minutes), *steps[place + 1 :])
