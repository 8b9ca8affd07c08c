"""Turns the points of a recording into samples of a receiver or a pod; which of the two is decided once for the whole file."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise
from operator import eq
from statistics import median
from typing import TYPE_CHECKING

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.clock import SINCE_POWER_ON, Placed, placed
from devices.tracks.holes import apart, lasting, stops
from devices.tracks.pod import is_by_pod
from devices.tracks.points import Recorded, Values

if TYPE_CHECKING:
    from devices.tracks import Track

PLACED = 0.02  # share of points with a position from which a receiver was used; some watches write one in four
NOBODY_RUNS = 600.0  # s without a record: nobody was running, even if the recorder was not paused
PAUSE = 4.0  # s between two pieces: less is not a pause, the recorder just began a new piece
LATER = 1.5  # times its usual step: nor is that, where a recorder begins a piece with each point
FEWEST = 60  # points that show how often a recorder gets a place
HELD = 0.6  # share of repeated places from which it gets them seldom
FASTEST = 7.0  # m/s: nobody runs so fast for minutes, so that such a step is that of several seconds


def samples(track: Track, recorded: Recorded, source: str, by_pod: bool = False) -> Iterator[Sample | Link]:
    """The samples in order of time. `by_pod`: speed and distance are a footpod's, even if there are positions.

    Raises InvalidFile if all points have the same time.
    """
    track.points = len(recorded.points) + track.faults["untimed"]
    run = _moved(placed(recorded, track.faults))
    count = len(run.ats)
    if track.points > 1 and count == 1 and track.faults["repeated"]:
        raise track.wrong(f"cannot be replayed: all its {track.points} points have the same time")
    by_pod = by_pod or run.points.known("lat") <= PLACED * count or is_by_pod(run)
    return _samples(run, source, by_pod)


def _samples(run: Placed, source: str, by_pod: bool) -> Iterator[Sample | Link]:
    before, pause, untold = 0.0, _shortest_pause(run), frozenset(stops(run))
    for nth, (at, row, lasts) in enumerate(zip(run.ats, run.points.rows(), lasting(run), strict=False)):
        if nth in untold or at - before > (pause if nth in run.pauses else NOBODY_RUNS):
            yield Link(before, source, False, RECORDER_PAUSED)
            yield Link(at, source, True, RECORDER_PAUSED)
        before = at
        _, lat, _, _, speed, way, steps, bpm, _, _ = row
        if by_pod:  # the position is still the receiver's
            if lat is not None:
                yield _fix(at, source, row, None, None, lasts)
            if speed is not None or way is not None:
                yield Stride(at, source, speed, steps, way, lasts=lasts)
        elif lat is not None or speed is not None or way is not None:
            yield _fix(at, source, row, speed, way, lasts)
        if bpm is not None:
            yield Pulse(at, source, round(bpm))


def _moved(run: Placed) -> Placed:
    """The points with a fresh place, where a recorder without a speed repeats its last place until it gets a new one."""
    points, ats = run.points, run.ats
    if points.known("lat") < len(ats) or points.known("speed") or points.known("distance") or len(ats) < FEWEST:
        return run
    again = sum(map(eq, points.values("lat"), islice(points.values("lat"), 1, None)))
    if again < HELD * len(ats):
        return run
    fresh, jumps = [0], array("d")
    for nth, (one, two) in enumerate(pairwise(zip(points.values("lat"), points.values("lon"), strict=False)), 1):
        if one != two:
            fresh.append(nth)
            jumps.append(apart(one, two) / (ats[nth] - ats[nth - 1]))
    if len(jumps) < FEWEST // 10 or median(jumps) < FASTEST:
        return run
    begun = (bisect_left(fresh, first) for first in run.pauses)
    return Placed(array("d", [ats[nth] for nth in fresh]), points.at(fresh), frozenset(begun))


def _shortest_pause(run: Placed) -> float:
    """The seconds between two pieces from which on the recorder was paused."""
    if not run.pauses or len(run.ats) < 2:
        return PAUSE
    steps = [after - before for before, after in pairwise(run.ats)]
    return max(PAUSE, LATER * median(steps))


def _fix(at: float, source: str, row: Values, speed: float | None, distance: float | None, lasts: float | None) -> Fix:
    """The fix of a point. A speed or distance without a position is still the receiver's: the watch bridged a gap."""
    time, lat, lon, alt, _, _, _, _, course, hdop = row
    utc, mode, smoothed = time if time > SINCE_POWER_ON else None, Mode.FIX_2D, None if speed is None else True
    return Fix(at, source, lat, lon, alt, speed, None, course, None, hdop, mode, None, utc, distance, None, lasts, smoothed)
