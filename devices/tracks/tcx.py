"""TCX, Garmin's Training Center Database v2.

    <Lap StartTime="…"><DistanceMeters>1000.0</DistanceMeters><Track>
      <Trackpoint><Time>2026-05-14T05:30:00Z</Time><Position><LatitudeDegrees>47.36</LatitudeDegrees>…

A second <Track> in the same <Lap> means that the recorder was paused. Points without a position are a treadmill's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.timeline import number, unix_time
from devices.tracks.xml import Element, elements

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "tcx"
POINT = "Trackpoint"
STEPS = 2  # RunCadence counts one foot


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if no point has a time."""
    timed, tracks, in_track = False, 0, False
    last = 0.0
    for element in elements(track, POINT, frozenset({"Lap", "Track", "DistanceMeters"})):
        if element.name == POINT:
            utc = unix_time(element.texts.get("Time"))
            before = track.timeline.at
            at = None if utc is None else track.timeline.place(utc)
            if utc is None:
                track.count("untimed")
            if utc is None or at is None:
                continue
            if tracks > 1 and timed:
                yield Link(before, SOURCE, False, RECORDER_PAUSED)
                yield Link(at, SOURCE, True, RECORDER_PAUSED)
            timed, tracks, last = True, min(tracks, 1), at
            yield from _samples(at, utc, element)
        elif element.name == "Lap":
            tracks = 0
        elif element.name == "Track":
            in_track = element.opens
            tracks += element.opens
        elif not element.opens and not in_track:
            _add_lap(track, number(element.text.strip(), 0, 1e6))
    if not timed:
        raise track.wrong("has no track points with a time, so it is not a recording")
    track.timeline.at = last


def _add_lap(track: Track, metres: float | None) -> None:
    """The total distance of the laps as the file gives it, m."""
    if metres is not None:
        track.recorded_distance = (track.recorded_distance or 0.0) + metres


def _samples(at: float, utc: float, point: Element) -> Iterator[Sample]:
    texts = point.texts
    lat, lon = number(texts.get("LatitudeDegrees"), -90, 90), number(texts.get("LongitudeDegrees"), -180, 180)
    speed, distance = number(texts.get("Speed"), 0, 50), number(texts.get("DistanceMeters"), 0, 1e7)
    steps = number(texts.get("RunCadence"), 0, 200)
    cadence = None if steps is None else STEPS * steps
    if lat is not None and lon is not None and (lat, lon) != (0.0, 0.0):
        alt = number(texts.get("AltitudeMeters"), -1000, 20_000)
        yield Fix(at, SOURCE, lat, lon, alt, speed, mode=Mode.FIX_2D, utc=utc, distance=distance)
    elif speed is not None or distance is not None:
        yield Stride(at, SOURCE, speed, cadence, distance)
    if (bpm := number(texts.get("Value"), 20, 250)) is not None:
        yield Pulse(at, SOURCE, round(bpm))
