"""Asks before the plan gives way, where a key can answer: the lap key keeps the plan, without an answer it gives way."""

from __future__ import annotations

from math import inf

from coach.core.events import Event
from coach.core.plan.segments import UntilLap
from coach.core.policy import Policy
from coach.core.session.moment import Moment
from coach.core.session.phases import Session

KEEPS = "lap"  # the key that keeps the plan
BACK = 0.98  # share of the target: who runs this fast when the offer ends has kept the plan with the legs


class Offer:
    """At most one is open. Times are seconds of running, so that a pause does not answer."""

    def __init__(self, policy: Policy, has_keys: bool) -> None:
        self._policy = policy
        self._is_made = has_keys and policy.giving_way.offer > 0
        self._strike: Event | None = None  # what the open offer is about
        self._segment, self.until = 0, inf  # where it was made; s at which it ends, infinite if none is open

    def make(self, strike: Event, session: Session, change: Event) -> Event | None:
        """The offer to change the plan like this; None if no key can answer, or the segment ends too soon to wait for one."""
        rules, length = self._policy, session.segment.length
        left = session.seconds_left(strike.facts["speed"])
        room = rules.giving_way.offer + rules.announcement.preview + rules.correction.quiet_end
        if not self._is_made or isinstance(length, UntilLap) or left is None or left < room:
            return None
        self._strike, self._segment, self.until = strike, session.index, session.elapsed + rules.giving_way.offer
        return Event(strike.at, "offer", {**change.facts, "seconds": rules.giving_way.offer})

    def withdraw(self) -> None:
        """The plan was changed for another reason, so there is nothing left to answer."""
        self._strike, self.until = None, inf

    def answered(self, at: float, key: str, target: float | None) -> list[Event]:
        """`plan_kept` if there is an offer that this key answers; `target` (m/s) is what the plan goes on with."""
        if self._strike is None or key != KEEPS:
            return []
        self.withdraw()
        return [Event(at, "plan_kept", {"target": target, "by": "key"})]

    def unanswered(self, moment: Moment) -> Event | None:
        """Once the time is over: the strike that the offer was about, or `plan_kept` if the runner is back at the target.

        An offer of a segment that was left meanwhile is forgotten.
        """
        strike = self._strike
        if strike is None or moment.elapsed < self.until:
            return None
        self.withdraw()
        if moment.index != self._segment:
            return None
        target, speed = moment.target, moment.estimate.speed
        if target and speed and speed >= BACK * target:
            return Event(moment.at, "plan_kept", {"target": target, "by": "legs"})
        return strike
