"""The heart rate that a segment asks for instead of a pace, and segments that end at a heart rate.

A heart answers a change of pace with a time constant of a minute, and five beats are seven per cent of the speed. So a
deviation must last before it is said, a heart on its way back is left alone, and words are two minutes apart.
"""

from __future__ import annotations

from math import inf

from coach.core.events import Event
from coach.core.judge.corrector import Held, free
from coach.core.judge.heartbeat import Trend
from coach.core.plan.segments import EASY
from coach.core.policy import Policy
from coach.core.session.moment import Moment

EDGE = 1.0  # beats a minute beyond the target that still count as within it
LITTLE = 6.0  # beats a minute: less is "a little"
END_FROM, END_FOR = 20.0, 5.0  # s from which a segment may end at a heart rate; s for which it must be there


class HeartTarget:
    """Judges the segments that have a heart-rate target or end."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._trend = Trend()
        self._told_at = -inf
        self.begin_segment()

    def begin_segment(self) -> None:
        self._off_since = 0.0  # s: since when it is on this side
        self._there_since: float | None = None
        self._side = 0
        self._nth = 0

    def judge(self, moment: Moment, bpm: float | None, held: Held = free, uphill: bool = False) -> list[Event]:
        """`heart_off` when a correction is due, never to go faster `uphill`; `heart_end` when the segment is to end."""
        at, segment = moment.at, moment.segment
        if bpm is None:
            self._trend.forget()
            self._side, self._there_since = 0, None
            return []
        self._trend.take(at, bpm)
        if segment.until is not None and self._ends(moment, bpm):
            return [Event(at, "heart_end", {"segment": moment.index + 1, "bpm": bpm, "beats": segment.until.beats})]
        return self._corrected(moment, held, uphill) if segment.heart is not None else []

    def _ends(self, moment: Moment, bpm: float) -> bool:
        end = moment.segment.until
        is_there = end is not None and (bpm < end.beats if end.below else bpm > end.beats)
        if not is_there or moment.into_seconds < END_FROM - END_FOR:
            self._there_since = None
            return False
        self._there_since = moment.at if self._there_since is None else self._there_since
        return moment.at - self._there_since >= END_FOR and moment.into_seconds >= END_FROM

    def _corrected(self, moment: Moment, held: Held, uphill: bool) -> list[Event]:
        at, rules, target = moment.at, self._policy.heart, moment.segment.heart
        if target is None:
            return []
        mean = self._trend.mean(at)
        off = mean - target.high if mean > target.high + EDGE else mean - target.low if mean < target.low - EDGE else 0.0
        side = (off > 0) - (off < 0)
        if side != self._side:
            self._side, self._off_since = side, at
        if side == 0 or at - self._off_since < rules.target_off or self._waits(moment, side, uphill):
            return []
        if held("heart_fast" if side > 0 else "heart_low"):
            return []
        self._told_at = at
        self._nth += 1
        facts = {"bpm": mean, "low": target.low, "high": target.high, "side": "fast" if side > 0 else "low"}
        return [Event(at, "heart_off", facts | {"little": abs(off) < LITTLE, "nth": self._nth})]

    def _waits(self, moment: Moment, side: int, uphill: bool) -> bool:
        """Whether it is too early, or the heart comes back by itself."""
        rules, into = self._policy.heart, moment.into_seconds
        if into < rules.target_settle or moment.at - self._told_at < rules.target_apart:
            return True
        if side < 0 and (into < rules.target_low_after or uphill or moment.segment.kind in EASY):
            return True
        back = -side * self._trend.per_second(moment.at) >= rules.falling
        return back or moment.ends_within(self._policy.correction.quiet_end)
