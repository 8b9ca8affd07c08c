"""The outlook of a race: the speed its rest needs, whether that is possible, and if not, the finish time to expect.

Lost time is made up only within a small margin: trying for more leads to a fade later. Lengths and speeds may be in metres, or
in seconds of the plan, which allows for its hills.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from coach.core.plan.segments import Band, Eased, Ramp, Steady, Target

UNSURE = 0.03  # share of the time left: an outlook is no better than that, whatever the race
LEAST_LATE = 10.0  # s: less is no reason to give up a goal
# race distance up to which a row holds (m), and by what share the rest can be faster than now
MARGINS = ((7_500.0, 0.04), (15_000.0, 0.03), (30_000.0, 0.02), (inf, 0.01))


@dataclass(frozen=True, slots=True)
class Outlook:
    """`need` is the speed (m/s) that the goal needs from here; `finish` (s) is the goal, or the time to expect instead."""

    need: float
    feasible: bool
    finish: float


def outlook(race: float, left: float, elapsed: float, goal: float, speed: float) -> Outlook:
    """`left` of `race` metres are still to run, `elapsed` of `goal` seconds are over, and the runner holds `speed` m/s."""
    honest = elapsed + left / speed if speed > 0 else inf
    if left <= 0 or goal <= elapsed:
        return Outlook(inf if left > 0 else 0.0, left <= 0, elapsed if left <= 0 else honest)
    need = left / (goal - elapsed)
    if need > speed * (1 + _margin(race)):
        return Outlook(need, False, honest)
    return Outlook(need, True, goal)


def limit(race: float, left: float) -> float:
    """How late (s) a race of `race` metres may be expected with `left` s to go before its goal is given up.

    It is what can be won back, and at least what no outlook can tell from chance.
    """
    return max(_margin(race) * left, UNSURE * left, LEAST_LATE)


def scaled(target: Target, factor: float) -> Target:
    """The target with all its speeds multiplied by `factor`. Where that is slower, its own speeds are still allowed."""
    if target is None:
        return None
    if factor >= 1.0:
        return _faster(target, factor)
    low = _lowest(target)
    return Eased(target, low * factor, low, factor)


def _faster(target: Target, factor: float) -> Target:
    match target:
        case Steady(speed):
            return Steady(speed * factor)
        case Band(slow, fast):
            return Band(slow * factor, fast * factor)
        case Ramp(start, end):
            return Ramp(start * factor, end * factor)
        case Eased(planned, speed, above):
            eased = replace(target, planned=_faster(planned, factor))
            return replace(eased, speed=speed * factor, above=above * factor)
    return None


def _lowest(target: Target) -> float:
    match target:
        case Steady(speed) | Eased(speed=speed):
            return speed
        case Band(slow, fast):
            return (slow + fast) / 2
        case Ramp(start, end):
            return min(start, end)
    return 0.0


def _margin(race: float) -> float:
    return next(margin for most, margin in MARGINS if race <= most)
