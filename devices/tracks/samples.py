"""Turns the points of a recording into samples of a receiver or a pod; which of the two is decided once for the whole file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from operator import sub
from typing import TYPE_CHECKING

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.clock import SINCE_POWER_ON, Placed, placed
from devices.tracks.pod import is_by_pod
from devices.tracks.points import Points, Recorded, Values

if TYPE_CHECKING:
    from devices.tracks import Track

PLACED = 0.02  # share of points with a position from which a receiver was used; some watches write one in four
NOBODY_RUNS = 600.0  # s without a record: nobody was running, even if the recorder was not paused
PAUSE = 4.0  # s between two pieces: less is not a pause, the recorder just began a new piece
OFTEN = 3.0  # s: if most steps are shorter, the recorder writes every second, and a longer step is a lost signal
SELDOM = 0.1  # share of longer steps from which a recorder is taken to write only when something changes
LASTING = 180.0  # s: an even longer step is a lost signal with any recorder


def samples(track: Track, recorded: Recorded, source: str, by_pod: bool = False) -> Iterator[Sample | Link]:
    """The samples in order of time. `by_pod`: speed and distance are a footpod's, even if there are positions.

    Raises InvalidFile if all points have the same time.
    """
    track.points = len(recorded.points) + track.faults["untimed"]
    run = placed(recorded, track.faults)
    count = len(run.ats)
    if track.points > 1 and count == 1 and track.faults["repeated"]:
        raise track.wrong(f"cannot be replayed: all its {track.points} points have the same time")
    by_pod = by_pod or run.points.known("lat") <= PLACED * count or is_by_pod(run)
    return _samples(run, source, by_pod)


def _samples(run: Placed, source: str, by_pod: bool) -> Iterator[Sample | Link]:
    before = 0.0
    for nth, (at, row, lasts) in enumerate(zip(run.ats, run.points.rows(), _lasting(run), strict=False)):
        if at - before > (PAUSE if nth in run.pauses else NOBODY_RUNS):
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


def _lasting(run: Placed) -> Iterable[float | None]:
    """For each point the seconds to the next one that tells of the way, if the recorder writes only changes; else None."""
    telling, count = _telling(run.points), len(run.ats)
    ats = run.ats if len(telling) == count else array("d", map(run.ats.__getitem__, telling))
    steps = array("d", map(sub, islice(ats, 1, None), ats))
    if sum(map(OFTEN.__lt__, steps)) <= SELDOM * len(steps):
        return repeat(None)
    lasting: list[float | None] = [None] * count
    for nth, step in zip(telling, steps, strict=False):
        lasting[nth] = step if OFTEN < step <= LASTING else None
    return lasting


def _telling(points: Points) -> Sequence[int]:
    """The numbers of the points with a position, a speed or a distance."""
    count, names = len(points), ("lat", "speed", "distance")
    if any(points.known(name) == count for name in names):
        return range(count)
    told = zip(range(count), *(points.values(name) for name in names), strict=False)
    return [nth for nth, *values in told if values != [None, None, None]]


def _fix(at: float, source: str, row: Values, speed: float | None, distance: float | None, lasts: float | None) -> Fix:
    """The fix of a point. A speed or distance without a position is still the receiver's: the watch bridged a gap."""
    time, lat, lon, alt, _, _, _, _, course, hdop = row
    utc, mode, smoothed = time if time > SINCE_POWER_ON else None, Mode.FIX_2D, None if speed is None else True
    return Fix(at, source, lat, lon, alt, speed, None, course, None, hdop, mode, None, utc, distance, None, lasts, smoothed)
