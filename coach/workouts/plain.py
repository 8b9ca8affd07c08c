"""A plan as plain values and back, for the journal's first line: exact, whatever file it came from."""

from __future__ import annotations

from typing import Any

from coach.core.plan.course import Course
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import (
    MAX_SEGMENTS,
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

LARGEST = 1e9  # of any number: no length in seconds or metres is larger


def as_dict(plan: Plan) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": plan.name, "segments": [_segment(segment) for segment in plan.segments]}
    if plan.goal is not None:
        plain["goal"] = plan.goal
    return plain | ({"course": _course(plan.course)} if plan.course else {})


def from_dict(plain: dict[str, Any]) -> Plan:
    """Raises KeyError, TypeError or ValueError for values that were not made from a plan."""
    course = _read_course(plain["course"]) if "course" in plain else None
    goal = _above_zero(plain["goal"]) if "goal" in plain else None
    segments = tuple(_read(each) for each in plain["segments"])
    if not 1 <= len(segments) <= MAX_SEGMENTS:
        raise ValueError(f"a plan of {len(segments)} segments")
    return Plan(_text(plain["name"]), segments, course, goal)


def _course(course: Course) -> dict[str, Any]:
    rows = {"points": [list(point) for point in course.points], "heights": [list(height) for height in course.heights]}
    return rows | {"laps": course.laps, "file": course.file}


def _read_course(plain: dict[str, Any]) -> Course:
    points = tuple((_number(lat), _number(lon), _number(along)) for lat, lon, along in plain["points"])
    heights = tuple((_number(along), _number(height)) for along, height in plain["heights"])
    return Course(points, heights, _count(plain["laps"]), _text(plain["file"]))


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
    if segment.heart:
        plain["heart"] = [segment.heart.low, segment.heart.high]
    if segment.until:
        plain["until"] = ["below" if segment.until.below else "above", segment.until.beats]
    if segment.turn:
        plain["turn"] = list(segment.turn)
    if segment.sets:
        plain["sets"] = list(segment.sets)
    if segment.cadence:
        plain["cadence"] = segment.cadence
    if segment.says:
        plain["says"] = [[_at(saying.at), saying.text] for saying in segment.says]
    return plain


def _at(at: Duration | Distance) -> list[Any]:
    return ["seconds", at.seconds] if isinstance(at, Duration) else ["metres", at.metres]


def _read(plain: dict[str, Any]) -> Segment:
    turn, sets = ((_count(plain[each][0]), _count(plain[each][1])) if each in plain else None for each in ("turn", "sets"))
    says = tuple(_saying(*each) for each in plain.get("says", ()))
    cadence = _count(plain["cadence"]) if "cadence" in plain else None
    heart = Beats(*map(_count, plain["heart"])) if "heart" in plain else None
    until = HeartEnd(_count(plain["until"][1]), plain["until"][0] == "below") if "until" in plain else None
    length, target = _length(plain), _target(plain)
    return Segment(_text(plain["name"]), Kind(plain["kind"]), length, target, turn, cadence, says, sets, heart, until)


def _saying(at: list[Any], text: str) -> Saying:
    unit, value = at
    return Saying(Duration(_number(value)) if unit == "seconds" else Distance(_number(value)), _text(text))


def _length(plain: dict[str, Any]) -> Length:
    if "seconds" in plain:
        return Duration(_above_zero(plain["seconds"]))
    return Distance(_above_zero(plain["metres"])) if "metres" in plain else UntilLap()


def _target(plain: dict[str, Any]) -> Target:
    if "speed" in plain:
        return Steady(_above_zero(plain["speed"]))
    if "band" in plain:
        return Band(*map(_above_zero, plain["band"]))
    return Ramp(*map(_above_zero, plain["ramp"])) if "ramp" in plain else None


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not -LARGEST < value < LARGEST:
        raise ValueError(f"{value!r} is not a number of a plan")
    number: float = value
    return number


def _above_zero(value: Any) -> float:
    if _number(value) <= 0:
        raise ValueError(f"{value!r} is not above zero")
    return _number(value)


def _count(value: Any) -> int:
    if type(value) is not int or not 1 <= value < LARGEST:
        raise ValueError(f"{value!r} is not a whole number of at least 1")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return value
