"""Makes a course of the points in a file: cleans and measures them, smooths heights, thins the line, and finds laps.

Heights are smoothed twice over 50 m, so a slope is an average over about 90 m; over shorter distances the errors of heights
are larger than the hills.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from coach.core.geometry import distance_off, east_north, metres_between, outline
from coach.core.plan.course import MOST_LAPS, Course, Height, Point
from coach.core.units import distance_text

Place = tuple[float, float, float | None, float | None]  # latitude, longitude, height (m), Unix time

MOST_PLACES, MOST_POINTS = 100_000, 20_000  # points of a file (a day at one a second); of a course (what a journal can hold)
SHORTEST, LONGEST = 200.0, 500_000.0  # m
NEAR = 1_000.0  # m between points up to which the quick formula is as good as the geodesic, which takes fifty times as long
GAP = 20_000.0  # m: a file with a larger gap between two points is refused
FIRST = 5  # points that a receiver may have written before it knew where it was
CLOSE = 2.0  # m: a point nearer than this to the one before is dropped
FASTEST_STEP = 12.5  # m/s from point to point: nobody runs faster, so the point is an error
DRAWN, RISEN = 1.5, 0.4  # m by which a point, and a height, may differ from the thinned course
CELL, CELLS = 10.0, 5  # m; heights are averaged over this many cells, twice
STEEPEST = 0.6  # rise/run between heights: a larger value is an error
REFUSED = 3  # impossible heights in a row, after which the height before them counts as wrong
UNKNOWN, UNKNOWN_SHARE = 500.0, 0.1  # m: a gap in the heights; if a larger share of the course is in gaps, they are not used
MEET, AWAY = 25.0, 60.0  # m from the start: within the first the runner is back, beyond the second away
CLOSED = 50.0  # m: the most between start and end of a loop
SAME_LAP = 30.0  # m: the most between two laps at the same distance
SAME_LENGTH = 0.03  # share by which the lengths of laps may differ
FITS = 0.02  # share by which a file's length may differ from the race's


def survey(places: Iterable[Place]) -> Course:
    """The course in a file, with its laps. Raises ValueError with a one-line message if there is none."""
    cleaned = _cleaned(places)
    along = list(accumulate((metres_along(one, other) for one, other in pairwise(cleaned)), initial=0.0))
    if along[-1] < SHORTEST:
        raise ValueError(f"is {along[-1]:.0f} m long: a course needs at least {SHORTEST:.0f} m")
    if along[-1] > LONGEST:
        raise ValueError(f"is {along[-1] / 1000:.0f} km long: a course can have at most {LONGEST / 1000:.0f} km")
    ends = _laps(cleaned, along)
    course = _course(cleaned, along, ends[0])
    if len(ends) == 1:
        return course
    mean = along[ends[-1]] / len(ends)
    return in_laps(course, len(ends)).scaled(len(ends) * mean)


def in_laps(course: Course, laps: int) -> Course:
    """The loop run `laps` times. Raises ValueError if the course is not a loop."""
    if laps > 1 and not _is_round(course):
        away = metres_between(*course.points[0][:2], *course.points[-1][:2])
        raise ValueError(f"ends {away:.0f} m from its start: only a loop can be run in laps")
    first, last = course.points[0], course.points[-1]
    home = metres_between(*first[:2], *last[:2])
    if laps == 1 or home < CLOSE:
        return replace(course, laps=laps)
    lap = round(course.lap + home, 3)
    heights = (*course.heights, (lap, course.heights[-1][1])) if course.heights else ()
    return Course((*course.points, (*first[:2], lap)), heights, laps, course.file)


def fitted(course: Course, metres: float, laps: int | None = None) -> Course:
    """The course scaled to the length of the race, in laps if that fits. Raises ValueError if the lengths differ too much."""
    if laps is not None:
        course = in_laps(course, laps)
    elif _is_round(course):
        course = in_laps(course, min(MOST_LAPS, max(1, round(metres / course.lap))))
    off = abs(course.length / metres - 1)
    if off > FITS:
        told = f"{course.laps} laps of {distance_text(course.lap)}" if course.laps > 1 else distance_text(course.lap)
        hint = "give its distance, or --laps" if course.laps == 1 else "give their distance"
        raise ValueError(f"has {told} but the race {distance_text(metres)}: {100 * off:.1f} % apart, more than 2 %; {hint}")
    return course.scaled(metres)


def metres_along(one: Place, other: Place) -> float:
    """Metres from one point of a drawn route to the next: along the geodesic where they are far apart."""
    way = metres_between(*one[:2], *other[:2])
    if way <= NEAR:
        return way
    from geopy.distance import geodesic  # only for sparse routes: it takes a while to import

    return float(geodesic(one[:2], other[:2]).meters)


def _is_round(course: Course) -> bool:
    return metres_between(*course.points[0][:2], *course.points[-1][:2]) <= CLOSED


def _cleaned(places: Iterable[Place]) -> list[Place]:
    """Drops points that repeat the one before or cannot be reached from it, and wrong positions before the first right one."""
    kept: list[Place] = []
    leap: tuple[Place, Place] | None = None
    for count, place in enumerate(places):
        if count >= MOST_PLACES:
            raise ValueError(f"has more than {MOST_PLACES:,} points, too many for a course")
        way = metres_between(*kept[-1][:2], *place[:2]) if kept else GAP
        if way > GAP and len(kept) <= FIRST:
            leap, kept = (kept[-1], place), []
        elif kept and (way < CLOSE or _is_spike(kept[-1], place, way)):
            continue
        elif way > GAP:
            raise _leaps(kept[-1], place)
        kept.append(place)
    if len(kept) < 2:
        raise _leaps(*leap) if leap else ValueError("has fewer than two different points")
    return kept


def _leaps(one: Place, other: Place) -> ValueError:
    return ValueError(f"leaps {metres_along(one, other) / 1000:.0f} km from one point to the next, too far for a course")


def _is_spike(before: Place, place: Place, way: float) -> bool:
    """Whether the recording jumped here. A drawn route has no times, and is never said to jump."""
    if before[3] is None or place[3] is None:
        return False
    return 0 < place[3] - before[3] <= 10.0 and way > FASTEST_STEP * (place[3] - before[3]) + 10.0


def _course(places: Sequence[Place], along: Sequence[float], last: int) -> Course:
    """The thinned course through the points up to `last`."""

    def off(first: int, end: int, number: int) -> float:
        lat, lon = places[first][:2]
        return distance_off(east_north(lat, lon, *places[end][:2]), east_north(lat, lon, *places[number][:2]))

    tolerance = DRAWN
    while len(kept := outline(last + 1, off, tolerance)) > MOST_POINTS:
        tolerance *= 2
    points: tuple[Point, ...] = tuple((round(places[n][0], 6), round(places[n][1], 6), round(along[n], 3)) for n in kept)
    return Course(points, _heights(places[: last + 1], along, points[-1][2]))


def _heights(places: Sequence[Place], along: Sequence[float], lap: float) -> tuple[Height, ...]:
    known = _known(places, along)
    ways = [0.0, *(metres for metres, _ in known), lap]
    gaps = sum(gap for gap in (after - before for before, after in pairwise(ways)) if gap > UNKNOWN)
    if not known or gaps > UNKNOWN_SHARE * lap or _is_level(known):
        return ()
    smooth = _smoothed(_smoothed(_resampled(known, lap)))
    size = lap / (len(smooth) - 1)
    tolerance = RISEN

    def off(first: int, end: int, number: int) -> float:
        return abs(smooth[first] + (smooth[end] - smooth[first]) * (number - first) / (end - first) - smooth[number])

    while len(kept := outline(len(smooth), off, tolerance)) > MOST_POINTS:
        tolerance *= 2
    return (*((round(n * size, 3), round(smooth[n], 2)) for n in kept[:-1]), (lap, round(smooth[-1], 2)))


def _known(places: Sequence[Place], along: Sequence[float]) -> list[Height]:
    """The heights, without those that are impossible after the one before."""
    known: list[Height] = []
    refused = 0
    for place, metres in zip(places, along, strict=False):
        if place[2] is None:
            continue
        if known and abs(place[2] - known[-1][1]) > STEEPEST * (metres - known[-1][0]) + 5.0 and refused < REFUSED:
            refused += 1
            continue
        if refused == REFUSED:
            known.pop()
        known.append((metres, place[2]))
        refused = 0
    return known


def _is_level(known: list[Height]) -> bool:
    """Whether all heights are equal, as written by programs that do not know them."""
    return len({height for _, height in known}) == 1


def _resampled(known: list[Height], lap: float) -> list[float]:
    """Heights every CELL metres, interpolated linearly."""
    count, number, cells = max(2, round(lap / CELL)), 0, list[float]()
    for cell in range(count + 1):
        metres = cell * lap / count
        while number + 2 < len(known) and known[number + 1][0] < metres:
            number += 1
        (begin, low), (end, high) = known[number], known[min(number + 1, len(known) - 1)]
        share = min(1.0, max(0.0, (metres - begin) / (end - begin))) if end > begin else 0.0
        cells.append(low + share * (high - low))
    return cells


def _smoothed(heights: list[float]) -> list[float]:
    """The moving average over CELLS, over fewer towards the ends, so that the first and the last height stay as they are."""
    sums = list(accumulate(heights, initial=0.0))
    found = []
    for number in range(len(heights)):
        side = min(CELLS // 2, number, len(heights) - 1 - number)
        found.append((sums[number + side + 1] - sums[number - side]) / (2 * side + 1))
    return found


def _laps(places: Sequence[Place], along: Sequence[float]) -> list[int]:
    """The points at which laps end: where the start is passed, if all laps follow the first; otherwise the last point."""
    passes = _passes(places)
    whole = [len(places) - 1]
    if len(passes) < 2 or along[-1] - along[passes[-1]] > SAME_LAP:
        return whole
    lengths = [along[end] - along[begin] for begin, end in pairwise([0, *passes])]
    mean = sum(lengths) / len(lengths)
    if any(abs(length / mean - 1) > SAME_LENGTH for length in lengths):
        return whole
    begins = zip([0, *passes], lengths, strict=False)
    first, *others = [[_at(places, along, along[n] + share / 20 * length) for share in range(20)] for n, length in begins]
    aside = (metres_between(*one, *other) for lap in others for one, other in zip(first, lap, strict=True))
    return passes if max(aside) <= SAME_LAP else whole


def _passes(places: Sequence[Place]) -> list[int]:
    """The points at which the start is passed again: the nearest of each pass."""
    passes: list[int] = []
    nearest, away = MEET, False
    for number, place in enumerate(places):
        far = metres_between(*places[0][:2], *place[:2])
        if far > AWAY:
            away, nearest = True, MEET
        elif away and far < nearest:
            passes = [*passes, number] if nearest == MEET else [*passes[:-1], number]
            nearest = far
    return passes


def _at(places: Sequence[Place], along: Sequence[float], metres: float) -> tuple[float, float]:
    """Latitude and longitude at this distance from the start."""
    number = min(max(1, bisect_right(along, metres)), len(along) - 1)
    (lat, lon, *_), (lat2, lon2, *_) = places[number - 1 : number + 1]
    share = (metres - along[number - 1]) / (along[number] - along[number - 1])
    return lat + share * (lat2 - lat), lon + share * (lon2 - lon)
