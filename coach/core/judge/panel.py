"""The panel: every judge of a run (pace, heart rate, distance, what comes next) in order, and the plan eased if needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from coach.core.events import Event
from coach.core.judge.announcements import UNKNOWN, Boundaries
from coach.core.judge.belt import Belt
from coach.core.judge.concessions import Change, Concessions
from coach.core.judge.corrector import OPPOSED_APART, Corrector, Held
from coach.core.judge.ground import LEVEL, Ground
from coach.core.judge.heartbeat import Readings
from coach.core.judge.hearts import Hearts
from coach.core.judge.milestones import Milestones
from coach.core.judge.pacing import Pacing
from coach.core.judge.splits import Stretches
from coach.core.plan.segments import Plan
from coach.core.policy import Policy
from coach.core.session.forecast import Forecast
from coach.core.session.moment import Moment
from coach.core.session.phases import Session
from coach.core.session.race import Race
from coach.core.settings import Settings
from coach.core.speech.floor import Decision
from coach.core.units import METRES

# How the plan was eased -> for how long after that nothing is said about pace
_RESTS: dict[str, Callable[[Policy], float]] = {
    "hold": lambda policy: policy.giving_way.hold,
    "half_climb": lambda policy: policy.giving_way.hold,
    "lowered": lambda policy: policy.heart.settle,
    "ease_to_end": lambda policy: policy.heart.settle,
}


class Judges:
    """All judges, called once for each input while the run goes on."""

    def __init__(self, plan: Plan, settings: Settings) -> None:
        policy = settings.policy
        self._corrector = Corrector(policy)
        self.pacing = Pacing(plan, policy, settings.level, self._corrector, settings.verbosity)
        self.forecast = Forecast(plan.goal is not None)
        self._policy = policy
        self._stretches = Stretches(plan, policy, settings.level, self._corrector)
        by_effort = settings.hills == "effort" and plan.course is None and not settings.treadmill
        self._ground = Ground() if by_effort else None
        self._boundaries = Boundaries(policy, settings.treadmill)
        self._milestones = Milestones(METRES["km"] if settings.units == "metric" else METRES["mi"])
        self.heart = Hearts(plan, settings) if Hearts.are_judged(plan, settings) else None
        self._belt = (
            Belt(policy, settings.units, settings.belts, settings.cues.get("run_began", True)) if settings.treadmill else None
        )
        self.belt_reports: float | None = None  # m/s: the belt's own speed; set before each moment is judged
        self._concessions = Concessions(settings)
        self._race = Race.of(plan, policy)
        self.announces = self._boundaries.announces  # from when to when the end of the active segment is announced, s
        self.excuse = LEVEL  # what the ground explains of a pace that is off
        self._before: Moment | None = None  # the last one judged
        self._by_pace_at: float | None = None  # s: when the current pace was last judged; None if splits have begun since

    @property
    def previewed(self) -> int | None:
        """The segment (counted from 0) that was announced as the next; None if none was."""
        return self._boundaries.previewed

    @property
    def ahead(self) -> float:
        """Seconds ahead of the plan, in a race of its goal; negative is behind."""
        return self._race.ahead if self._race else self.forecast.ahead

    def begin_segment(self, at: float, session: Session, first: bool, by_footpod: bool) -> None:
        before = session.plan.segments[session.index - 1].speed_at(1.0) if session.index else None
        step = abs(session.target / before - 1) if before and session.target else 0.0
        self.pacing.begin_segment(at, first, by_footpod, step)
        self._begin_splits(at + (self._policy.correction.arm if first else self._policy.correction.settle))
        self._boundaries.begin_segment(at, session.target)
        self._milestones.begin_segment()
        if self.heart:
            self.heart.begin_segment()
        self.forecast.begin_segment()
        if self._belt:
            self._belt.begin_segment(session.segment)

    def mute(self, until: float, armed_at: float = 0.0) -> None:
        """Nothing is said about pace before `until` (s), nor, until `armed_at`, to a slow runner who gets up to pace."""
        self.pacing.mute(until, armed_at)
        self._begin_splits(until)

    def heed(self, decisions: Iterable[Decision]) -> None:
        """Takes note of which cues were heard: a cue that was not heard does not count as said."""
        for decision in decisions:
            heard = not decision.rule
            if decision.kind == "preview" and heard:
                self._boundaries.announced(decision.facts["index"])
            elif decision.kind in ("ease_off", "pick_up"):
                self._corrected(decision.at, decision.facts, heard)

    def answered(self, at: float, key: str, session: Session) -> list[Event]:
        """The event of a key that answers an offer; none if there is nothing to answer."""
        return self._concessions.answered(at, key, session.target)

    def judge(
        self, session: Session, moment: Moment, poor: float | None, heart: Readings | None, held: Held
    ) -> tuple[Moment, list[Event]]:
        """The events of this moment; and the moment, which is a new one if the plan was eased.

        `poor` is the length (m) of the GPS track if the signal is poor, else None; `heart` is what the strap says; `held` tells
        which rule of the floor keeps a kind of cue back.
        """
        self.forecast.follow(moment)
        events = self._milestones.judge(moment, self._before) if moment.distance >= self._milestones.next_at else []
        if self._ground:
            events += self._ground.judge(moment)
            self.excuse = self._ground.excuse
        if self.heart and heart:
            events += self.heart.judge(moment, heart, held, self.excuse.slow)
        events += self._belt.judge(moment, self.belt_reports) if self._belt else self._judge_pace(moment, poor, held)
        adapted = [changed for event in events if (changed := self._give_way(event, session, moment))] if events else []
        if not adapted and self._race:
            adapted = self._follow_race(moment, session)
        elif not adapted and self._concessions.are_open:
            change = self._concessions.follow(session, moment, self.excuse)
            adapted = [self._changed(change, session)] if change else []
        if adapted:
            now = {"target": session.target}
            events = [replace(each, facts={**each.facts, **now}) if each.name == "heart_high" else each for each in events]
            events += adapted
            moment = session.look(moment.estimate, None, moment.slope, moment.raw)
        boundaries, left = self._boundaries, moment.seconds_left
        if (left is not None and left <= boundaries.near) or moment.target != boundaries.target_said:
            events += boundaries.judge(moment, None if self._belt else held)
            self.announces = boundaries.announces
        else:
            self.announces = UNKNOWN
        self._before = moment
        return moment, events

    def _judge_pace(self, moment: Moment, poor: float | None, held: Held) -> list[Event]:
        excuse = self.excuse
        if poor is None:
            self._by_pace_at = moment.at
            return self.pacing.judge(moment, held, excuse)
        if self._by_pace_at is not None:
            self._begin_splits(self._by_pace_at)
        self.pacing.rest(moment.at)
        if (standing := self.pacing.standing(moment)) is not None:
            self._begin_splits(moment.at + self._policy.standing.settle)
            return standing
        if excuse.slow or excuse.fast:
            self._begin_splits(moment.at)  # the hill is left out of what is timed
            return []
        return self._stretches.judge(moment, poor, held)

    def _begin_splits(self, settled_at: float) -> None:
        self._stretches.begin(settled_at)
        self._by_pace_at = None

    def _corrected(self, at: float, facts: Mapping[str, Any], heard: bool) -> None:
        if heard:
            self._boundaries.corrected(at, facts["target"] if facts["nth"] > 1 else None)
        elif self._corrector.take_back():
            self.pacing.take_back()

    def _follow_race(self, moment: Moment, session: Session) -> list[Event]:
        excuse = self.excuse
        changed = self._race and self._race.judge(moment, session.plan, excuse.slow or excuse.fast)
        if not changed:
            return []
        self._retarget(changed[0], moment.at, session)
        return [changed[1]]

    def _give_way(self, event: Event, session: Session, moment: Moment) -> Event | None:
        """Ease the rest of the plan if the runner cannot hold the pace or the heart rate is too high."""
        if session.plan.goal is None:
            change = self._concessions.answer(event, session, moment, self._before)
        elif self._race and event.name == "struck" and event.facts["side"] == "slow":
            change = self._race.struck(moment, session.plan, event.facts["speed"])
        else:
            change = None
        if change is None and event.name == "struck":
            self._corrector.not_eased(event.at)
        if change is None and event.name == "heart_high":
            self.mute(event.at + OPPOSED_APART)  # nobody whose heart is too high is asked for more
        return change and self._changed(change, session)

    def _changed(self, change: Change, session: Session) -> Event:
        plan, adapted = change
        if plan is not None:
            self._retarget(plan, adapted.at, session)
            if rest := _RESTS.get(adapted.facts["how"]):
                self.mute(adapted.at + rest(self._policy))
        return adapted

    def _retarget(self, plan: Plan, at: float, session: Session) -> None:
        before = session.target
        session.retarget(plan)
        step = abs(session.target / before - 1) if before and session.target else 0.0
        self.pacing.retarget(plan, at, step)
        self._stretches.retarget(plan, at + self._policy.correction.settle)
        self._by_pace_at = None
        self._boundaries.retarget(at, session.target)
        if self._belt:
            self._belt.retarget(at, session.segment)
