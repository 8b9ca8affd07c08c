"""A line of many points told by few of them, none of the others further off than a tolerance (Douglas & Peucker, 1973)."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

AT_ONCE = 200  # points: longer lines are thinned piece by piece, so that no line takes the square of its length


def outline(count: int, off: Callable[[int, int, int], float], tolerance: float) -> list[int]:
    """Which of `count` points stay, the ends among them; `off(first, last, n)` is how far n lies from first to last."""
    kept = [0]
    for begin in range(0, count - 1, AT_ONCE):
        kept += _piece(begin, min(begin + AT_ONCE, count - 1), off, tolerance)
    return kept


def _piece(begin: int, end: int, off: Callable[[int, int, int], float], tolerance: float) -> list[int]:
    """The points after `begin`, up to `end`, that stay."""
    kept, waiting = [], [(begin, end)]
    while waiting:
        first, last = waiting.pop()
        furthest = max(range(first + 1, last), key=lambda n: off(first, last, n), default=last)
        if furthest == last or off(first, last, furthest) <= tolerance:
            kept.append(last)
        else:
            waiting += [(furthest, last), (first, furthest)]
    return kept


def nearest_share(ahead: tuple[float, float], place: tuple[float, float]) -> float:
    """How far along a line from the origin through `ahead` (at 1) the point nearest to `place` lies; below 0 is behind."""
    length = ahead[0] ** 2 + ahead[1] ** 2
    return (place[0] * ahead[0] + place[1] * ahead[1]) / length if length else 0.0


def distance_off(ahead: tuple[float, float], place: tuple[float, float]) -> float:
    """How far `place` lies from the straight line that ends at the origin and at `ahead`."""
    share = min(1.0, max(0.0, nearest_share(ahead, place)))
    return hypot(place[0] - share * ahead[0], place[1] - share * ahead[1])
