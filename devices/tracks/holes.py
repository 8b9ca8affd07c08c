"""What a hole between two points of a recording means: the recorder writes seldom, it was stopped, or it had lost the signal.

A recorder that writes seldom is known by its other holes. One that was stopped, at a light or by its automatic pause, has not
counted on its own distance meanwhile; where it has none, the next place is where the last one was.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from math import cos, hypot, radians
from operator import sub

from devices.tracks.clock import Placed
from devices.tracks.points import Points

OFTEN = 3.0  # s: if most steps are shorter, the recorder writes every second, and a longer step is a lost signal
SELDOM = 0.1  # share of longer steps from which a recorder is taken to write only when something changes
LASTING = 180.0  # s: an even longer step is a lost signal with any recorder ...
USUAL, PATIENT = 0.9, 4.0  # ... and so is one that is 4 times as long as this share of the recorder's longer steps
UNTOLD, HABITS = 15.0, 2.0  # s, and times its usual long step: over a shorter hole a recorder may have waited by habit
STOOD = 0.3  # m/s: 2 m of an odometer in 10 s, or the jitter of a receiver in 30 s, is no running
DEGREE = 111_195.0  # m
Place = tuple[float | None, float | None]  # degrees


def lasting(run: Placed) -> Iterable[float | None]:
    """For each point the seconds to the next one that tells of the way, if the recorder writes only changes; else None."""
    telling, count = _telling(run.points), len(run.ats)
    ats = run.ats if len(telling) == count else array("d", map(run.ats.__getitem__, telling))
    steps = array("d", map(sub, islice(ats, 1, None), ats))
    longer = sorted(filter(OFTEN.__lt__, steps))
    if len(longer) <= SELDOM * len(steps):
        return repeat(None)
    longest = longest_wait(longer)
    lasts: list[float | None] = [None] * count
    for nth, step in zip(telling, steps, strict=False):
        lasts[nth] = step if OFTEN < step <= longest else None
    return lasts


def longest_wait(longer: Sequence[float]) -> float:
    """The longest step (s) for which this recorder waits by habit, from its steps over OFTEN in order of length."""
    return min(LASTING, PATIENT * _habit(longer))


def _habit(longer: Sequence[float]) -> float:
    """A long step (s) of this recorder's, as long as most others."""
    return longer[int(USUAL * (len(longer) - 1))]


def stops(run: Placed) -> Iterator[int]:
    """The numbers of the points before which the recorder had stopped, without saying so, because the runner stood."""
    steps = array("d", map(sub, islice(run.ats, 1, None), run.ats))
    longer = sorted(filter(OFTEN.__lt__, steps))
    least = max(UNTOLD, HABITS * _habit(longer)) if len(longer) > SELDOM * len(steps) else UNTOLD
    for nth, step in enumerate(steps, 1):
        if step > least and _way(run.points, nth) <= STOOD * step:
            yield nth


def _way(points: Points, nth: int) -> float:
    """Metres from the point before to this one: by the recorder's own odometer or else by the places; endless if unknown."""
    before, now = islice(points.values("distance", nth - 1), 2)
    if before is not None and now is not None:
        return abs(now - before)
    (lat, later_lat), (lon, later_lon) = (tuple(islice(points.values(name, nth - 1), 2)) for name in ("lat", "lon"))
    return apart((lat, lon), (later_lat, later_lon)) if lat is not None and later_lat is not None else float("inf")


def apart(one: Place, two: Place) -> float:
    """Metres between two places that are near one another."""
    (lat, lon), (lat2, lon2) = one, two
    north, east = (lat2 or 0.0) - (lat or 0.0), (lon2 or 0.0) - (lon or 0.0)
    return DEGREE * hypot(north, east * cos(radians(lat or 0.0)))


def _telling(points: Points) -> Sequence[int]:
    """The numbers of the points with a position, a speed or a distance."""
    count, names = len(points), ("lat", "speed", "distance")
    if any(points.known(name) == count for name in names):
        return range(count)
    told = zip(range(count), *(points.values(name) for name in names), strict=False)
    return [nth for nth, *values in told if values != [None, None, None]]
