"""The heart-rate ceiling: a runner above it is told the number, and again every three minutes until it is below.

The first time the targets are lowered; the second time, or far above, the run is eased. Heart rate follows the effort only
after minutes, so the beginning of a segment is not judged, and a heart that is falling is left to fall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from coach.core.events import Event
from coach.core.judge.corrector import Held, free
from coach.core.judge.heartbeat import Trend
from coach.core.plan.segments import Kind, Plan
from coach.core.policy import Policy
from coach.core.session.moment import Moment

BY_PACE = (Kind.STEADY, Kind.TEMPO)  # kinds whose effort is that of their pace
PATIENCE = 0.97  # share of the longest silence for which a heart is left to fall
ALIKE = 0.995  # share of a named pace from which a target counts as that pace
SHORT_RACE = 15_000.0  # m: up to here a race is run at the highest effort


class Heart:
    """`ceilings` are beats a minute by kind of segment; without one nothing is judged.

    `efforts` are pairs of a speed (m/s) and its ceiling, slowest first: they come before the ceiling of a steady or tempo
    segment. `plan` is the plan as it was asked for: a target that was lowered keeps its ceiling. `limit` is the runner's own
    (beats a minute, 0 for none).
    """

    def __init__(
        self,
        policy: Policy,
        ceilings: Mapping[str, float],
        efforts: Sequence[tuple[float, float]] = (),
        plan: Plan | None = None,
        limit: int = 0,
    ) -> None:
        self._policy, self._ceilings, self._efforts, self._plan = policy, ceilings, efforts, plan
        self._limit = limit
        self._over_since: float | None = None  # s, from the moment the segment is judged
        self._far_since: float | None = None
        self._above_since: float | None = None  # s, from the beginning
        self._told = 0
        self._told_at = -inf
        self._trend = Trend()

    def begin_segment(self) -> None:
        self._over_since = self._far_since = self._above_since = None

    def judge(self, moment: Moment, bpm: float | None, held: Held = free) -> list[Event]:
        """Emits `heart_high` (nth = 1, 2, ...) after the heart rate has stayed above the ceiling long enough.

        It waits while a rule has it `held` back, and while the heart falls by itself; after each there is peace for a while.
        """
        at, ceiling, rules = moment.at, self.ceiling(moment), self._policy.heart
        if bpm is None or not ceiling:
            self.begin_segment()
            self._trend.forget()
            return []
        self._trend.take(at, bpm)
        falls = self._trend.per_second(at) <= -rules.falling
        self._above_since = _since(self._above_since, at, bpm > ceiling)
        if moment.into_seconds < rules.settle:
            return []
        self._over_since = _since(self._over_since, at, bpm > ceiling)
        self._far_since = _since(self._far_since, at, bpm > ceiling + rules.far)
        over, far = _lasts(self._over_since, at, rules.over), _lasts(self._far_since, at, rules.far_for)
        waits = at - self._told_at < rules.again or (falls and not _lasts(self._above_since, at, PATIENCE * rules.again))
        if (not over and not far) or waits or held("heart_high"):
            return []
        self._told_at = at
        self._told = max(self._told + 1, 2 if far else 1)
        return [Event(at, "heart_high", {"bpm": bpm, "ceiling": ceiling, "nth": self._told})]

    def ceiling(self, moment: Moment) -> float | None:
        """The ceiling here, beats a minute; None if there is none. Where a heart rate is the target only the limit counts."""
        segment = self._plan.segments[moment.index] if self._plan else moment.segment
        if segment.heart is not None:
            return self._limit or None
        kind = segment.kind.value
        if self._plan and self._plan.goal and self._plan.totals.metres <= SHORT_RACE:
            kind = Kind.PEAK.value
        usual = self._ceilings.get(kind)
        speed = segment.speed_at(moment.done) if segment.kind in BY_PACE and self._efforts and usual else None
        if not speed:
            return usual
        return next((beats for pace, beats in self._efforts if pace >= ALIKE * speed), self._efforts[-1][1])


def _since(began: float | None, at: float, holds: bool) -> float | None:
    if not holds:
        return None
    return at if began is None else began


def _lasts(since: float | None, at: float, seconds: float) -> bool:
    return since is not None and at - since >= seconds
