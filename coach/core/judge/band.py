"""The band around a target: how far off is worth a correction, by the kind of segment, the level and the neighbours."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import NamedTuple

from coach.core.plan.segments import Band, Kind, Plan, Ramp, Segment, asked_for
from coach.core.policy import Policy

LEVELS = ("beginner", "intermediate", "advanced")

# too fast beyond, too slow beyond: names of fields of policy.Band; None if that side is never corrected
_ROLES: dict[Kind, tuple[str | None, str | None]] = {
    Kind.WARMUP: ("easy_too_fast", None),
    Kind.EASY: ("easy_too_fast", None),
    Kind.RECOVERY: ("easy_too_fast", None),
    Kind.COOLDOWN: ("easy_too_fast", None),
    Kind.STEADY: ("steady_too_fast", "steady_too_slow"),
    Kind.TEMPO: ("tempo_too_fast", "tempo_too_slow"),
    Kind.PEAK: (None, "peak_too_slow"),
    Kind.FREE: (None, None),
}


class Limits(NamedTuple):
    """The band around a target, in m/s; a limit is None if that side is never corrected. It is the same for any estimate
    whose sigma (m/s) is at most `sure`. `by_ground` tells that a slope widened it.
    """

    slow: float | None
    target: float
    fast: float | None
    sure: float = -inf
    by_ground: bool = False

    def side(self, speed: float) -> int:
        """-1 too slow, +1 too fast, 0 inside."""
        if self.slow is not None and speed < self.slow:
            return -1
        return 1 if self.fast is not None and speed > self.fast else 0

    def widened(self, slow: float, fast: float) -> Limits:
        """These limits moved outwards: the slow one by `slow`, the fast one by `fast`, shares of the target."""
        below = None if self.slow is None else self.slow - slow * self.target
        above = None if self.fast is None else self.fast + fast * self.target
        return Limits(below, self.target, above, by_ground=True)

    def eased(self, speed: float, room: float) -> Limits:
        """These limits around what is nearest to `speed` of all that may be run: the target up to `room` times the target."""
        return self._replace(target=min(max(speed, self.target), self.target * room))

    def widths(self, speed: float, side: int) -> float:
        """The deviation to that side, in widths of the band: 1 at its edge, 2 twice as far; 0 if that side has no limit."""
        edge = self.fast if side > 0 else self.slow
        return 0.0 if edge is None else (speed - self.target) / (edge - self.target)


class Bands:
    """The limits of every segment of a plan, as shares of its target."""

    def __init__(self, plan: Plan, policy: Policy, level: str) -> None:
        self._policy = policy
        self._widen = policy.band.beginner_factor if level == "beginner" else 1.0
        self._plan = plan
        self._shares: dict[int, tuple[float | None, float | None]] = {}

    def limits(self, index: int, target: float, sigma: float, room: float = 1.0) -> Limits:
        """The limits around `target` (m/s) in segment `index`; `sigma` (m/s) is that of the estimate, and sets a least width.

        Speeds up to `room` times the target are not too fast.
        """
        if index not in self._shares:
            self._shares[index] = self._of(self._plan.segments[index], index)
        too_fast, too_slow = self._shares[index]
        unsure, narrowest = self._policy.band.sigmas * sigma, inf
        slow = fast = None
        if too_slow is not None:
            narrowest = width = too_slow * target
            slow = target - (width if width > unsure else unsure)
        if too_fast is not None:
            width = too_fast * target
            narrowest = width if width < narrowest else narrowest
            fast = target * room + (width if width > unsure else unsure)
        return Limits(slow, target, fast, narrowest / self._policy.band.sigmas if narrowest >= unsure else -inf)

    def _of(self, segment: Segment, index: int) -> tuple[float | None, float | None]:
        """The limits for too fast and too slow, as shares of the target; None if that side is never corrected."""
        if isinstance(own := asked_for(segment.target), Band):
            half = (own.fast - own.slow) / (own.fast + own.slow)
            return half, half  # the runner's own band replaces ours
        room = max(self._policy.band.narrowest, self._half_step(index))
        too_fast, too_slow = (
            None if name is None else min(getattr(self._policy.band, name), room) * self._widen for name in _ROLES[segment.kind]
        )
        return too_fast, too_slow

    def _half_step(self, index: int) -> float:
        """Half the smallest step in speed to a neighbouring target, as a share; infinite where there is none."""
        around = self._plan.segments[max(0, index - 1) : index + 2]
        return min((_step(before, after) for before, after in pairwise(around)), default=inf) / 2


def _step(before: Segment, after: Segment) -> float:
    """The change of target at the boundary, as a share; none (a ramp goes on, or no target) counts as infinite."""
    end, start = before.speed_at(1.0), after.speed_at(0.0)
    if not end or not start or any(isinstance(asked_for(each.target), Ramp) for each in (before, after)):
        return inf
    return abs(start / end - 1) or inf
