"""The heart-rate ceiling: a runner above it for a while is told once; the second time the plan is eased.

Heart rate follows the effort only after minutes, so the beginning of a segment is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from coach.core.events import Event
from coach.core.judge.corrector import Held, free
from coach.core.policy import Policy
from coach.core.session.moment import Moment


class Heart:
    """`ceilings` are beats a minute by kind of segment; without one nothing is judged."""

    def __init__(self, policy: Policy, ceilings: Mapping[str, float]) -> None:
        self._policy, self._ceilings = policy, ceilings
        self._over_since: float | None = None
        self._far_since: float | None = None
        self._told = 0
        self._answered_at = -inf  # s: until then the heart rate has not yet followed the last cue

    def begin_segment(self) -> None:
        self._over_since = self._far_since = None

    def judge(self, moment: Moment, bpm: float | None, held: Held = free) -> list[Event]:
        """Emits `heart_high` (nth = 1, 2, ...) after the heart rate has stayed above the ceiling long enough.

        The first one waits while a rule has it `held` back. After each, the heart rate gets time to fall, unless far above.
        """
        at, ceiling = moment.at, self._ceilings.get(moment.segment.kind.value)
        if bpm is None or not ceiling or moment.into_seconds < self._policy.heart.settle:
            self.begin_segment()
            return []
        self._over_since = _since(self._over_since, at, bpm > ceiling and at >= self._answered_at)
        self._far_since = _since(self._far_since, at, bpm > ceiling + self._policy.heart.far)
        over = _lasts(self._over_since, at, self._policy.heart.over)
        far = _lasts(self._far_since, at, self._policy.heart.far_for)
        if (not over and not far) or (not far and not self._told and held("heart_high")):
            return []
        self.begin_segment()
        self._answered_at = at + self._policy.heart.settle
        self._told = 2 if far else self._told + 1
        return [Event(at, "heart_high", {"bpm": bpm, "ceiling": ceiling, "nth": self._told})]


def _since(began: float | None, at: float, holds: bool) -> float | None:
    if not holds:
        return None
    return at if began is None else began


def _lasts(since: float | None, at: float, seconds: float) -> bool:
    return since is not None and at - since >= seconds
