"""The outlook of a race: the speed its rest needs, whether that is possible, and if not, the finish time to expect.

Lost time is made up only within a small margin: trying for more leads to a fade later. `hills` is the mean slope factor of
the remaining course (1 on the flat), and speeds are flat-equivalent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from coach.core.plan.segments import Band, Eased, Ramp, Steady, Target

# race distance up to which a row holds (m), and by what share the rest can be faster than now
MARGINS = ((7_500.0, 0.04), (15_000.0, 0.03), (30_000.0, 0.02), (inf, 0.01))


@dataclass(frozen=True, slots=True)
class Outlook:
    """`need` is the speed (m/s) that the goal needs from here; `finish` (s) is the goal, or the time to expect instead."""

    need: float
    feasible: bool
    finish: float


def outlook(race: float, left: float, elapsed: float, goal: float, speed: float, hills: float = 1.0) -> Outlook:
    """`left` of `race` metres are still to run, `elapsed` of `goal` seconds are over, and the runner holds `speed` m/s."""
    honest = elapsed + left * hills / speed if speed > 0 else inf
    if left <= 0 or goal <= elapsed:
        return Outlook(inf if left > 0 else 0.0, left <= 0, elapsed if left <= 0 else honest)
    need = left * hills / (goal - elapsed)
    margin = next(margin for most, margin in MARGINS if race <= most)
    if need > speed * (1 + margin):
        return Outlook(need, False, honest)
    return Outlook(need, True, goal)


def faster(target: Target, factor: float) -> Target:
    """The target with all its speeds multiplied by `factor`; its shape stays the same."""
    match target:
        case Steady(speed):
            return Steady(speed * factor)
        case Band(slow, fast):
            return Band(slow * factor, fast * factor)
        case Ramp(start, end):
            return Ramp(start * factor, end * factor)
        case Eased(planned, speed, above):
            eased = replace(target, planned=faster(planned, factor))
            return replace(eased, speed=speed * factor, above=above * factor)
    return None
