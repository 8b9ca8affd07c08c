"""A race in the race: what the rest of it asks for, whether that is possible, and if not, what time is honest.

Lost time is won back only within a small margin: more is a fade later on. Speeds are flat-equivalent where the way left has
hills; `hills` is its mean factor, 1 where it is flat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from coach.core.plan import Band, Distance, Duration, Plan, Ramp, Segment, Steady, Target

# of a race up to so many metres: how much faster than now its rest can be
MARGINS = ((7_500.0, 0.04), (15_000.0, 0.03), (30_000.0, 0.02), (inf, 0.01))
SPREAD = 0.02  # of the speed that is needed, the most that the rest of a race may rise about it


@dataclass(frozen=True, slots=True)
class Outlook:
    """`need` is the speed (m/s) that the goal asks for from here; `finish` (s) the goal, or what is honest instead."""

    need: float
    feasible: bool
    finish: float
    rest: Ramp | None


def outlook(race: float, left: float, elapsed: float, goal: float, speed: float, hills: float = 1.0) -> Outlook:
    """Of `race` metres `left` are to run, `elapsed` of `goal` seconds have gone, and the runner holds `speed` m/s."""
    honest = elapsed + left * hills / speed if speed > 0 else inf
    if left <= 0 or goal <= elapsed:
        return Outlook(inf if left > 0 else 0.0, left <= 0, elapsed if left <= 0 else honest, None)
    need = left * hills / (goal - elapsed)
    margin = next(margin for most, margin in MARGINS if race <= most)
    if need > speed * (1 + margin):
        return Outlook(need, False, honest, None)
    return Outlook(need, True, goal, rising(need, 1 - speed / need))


def rising(mean: float, spread: float) -> Ramp:
    """A ramp about a mean speed, from `spread` (a share) below it to as much above: by way or by time, as long as the mean."""
    within = min(SPREAD, max(0.0, spread))
    return Ramp(mean * (1 - within), mean * (1 + within))


def rest_of(plan: Plan, index: int, into: float, seconds: float) -> tuple[Segment, ...]:
    """What is left of a plan by distance, `into` metres of segment `index`, in `seconds`: each part in its old proportion.

    Hills and splits that are in the paces stay in them. Raises ValueError where a part has no pace or no length in metres.
    """
    now, *later = plan.segments[index:]
    if not isinstance(now.length, Distance) or into >= now.length.metres:
        raise ValueError("nothing in metres is left of this segment")
    share = into / now.length.metres
    start, end = now.speed_at(share), now.speed_at(1.0)
    target = Ramp(start, end) if isinstance(now.target, Ramp) and start and end else now.target
    left = [replace(now, length=Distance(now.length.metres - into), target=target), *later]
    planned = [each.seconds for each in left]
    if None in planned or any(isinstance(each.length, Duration) for each in left) or seconds <= 0:
        raise ValueError("the rest of this plan is not all metres at a pace")
    factor = sum(each or 0.0 for each in planned) / seconds
    return tuple(replace(each, target=_faster(each.target, factor)) for each in left)


def _faster(target: Target, factor: float) -> Target:
    match target:
        case Steady(speed):
            return Steady(speed * factor)
        case Band(slow, fast):
            return Band(slow * factor, fast * factor)
        case Ramp(start, end):
            return Ramp(start * factor, end * factor)
    return None
