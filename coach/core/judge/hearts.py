"""Everything that is judged by the heart rate: whether the strap can be believed, the ceiling, and targets of segments."""

from __future__ import annotations

from coach.core.events import Event
from coach.core.judge.corrector import Held, free
from coach.core.judge.heart_ceiling import Heart
from coach.core.judge.heart_target import HeartTarget
from coach.core.judge.heartbeat import Heartbeat, Readings
from coach.core.plan.segments import Plan
from coach.core.session.moment import Moment
from coach.core.settings import Settings


class Hearts:
    """One judge for the panel."""

    def __init__(self, plan: Plan, settings: Settings) -> None:
        self._beat = Heartbeat(settings.policy)
        self._ceiling = Heart(settings.policy, settings.ceilings, settings.efforts, plan, settings.heart_limit)
        self._target = HeartTarget(settings.policy)

    @staticmethod
    def are_judged(plan: Plan, settings: Settings) -> bool:
        return bool(settings.ceilings) or any(each.heart or each.until for each in plan.segments)

    def begin_segment(self) -> None:
        self._ceiling.begin_segment()
        self._target.begin_segment()

    def judge(self, moment: Moment, now: Readings, held: Held = free, uphill: bool = False) -> list[Event]:
        segment = moment.segment
        guarded = self._beat.was_heard and self._ceiling.ceiling(moment) is not None
        is_needed = guarded or segment.heart is not None or segment.until is not None
        events = self._beat.judge(moment.at, now, moment.estimate.speed, is_needed)
        held = _doubtful if self._beat.is_doubtful else held
        events += self._ceiling.judge(moment, self._beat.bpm, held)
        if segment.heart or segment.until:
            events += self._target.judge(moment, self._beat.bpm, held, uphill)
        return events


def _doubtful(kind: str) -> str:
    return "the heart rate may be the number of steps"
