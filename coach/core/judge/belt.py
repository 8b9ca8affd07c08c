"""Coaching on a treadmill: says which speed to set, some seconds before each change, and whether the belt runs as it was set.

A ramp becomes a staircase of settings, a minute or more apart: it only rises (or only falls), and reaches the exact end.
"""

from __future__ import annotations

from collections.abc import Collection
from math import ceil

from coach.core.events import Event
from coach.core.judge.belt_check import STANDING, BeltCheck
from coach.core.plan.segments import Kind, Segment
from coach.core.policy import Policy
from coach.core.session.moment import Moment

TENTH = 0.1  # km/h or mph: what a belt can be set to
WHY = 3.0  # s after the plan was eased, in which the runner is told so, before a new setting is said
LATEST = 5.0  # s before a segment ends: what is to be set is said by then, or as the next one begins, never into the countdown
GREETING = 10.0  # s that the greeting of a run on a treadmill takes, before a further setting is said
GREETED = 1.0  # s into the run: the setting until here is part of the greeting, which no other word may cut off
PER_HOUR = {"metric": 3.6, "imperial": 3600 / 1609.344}  # belt units in a m/s


class Belt:
    """Emits `belt_step` when the belt should be set to another speed, and what BeltCheck emits about the one it has.

    `belts` are the sources that are a belt's own report; `greets`: the first setting is said in the greeting.
    """

    def __init__(self, policy: Policy, units: str, belts: Collection[str] = (), greets: bool = True) -> None:
        self._policy, self._units, self._belts, self._greets = policy, units, belts, greets
        self._check = BeltCheck()
        self._set: int | None = None  # tenths
        self._stairs: list[tuple[float, int]] = []
        self._told_next = False
        self._waits_until = 0.0

    def begin_segment(self, segment: Segment) -> None:
        self._stairs = stairs(segment, self._units, self._policy.belt.every)
        self._told_next = False

    def retarget(self, at: float, segment: Segment) -> None:
        """The plan was eased: new settings from here on."""
        self.begin_segment(segment)
        self._waits_until = at + WHY

    def judge(self, moment: Moment, reports: float | None = None) -> list[Event]:
        """`reports` is the belt's own speed, m/s; None if no belt reports one."""
        return self._steps(moment) or self._checked(moment, reports)

    def _checked(self, moment: Moment, reports: float | None) -> list[Event]:
        """Nothing while the belt is started or stopped, and just before it is to be changed."""
        estimate = moment.estimate
        if (
            self._set is None
            or not estimate.speed
            or estimate.speed < STANDING
            or moment.ends_within(2 * self._policy.belt.lead)
        ):
            return []
        scale = PER_HOUR[self._units] / TENTH
        pod = None if estimate.source in self._belts else estimate.speed * scale
        return self._check.judge(moment.at, self._set, pod, None if reports is None else reports * scale)

    def _steps(self, moment: Moment) -> list[Event]:
        at, lead, left = moment.at, self._policy.belt.lead, moment.seconds_left
        if at < self._waits_until or (left is not None and left < LATEST):
            return []
        if (following := moment.following) and left is not None and left <= lead:
            if self._told_next:
                return []
            self._told_next = True
            first = following.speed_at(0.0)
            return self._say(at, setting(first, self._units), moment, moment.index + 1) if first else []
        soon = min(1.0, moment.done + lead / (moment.segment.seconds or lead))
        due = [tenths for done, tenths in self._stairs if done <= soon]
        self._stairs = self._stairs[len(due) :]
        return self._say(at, due[-1], moment, moment.index) if due else []

    def _say(self, at: float, tenths: int, moment: Moment, index: int) -> list[Event]:
        if tenths == self._set:
            return []
        before, self._set = self._set, tenths
        self._check.set_at(at)
        greeted = self._greets and index == 0 and moment.elapsed < GREETED and moment.segment.kind is not Kind.FREE
        if greeted:
            self._waits_until = at + GREETING
        return [Event(at, "belt_step", {"segment": index + 1, "tenths": tenths, "before": before, "greeted": greeted})]


def setting(speed: float, units: str) -> int:
    """The belt's setting for a speed (m/s), in tenths of a km/h or mph."""
    return round(speed * PER_HOUR[units] / TENTH)


def stairs(segment: Segment, units: str, every: float) -> list[tuple[float, int]]:
    """The settings of a segment, each with the fraction of its length at which it is due; steps at least `every` s apart.

    A ramp too short for that gets one step, in its middle. A target that holds before it rises does so on the belt too.
    """
    first, last = segment.speed_at(0.0), segment.speed_at(1.0)
    if not first or not last:
        return []
    start, end = setting(first, units), setting(last, units)
    tenths, seconds = abs(end - start), segment.seconds or 0.0
    count = min(ceil(tenths / 2) if seconds < every * (tenths + 1) else tenths, max(1, int(seconds / every) - 1))
    if not tenths:
        return [(0.0, start)]
    steps = ((step / (count + 1), setting(segment.speed_at(step / count) or first, units)) for step in range(1, count + 1))
    return [(0.0, start), *steps]
