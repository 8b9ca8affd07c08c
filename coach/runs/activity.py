"""A run that happened as one value: second by second, its segments, pauses, laps, splits, and what was said.

Whatever is told of a run afterwards (`show`, `report`, `export`) is taken from this value, so that its totals agree.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any, NamedTuple

from coach.core.events import Event
from coach.core.plan.segments import Plan
from coach.core.units import METRES
from coach.runs.explain import Explained
from coach.runs.setup import Setup
from coach.runs.summary import whole_score

CORRECTIONS = ("ease_off", "pick_up", "still_off")
BEFORE = 5.0  # s before a correction over which its error is taken
ANSWER = (20.0, 60.0)  # s after a correction in which it can have been answered
LEAST_ANSWER = 10.0  # s of them that must have been run in the same segment
LEAST_REST = 5.0  # m after the last whole split that are worth a row


class Second(NamedTuple):
    """What was known in one second of running; paused seconds have none.

    `at` is s since the recording began, `elapsed` (s) and `distance` (m) count running only. Speeds are in m/s: `target` is
    what the coach asked for now, `asked` what the plan asked for first, `slow` and `fast` the edges of the band around it.
    `segment` counts from 1; `heart` is in beats and `cadence` in steps a minute; `lat`, `lon` in degrees, `alt` in m;
    `slope` is rise over run. Unknown is None.
    """

    at: float
    elapsed: float
    distance: float
    segment: int
    speed: float | None
    sigma: float | None
    quality: str
    source: str | None
    target: float | None
    asked: float | None
    slow: float | None
    fast: float | None
    heart: float | None
    cadence: float | None
    lat: float | None
    lon: float | None
    alt: float | None
    slope: float | None

    def without_place(self) -> Second:
        return self._replace(lat=None, lon=None, alt=None)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the run: a segment, a lap, or a kilometre. `began` and `ended` are s of running, `metres` where it began.

    `behind` is how many seconds more the runner took than the plan asked for over this way; None where it asked for no pace.
    """

    name: str
    began: float
    ended: float
    metres: float
    distance: float
    heart: float | None = None
    cadence: float | None = None
    behind: float | None = None

    @property
    def elapsed(self) -> float:
        return self.ended - self.began

    @property
    def speed(self) -> float | None:
        return self.distance / self.elapsed if self.elapsed > 0 else None


class Achieved(NamedTuple):
    """How far off pace the runner was at a correction and 20 to 60 s after it: speed over target, less 1."""

    before: float
    after: float | None  # None where the segment ended, or the run was paused, before it could be answered


@dataclass(slots=True)
class Activity:
    """`started` is the Unix time of second 0; None where neither a receiver nor the file knew it.

    `segments` are those of the run in order, a segment that was begun again more than once, each with its row of `summary`.
    `pauses` are (from, to) in s since the recording began. `decisions` are all cues, said or kept back.
    """

    setup: Setup
    started: float | None = None
    seconds: list[Second] = field(default_factory=list)
    segments: list[tuple[int, Part]] = field(default_factory=list)  # with the number in the plan, from 1
    laps: list[Part] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    decisions: list[Explained] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    bugs: int = 0  # inputs that a bug in the coach made it skip
    unlike: int = 0  # cues that the runner heard otherwise than `said` tells, because another version coached the run

    @property
    def plan(self) -> Plan:
        return self.setup.plan

    @property
    def began(self) -> float:
        """When running began, s since the recording began."""
        return self.seconds[0].at - self.seconds[0].elapsed if self.seconds else 0.0

    @property
    def ended(self) -> float:
        """When running ended, s since the recording began."""
        return float(self.summary["at"])

    @property
    def start(self) -> float:
        """Unix time at which running began; counted from 1970 if nobody knew it."""
        return self.unix(self.began)

    @property
    def said(self) -> list[Explained]:
        """The cues that were said, in order."""
        return [each for each in self.decisions if each.rule is None]

    def unix(self, at: float) -> float:
        """Unix time of a moment, s since the recording began."""
        return (self.started or 0.0) + at

    @property
    def score(self) -> int | None:
        """The score of the whole run, 0 to 100; None if nothing was judged."""
        return whole_score(self.summary["segments"])

    @property
    def behind(self) -> float | None:
        """How many seconds more the whole run took than the plan asked for; None where it asked for no pace."""
        return _sum([part.behind for _, part in self.segments])

    def mean(self, name: str) -> float | None:
        """The mean of the heart rate or the cadence over the run; None if it was not measured."""
        return _mean([getattr(each, name) for each in self.seconds])

    def clock(self, elapsed: float) -> float:
        """When so many seconds were run, s since the recording began; just before a pause, if the run was paused there."""
        index = max(0, bisect_left(self.seconds, elapsed, key=lambda each: each.elapsed) - 1)
        if not self.seconds:
            return elapsed
        return self.seconds[index].at + elapsed - self.seconds[index].elapsed

    def second_at(self, moment: float) -> Second | None:
        """The last second up to `moment`, s since the recording began; the first if it came before; None if nothing was run."""
        index = bisect_right(self.seconds, moment, key=lambda each: each.at) - 1
        return self.seconds[max(0, index)] if self.seconds else None

    def target_at(self, moment: float) -> float | None:
        """The target (m/s) at `moment`, s since the recording began."""
        second = self.second_at(moment)
        return second.target if second else None

    def columns(self) -> dict[str, list[Any]]:
        """The fields of all seconds, each as a list; unknown values are None."""
        return {name: [getattr(each, name) for each in self.seconds] for name in Second._fields}

    def splits(self, unit: str) -> list[Part]:
        """Each whole kilometre or mile (`unit` km or mi), and what is left."""
        return list(_splits(self.seconds, METRES[unit], self.summary["elapsed"], self.summary["distance"]))

    def achieved(self, correction: Explained) -> Achieved | None:
        """What a correction that was said achieved; None where no pace was known."""
        here = self._paced(correction.at - BEFORE, correction.at)
        if not here:
            return None
        soonest, latest = ANSWER
        later = [
            each for each in self._paced(correction.at + soonest, correction.at + latest) if each.segment == here[-1].segment
        ]
        return Achieved(_off(here), _off(later) if len(later) >= LEAST_ANSWER else None)

    def seconds_between(self, first: float, last: float) -> list[Second]:
        """The seconds of running from `first` to `last`, s since the recording began."""
        begin = bisect_left(self.seconds, first, key=lambda each: each.at)
        end = bisect_right(self.seconds, last, key=lambda each: each.at)
        return self.seconds[begin:end]

    def _paced(self, first: float, last: float) -> list[Second]:
        """Those of them with a pace and a target."""
        return [each for each in self.seconds_between(first, last) if each.speed and each.target]


def part(seconds: list[Second], name: str, began: float, ended: float, metres: float, distance: float) -> Part:
    """A piece of the run between two seconds of running, with the means of heart and cadence in it."""
    first, last = (bisect_left(seconds, moment, key=lambda each: each.elapsed) for moment in (began, ended))
    within = seconds[first:last]
    heart, cadence = _mean([each.heart for each in within]), _mean([each.cadence for each in within])
    behind = _sum([_lost(before, now) for before, now in pairwise(seconds[max(0, first - 1) : last])])
    return Part(name, began, ended, metres, distance, heart, cadence, behind)


def _lost(before: Second, now: Second) -> float | None:
    """How many seconds more one second took than the plan asked for over its way."""
    return now.elapsed - before.elapsed - (now.distance - before.distance) / now.asked if now.asked else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value]
    return fmean(known) if known else None


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _splits(seconds: list[Second], length: float, elapsed: float, distance: float) -> Iterator[Part]:
    began, metres, number = 0.0, 0.0, 1
    before: tuple[float, float] = (0.0, 0.0)
    for now in (*((each.elapsed, each.distance) for each in seconds), (elapsed, distance)):
        while now[1] >= number * length:
            way = now[1] - before[1]
            crossed = before[0] + (now[0] - before[0]) * ((number * length - before[1]) / way if way > 0 else 1.0)
            yield part(seconds, str(number), began, crossed, metres, length)
            began, metres, number = crossed, number * length, number + 1
        before = now
    if distance - metres >= LEAST_REST:
        yield part(seconds, "rest", began, elapsed, metres, distance - metres)


def _off(seconds: list[Second]) -> float:
    return fmean(each.speed / each.target - 1 for each in seconds if each.speed and each.target)
