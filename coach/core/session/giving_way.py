"""Eases the plan, step by step, for a runner who cannot hold the pace; the runner is never told off.

    strike 1, short by two bands at most   hold two minutes, then the same climb from there
    strike 2, or short by more             hold, then half the climb
    strike 3, or too high a heart rate     easy to the planned end

Segments keep their time or distance, and lost time is not made up. Targets are lowered from now on and in all later segments of
work; a hold or a half climb is a loan, which ends when the runner is back at what was planned first (loan.py), and where a key
can answer it is asked first (offer.py). A race is different, see race.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf

from coach.core.events import Event
from coach.core.plan.segments import EASY, Eased, Kind, Plan, Segment, Steady
from coach.core.policy import Policy
from coach.core.session.phases import Session

FALLBACK_EASY = 0.85  # share of the speed held: used if neither the plan nor the runner's fitness gives an easy pace
LEAST_HELD = 0.75  # share of the target: a slower runner is walking, climbing or waiting, so the plan is left as it is
LEAST_CLIMB = 1.01  # share of the speed held: a smaller rise in pace is not felt
WORTH_CLIMBING = 240.0  # s left: with less than this the pace no longer rises


class Adaptation:
    """Returns the plan from now on, and the event that says how it was eased."""

    def __init__(self, policy: Policy, easy_speed: float | None) -> None:
        self._policy, self._easy_speed = policy, easy_speed
        self._strikes = 0
        self.eased = False

    def struck(self, at: float, session: Session, speed: float, bands: float) -> tuple[Plan, Event] | None:
        """Two corrections did not help: the runner held `speed` (m/s), `bands` bands too slow. None if nothing changes."""
        changed = self.foreseen(at, session, speed, bands)
        if changed:
            self._strikes += 1
            self.eased = changed[1].facts["how"] == "ease_to_end"
        return changed

    def foreseen(self, at: float, session: Session, speed: float, bands: float) -> tuple[Plan, Event] | None:
        """What `struck` would do now."""
        if self.eased or session.segment.kind in EASY or speed < LEAST_HELD * (session.target or 0.0):
            return None
        strikes = self._strikes + 1
        if strikes >= 3:
            return self._easy(at, session, speed, strikes)
        half = strikes > 1 or bands > self._policy.giving_way.too_short
        share, how = (0.5, "half_climb") if half else (1.0, "hold")
        return self._bend(at, session, speed, share, how, self._policy.giving_way.hold, strikes)

    def paid_back(self) -> None:
        """The runner is back at what was planned first: the last strike no longer counts."""
        self._strikes = max(0, self._strikes - 1)

    def ease(self, at: float, session: Session, speed: float) -> tuple[Plan, Event] | None:
        """Easy running to the planned end of the work; the cool-down stays as it was."""
        if self.eased:
            return None
        self.eased = True
        return self._easy(at, session, speed, self._strikes)

    def _easy(self, at: float, session: Session, speed: float, strikes: int) -> tuple[Plan, Event]:
        easy = min(speed, self._easy_speed or _easiest(session.plan) or FALLBACK_EASY * speed)
        plan = _from_here(session, lambda each: replace(each, kind=Kind.EASY, target=Steady(min(easy, _slowest(each)))))
        return plan, Event(at, "adapted", {"how": "ease_to_end", "speed": easy, "end": easy, "strikes": strikes})

    def lower(self, at: float, session: Session, share: float) -> tuple[Plan, Event] | None:
        """All targets from here on are lowered by a share, because the heart rate is too high for the effort."""
        target = session.target
        if self.eased or not target:
            return None
        return self._bend(at, session, target * (1 - share), 1.0, "lowered", 0.0, self._strikes)  # no return

    def _bend(
        self, at: float, session: Session, speed: float, share: float, how: str, hold: float, strikes: int
    ) -> tuple[Plan, Event]:
        """Hold `speed` for `hold` s, then raise the pace by a `share` of the rise still planned from the current target.

        The hold takes at most half of what is left of the segment, so that there is room for the rise. Easy segments that come
        later are as easy as they were planned.
        """
        now = session.segment
        target, left = now.speed_at(session.done) or speed, now.seconds_from(session.done)
        speed *= target / (session.target or target)  # the equivalent speed without the hill it was run on
        may_recover = how != "lowered"
        share = self._worth_it(session, speed, target, share)
        until = session.done + (1 - session.done) * min(0.5, hold / left) if left else 0.0
        then = max(target, now.speed_at(until) or 0.0)
        own = _steeper(now.speed_at(1.0) or 0.0, target, then, share)
        plan = _from_here(
            session,
            lambda each: (
                replace(each, target=Eased(each.target, speed, then, own, until, may_recover))
                if each is now
                else each
                if each.kind in EASY and may_recover
                else replace(each, target=Eased(each.target, speed, target, share, may_recover=may_recover))
            ),
        )
        end = _last_work(plan, session.index).speed_at(1.0) or speed
        return plan, Event(at, "adapted", {"how": how, "speed": speed, "end": end, "strikes": strikes})

    def _worth_it(self, session: Session, speed: float, target: float, share: float) -> float:
        """The share of the planned rise to keep: at least one that can be felt, or 0 if there is too little time left."""
        last = _last_work(session.plan, session.index)
        left = sum(each.seconds or 0.0 for each in session.plan.segments[session.index + 1 :] if each.kind not in EASY)
        left += session.segment.seconds_from(session.done) or 0.0
        climb = (last.speed_at(1.0) or 0.0) - target
        if left < WORTH_CLIMBING or climb <= 0:
            return share if left >= WORTH_CLIMBING else 0.0
        return min(1.0, max(share, (LEAST_CLIMB - 1) * speed / climb))


def _steeper(end: float, now: float, then: float, share: float) -> float:
    """The share that reaches the same end if the rise begins later, at the target `then` instead of `now`."""
    return share * (end - now) / (end - then) if end > then else 0.0


def _from_here(session: Session, changed: Callable[[Segment], Segment]) -> Plan:
    """The plan with the targets of the active segment and all later ones changed, but for the cool-down's."""
    segments = list(session.plan.segments)
    for index in range(session.index, len(segments)):
        stays = segments[index].kind is Kind.COOLDOWN and index > session.index
        if segments[index].target is not None and not stays:
            segments[index] = changed(segments[index])
    return replace(session.plan, segments=tuple(segments))


def _slowest(segment: Segment) -> float:
    return min(segment.speed_at(0.0) or inf, segment.speed_at(1.0) or inf)


def _last_work(plan: Plan, index: int) -> Segment:
    work = [each for each in plan.segments[index:] if each.target is not None and each.kind not in EASY]
    return work[-1] if work else plan.segments[index]


def _easiest(plan: Plan) -> float | None:
    """The slowest target (m/s) of the plan's easy segments."""
    speeds = [speed for each in plan.segments if each.kind in EASY and (speed := each.speed_at(0.0))]
    return min(speeds, default=None)
