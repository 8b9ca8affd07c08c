"""The points of a recording: one by one as a reader finds them, and all of them packed by columns, for files of a whole day."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from math import nan
from typing import NamedTuple

MOST = 500_000  # points: six days at one a second, in 40 MB
BLOCK = 512  # points that are packed together

NOWHERE = 1e-4  # degrees: 11 m


class Point(NamedTuple):
    """One record. Units as in `devices.sample`; `utc` is Unix time, or seconds since power-on if the recorder had no date."""

    utc: float
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None
    speed: float | None = None
    distance: float | None = None
    cadence: float | None = None
    bpm: float | None = None
    course: float | None = None
    hdop: float | None = None


Value = float | None
# A Point as a plain tuple, in the same order: an hour has thousands, and a named one takes ten times as long
Values = tuple[float, Value, Value, Value, Value, Value, Value, Value, Value, Value]


class Points:
    """Points in eight bytes a value, and none for what no point has. A list of them would take half a kilobyte a point."""

    def __init__(self, points: Iterable[Values] = ()) -> None:
        self._columns: dict[str, array[float]] = {"utc": array("d")}
        self._gaps: set[str] = set()  # columns in which some values are unknown, written as "not a number"
        self._unpacked: list[Values] = []
        for point in points:
            self.append(point)

    def __len__(self) -> int:
        return len(self._columns["utc"]) + len(self._unpacked)

    def __iter__(self) -> Iterator[Point]:
        return map(Point._make, self.rows())

    def rows(self) -> Iterator[Values]:
        """The same as plain tuples."""
        return zip(self.times, *(self.values(name) for name in Point._fields[1:]), strict=False)

    def append(self, point: Values) -> None:
        self._unpacked.append(point)
        if len(self._unpacked) == BLOCK:
            self._pack()

    @property
    def times(self) -> array[float]:
        self._pack()
        return self._columns["utc"]

    def values(self, name: str, first: int = 0) -> Iterable[float | None]:
        """The values of a field from the `first` point on, None where unknown; endless if no point has any."""
        self._pack()
        column = self._columns.get(name)
        if column is None:
            return repeat(None)
        values = islice(column, first, None)
        return (None if value != value else value for value in values) if name in self._gaps else values

    def known(self, name: str) -> int:
        """How many points have a value for a field."""
        self._pack()
        column = self._columns.get(name, ())
        return sum(value == value for value in column) if name in self._gaps else len(column)

    def at(self, numbers: Sequence[int]) -> Points:
        """The points with these numbers, in this order."""
        self._pack()
        taken = Points()
        taken._gaps = self._gaps
        taken._columns = {name: array("d", map(column.__getitem__, numbers)) for name, column in self._columns.items()}
        return taken

    def _pack(self) -> None:
        if not (fresh := self._unpacked):
            return
        packed = len(self._columns["utc"])
        for name, values in zip(Point._fields, zip(*fresh, strict=True), strict=True):
            missing = values.count(None)
            if missing == len(fresh) and name not in self._columns:
                continue
            if name not in self._columns:
                self._columns[name] = array("d", repeat(nan, packed))
                missing += packed
            if missing:
                self._gaps.add(name)
            self._columns[name].extend([nan if value is None else value for value in values] if missing else values)
        self._unpacked = []


class Piece(NamedTuple):
    """Points recorded without a break, from number `first` on: a track segment, a lap. `paused`: the recorder was stopped
    before it."""

    first: int
    paused: bool


class Recorded:
    """All points of a recording in the order of the file, and its pieces; a piece has at least one point."""

    def __init__(self) -> None:
        self.points = Points()
        self.pieces: list[Piece] = []
        self.begin(False)

    def begin(self, paused: bool) -> None:
        """The next points are a new piece."""
        piece = Piece(len(self.points), paused)
        if self.pieces and self.pieces[-1].first == piece.first:
            self.pieces[-1] = piece
        else:
            self.pieces.append(piece)


def completed(before: Point, again: Point) -> tuple[Point, bool]:
    """Two points of one moment combined, preferring the first one's values; and whether no value of the second was lost."""
    both = Point._make(old if old is not None else new for old, new in zip(before, again, strict=True))
    return both, all(new is None or new == kept for new, kept in zip(again, both, strict=True))


def place(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """The position, if both are known; 0/0 (in the Atlantic) is what recorders write if they have none.

    Some programs count the longitude from 0 to 360 degrees.
    """
    if lat is None or lon is None or abs(lat) + abs(lon) < NOWHERE:
        return None, None
    return lat, lon if lon <= 180.0 else lon - 360.0
