"""Reads TCX, Garmin's Training Center Database v2.

    <Lap StartTime="…"><DistanceMeters>1000.0</DistanceMeters><Track>
      <Trackpoint><Time>2026-05-14T05:30:00Z</Time><Position><LatitudeDegrees>47.36</LatitudeDegrees>…

A second <Track> in the same <Lap> means that the recorder was paused. A file without positions is from a treadmill.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.sample import Link, Sample
from devices.tracks.points import MOST, Recorded, place
from devices.tracks.samples import samples
from devices.tracks.written import number, unix_time, unreadable_time
from devices.tracks.xml import Tags, elements

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "tcx"
POINT = "Trackpoint"
TEXTS = "Time LatitudeDegrees LongitudeDegrees AltitudeMeters DistanceMeters Speed RunCadence Value"
TAGS = Tags(POINT, TEXTS, marks="Lap Track DistanceMeters")
STEPS = 2  # RunCadence counts one foot


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if no point has a time."""
    recorded, tracks, unread = Recorded(), 0, ""
    for count, element in enumerate(elements(track, TAGS)):
        match element.name:
            case "Trackpoint":
                if not _add(track, recorded, element.texts):
                    unread = unread or element.texts.get("Time", "").strip()
            case "Lap":
                tracks = 0
            case "Track":
                tracks += 1
                recorded.begin(paused=tracks > 1)
            case "DistanceMeters":
                _add_lap(track, number(element.text.strip(), 0, 1e6))
        if count > MOST:
            raise track.wrong(f"has more than {MOST} points: split it into single runs")
    if not len(recorded.points):
        raise track.wrong(unreadable_time(unread) if unread else "has no track points with a time, so it is not a recording")
    return samples(track, recorded, SOURCE)


def _add_lap(track: Track, metres: float | None) -> None:
    """The total distance of the laps as the file gives it, m."""
    if metres is not None:
        track.recorded_distance = (track.recorded_distance or 0.0) + metres


def _add(track: Track, recorded: Recorded, texts: dict[str, str]) -> bool:
    """Whether the point has a time, and so was added."""
    if (utc := unix_time(texts.get("Time"))) is None:
        track.faults["untimed"] += 1
        return False
    feet = number(texts.get("RunCadence"), 0, 200)
    lat, lon = place(number(texts.get("LatitudeDegrees"), -90, 90), number(texts.get("LongitudeDegrees"), -180, 360))
    point = (
        utc,
        lat,
        lon,
        number(texts.get("AltitudeMeters"), -1000, 20_000),
        number(texts.get("Speed"), 0, 50),
        number(texts.get("DistanceMeters"), 0, 1e7),
        None if feet is None else STEPS * feet,
        number(texts.get("Value"), 20, 250),
        None,  # no course
        None,  # no dilution of precision
    )
    recorded.points.append(point)
    return True
