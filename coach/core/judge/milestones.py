"""Milestones: each kilometre or mile, the last minutes of the run, and the notes in the workout file."""

from __future__ import annotations

from coach.core.events import Event
from coach.core.plan.segments import Distance, Duration
from coach.core.session.moment import Moment

LAST = (300.0, 60.0)  # s before the end at which the time left is said ...
OF_AT_LEAST = 2.5  # ... if the last segment is at least this many times as long ...
LATEST = 0.8  # ... and at least this share of that time is left (it may be late if the distance was unknown for a while)
FINAL = 15.0  # s before the end reserved for the countdown


class Milestones:
    """Call it after the session has advanced; each milestone is emitted once. A split is `every` metres long.

    Before `next_at` metres of running there is nothing to judge, so long as the segment is the same.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._split = 0  # number of completed splits
        self._split_at = 0.0  # s of running at which the last one ended
        self.begin_segment()

    def begin_segment(self) -> None:
        self._said: set[float] = set()
        self._notes: set[int] = set()
        self.next_at = 0.0

    def judge(self, moment: Moment, before: Moment | None) -> list[Event]:
        """The milestones reached between the moment `before`, None at the start, and this one."""
        events = self._splits(moment, before)
        waits_for_time = moment.segment.says or moment.following is None
        self.next_at = 0.0 if waits_for_time else self._every * (self._split + 1)
        if moment.segment.says:
            events += self._sayings(moment)
        if moment.following is None and moment.seconds_left is not None:
            events += self._last(moment, moment.seconds_left)
        return events

    def _splits(self, moment: Moment, before: Moment | None) -> list[Event]:
        """The splits completed since `before`; the time at which one ended is interpolated."""
        seconds, metres = (before.elapsed, before.distance) if before else (0.0, 0.0)
        events: list[Event] = []
        while moment.distance >= self._every * (self._split + 1):
            self._split += 1
            way = moment.distance - metres
            part = (self._every * self._split - metres) / way if way > 0 else 1.0
            ended = seconds + (moment.elapsed - seconds) * part
            took, self._split_at = ended - self._split_at, ended
            facts = {"number": self._split, "seconds": took, "metres": self._every}
            events.append(Event(moment.at, "split", facts | {"speed": self._every / took if took > 0 else None}))
        return events

    def _sayings(self, moment: Moment) -> list[Event]:
        events = []
        for number, saying in enumerate(moment.segment.says):
            match saying.at:
                case Duration(seconds):
                    reached = moment.into_seconds >= seconds
                case Distance(metres):
                    reached = moment.into_metres >= metres
            if not reached or number in self._notes:
                continue
            self._notes.add(number)
            events.append(Event(moment.at, "note", {"text": saying.text}))
        return events

    def _last(self, moment: Moment, left: float) -> list[Event]:
        whole = moment.into_seconds + left
        for seconds in LAST:
            if max(FINAL, LATEST * seconds) < left <= seconds and whole >= OF_AT_LEAST * seconds and seconds not in self._said:
                self._said |= {each for each in LAST if each >= seconds}
                return [Event(moment.at, "last_minutes", {"seconds": seconds})]
        return []
