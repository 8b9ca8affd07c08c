"""A course: the way of a run as places, and heights where they are known, each at so many metres from the start.

The metres were counted along all points of the file before it was thinned: a bend that is not drawn is still as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

MOST_LAPS = 500

Point = tuple[float, float, float]  # latitude and longitude in degrees, metres from the start of the lap
Height = tuple[float, float]  # metres from the start of the lap, metres above where heights are counted from
Leg = tuple[Point, Point]  # from one point to the next, metres from the start of the whole course


@dataclass(frozen=True, slots=True)
class Course:
    """One lap, run `laps` times. `heights` is empty where the file tells none; `file` is how a workout calls it."""

    points: tuple[Point, ...]
    heights: tuple[Height, ...] = ()
    laps: int = 1
    file: str = ""

    def __post_init__(self) -> None:
        rises = all(after[2] > before[2] for before, after in pairwise(self.points))
        if len(self.points) < 2 or self.points[0][2] != 0 or not rises:
            raise ValueError("a course leads from its start to somewhere else")
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
        """Metres upwards, all laps together."""
        return self.laps * sum(max(0.0, after[1] - before[1]) for before, after in pairwise(self.heights))

    def legs(self, begin: float, end: float) -> Iterator[Leg]:
        """The legs between two distances from the start, in order, from lap to lap; beyond the course its first, its last."""
        for number in range(self._leg(begin), self._leg(end) + 1):
            laps, index = divmod(number, len(self.points) - 1)
            (lat, lon, start), (lat2, lon2, stop) = self.points[index : index + 2]
            yield (lat, lon, start + laps * self.lap), (lat2, lon2, stop + laps * self.lap)

    def at(self, metres: float) -> tuple[float, float]:
        """Latitude and longitude so far from the start; of a bend that is not drawn, on its chord."""
        (lat, lon, begin), (lat2, lon2, end) = next(self.legs(metres, metres))
        share = min(1.0, max(0.0, (metres - begin) / (end - begin)))
        return lat + share * (lat2 - lat), lon + share * ((lon2 - lon + 180) % 360 - 180)

    def scaled(self, metres: float) -> Course:
        """The same way, taken to be so long: a measured race is right, a file nearly."""
        factor = metres / self.length
        lap = metres / self.laps
        points = [(lat, lon, round(along * factor, 3)) for lat, lon, along in self.points[:-1]]
        heights = [(round(along * factor, 3), height) for along, height in self.heights[:-1]]
        top = [(lap, self.heights[-1][1])] if self.heights else []
        return replace(self, points=(*points, (*self.points[-1][:2], lap)), heights=(*heights, *top))

    def _leg(self, metres: float) -> int:
        """The number of the leg so far from the start, counted over all laps."""
        laps = min(self.laps - 1, max(0, int(metres // self.lap)))
        index = bisect_right(self.points, metres - laps * self.lap, key=_metres) - 1
        return laps * (len(self.points) - 1) + min(max(0, index), len(self.points) - 2)


def _metres(point: Point) -> float:
    return point[2]
