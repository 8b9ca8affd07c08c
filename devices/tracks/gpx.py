"""GPX 1.0 and 1.1 with Garmin's TrackPointExtension (v2 brings a speed).

    <trkpt lat="47.36" lon="8.55"><ele>408</ele><time>2026-05-14T05:30:00Z</time>
      <extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>151</gpxtpx:hr>…

A new <trkseg> means that the recorder was paused, or had no satellites: what lies between was not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.timeline import number, unix_time
from devices.tracks.xml import Element, elements

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "gpx"
POINT = "trkpt"
TIMELESS = 100  # points without a time, after which the file counts as a route


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile for a route."""
    timeless, timed, paused = 0, False, False
    for element in elements(track, POINT, frozenset({"trkseg"})):
        if element.name != POINT:
            paused = paused or (timed and element.opens)
            continue
        utc = unix_time(element.texts.get("time"))
        if utc is None:
            timeless += 1
            track.count("untimed")
            if not timed and timeless >= TIMELESS:
                break
            continue
        timed, before = True, track.timeline.at
        at = track.timeline.place(utc)
        if at is None:
            continue
        if paused:
            yield Link(before, SOURCE, False, RECORDER_PAUSED)
            yield Link(at, SOURCE, True, RECORDER_PAUSED)
            paused = False
        yield from _samples(at, utc, element)
    if not timed:
        told = "is a route, not a recording: its points have no times" if timeless else "has no track points"
        raise track.wrong(told)


def _samples(at: float, utc: float, point: Element) -> Iterator[Sample]:
    lat, lon = number(point.attributes.get("lat"), -90, 90), number(point.attributes.get("lon"), -180, 180)
    texts = point.texts
    speed = number(texts.get("speed"), 0, 50)
    alt = number(texts.get("ele"), -1000, 20_000)
    if lat is not None and lon is not None:
        hdop, course = number(texts.get("hdop"), 0, 100), number(texts.get("course"), 0, 360)
        yield Fix(at, SOURCE, lat, lon, alt, speed, course=course, hdop=hdop, mode=Mode.FIX_2D, utc=utc)
    elif speed is not None:
        yield Stride(at, SOURCE, speed)
    if (bpm := number(texts.get("hr"), 20, 250)) is not None:
        yield Pulse(at, SOURCE, round(bpm))
