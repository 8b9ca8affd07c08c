"""All that judges a moment of a run: the pace, the heart, the way, what lies ahead; and what gives way when it must."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coach.core.events import Estimate, Event
from coach.core.judge.announcements import Boundaries
from coach.core.judge.belt import Belt
from coach.core.judge.heart_ceiling import Heart
from coach.core.judge.milestones import Milestones
from coach.core.judge.pacing import Pacing
from coach.core.judge.splits import Stretches
from coach.core.plan.segments import Plan
from coach.core.session.forecast import Forecast
from coach.core.session.giving_way import Adaptation
from coach.core.session.phases import Session
from coach.core.settings import Settings
from coach.core.speech.floor import Decision
from coach.core.units import METRES

# How a plan gave way, and for how long who was told to hold here or to ease off is not told to pick up: names of Policy fields
_RESTS = {"hold": "hold", "half_climb": "hold", "lowered": "heart_settles", "ease_to_end": "heart_settles"}


class Judges:
    """Asked once for every input while the run goes on."""

    def __init__(self, plan: Plan, settings: Settings) -> None:
        policy = settings.policy
        self.pacing = Pacing(plan, policy, settings.level)
        self.forecast = Forecast(plan.goal is not None)
        self._policy = policy
        self._stretches = Stretches(plan, policy, settings.level, self.pacing.excursion)
        self._boundaries = Boundaries(policy)
        self._milestones = Milestones(METRES["km"] if settings.units == "metric" else METRES["mi"])
        self._heart = Heart(policy, settings.ceilings)
        self._belt = Belt(policy, settings.units) if settings.treadmill else None
        self._adaptation = Adaptation(policy, settings.easy_speed)

    @property
    def announces(self) -> tuple[float, float]:
        """From when to when the end of the active segment is being announced, s of the run."""
        return self._boundaries.announces

    @property
    def previewed(self) -> int | None:
        """The segment, counted from 0, that was announced to come next."""
        return self._boundaries.previewed

    def begin_segment(self, at: float, session: Session, first: bool, by_footpod: bool) -> None:
        before = session.plan.segments[session.index - 1].speed_at(1.0) if session.index else None
        step = abs(session.target / before - 1) if before and session.target else 0.0
        self.pacing.begin_segment(at, first, by_footpod, step)
        self._stretches.begin_segment(at + (self._policy.arm if first else self._policy.settle))
        self._boundaries.begin_segment(at, session)
        self._milestones.begin_segment()
        self._heart.begin_segment()
        self.forecast.begin_segment()
        if self._belt:
            self._belt.begin_segment(session)

    def mute(self, until: float) -> None:
        """Nothing is said of the pace before `until`."""
        self.pacing.mute(until)
        self._stretches.begin(until)

    def heed(self, decisions: Iterable[Decision]) -> None:
        """What was heard, and what was not after all: only that counts as said."""
        for decision in decisions:
            heard = not decision.rule
            if decision.kind == "preview" and heard:
                self._boundaries.announced(decision.facts["index"])
            elif decision.kind in ("ease_off", "pick_up"):
                self._corrected(decision.at, decision.facts, heard)

    def judge(
        self, session: Session, estimate: Estimate, poor: float | None, heart: float | None, held: Callable[[str], str]
    ) -> list[Event]:
        """What became true; of a `poor` signal the metres its positions draw, `held` tells which rule keeps a cue back."""
        at, speed = estimate.at, estimate.speed
        self.forecast.follow(session, speed)
        left = session.seconds_left(speed)
        events = self._milestones.judge(at, session, left)
        events += self._heart.judge(at, heart, session.segment.kind, session.into_seconds, held("heart_high"))
        if self._belt:
            events += self._belt.judge(at, session, speed)
        else:
            events += self._judge_pace(session, estimate, poor, held)
        events += [adapted for event in events if (adapted := self._give_way(event, session, speed))]
        return events + self._boundaries.judge(at, session, speed, None if self._belt else held)

    def _judge_pace(self, session: Session, estimate: Estimate, poor: float | None, held: Callable[[str], str]) -> list[Event]:
        if poor is not None:
            self.pacing.rest(estimate.at)
            if (standing := self.pacing.standing(estimate)) is not None:
                self._stretches.begin(estimate.at + self._policy.settle_stop)
                return standing
            return self._stretches.judge(estimate.at, session, poor, held)
        self._stretches.begin(estimate.at)
        return self.pacing.judge(session, estimate, held)

    def _corrected(self, at: float, facts: Mapping[str, Any], heard: bool) -> None:
        if heard:
            self._boundaries.corrected(at, facts["target"] if facts["nth"] > 1 else None)
        else:
            self.pacing.take_back()
            self._stretches.take_back()

    def _give_way(self, event: Event, session: Session, speed: float | None) -> Event | None:
        """Where the runner cannot hold it, or the heart is too high, the plan from here on is another."""
        changed = None
        if event.name == "struck" and event.facts["side"] == "slow":
            changed = self._adaptation.struck(event.at, session, event.facts["speed"], event.facts["bands"])
        elif event.name == "heart_high" and speed:
            second = event.facts["nth"] > 1
            changed = (
                self._adaptation.ease(event.at, session, speed)
                if second
                else self._adaptation.lower(event.at, session, self._policy.heart_share)
            )
        if changed is None:
            return None
        plan, adapted = changed
        self._replan(plan, event.at, session)
        if rest := _RESTS.get(adapted.facts["how"]):
            self.mute(event.at + getattr(self._policy, rest))
        return adapted

    def _replan(self, plan: Plan, at: float, session: Session) -> None:
        before = session.target
        session.replan(plan)
        step = abs(session.target / before - 1) if before and session.target else 0.0
        self.pacing.replan(plan, at, step)
        self._stretches.replan(plan, at + self._policy.settle)
        self._boundaries.retarget(at, session.target)
        if self._belt:
            self._belt.retarget(at, session)
