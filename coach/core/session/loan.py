"""Notices a runner who is back at what was planned first: giving way is a loan, and the plan returns once it is paid back."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from coach.core.events import Event
from coach.core.plan.segments import EASY, Eased, Plan, Segment
from coach.core.policy import Policy
from coach.core.session.moment import Moment
from coach.core.session.phases import Session

BURST = 0.03  # share above the first plan's speed that counts at most; who is faster at the moment is not back at it either
NOW_TOO = 2.0  # times `back_within` by which the speed of the moment may be below it
LONGEST_STEP = 10.0  # s between two moments; after a longer gap nobody knows how it was run


class Loan:
    """Compares the speed with that of the first plan, over the last minutes of work since the plan gave way.

    Easy segments, the time in which the legs settle, hills and unknown speeds are left out. A burst counts as no more than a
    little too fast, so that it does not make up for minutes of less.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.is_open = False
        self._past: deque[tuple[float, float]] = deque()  # of each moment that counts: s, and s ahead of the first plan
        self._seconds = self._over = 0.0  # sums of these

    def open(self) -> None:
        """The plan gave way."""
        self.is_open = True
        self._past.clear()
        self._seconds = self._over = 0.0

    def close(self) -> None:
        """The plan was changed in a way that does not return, or has returned."""
        self.is_open = False

    def is_paid_back(self, moment: Moment, seconds: float, unclear: bool) -> bool:
        """Whether the runner is back at the first plan, `seconds` after the last moment; `unclear`: a hill explains it."""
        speed, target, rules = moment.estimate.speed, moment.target, self._policy.giving_way
        if not self.is_open or not speed or not target or unclear or moment.segment.kind in EASY:
            return False
        ahead = speed / (target * moment.room) - 1
        if moment.into_seconds < self._policy.correction.settle or not 0.0 < seconds <= LONGEST_STEP:
            return False
        self._take(seconds, seconds * min(BURST, ahead))
        is_back = self._over >= -rules.back_within * self._seconds and -NOW_TOO * rules.back_within <= ahead <= BURST
        return is_back and self._seconds >= rules.back_for

    def _take(self, seconds: float, over: float) -> None:
        self._past.append((seconds, over))
        self._seconds, self._over = self._seconds + seconds, self._over + over
        while self._seconds - self._past[0][0] >= self._policy.giving_way.back_for:
            gone = self._past.popleft()
            self._seconds, self._over = self._seconds - gone[0], self._over - gone[1]


def returned(at: float, session: Session, speed: float | None) -> tuple[Plan, Event]:
    """The plan with its first targets again from the active segment on; those lowered by heart rate stay lowered."""
    plan = session.plan
    later = tuple(_as_first(each) for each in plan.segments[session.index :])
    plan = replace(plan, segments=(*plan.segments[: session.index], *later))
    target = plan.segments[session.index].speed_at(session.done)
    return plan, Event(at, "adapted", {"how": "plan_back", "speed": speed, "end": target, "target": target})


def _as_first(segment: Segment) -> Segment:
    target = segment.target
    while isinstance(target, Eased) and target.may_recover:
        target = target.planned
    return replace(segment, target=target)
