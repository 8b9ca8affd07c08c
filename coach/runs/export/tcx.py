"""A run as a TCX activity, Garmin's TrainingCenterDatabase v2: a lap for each segment, a track between pauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from coach.core.plan.segments import Kind
from coach.runs.activity import Activity, Second
from coach.runs.export.moments import Lap, laps, stretches, utc_text

TCX = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
MORE = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"


def content(activity: Activity) -> bytes:
    """By its schema: no calories are known, so they are 0; warm-up and cool-down are Active."""
    root = etree.Element(f"{{{TCX}}}TrainingCenterDatabase", nsmap={None: TCX, "ns3": MORE})
    run = _add(_add(root, "Activities"), "Activity", Sport="Running")
    _add(run, "Id", utc_text(activity.start))
    for lap in laps(activity):
        _add_lap(run, activity, lap)
    _add(run, "Notes", activity.plan.name)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add_lap(run: etree._Element, activity: Activity, lap: Lap) -> None:
    element = _add(run, "Lap", StartTime=utc_text(lap.began))
    _add(element, "TotalTimeSeconds", f"{lap.milliseconds / 1000:.3f}")
    _add(element, "DistanceMeters", f"{lap.centimetres / 100:.2f}")
    if speeds := [each.speed for each in lap.seconds if each.speed is not None]:
        _add(element, "MaximumSpeed", f"{max(speeds):.3f}")
    _add(element, "Calories", "0")
    for name, beats in (("AverageHeartRateBpm", lap.part.heart), ("MaximumHeartRateBpm", lap.heart_max)):
        if beats:
            _add(_add(element, name), "Value", f"{beats:.0f}")
    _add(element, "Intensity", "Resting" if lap.kind is Kind.RECOVERY else "Active")
    if lap.part.cadence:
        _add(element, "Cadence", f"{lap.part.cadence / 2:.0f}")
    _add(element, "TriggerMethod", "Manual")
    for stretch in stretches(activity, lap.seconds):
        track = _add(element, "Track")
        for second in stretch:
            _add_point(track, activity, second)
    _add(element, "Notes", lap.part.name)


def _add_point(track: etree._Element, activity: Activity, second: Second) -> None:
    point = _add(track, "Trackpoint")
    _add(point, "Time", utc_text(activity.unix(second.at)))
    if second.lat is not None:
        place = _add(point, "Position")
        _add(place, "LatitudeDegrees", f"{second.lat:.7f}")
        _add(place, "LongitudeDegrees", f"{second.lon:.7f}")
    if second.alt is not None:
        _add(point, "AltitudeMeters", f"{second.alt:.1f}")
    _add(point, "DistanceMeters", f"{second.distance:.2f}")
    if second.heart:
        _add(_add(point, "HeartRateBpm"), "Value", f"{second.heart:.0f}")
    if second.cadence:
        _add(point, "Cadence", f"{second.cadence / 2:.0f}")
    if told := list(_told(second)):
        more = etree.SubElement(_add(point, "Extensions"), f"{{{MORE}}}TPX")
        for name, text in told:
            etree.SubElement(more, f"{{{MORE}}}{name}").text = text


def _told(second: Second) -> Iterator[tuple[str, str]]:
    """Some programs read the cadence here, others beside the heart rate: it stands in both places."""
    if second.speed is not None:
        yield "Speed", f"{second.speed:.3f}"
    if second.cadence:
        yield "RunCadence", f"{second.cadence / 2:.0f}"


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: Any) -> etree._Element:
    element = etree.SubElement(parent, f"{{{TCX}}}{name}", **attributes)
    element.text = text
    return element
