"""Computes when each point of a recording was, in seconds since the first, whatever happened to the recorder's clock.

points out of order       are sorted by time, unless the way would be longer then: the clock was set back
a few wrong times         1 2 900 4 5, or 1 2 0 4 5: these points are left out
a clock that was set back 98 99 100 40 41 42: the run continues after a step of the usual length
a leap ahead of a day     another run, or a clock that was set: it counts as a pause
a leap ahead in a run     the runner is one step further, at the same pace: the clock was set, and the run goes on
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise
from math import cos, dist, radians
from operator import eq, gt, lt, sub
from statistics import median
from typing import NamedTuple

from devices.tracks.points import Piece, Point, Points, Recorded, completed

FEW = 3  # points in a row whose times may be wrong; if there are more, the clock was set
NEAR = 60.0  # s within which two points belong together, whatever was recorded between them
ALONE = 600.0  # s: a first or last point this far from all others has a wrong time, or nobody was running
DAY = 86_400.0  # s
AROUND = 4  # points before and after a leap that show whether the runner ran on
RUNS = 1.0  # m/s: who starts or stops a recorder is slower
DEGREE = 111_195.0  # m of latitude
ALIKE = 1 + 1e-9  # factor between two sums of the same steps
AFTER_LEAP = 900.0  # s of run time that a leap counts for: longer than a pause within one run
SINCE_POWER_ON = 10.0**8  # s: a smaller time is not Unix time, but counts from when the recorder was switched on


class Placed(NamedTuple):
    """Points with their times in seconds since the first, and the numbers of those before which the recorder was paused."""

    ats: array[float]
    points: Points
    pauses: frozenset[int]


def placed(recorded: Recorded, faults: Counter[str]) -> Placed:
    """The points that can be used, in order; their times never go back.

    Faults, in points: `repeated` (a second one at the same time), `stray` (a wrong time), `set back` (the clock was set back).
    """
    points, pieces = _one_a_moment(*_sorted(recorded), faults)
    times = points.times
    kept, set_back = _sound(times)
    if stray := len(times) - len(kept):
        faults["stray"] += stray
        points = points.at(kept)
        numbers = {nth: number for number, nth in enumerate(kept)}
        pieces = [piece._replace(first=numbers[piece.first]) for piece in pieces if piece.first in numbers]
    if set_back:
        faults["set back"] += set_back
    ats = _ats(points, {piece.first for piece in pieces}, faults)
    return Placed(ats, points, frozenset(piece.first for piece in pieces if piece.paused))


def _ats(points: Points, begin: set[int], faults: Counter[str]) -> array[float]:
    """The seconds since the first point; `begin` are the numbers of points that begin a piece."""
    times = points.times
    if not times:
        return times
    offset = -times[0]
    steps = array("d", map(sub, islice(times, 1, None), times))
    if not steps or (min(steps) > 0 and max(steps) <= ALONE):
        return array("d", [time + offset for time in times])
    usual = median([step for step in steps if step > 0] or [1.0])
    ats, last = array("d", [0.0]), times[0]
    for nth, (time, step) in enumerate(zip(islice(times, 1, None), steps, strict=True), 1):
        jump = _jump(step, nth in begin, last, usual)
        if step > ALONE and nth not in begin and _runs_on(points, nth, usual):
            faults["set ahead"] += 1
            jump = usual
        if jump is not None:
            offset = ats[-1] + jump - time
        last = time
        ats.append(time + offset)
    return ats


def _jump(step: float, begins: bool, last: float, usual: float) -> float | None:
    """The seconds to use for a step of the clock that cannot be part of the run; None for a normal step."""
    if step > DAY:
        return usual if last < SINCE_POWER_ON else AFTER_LEAP
    if step <= 0:
        return AFTER_LEAP if begins else usual
    return None


def _runs_on(points: Points, nth: int, usual: float) -> bool:
    """Whether the runner ran before and after this point, and came to it in one step of the usual length."""
    if nth < AROUND:
        return False
    some = points.at(range(nth - AROUND, min(nth + AROUND, len(points))))
    places = list(islice(zip(some.values("lat"), some.values("lon"), strict=False), len(some)))  # endless where none has one
    if len(places) < 2 * AROUND or any(lat is None or lon is None for lat, lon in places):
        return False
    flat = [(DEGREE * (lat or 0.0), DEGREE * (lon or 0.0) * cos(radians(lat or 0.0))) for lat, lon in places]
    steps = zip(pairwise(flat), pairwise(some.times), strict=True)
    paces = [dist(one, two) / max(after - before, 1e-3) for (one, two), (before, after) in steps]
    mean = sum(paces[: AROUND - 1] + paces[AROUND:]) / (2 * AROUND - 2)
    across = dist(flat[AROUND - 1], flat[AROUND])
    return min(paces[: AROUND - 1] + paces[AROUND:]) > RUNS and mean * usual / 2 < across < mean * usual * 2


def _sorted(recorded: Recorded) -> tuple[Points, list[Piece]]:
    """The pieces sorted by time; where they overlap their points are, unless that order makes the way longer."""
    points, times = recorded.points, recorded.points.times
    pieces = [piece for piece in recorded.pieces if piece.first < len(times)]
    if not any(map(gt, times, islice(times, 1, None))):
        return points, pieces
    ends = [piece.first for piece in pieces[1:]] + [len(times)]
    parts = sorted((range(piece.first, end) for piece, end in zip(pieces, ends, strict=True)), key=lambda part: times[part[0]])
    numbers = [nth for part in parts for nth in part]
    if any(times[before] > times[after] for before, after in pairwise(numbers)):
        by_time = sorted(numbers, key=times.__getitem__)
        if 0 < _way(points.at(by_time)) <= ALIKE * _way(points):
            numbers = by_time
        elif any(times[before[-1]] > times[after[0]] for before, after in pairwise(parts)):
            return points, pieces
    begin = {piece.first: piece.paused for piece in pieces}
    begun = [Piece(nth, begin.get(number, False)) for nth, number in enumerate(numbers) if not nth or number in begin]
    return points.at(numbers), begun


def _way(points: Points) -> float:
    """The way in this order, in degrees of latitude; or in metres if there are no positions."""
    places = [
        (lat, lon * cos(radians(lat)))
        for _, lat, lon in zip(points.times, points.values("lat"), points.values("lon"), strict=False)
        if lat is not None and lon is not None
    ]
    if len(places) * 2 > len(points):
        return sum(map(dist, places, islice(places, 1, None)))
    metres = [way for _, way in zip(points.times, points.values("distance"), strict=False) if way is not None]
    return sum(abs(after - before) for before, after in pairwise(metres))


def _one_a_moment(points: Points, pieces: list[Piece], faults: Counter[str]) -> tuple[Points, list[Piece]]:
    """One point for each moment, completed by later ones of the same moment."""
    times = points.times
    if not any(map(eq, times, islice(times, 1, None))):
        return points, pieces
    moments, begin, first = Points(), {piece.first: piece.paused for piece in pieces}, []
    last: Point | None = None
    waiting: bool | None = None  # a piece whose first point is not known yet; whether the recorder was paused before it
    for nth, point in enumerate(points):
        waiting = begin.get(nth, waiting)
        if last is not None and last.utc == point.utc:
            last, whole = completed(last, point)
            if not whole:
                faults["repeated"] += 1
            continue
        if last is not None:
            moments.append(last)
        if waiting is not None:
            first.append(Piece(len(moments), waiting))
            waiting = None
        last = point
    if last is not None:
        moments.append(last)
    return moments, first


def _sound(times: Sequence[float]) -> tuple[Sequence[int], int]:
    """The points to keep, and the number of those before which the clock was set back."""
    kept: Sequence[int] = range(len(times))
    set_back = 0
    if not all(map(lt, times, islice(times, 1, None))):
        kept, set_back = _told_apart(times)
    if len(kept) > FEW:
        if times[kept[-1]] - times[kept[-2]] > ALONE:
            kept = kept[:-1]
        if times[kept[1]] - times[kept[0]] > ALONE:
            kept = kept[1:]
    return kept, set_back


def _told_apart(times: Sequence[float]) -> tuple[list[int], int]:
    """The points to keep where times go back, because some are wrong or the clock was set back; how often it was."""
    kept: list[int] = []
    set_back, nth, count = 0, 0, len(times)
    while nth < count:
        if not kept or times[nth] > times[kept[-1]]:
            kept.append(nth)
            nth += 1
        elif late := _late(times, nth, times[kept[-1]]) or (count - nth if count - nth <= FEW < len(kept) else 0):
            nth += late
        elif ahead := _ahead(times, kept, times[nth]):
            del kept[-ahead:]
        else:
            set_back += 1
            kept.append(nth)
            nth += 1
    return kept, set_back


def _late(times: Sequence[float], nth: int, last: float) -> int:
    """How many points from the `nth` on lie before `last`, until time goes on after it; 0 if they are more than a few."""
    following = times[nth + 1 : nth + FEW + 1]
    return next((few for few, time in enumerate(following, 1) if time > last), 0)


def _ahead(times: Sequence[float], kept: list[int], now: float) -> int:
    """How many of the last points were too late, because `now` fits those before them; 0 if they are more than a few."""
    for few in range(1, FEW + 1):
        if len(kept) <= few:
            return few if times[kept[0]] - now > NEAR else 0
        before = times[kept[-few - 1]]
        if before < now <= before + NEAR:
            return few
    return 0
