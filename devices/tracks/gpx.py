"""Reads GPX 1.0 and 1.1 with Garmin's TrackPointExtension (v2 has a speed).

    <trkpt lat="47.36" lon="8.55"><ele>408</ele><time>2026-05-14T05:30:00Z</time>
      <extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>151</gpxtpx:hr>…

A new <trkseg> means that the recorder was paused or had no satellites, so there is a gap in the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.sample import Link, Sample
from devices.tracks.points import MOST, Recorded, Values, place
from devices.tracks.samples import samples
from devices.tracks.written import number, unix_time, unreadable_time
from devices.tracks.xml import Element, Tags, elements

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "gpx"
POINT = "trkpt"
TIMED = 0.05  # share of points with a time from which a file counts as a recording, not as a route
TEXTS = "time ele speed course hdop hr"
TAGS = Tags(POINT, TEXTS, marks="trkseg")
OF_ROUTES = Tags("rtept", TEXTS)  # some programs write what they recorded as a route


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile for a route, whose points have no times."""
    recorded, unread = _points(track, TAGS)
    if not len(recorded.points) and not track.faults["untimed"]:
        track.rewind()
        recorded, unread = _points(track, OF_ROUTES)
    timed, timeless = len(recorded.points), track.faults["untimed"]
    if timed <= TIMED * (timed + timeless):
        if unread:
            raise track.wrong(unreadable_time(unread))
        raise track.wrong("is a route, not a recording: its points have no times" if timeless else "has no track points")
    return samples(track, recorded, SOURCE)


def _points(track: Track, tags: Tags) -> tuple[Recorded, str]:
    """The points with a time, and a time that could not be read."""
    recorded, unread = Recorded(), ""
    for count, element in enumerate(elements(track, tags)):
        if element.name != tags.point:
            recorded.begin(paused=True)
        elif (utc := unix_time(element.texts.get("time"))) is None:
            track.faults["untimed"] += 1
            unread = unread or element.texts.get("time", "").strip()
        else:
            recorded.points.append(point := _point(utc, element))
            if point[1] is None and element.attributes:  # else it has a pulse alone
                track.faults["no place"] += 1
        if count > MOST:
            raise track.wrong(f"has more than {MOST} points: split it into single runs")
    return recorded, unread


def _point(utc: float, element: Element) -> Values:
    texts = element.texts
    lat, lon = place(number(element.attributes.get("lat"), -90, 90), number(element.attributes.get("lon"), -180, 360))
    return (
        utc,
        lat,
        lon,
        number(texts.get("ele"), -1000, 20_000),
        number(texts.get("speed"), 0, 50),
        None,  # no odometer
        None,  # steps a minute are of no use beside a receiver
        number(texts.get("hr"), 20, 250),
        number(texts.get("course"), 0, 360),
        number(texts.get("hdop"), 0, 100),
    )
