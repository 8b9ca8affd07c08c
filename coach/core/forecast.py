"""Ahead or behind the plan, in seconds, and where it will end: with how sure that is.

What counts is the work: an easy segment may be as slow as it likes and costs nothing, unless it is a race.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from coach.core.band import EASY
from coach.core.plan import Distance
from coach.core.session import Session

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
    """Follows the session; everything is derived from what was really run, pauses left out."""

    def __init__(self, is_race: bool) -> None:
        self._is_race = is_race
        self._before = 0.0  # s ahead at the end of the segments behind
        self._own = 0.0  # s ahead in the active one
        self._elapsed = self._distance = 0.0
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

    def follow(self, session: Session, speed: float | None) -> None:
        """Called after each input that moved the session."""
        seconds, metres = session.elapsed - self._elapsed, session.distance - self._distance
        self._elapsed, self._distance = session.elapsed, session.distance
        target = session.target
        if not target or (session.segment.kind in EASY and not self._is_race):
            return
        if isinstance(session.segment.length, Distance):
            self._planned += metres / target
            self._own = self._planned - session.into_seconds
        else:
            self._planned += seconds * target
            self._own = (session.into_metres - self._planned) / target
        if speed and seconds > 0:
            ratio = speed / target
            self._weight += seconds
            self._sum += ratio * seconds
            self._squares += ratio**2 * seconds

    def finish(self, session: Session) -> Finish | None:
        """None before there is anything to go by, or where the end depends on a key."""
        ahead = session.plan.segments[session.index + 1 :]
        times, ways = [each.seconds for each in ahead], [each.metres for each in ahead]
        own_time, own_way = session.segment.seconds, session.segment.metres
        if self._weight < LEAST or own_time is None or own_way is None or None in times or None in ways:
            return None
        share, unsteady = self._pace()
        left = 1.0 - session.done
        if any(isinstance(each.length, Distance) for each in (session.segment, *ahead)):
            rest = sum(_time(each.seconds, share, isinstance(each.length, Distance)) for each in ahead)
            rest += _time(left * own_time, share, isinstance(session.segment.length, Distance))
            return Finish(session.elapsed + rest, None, rest * unsteady)
        way = share * (left * own_way + sum(each or 0.0 for each in ways))
        return Finish(None, session.distance + way, way * unsteady)

    def _pace(self) -> tuple[float, float]:
        """How fast against the targets, believed the more the longer it was so, and one sigma of that."""
        minutes = self._weight / BY_HEART
        mean = self._sum / self._weight
        spread = sqrt(max(0.0, self._squares / self._weight - mean**2))
        spread = (spread * minutes + NOMINAL * 2) / (minutes + 2)
        believed = 1.0 + (mean - 1.0) * minutes / (minutes + 2)
        return believed, sqrt(spread**2 / max(1.0, minutes) + OWN**2)


def _time(seconds: float | None, share: float, by_distance: bool) -> float:
    return (seconds or 0.0) / (share if by_distance else 1.0)
