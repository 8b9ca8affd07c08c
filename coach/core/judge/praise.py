"""Words for a runner inside the band: praise for work held well, and a warning in a finish that begins too fast."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from coach.core.events import Event
from coach.core.judge.band import Limits
from coach.core.judge.corrector import Held
from coach.core.plan.segments import EASY
from coach.core.policy import Policy
from coach.core.session.moment import Moment


class Praise:
    """Emits `well_held`, at most once a segment, as long as it `is_due`; never in easy segments, where slow is allowed and
    holding back is easy.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.is_due = True
        self._last_at = -inf

    def begin_segment(self) -> None:
        self.is_due = True

    def judge(self, moment: Moment, inside: float, target: float, usual: Callable[[], float]) -> list[Event]:
        """The runner is inside the band for `inside` s, which is long enough for praise.

        `usual` returns the median of recent speeds; it and `target` are in m/s.
        """
        at, policy = moment.at, self._policy
        if moment.segment.kind in EASY:
            return []
        if at - self._last_at < policy.praise.apart:
            return []
        if abs(usual() / target - 1) > policy.finish.too_fast:
            return []
        self.is_due, self._last_at = False, at
        return [Event(at, "well_held", {"for": inside})]


class Sprint:
    """Emits `sprinting` once, in the first half of a long enough finish that begins too fast."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._is_due = True

    def begin_segment(self) -> None:
        self._is_due = True

    def give_way(self) -> None:
        """The plan was eased: running faster than it no longer counts as sprinting."""
        self._is_due = False

    def judge(self, moment: Moment, limits: Limits, held: Held) -> list[Event]:
        """Called while the runner is inside the band in a finish."""
        segment, policy, speed = moment.segment, self._policy, moment.estimate.speed or 0.0
        if not self._is_due or moment.done > 0.5:
            return []
        long_enough = (segment.seconds or 0.0) >= policy.finish.least_length
        if not long_enough or speed < limits.target * (1 + policy.finish.too_fast) or held("dont_sprint"):
            return []
        self._is_due = False
        return [Event(moment.at, "sprinting", {"speed": speed, "target": limits.target})]
