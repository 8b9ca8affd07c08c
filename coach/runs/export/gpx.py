"""A run as GPX 1.1: a track with a segment for each stretch between pauses; heart, cadence and speed in Garmin's extension."""

from __future__ import annotations

from collections.abc import Iterator

from coach.runs.activity import Activity, Second
from coach.runs.export.moments import escaped, one_a_second, stretches, utc_text

GPX = "http://www.topografix.com/GPX/1/1"
MORE = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"


def content(activity: Activity) -> bytes:
    """GPX has places only: seconds without a position are left out, and so are laps."""
    return "\n".join(_lines(activity)).encode()


def _lines(activity: Activity) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<gpx xmlns="{GPX}" xmlns:gpxtpx="{MORE}" version="1.1" creator="progression-coach">'
    yield f"<metadata><time>{utc_text(activity.start)}</time></metadata>"
    yield f"<trk><name>{escaped(activity.plan.name)}</name><type>running</type>"
    for stretch in stretches(activity, [each for _, each in one_a_second(activity) if each.lat is not None]):
        yield "<trkseg>"
        yield from (_point(activity, second) for second in stretch)
        yield "</trkseg>"
    yield "</trk></gpx>"


def _point(activity: Activity, second: Second) -> str:
    """The extension's values stand in the order that its schema asks for; the cadence is in strides a minute."""
    height = "" if second.alt is None else f"<ele>{second.alt:.1f}</ele>"
    heart = f"<gpxtpx:hr>{second.heart:.0f}</gpxtpx:hr>" if second.heart else ""
    cadence = f"<gpxtpx:cad>{second.cadence / 2:.0f}</gpxtpx:cad>" if second.cadence else ""
    speed = "" if second.speed is None else f"<gpxtpx:speed>{second.speed:.3f}</gpxtpx:speed>"
    more = heart + cadence + speed
    if more:
        more = f"<extensions><gpxtpx:TrackPointExtension>{more}</gpxtpx:TrackPointExtension></extensions>"
    time = utc_text(activity.unix(second.at))
    return f'<trkpt lat="{second.lat:.7f}" lon="{second.lon:.7f}">{height}<time>{time}</time>{more}</trkpt>'
