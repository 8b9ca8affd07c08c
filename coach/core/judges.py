"""All that judges a moment of a run: the pace, the heart, the way, what lies ahead; and what gives way when it must."""

from __future__ import annotations

from collections.abc import Callable

from coach.core.adapt import Adaptation
from coach.core.belt import Belt
from coach.core.boundaries import Boundaries
from coach.core.events import Estimate, Event
from coach.core.forecast import Forecast
from coach.core.heart import Heart
from coach.core.milestones import Milestones
from coach.core.pacing import Pacing
from coach.core.plan import Plan
from coach.core.session import Session
from coach.core.settings import Settings
from coach.core.stretches import Stretches
from coach.core.units import METRES


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
    def previewed(self) -> bool:
        """The change that comes next was announced."""
        return self._boundaries.previewed

    def begin_segment(self, at: float, session: Session, first: bool, by_footpod: bool) -> None:
        before = session.plan.segments[session.index - 1].speed_at(1.0) if session.index else None
        step = abs(session.target / before - 1) if before and session.target else 0.0
        self.pacing.begin_segment(at, first, by_footpod, step)
        self._stretches.begin(at + (self._policy.arm if first else self._policy.settle))
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

    def corrected(self, at: float) -> None:
        """A correction was just said."""
        self._boundaries.corrected(at)

    def judge(
        self, session: Session, estimate: Estimate, poor: float | None, heart: float | None, held: Callable[[str], str]
    ) -> list[Event]:
        """What became true; of a `poor` signal the metres its positions draw, `held` tells which rule keeps a cue back."""
        at, speed = estimate.at, estimate.speed
        self.forecast.follow(session, speed)
        left = session.seconds_left(speed)
        events = self._milestones.judge(at, session, left)
        events += self._heart.judge(at, heart, session.segment.kind, session.into_seconds)
        if self._belt:
            events += self._belt.judge(at, session, speed)
        elif poor is not None:
            self.pacing.rest(at)
            events += self._stretches.judge(at, session, poor)
        else:
            self._stretches.begin(at)
            events += self.pacing.judge(session, estimate, held)
        events += [adapted for event in events if (adapted := self._give_way(event, session, speed))]
        return events + self._boundaries.judge(at, session, speed)

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
        session.replan(plan)
        self.pacing.replan(plan)
        self._stretches.replan(plan)
        self._boundaries.begin_segment(event.at, session)
        return adapted
