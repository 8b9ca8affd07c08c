"""Coaching by splits: where the pace of now is worth nothing, the time over a stretch of some hundred metres still is.

A stretch begins once the segment, or the answer to a correction, has settled, and ends at a known way: its error is that
of its two ends, whatever happened between.
"""

from __future__ import annotations

from coach.core.band import Bands
from coach.core.events import Event
from coach.core.plan import Plan
from coach.core.policy import Policy
from coach.core.session import Session


class Stretches:
    """Fed while the signal is poor, it says `off_pace` at the end of a stretch that was off."""

    def __init__(self, plan: Plan, policy: Policy, level: str) -> None:
        self._policy, self._level = policy, level
        self.replan(plan)
        self.begin(0.0)

    def replan(self, plan: Plan) -> None:
        self._bands = Bands(plan, self._policy, self._level)

    def begin(self, settled_at: float) -> None:
        """What was run so far counts no more; the next stretch begins when the runner has settled."""
        self._settled_at = settled_at
        self._from: tuple[float, float] | None = None  # s and m into the run
        self._planned = 0.0  # m that the targets of its moments add up to
        self._last = 0.0

    def judge(self, at: float, session: Session) -> list[Event]:
        target = session.target
        if target is None or at < self._settled_at:
            self._from = None
            return []
        if self._from is None:
            self._from, self._planned, self._last = (session.elapsed, session.distance), 0.0, session.elapsed
            return []
        self._planned += target * (session.elapsed - self._last)
        self._last = session.elapsed
        seconds, metres = session.elapsed - self._from[0], session.distance - self._from[1]
        if metres < self._policy.stretch or seconds <= 0:
            return []
        speed, meant = metres / seconds, self._planned / seconds
        self._from = None
        return self._verdict(at, session, speed, meant)

    def _verdict(self, at: float, session: Session, speed: float, meant: float) -> list[Event]:
        unsure = self._policy.stretch_off * meant / self._policy.sigmas
        limits = self._bands.limits(session.index, meant, unsure)
        side, left = limits.side(speed), session.seconds_left(speed)
        if not side or (left is not None and left < self._policy.quiet_end):
            return []
        self.begin(at + self._policy.response)
        facts = {"segment": session.index + 1, "speed": speed, "target": meant, "sigma": unsure, "nth": 1}
        facts |= {"slow_limit": limits.slow, "fast_limit": limits.fast, "early": False}
        return [Event(at, "off_pace", facts | {"side": "fast" if side > 0 else "slow", "stretch": self._policy.stretch})]
