"""Computes when each point of a recording was, in seconds since the first, whatever happened to the recorder's clock.

points out of order       are sorted by time, unless the way would be longer then: the clock was set back
a few wrong times         1 2 900 4 5, or 1 2 0 4 5: these points are left out
a clock that was set back 98 99 100 40 41 42: the run continues after a step of the usual length
a leap ahead of a day     another run, or a clock that was set: it counts as a pause
"""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from math import cos, dist, radians
from statistics import median
from typing import NamedTuple

from devices.tracks.points import Piece, Point, completed

FEW = 3  # points in a row whose times may be wrong; if there are more, the clock was set
NEAR = 60.0  # s within which two points belong together, whatever was recorded between them
ALONE = 600.0  # s: a first or last point this far from all others has a wrong time, or nobody was running
DAY = 86_400.0  # s
ALIKE = 1 + 1e-9  # factor between two sums of the same steps
AFTER_LEAP = 900.0  # s of run time that a leap counts for: longer than a pause within one run
SINCE_POWER_ON = 10.0**8  # s: a smaller time is not Unix time, but counts from when the recorder was switched on


class Placed(NamedTuple):
    at: float  # s since the first
    begins: Piece | None  # the piece that begins at this point, if any
    point: Point


def placed(pieces: list[Piece], faults: Counter[str]) -> list[Placed]:
    """All points in order; their times never go back.

    Faults, in points: `repeated` (a second one at the same time), `stray` (a wrong time), `set back` (the clock was set back).
    """
    points = _one_a_moment(_sorted(pieces), faults)
    times = [point.utc for _, point in points]
    kept, set_back = _sound(times)
    if stray := len(times) - len(kept):
        faults["stray"] += stray
    if set_back:
        faults["set back"] += len(set_back)
    steps = [times[after] - times[before] for before, after in pairwise(kept)]
    usual = median([step for step in steps if step > 0] or [1.0])
    offset, last, at = -times[kept[0]] if kept else 0.0, 0.0, 0.0
    result: list[Placed] = []
    for nth in kept:
        begins, point = points[nth]
        if result and (jump := _jump(point.utc - last, begins is not None, last, usual)) is not None:
            offset = at + jump - point.utc
        last, at = point.utc, point.utc + offset
        result.append(Placed(at, begins, point))
    return result


def _jump(step: float, begins: bool, last: float, usual: float) -> float | None:
    """The seconds to use for a step of the clock that cannot be part of the run; None for a normal step."""
    if step > DAY:
        return usual if last < SINCE_POWER_ON else AFTER_LEAP
    if step <= 0:
        return AFTER_LEAP if begins else usual
    return None


def _sorted(pieces: list[Piece]) -> list[Piece]:
    """The pieces sorted by time; where they overlap their points are, unless that order makes the way longer."""
    pieces = [piece for piece in pieces if piece.points]
    by_time = sorted(pieces, key=lambda piece: piece.points[0].utc)
    points = [point for piece in by_time for point in piece.points]
    if all(before.utc <= after.utc for before, after in pairwise(points)):
        return by_time
    apart = all(before.points[-1].utc <= after.points[0].utc for before, after in pairwise(by_time))
    in_file = [point for piece in pieces for point in piece.points]
    points.sort(key=lambda point: point.utc)
    return _cut(points, pieces) if 0 < _way(points) <= ALIKE * _way(in_file) else by_time if apart else pieces


def _way(points: list[Point]) -> float:
    """The way in this order, in degrees of latitude; or in metres if there are no positions."""
    places = [
        (point.lat, point.lon * cos(radians(point.lat))) for point in points if point.lat is not None and point.lon is not None
    ]
    if len(places) * 2 > len(points):
        return sum(map(dist, places, islice(places, 1, None)))
    metres = [point.distance for point in points if point.distance is not None]
    return sum(abs(after - before) for before, after in pairwise(metres))


def _cut(points: list[Point], pieces: list[Piece]) -> list[Piece]:
    """The points as pieces that begin where the pieces in the file do."""
    begins = {id(piece.points[0]): piece.paused for piece in pieces}
    cut: list[Piece] = []
    for point in points:
        if not cut or id(point) in begins:
            cut.append(Piece(begins.get(id(point), False)))
        cut[-1].points.append(point)
    return cut


def _one_a_moment(pieces: list[Piece], faults: Counter[str]) -> list[tuple[Piece | None, Point]]:
    """One point for each moment, completed by later ones of the same moment, with the piece that begins there."""
    moments: list[tuple[Piece | None, Point]] = []
    for piece in pieces:
        begins: Piece | None = piece
        for point in piece.points:
            if moments and moments[-1][1].utc == point.utc:
                both, whole = completed(moments[-1][1], point)
                moments[-1] = moments[-1][0], both
                if not whole:
                    faults["repeated"] += 1
            else:
                moments.append((begins, point))
                begins = None
    return moments


def _sound(times: list[float]) -> tuple[list[int], list[int]]:
    """The points to keep, and those of them before which the clock was set back."""
    kept: list[int] = []
    set_back: list[int] = []
    nth, count = 0, len(times)
    while nth < count:
        if not kept or times[nth] > times[kept[-1]]:
            kept.append(nth)
            nth += 1
        elif late := _late(times, nth, times[kept[-1]]) or (count - nth if count - nth <= FEW < len(kept) else 0):
            nth += late
        elif ahead := _ahead(times, kept, times[nth]):
            del kept[-ahead:]
        else:
            set_back.append(nth)
            kept.append(nth)
            nth += 1
    if len(kept) > FEW:
        if times[kept[-1]] - times[kept[-2]] > ALONE:
            kept.pop()
        if times[kept[1]] - times[kept[0]] > ALONE:
            del kept[0]
    return kept, set_back


def _late(times: list[float], nth: int, last: float) -> int:
    """How many points from the `nth` on lie before `last`, until time goes on after it; 0 if they are more than a few."""
    following = times[nth + 1 : nth + FEW + 1]
    return next((few for few, time in enumerate(following, 1) if time > last), 0)


def _ahead(times: list[float], kept: list[int], now: float) -> int:
    """How many of the last points were too late, because `now` fits those before them; 0 if they are more than a few."""
    for few in range(1, FEW + 1):
        if len(kept) <= few:
            return few if times[kept[0]] - now > NEAR else 0
        before = times[kept[-few - 1]]
        if before < now <= before + NEAR:
            return few
    return 0
