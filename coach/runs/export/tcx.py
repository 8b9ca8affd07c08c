"""A run as a TCX activity, Garmin's TrainingCenterDatabase v2: a lap for each segment, a track between pauses."""

from __future__ import annotations

from collections.abc import Iterator

from coach.core.plan.segments import Kind
from coach.runs.activity import Activity, Second
from coach.runs.export.moments import Lap, escaped, laps, stretches, utc_text

TCX = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
MORE = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"


def content(activity: Activity) -> bytes:
    """By its schema: no calories are known, so they are 0; warm-up and cool-down are Active."""
    return "\n".join(_lines(activity)).encode()


def _lines(activity: Activity) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<TrainingCenterDatabase xmlns="{TCX}" xmlns:x="{MORE}">'
    yield f'<Activities><Activity Sport="Running"><Id>{utc_text(activity.start)}</Id>'
    for lap in laps(activity):
        yield from _lap(activity, lap)
    yield f"<Notes>{escaped(activity.plan.name)}</Notes>"
    yield "</Activity></Activities></TrainingCenterDatabase>"


def _lap(activity: Activity, lap: Lap) -> Iterator[str]:
    speeds = [each.speed for each in lap.seconds if each.speed is not None]
    beats = (("AverageHeartRateBpm", lap.part.heart), ("MaximumHeartRateBpm", lap.heart_max))
    yield f'<Lap StartTime="{utc_text(lap.began)}">'
    yield f"<TotalTimeSeconds>{lap.milliseconds / 1000:.3f}</TotalTimeSeconds>"
    yield f"<DistanceMeters>{lap.centimetres / 100:.2f}</DistanceMeters>"
    if speeds:
        yield f"<MaximumSpeed>{max(speeds):.3f}</MaximumSpeed>"
    yield "<Calories>0</Calories>"
    yield from (f"<{name}><Value>{beat:.0f}</Value></{name}>" for name, beat in beats if beat)
    yield f"<Intensity>{'Resting' if lap.kind is Kind.RECOVERY else 'Active'}</Intensity>"
    if lap.part.cadence:
        yield f"<Cadence>{lap.part.cadence / 2:.0f}</Cadence>"
    yield "<TriggerMethod>Manual</TriggerMethod>"
    for stretch in stretches(activity, lap.seconds):
        yield "<Track>"
        yield from (_point(activity, second) for second in stretch)
        yield "</Track>"
    yield f"<Notes>{escaped(lap.part.name)}</Notes></Lap>"


def _point(activity: Activity, second: Second) -> str:
    """Some programs read the cadence in the extension, others beside the heart rate: it stands in both places."""
    cadence = f"{second.cadence / 2:.0f}" if second.cadence else None
    told = [f"<Trackpoint><Time>{utc_text(activity.unix(second.at))}</Time>"]
    if second.lat is not None:
        place = f"<LatitudeDegrees>{second.lat:.7f}</LatitudeDegrees><LongitudeDegrees>{second.lon:.7f}</LongitudeDegrees>"
        told.append(f"<Position>{place}</Position>")
    if second.alt is not None:
        told.append(f"<AltitudeMeters>{second.alt:.1f}</AltitudeMeters>")
    told.append(f"<DistanceMeters>{second.distance:.2f}</DistanceMeters>")
    if second.heart:
        told.append(f"<HeartRateBpm><Value>{second.heart:.0f}</Value></HeartRateBpm>")
    if cadence:
        told.append(f"<Cadence>{cadence}</Cadence>")
    speed = "" if second.speed is None else f"<x:Speed>{second.speed:.3f}</x:Speed>"
    more = speed + (f"<x:RunCadence>{cadence}</x:RunCadence>" if cadence else "")
    told.append(f"<Extensions><x:TPX>{more}</x:TPX></Extensions></Trackpoint>" if more else "</Trackpoint>")
    return "".join(told)
