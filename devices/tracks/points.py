"""The points of a recording, and how several points of one moment are combined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

MOST = 500_000  # points: six days at one a second, in 150 MB


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


@dataclass(slots=True)
class Piece:
    """Points recorded without a break: a track segment, a lap. `paused`: the recorder was stopped before it."""

    paused: bool
    points: list[Point] = field(default_factory=list)


def completed(before: Point, again: Point) -> tuple[Point, bool]:
    """Two points of one moment combined, preferring the first one's values; and whether no value of the second was lost."""
    both = Point._make(old if old is not None else new for old, new in zip(before, again, strict=True))
    return both, all(new is None or new == kept for new, kept in zip(again, both, strict=True))


def place(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """The position, if both are known; 0/0 (in the Atlantic) is what recorders write if they have none."""
    return (None, None) if lat is None or lon is None or lat == lon == 0.0 else (lat, lon)
