"""How far ahead of the plan the runner is, in seconds, and the predicted finish with its standard deviation.

Easy segments do not count unless the run is a race: there, slower is allowed and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from coach.core.plan.segments import EASY, Distance
from coach.core.session.moment import Moment
from coach.core.session.phases import Session

OBSERVATION = 60.0  # s over which a runner's errors are correlated: a minute counts as one observation
UNFORESEEN = 0.01  # share of the time left: standard deviation from what the past does not show, such as hills and wind
LEAST = 120.0  # s of work before anything is predicted
NOMINAL = 0.03  # share of speed: how unsteady a runner is assumed to be at first


@dataclass(frozen=True, slots=True)
class Finish:
    """The prediction for the whole run: `seconds`, or `metres` if every length is a time, with its standard deviation."""

    seconds: float | None
    metres: float | None
    sigma: float


class Forecast:
    """Follows the run. Everything is derived from what was really run, pauses excluded."""

    def __init__(self, is_race: bool) -> None:
        self._is_race = is_race
        self._before = 0.0  # s ahead at the end of the last segment
        self._own = 0.0  # s ahead in the active one
        self._into = (0.0, 0.0)  # s and m into the active segment at the last call
        self._planned = 0.0  # what the plan had until now: m in a timed segment, s in one by distance
        self._weight = self._sum = self._squares = 0.0  # sums for the mean and spread of actual over target speed

    @property
    def ahead(self) -> float:
        """Seconds ahead of the plan over all of the work; negative is behind."""
        return self._before + self._own

    @property
    def ahead_here(self) -> float:
        """Seconds ahead within the active segment."""
        return self._own

    def begin_segment(self) -> None:
        self._before, self._own, self._planned = self.ahead, 0.0, 0.0
        self._into = (0.0, 0.0)

    def follow(self, moment: Moment) -> None:
        """Call it with the moment of each input."""
        seconds, metres = moment.into_seconds - self._into[0], moment.into_metres - self._into[1]
        self._into = moment.into_seconds, moment.into_metres
        target, speed = moment.target, moment.estimate.speed
        if not target or (moment.segment.kind in EASY and not self._is_race):
            return
        if isinstance(moment.segment.length, Distance):
            self._planned += metres / target
            self._own = self._planned - moment.into_seconds
        else:
            self._planned += seconds * target
            self._own = (moment.into_metres - self._planned) / target
        if speed and seconds > 0:
            ratio = speed / target
            self._weight += seconds
            self._sum += ratio * seconds
            self._squares += ratio**2 * seconds

    def finish(self, session: Session) -> Finish | None:
        """The predicted finish; None while too little was run, or if the end depends on a key."""
        ahead = session.plan.segments[session.index :]
        if self._weight < LEAST:
            return None
        share, unsteady = self._pace()
        done = (session.done, *[0.0] * len(ahead))
        if any(isinstance(each.length, Distance) for each in ahead):
            times = [(each.seconds_from(part), each.length) for each, part in zip(ahead, done, strict=False)]
            by_way = _sum(seconds for seconds, length in times if isinstance(length, Distance))
            by_time = _sum(seconds for seconds, length in times if not isinstance(length, Distance))
            if by_way is None or by_time is None:
                return None
            return Finish(session.elapsed + by_way / share + by_time, None, by_way / share * unsteady)
        way = _sum(each.metres_from(part) for each, part in zip(ahead, done, strict=False))
        return None if way is None else Finish(None, session.distance + share * way, share * way * unsteady)

    def _pace(self) -> tuple[float, float]:
        """Speed relative to the targets, trusted more the longer it was measured, and its standard deviation."""
        minutes = self._weight / OBSERVATION
        mean = self._sum / self._weight
        spread = sqrt(max(0.0, self._squares / self._weight - mean**2))
        spread = (spread * minutes + NOMINAL * 2) / (minutes + 2)
        believed = 1.0 + (mean - 1.0) * minutes / (minutes + 2)
        return believed, sqrt(spread**2 / max(1.0, minutes) + UNFORESEEN**2)


def _sum(parts: Iterable[float | None]) -> float | None:
    """The sum; None if a part is unknown."""
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
