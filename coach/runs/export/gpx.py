"""A run as GPX 1.1: a track with a segment for each stretch between pauses; heart, cadence and speed in Garmin's extension."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from coach.runs.activity import Activity, Second
from coach.runs.export.moments import stretches, utc_text

GPX = "http://www.topografix.com/GPX/1/1"
MORE = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"


def content(activity: Activity) -> bytes:
    """GPX has places only: seconds without a position are left out, and so are laps."""
    root = etree.Element(f"{{{GPX}}}gpx", nsmap={None: GPX, "gpxtpx": MORE}, version="1.1", creator="progression-coach")
    etree.SubElement(etree.SubElement(root, f"{{{GPX}}}metadata"), f"{{{GPX}}}time").text = utc_text(activity.start)
    track = etree.SubElement(root, f"{{{GPX}}}trk")
    etree.SubElement(track, f"{{{GPX}}}name").text = activity.plan.name
    etree.SubElement(track, f"{{{GPX}}}type").text = "running"
    for stretch in stretches(activity, [each for each in activity.seconds if each.lat is not None]):
        segment = etree.SubElement(track, f"{{{GPX}}}trkseg")
        for second in stretch:
            _add_point(segment, activity, second)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add_point(segment: etree._Element, activity: Activity, second: Second) -> None:
    point = etree.SubElement(segment, f"{{{GPX}}}trkpt", lat=f"{second.lat:.7f}", lon=f"{second.lon:.7f}")
    if second.alt is not None:
        etree.SubElement(point, f"{{{GPX}}}ele").text = f"{second.alt:.1f}"
    etree.SubElement(point, f"{{{GPX}}}time").text = utc_text(activity.unix(second.at))
    if told := list(_told(second)):
        extension = etree.SubElement(etree.SubElement(point, f"{{{GPX}}}extensions"), f"{{{MORE}}}TrackPointExtension")
        for name, text in told:
            etree.SubElement(extension, f"{{{MORE}}}{name}").text = text


def _told(second: Second) -> Iterator[tuple[str, str]]:
    """In the order that the schema asks for; the cadence in strides a minute."""
    if second.heart:
        yield "hr", f"{second.heart:.0f}"
    if second.cadence:
        yield "cad", f"{second.cadence / 2:.0f}"
    if second.speed is not None:
        yield "speed", f"{second.speed:.3f}"
