"""A plan as plain values and back, for the journal's first line: exact, whatever file it came from."""

from __future__ import annotations

from typing import Any

from coach.core.plan.course import Course
from coach.core.plan.segments import (
    Band,
    Distance,
    Duration,
    Kind,
    Length,
    Plan,
    Ramp,
    Saying,
    Segment,
    Steady,
    Target,
    UntilLap,
)


def as_dict(plan: Plan) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": plan.name, "segments": [_segment(segment) for segment in plan.segments]}
    if plan.goal is not None:
        plain["goal"] = plan.goal
    return plain | ({"course": _course(plan.course)} if plan.course else {})


def from_dict(plain: dict[str, Any]) -> Plan:
    """Raises KeyError, TypeError or ValueError for values that were not made from a plan."""
    course = _read_course(plain["course"]) if "course" in plain else None
    return Plan(plain["name"], tuple(_read(each) for each in plain["segments"]), course, plain.get("goal"))


def _course(course: Course) -> dict[str, Any]:
    rows = {"points": [list(point) for point in course.points], "heights": [list(height) for height in course.heights]}
    return rows | {"laps": course.laps, "file": course.file}


def _read_course(plain: dict[str, Any]) -> Course:
    points = tuple((lat, lon, along) for lat, lon, along in plain["points"])
    return Course(points, tuple((along, height) for along, height in plain["heights"]), plain["laps"], plain["file"])


def _segment(segment: Segment) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": segment.name, "kind": segment.kind.value}
    match segment.length:
        case Duration(seconds):
            plain["seconds"] = seconds
        case Distance(metres):
            plain["metres"] = metres
    match segment.target:
        case Steady(speed):
            plain["speed"] = speed
        case Band(slow, fast):
            plain["band"] = [slow, fast]
        case Ramp(start, end):
            plain["ramp"] = [start, end]
    if segment.turn:
        plain["turn"] = list(segment.turn)
    if segment.cadence:
        plain["cadence"] = segment.cadence
    if segment.says:
        plain["says"] = [[_at(saying.at), saying.text] for saying in segment.says]
    return plain


def _at(at: Duration | Distance) -> list[Any]:
    return ["seconds", at.seconds] if isinstance(at, Duration) else ["metres", at.metres]


def _read(plain: dict[str, Any]) -> Segment:
    turn = (plain["turn"][0], plain["turn"][1]) if "turn" in plain else None
    says = tuple(_saying(*each) for each in plain.get("says", ()))
    return Segment(plain["name"], Kind(plain["kind"]), _length(plain), _target(plain), turn, plain.get("cadence"), says)


def _saying(at: list[Any], text: str) -> Saying:
    unit, value = at
    return Saying(Duration(value) if unit == "seconds" else Distance(value), text)


def _length(plain: dict[str, Any]) -> Length:
    if "seconds" in plain:
        return Duration(plain["seconds"])
    return Distance(plain["metres"]) if "metres" in plain else UntilLap()


def _target(plain: dict[str, Any]) -> Target:
    if "speed" in plain:
        return Steady(plain["speed"])
    if "band" in plain:
        return Band(*plain["band"])
    return Ramp(*plain["ramp"]) if "ramp" in plain else None
