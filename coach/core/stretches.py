"""Coaching by splits: where the pace of now is worth nothing, the time over a stretch of some hundred metres still is.

A stretch begins once the segment, or the answer to a correction, has settled. Its error is that of its two ends, whatever
happened between: so it is looked at again and again as it grows, for gross mistakes first and for slight ones later. One that
was never off is the end of an excursion.
"""

from __future__ import annotations

from coach.core.band import EASY, Bands, Limits
from coach.core.events import Event
from coach.core.excursion import MOST_SAID, Excursion
from coach.core.plan import Plan
from coach.core.policy import Policy
from coach.core.session import Session

ALIKE = 0.15  # share: two measures of the same way that differ by more are not two of the same way
KNOWN = 1000.0  # m that weigh as much as what was run: positions draw the whole way too long, or cut its corners, by some share
BY_PATH = 0.5  # weight of the way that positions draw, beside that which speeds add up to


class Stretches:
    """Fed while the signal is poor, it says `off_pace` at the end of a stretch that was off, `struck` where two did not help.

    The `excursion` is shared with whoever judges the pace of now.
    """

    def __init__(self, plan: Plan, policy: Policy, level: str, excursion: Excursion) -> None:
        self._policy, self._level, self._excursion = policy, level, excursion
        self.replan(plan)
        self.begin(0.0)

    def replan(self, plan: Plan) -> None:
        self._bands = Bands(plan, self._policy, self._level)

    def begin(self, settled_at: float) -> None:
        """What was run so far counts no more; the next stretch begins when the runner has settled."""
        self._settled_at = settled_at
        self._from: tuple[float, float, float] | None = None  # s and m into the run, and m of the way by positions
        self._next = self._policy.stretch  # m at which the way is looked at next
        self._planned = 0.0  # m that the targets of its moments add up to
        self._last = 0.0

    def judge(self, at: float, session: Session, path: float) -> list[Event]:
        """`path` is the way as positions draw it, m: its errors have nothing to do with those of the speed's."""
        target = session.target
        if target is None or at < self._settled_at:
            self._from = None
            return []
        if self._from is None:
            self._from, self._planned, self._last = (session.elapsed, session.distance, path), 0.0, session.elapsed
            return []
        self._planned += target * (session.elapsed - self._last)
        self._last = session.elapsed
        seconds, metres, drawn = session.elapsed - self._from[0], session.distance - self._from[1], path - self._from[2]
        drawn *= (session.distance + KNOWN) / (path + KNOWN)
        if metres > 0 and abs(drawn / metres - 1) < ALIKE:
            metres += BY_PATH * (drawn - metres)
        if metres < self._next or seconds <= 0:
            return []
        speed, meant, way = metres / seconds, self._planned / seconds, self._next
        self._next += self._policy.stretch_step
        limits = self._limits(session.index, meant, way)
        if limits.side(speed):
            return self._off(at, session, limits, speed, way)
        if self._next > self._policy.stretch_most:
            self._excursion.begin(0)
            self.begin(at)
        return []

    def _limits(self, index: int, meant: float, way: float) -> Limits:
        """The longer the way, the less can its ends have feigned."""
        unsure = self._policy.stretch_error / way * meant
        return self._bands.limits(index, meant, unsure * self._policy.stretch_sigmas / self._policy.sigmas)

    def _off(self, at: float, session: Session, limits: Limits, speed: float, way: float) -> list[Event]:
        """A stretch was off: it is told, or it is the third of its kind, or nothing is of use any more."""
        excursion, side, left = self._excursion, limits.side(speed), session.seconds_left(speed)
        if side != excursion.side:
            excursion.begin(side)
        if excursion.past or (left is not None and left < self._policy.quiet_end):
            return []
        facts: dict[str, object] = {"segment": session.index + 1, "side": "fast" if side > 0 else "slow", "speed": speed}
        if excursion.said < MOST_SAID:
            excursion.tell(at)
            self.begin(at + self._policy.response)
            return [Event(at, "off_pace", facts | self._told(session, limits, side, way))]
        if at - excursion.said_at < self._policy.strike_after:
            return []
        excursion.past = True
        return [Event(at, "struck", facts | {"target": limits.target, "bands": limits.widths(speed, side)})]

    def _told(self, session: Session, limits: Limits, side: int, way: float) -> dict[str, object]:
        nth, early = self._excursion.said, side > 0 and session.segment.kind in EASY
        facts: dict[str, object] = {"target": limits.target, "slow_limit": limits.slow, "fast_limit": limits.fast, "stretch": way}
        facts["sigma"] = self._policy.stretch_error / way * limits.target
        return facts | {"nth": nth, "sized": nth == 1 or not early, "early": early}
