"""Turns the points of a recording into samples of a receiver or a pod; which of the two is decided once for the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.clock import SINCE_POWER_ON, Placed, placed
from devices.tracks.pod import is_by_pod
from devices.tracks.points import Piece, Point

if TYPE_CHECKING:
    from devices.tracks import Track

PLACED = 0.02  # share of points with a position from which a receiver was used; some watches write one in four
NOBODY_RUNS = 600.0  # s without a record: nobody was running, even if the recorder was not paused
PAUSE = 4.0  # s between two pieces: less is not a pause, the recorder just began a new piece
OFTEN = 3.0  # s: if most steps are shorter, the recorder writes every second, and a longer step is a lost signal
SELDOM = 0.1  # share of longer steps from which a recorder is taken to write only when something changes
LASTING = 180.0  # s: an even longer step is a lost signal with any recorder


def samples(track: Track, pieces: list[Piece], source: str, by_pod: bool = False) -> Iterator[Sample | Link]:
    """The samples in order of time. `by_pod`: speed and distance are a footpod's, even if there are positions.

    Raises InvalidFile if all points have the same time.
    """
    track.points = sum(len(piece.points) for piece in pieces) + track.faults["untimed"]
    points = placed(pieces, track.faults)
    if track.points > 1 and len(points) == 1 and track.faults["repeated"]:
        raise track.wrong(f"cannot be replayed: all its {track.points} points have the same time")
    with_place = sum(each.point.lat is not None for each in points)
    by_pod = by_pod or with_place <= PLACED * len(points) or is_by_pod(points)
    return _samples(points, source, by_pod)


def _samples(points: list[Placed], source: str, by_pod: bool) -> Iterator[Sample | Link]:
    before = 0.0
    for (at, begins, point), lasts in zip(points, _lasting(points), strict=True):
        if at - before > (PAUSE if begins is not None and begins.paused else NOBODY_RUNS):
            yield Link(before, source, False, RECORDER_PAUSED)
            yield Link(at, source, True, RECORDER_PAUSED)
        before = at
        if by_pod:
            yield from _by_pod(at, source, point, lasts)
        elif point.lat is not None or point.speed is not None or point.distance is not None:
            yield _fix(at, source, point, point.speed, point.distance, lasts)
        if point.bpm is not None:
            yield Pulse(at, source, round(point.bpm))


def _lasting(points: list[Placed]) -> list[float | None]:
    """For each point the seconds to the next one that tells of the way, if the recorder writes only changes; else None."""
    telling = [
        nth for nth, (_, _, point) in enumerate(points) if (point.lat, point.speed, point.distance) != (None, None, None)
    ]
    steps = [points[after].at - points[before].at for before, after in pairwise(telling)]
    lasting: list[float | None] = [None] * len(points)
    if sum(step > OFTEN for step in steps) > SELDOM * len(steps):
        for nth, step in zip(telling, steps, strict=False):
            lasting[nth] = step if OFTEN < step <= LASTING else None
    return lasting


def _by_pod(at: float, source: str, point: Point, lasts: float | None) -> Iterator[Sample]:
    """The samples of a point with a pod's speed; the position is still the receiver's."""
    if point.lat is not None:
        yield _fix(at, source, point, None, None, lasts)
    if point.speed is not None or point.distance is not None:
        yield Stride(at, source, point.speed, point.cadence, point.distance, lasts=lasts)


def _fix(at: float, source: str, point: Point, speed: float | None, distance: float | None, lasts: float | None) -> Fix:
    """The fix of a point. A speed or distance without a position is still the receiver's: the watch bridged a gap."""
    _, lat, lon, alt, *_, course, hdop = point
    utc = point.utc if point.utc > SINCE_POWER_ON else None
    mode, smoothed = Mode.FIX_2D, None if speed is None else True
    return Fix(at, source, lat, lon, alt, speed, None, course, None, hdop, mode, None, utc, distance, None, lasts, smoothed)
