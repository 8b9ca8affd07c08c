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

BY_HEART = 60.0  # s over which a runner's errors are alike: a minute counts as one observation
OWN = 0.01  # share of the time left that no past tells: hills, wind, the clock of the GPS
LEAST = 120.0  # s of work until anything is predicted
NOMINAL = 0.03  # share: how unsteady a runner is held to be before he has shown it


@dataclass(frozen=True, slots=True)
class Finish:
    """Predicted for the whole run: `seconds`, or `metres` where every length is a time; one sigma of it."""

    seconds: float | None
    metres: float | None
    sigma: float


class Forecast:
    """Follows the run. Everything is derived from what was actually run, without pauses."""

    def __init__(self, is_race: bool) -> None:
        self._is_race = is_race
        self._before = 0.0  # s ahead at the end of the segments behind
        self._own = 0.0  # s ahead in the active one
        self._into = (0.0, 0.0)  # s and m of the active segment that were followed
        self._planned = 0.0  # m (of a timed segment) or s (of a distance) that the plan had until now
        self._weight = self._sum = self._squares = 0.0  # of actual over target speed

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
        """Called after each input that moved the moment."""
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
        minutes = self._weight / BY_HEART
        mean = self._sum / self._weight
        spread = sqrt(max(0.0, self._squares / self._weight - mean**2))
        spread = (spread * minutes + NOMINAL * 2) / (minutes + 2)
        believed = 1.0 + (mean - 1.0) * minutes / (minutes + 2)
        return believed, sqrt(spread**2 / max(1.0, minutes) + OWN**2)


def _sum(parts: Iterable[float | None]) -> float | None:
    """None where one of them is unknown."""
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
