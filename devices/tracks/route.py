"""Reads the route in a file, recorded or drawn: points in order, with heights and times if it has them.

    <trkpt lat="47.36" lon="8.55"><ele>408</ele><time>…   in GPX the track; if there is none, the route of <rtept>

In other recordings (FIT, TCX, logs of receivers) it is the positions.
"""

from __future__ import annotations

from collections.abc import Iterator

from devices.sample import Fix
from devices.tracks import Track, open_track, opened
from devices.tracks.points import place
from devices.tracks.written import number, unix_time
from devices.tracks.xml import Tags, elements

POINTS = (Tags("trkpt", "ele time"), Tags("rtept", "ele time"))
Place = tuple[float, float, float | None, float | None]  # latitude and longitude (degrees), height (m), Unix time


def places(path: str) -> Iterator[Place]:
    """The points of the route. Raises InvalidFile with a one-line message if the file has none."""
    track, _ = opened(path)
    if track.format == "gpx":
        yield from _drawn(track)
        return
    track.close()
    for sample in open_track(path).samples():
        if isinstance(sample, Fix) and sample.lat is not None and sample.lon is not None:
            yield sample.lat, sample.lon, sample.alt, sample.utc


def _drawn(track: Track) -> Iterator[Place]:
    given = False
    try:
        for point in POINTS:
            track.rewind()
            for element in elements(track, point):
                lat, lon = (number(element.attributes.get(axis), -most, most) for axis, most in (("lat", 90), ("lon", 180)))
                lat, lon = place(lat, lon)
                if lat is None or lon is None:
                    track.faults["no place"] += 1
                    continue
                given = True
                yield lat, lon, number(element.texts.get("ele"), -1000, 20_000), unix_time(element.texts.get("time"))
            if given:
                return
    finally:
        track.close()
    raise track.wrong("has neither a track nor a route")
