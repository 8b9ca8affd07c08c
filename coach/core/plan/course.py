"""A course: the route of a run as points, with heights if they are known, each with its distance from the start.

Distances were measured along all points of the file before it was thinned, so a simplified bend keeps its full length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

MOST_LAPS = 500

Point = tuple[float, float, float]  # latitude and longitude in degrees, metres from the start of the lap
Height = tuple[float, float]  # metres from the start of the lap; height in metres, above any reference level
Leg = tuple[Point, Point]  # from one point to the next, metres from the start of the whole course


@dataclass(frozen=True, slots=True)
class Course:
    """One lap, run `laps` times. `heights` is empty if the file has none; `file` is its name as the workout gives it."""

    points: tuple[Point, ...]
    heights: tuple[Height, ...] = ()
    laps: int = 1
    file: str = ""

    def __post_init__(self) -> None:
        rises = all(after[2] > before[2] for before, after in pairwise(self.points))
        if len(self.points) < 2 or self.points[0][2] != 0 or not rises:
            raise ValueError("a course needs at least two points, at increasing distances from 0")
        if not 1 <= self.laps <= MOST_LAPS:
            raise ValueError(f"a course has 1 to {MOST_LAPS} laps, not {self.laps}")

    @property
    def lap(self) -> float:
        """Metres of one lap."""
        return self.points[-1][2]

    @property
    def length(self) -> float:
        """Metres of all laps."""
        return self.laps * self.lap

    @property
    def climb(self) -> float:
        """Total ascent, metres, all laps together."""
        return self.laps * sum(max(0.0, after[1] - before[1]) for before, after in pairwise(self.heights))

    def legs(self, begin: float, end: float) -> Iterator[Leg]:
        """The legs between two distances from the start, over all laps; beyond either end, the first or the last leg."""
        for number in range(self._leg(begin), self._leg(end) + 1):
            laps, index = divmod(number, len(self.points) - 1)
            (lat, lon, start), (lat2, lon2, stop) = self.points[index : index + 2]
            yield (lat, lon, start + laps * self.lap), (lat2, lon2, stop + laps * self.lap)

    def at(self, metres: float) -> tuple[float, float]:
        """Latitude and longitude `metres` from the start, on the straight line between two points."""
        (lat, lon, begin), (lat2, lon2, end) = next(self.legs(metres, metres))
        share = min(1.0, max(0.0, (metres - begin) / (end - begin)))
        return lat + share * (lat2 - lat), lon + share * ((lon2 - lon + 180) % 360 - 180)

    def scaled(self, metres: float) -> Course:
        """The same route with its distances scaled to a length of `metres`: a race is measured exactly, a file only nearly."""
        factor = metres / self.length
        lap = metres / self.laps
        points = [(lat, lon, round(along * factor, 3)) for lat, lon, along in self.points[:-1]]
        heights = [(round(along * factor, 3), height) for along, height in self.heights[:-1]]
        top = [(lap, self.heights[-1][1])] if self.heights else []
        return replace(self, points=(*points, (*self.points[-1][:2], lap)), heights=(*heights, *top))

    def _leg(self, metres: float) -> int:
        """The number of the leg `metres` from the start, counted over all laps."""
        laps = min(self.laps - 1, max(0, int(metres // self.lap)))
        index = bisect_right(self.points, metres - laps * self.lap, key=_metres) - 1
        return laps * (len(self.points) - 1) + min(max(0, index), len(self.points) - 2)


def _metres(point: Point) -> float:
    return point[2]
