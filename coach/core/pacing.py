"""The pace of now against the target of now: who is off, for how long, and when it is worth saying.

One excursion gets at most two corrections. It opens after the runner was outside the band long enough and
closes after long enough inside; a segment change starts afresh. The band is the widest of what the kind of
segment allows, half the step to the neighbouring target (never under the least), and the estimate's sigmas.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.events import Estimate, Event
from coach.core.plan import Band, Kind, Plan, Ramp, Segment
from coach.core.policy import Policy
from coach.core.session import Session

LEVELS = ("beginner", "intermediate", "advanced")

# too fast beyond, too slow beyond: names of Policy fields; None is never said
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
_HARD = (Kind.TEMPO, Kind.PEAK)


@dataclass(frozen=True, slots=True)
class Limits:
    """m/s; None on a side that is never corrected."""

    slow: float | None
    fast: float | None

    def side(self, speed: float) -> int:
        """-1 too slow, +1 too fast, 0 inside."""
        if self.slow is not None and speed < self.slow:
            return -1
        return 1 if self.fast is not None and speed > self.fast else 0


class Pacing:
    """Judges each estimate; says `off_pace` when a correction is due and `on_pace` when an excursion is over."""

    def __init__(self, plan: Plan, policy: Policy, level: str) -> None:
        self._policy = policy
        widen = policy.beginner_factor if level == "beginner" else 1.0
        self._shares = [_shares(plan, index, policy, widen) for index in range(len(plan.segments))]
        self._quiet_until = 0.0
        self._why, self._band = "nothing was judged yet", Limits(None, None)
        self._armed = False
        self._stopped_since: float | None = None
        self._side_since: float | None = None
        self._inside_since: float | None = None
        self._begin_excursion(0)

    @property
    def why(self) -> str:
        """Why the pace of now is corrected, or is not."""
        slow, fast = (f"{limit:.2f}" if limit is not None else "any" for limit in (self._band.slow, self._band.fast))
        return self._why.format(band=f"{slow} to {fast} m/s")

    def begin_segment(self, at: float, first: bool, by_footpod: bool) -> None:
        """A segment began; after the first, which starts from standing, the runner is given time to settle."""
        self._begin_excursion(0)
        self._armed = not first
        settle = self._policy.settle_footpod if by_footpod else self._policy.settle
        self._quiet_until = at + (self._policy.arm if first else settle)

    def mute(self, until: float) -> None:
        """Nothing is said before `until`, and what was counted before is forgotten."""
        self._quiet_until = max(self._quiet_until, until)
        self._side, self._side_since, self._inside_since = 0, None, None

    def judge(self, session: Session, estimate: Estimate) -> list[Event]:
        """The events that follow from this estimate."""
        limits = self._limits(session, estimate)
        if limits is None or estimate.speed is None or self._is_stopped(estimate.at, estimate.speed):
            self._side_since = self._inside_since = None
            self._why = "there is no target, no speed, or the runner stands"
            return []
        at, side = estimate.at, limits.side(estimate.speed)
        if side == 0:
            self._why, self._band = "inside the band {band}", limits
            return self._stay_inside(at)
        self._inside_since = None
        if side != self._side or self._side_since is None:
            if side != self._side:
                self._begin_excursion(side)
            self._side_since = at
        self._band = limits
        if held := self._held_by(at, session, estimate.speed):
            self._why = f"outside the band {{band}}, but {held}"
            return []
        self._why = f"outside the band {{band}} for {at - self._side_since:.0f} s"
        self._said += 1
        self._said_at = at
        return [Event(at, "off_pace", self._facts(session, estimate, limits, side))]

    def _stay_inside(self, at: float) -> list[Event]:
        self._side_since = None
        if not self._armed:
            self._armed = True  # in the band for the first time since standing still
            self._quiet_until = at
        if self._inside_since is None:
            self._inside_since = at
        if self._said and at - self._inside_since >= self._policy.inside:
            self._begin_excursion(0)
            return [Event(at, "on_pace")]
        return []

    def _begin_excursion(self, side: int) -> None:
        self._side = side
        self._side_since = self._inside_since = None
        self._said = 0
        self._said_at = float("-inf")

    def _held_by(self, at: float, session: Session, speed: float) -> str:
        """The rule that keeps a correction back; "" when it is due."""
        policy = self._policy
        if self._said >= 2:
            return "two corrections were said: there is no third"
        if self._said == 1 and at - self._said_at < policy.second_after:
            return f"second_after = {policy.second_after:g} s since the first correction"
        if at < self._quiet_until:
            return f"the runner or the signal is settling for {self._quiet_until - at:.0f} s more"
        persist = policy.persist_hard if session.segment.kind in _HARD else policy.persist
        if self._side_since is None or at - self._side_since < persist:
            return f"not for {persist:g} s yet"
        left = session.seconds_left(speed)
        ends_soon = left is not None and left < policy.quiet_end
        return f"quiet_end = {policy.quiet_end:g} s before the segment ends" if ends_soon else ""

    def _is_stopped(self, at: float, speed: float) -> bool:
        if speed >= self._policy.stopped_below:
            self._stopped_since = None
            return False
        if self._stopped_since is None:
            self._stopped_since = at
        if at - self._stopped_since >= self._policy.stopped_for:
            self.mute(at + self._policy.settle_stop)
        return True

    def _limits(self, session: Session, estimate: Estimate) -> Limits | None:
        """Where the band ends now; None where there is nothing to compare."""
        target = session.target
        if target is None or not estimate.speed:
            return None
        too_fast, too_slow = self._shares[session.index]
        unsure = self._policy.sigmas * (estimate.sigma or 0.0)
        slow = None if too_slow is None else target - max(too_slow * target, unsure)
        fast = None if too_fast is None else target + max(too_fast * target, unsure)
        return Limits(slow, fast)

    def _facts(self, session: Session, estimate: Estimate, limits: Limits, side: int) -> dict[str, object]:
        return {
            "segment": session.index + 1,
            "speed": estimate.speed,
            "target": session.target,
            "sigma": estimate.sigma,
            "slow_limit": limits.slow,
            "fast_limit": limits.fast,
            "side": "fast" if side > 0 else "slow",
            "nth": self._said,
        }


def _shares(plan: Plan, index: int, policy: Policy, widen: float) -> tuple[float | None, float | None]:
    """Too fast beyond, too slow beyond, as shares of the target."""
    segment = plan.segments[index]
    if isinstance(segment.target, Band):
        half = (segment.target.fast - segment.target.slow) / (segment.target.fast + segment.target.slow)
        return half, half  # the runner's own band replaces ours
    room = max(policy.narrowest_band, _half_step(plan, index))
    too_fast, too_slow = (
        None if name is None else min(getattr(policy, name) * widen, room) for name in _ROLES[segment.kind]
    )
    return too_fast, too_slow


def _half_step(plan: Plan, index: int) -> float:
    """Half the smallest step in speed to a neighbouring target, as a share; infinite where there is none."""
    own = plan.segments[index]
    steps = []
    if index > 0:
        steps.append(_step(plan.segments[index - 1], own))
    if index + 1 < len(plan.segments):
        steps.append(_step(own, plan.segments[index + 1]))
    return min(steps, default=float("inf")) / 2


def _step(before: Segment, after: Segment) -> float:
    """The change of target at the boundary, as a share; none (a ramp goes on, or no target) counts as infinite."""
    end, start = before.speed_at(1.0), after.speed_at(0.0)
    if not end or not start or isinstance(before.target, Ramp) or isinstance(after.target, Ramp):
        return float("inf")
    return abs(start / end - 1) or float("inf")
