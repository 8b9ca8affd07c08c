"""TCX workouts, Garmin's TrainingCenterDatabase v2: steps, repeats and speed zones in m/s.

The schema holds 20 steps, names of 15 characters, and whole seconds and metres up to 65,535.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Distance, Duration, Kind, Length, Plan, Segment, Target, UntilLap
from coach.errors import InvalidSettings
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.workouts import files
from coach.workouts.blocks import (
    KIND_OF_NAME,
    Block,
    Item,
    Written,
    limits,
    losses,
    number,
    printable,
    staircase,
    tolerance_note,
)
from coach.workouts.files import decimal, local
from coach.workouts.heart_text import longest, possible
from coach.workouts.reading import DEEPEST, Reading, Warn, Workout

MOST_STEPS, LONGEST_NAME, MOST = 20, 15, 65_535
MOST_REPEATS = 99
NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BELOW, _ABOVE, _IN_BEATS = "HeartRateBelow_t", "HeartRateAbove_t", "HeartRateInBeatsPerMinute_t"
_IN_PER_CENT = "HeartRateAsPercentOfMax_t"
_CUSTOM_ZONE, _NUMBERED_ZONE = "CustomHeartRateZone_t", "PredefinedHeartRateZone_t"
_TOLD = {"HeartRate": "a heart rate", "HeartRateAbove": "a heart rate", "HeartRateBelow": "a heart rate",
         "Cadence": "a cadence", "CaloriesBurned": "calories"}  # fmt: skip


def read(path: Path, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """The first workout in the file. Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn, hearts)
    root = files.xml(reading)
    found = [each for each in root.iter() if local(each) == "Workout"]
    if not found:
        raise reading.wrong(None, "has no workout", "to replay a recorded run, type: coach replay FILE")
    for other in found[1:]:
        reading.warn(other.sourceline, "is another workout; only the first is read")
    workout = found[0]
    sport = workout.get("Sport", "Running")
    if sport != "Running":
        reading.warn(
            workout.sourceline, f"is a workout for {printable(sport, 40)}, not for running; it is read as a running workout"
        )
    return reading.workout(_text(workout, "Name"), _steps(reading, workout, "Step", 0))


def _steps(reading: Reading, parent: Any, tag: str, depth: int) -> list[Segment]:
    segments: list[Segment] = []
    for element in _by_number([each for each in parent if local(each) == tag]):
        if _type(element) == "Repeat_t":
            if depth > DEEPEST:
                raise reading.wrong(element.sourceline, "is nested too deeply", f"blocks can be nested at most {DEEPEST} deep")
            body = _steps(reading, element, "Child", depth + 1)
            segments += reading.repeated(element.sourceline, body, decimal(_text(element, "Repetitions")))
        else:
            segments.append(_step(reading, element))
        reading.fits(element.sourceline, len(segments))
    return segments


def _by_number(steps: list[Any]) -> list[Any]:
    """By StepId, or as the file has them where that does not order them."""
    numbers = [decimal(_text(step, "StepId")) for step in steps]
    known = [number for number in numbers if number is not None]
    if len(set(known)) < len(steps):
        return steps
    return [step for _, step in sorted(zip(known, steps, strict=True), key=lambda each: each[0])]


def _step(reading: Reading, element: Any) -> Segment:
    name = _text(element, "Name")
    kind = KIND_OF_NAME.get(name.lower()) or (Kind.RECOVERY if _text(element, "Intensity") == "Resting" else None)
    until, target = _until(_child(element, "Duration")), _child(element, "Target")
    length = longest(until) if until else _length(reading, element, _child(element, "Duration"))
    by_heart = target is not None and _type(target) == "HeartRate_t"
    heart = _heart(reading, target) if by_heart else None
    speed = None if by_heart else _target(reading, target)
    return reading.segment(element.sourceline, name, kind, length, speed, heart, until)


def _heart(reading: Reading, target: Any) -> Beats | None:
    """A numbered zone, beats, or per cent of the maximum."""
    line, zone = target.sourceline, _child(target, "HeartRateZone")
    if zone is None or _type(zone) not in (_CUSTOM_ZONE, _NUMBERED_ZONE):
        reading.no_target(line, "a heart rate")
        return None
    if _type(zone) == _NUMBERED_ZONE:
        number_ = int(decimal(_text(zone, "Number")) or 0)
        return reading.heart_zones(line, number_, number_)
    ends = [_child(zone, end) for end in ("Low", "High")]
    low, high = (0.0 if end is None else decimal(_text(end, "Value")) or 0.0 for end in ends)
    if all(end is not None and _type(end) == _IN_PER_CENT for end in ends):
        return reading.heart_share(line, low, high, "maximum")
    return reading.heart_between(line, low, high)


def _until(duration: Any) -> HeartEnd | None:
    kind = "" if duration is None else _type(duration)
    beats = _beats(_child(duration, "HeartRate")) if kind in (_BELOW, _ABOVE) else 0
    return HeartEnd(beats, kind == _BELOW) if beats else None


def _beats(element: Any) -> int:
    """Beats a minute; 0 if the element says something else."""
    value = None if element is None or _type(element) != _IN_BEATS else decimal(_text(element, "Value"))
    return possible(value or 0)


def _length(reading: Reading, step: Any, duration: Any) -> Length:
    if duration is None:
        raise reading.wrong(step.sourceline, "the step has no Duration")
    line, kind = duration.sourceline, _type(duration)
    match kind:
        case "Time_t":
            return reading.seconds(line, _number(reading, duration, "Seconds"))
        case "Distance_t":
            return reading.metres(line, _number(reading, duration, "Meters"))
        case "UserInitiated_t":
            return UntilLap()
    return reading.open_end(line, _told(kind))


def _target(reading: Reading, target: Any) -> Target:
    kind = _type(target) if target is not None else "None_t"
    if kind == "None_t":
        return None
    line = target.sourceline
    zone = _child(target, "SpeedZone")
    if kind != "Speed_t" or zone is None or _type(zone) != "CustomSpeedZone_t":
        return reading.no_target(line, "a numbered speed zone" if kind == "Speed_t" else _told(kind))
    low, high = (_number(reading, zone, f"{end}InMetersPerSecond") for end in ("Low", "High"))
    return reading.band(line, low, high)


def _told(kind: str) -> str:
    """An end or a target in words."""
    name = kind.removesuffix("_t")
    return _TOLD.get(name) or printable(name, 40, "something unknown")


def _number(reading: Reading, element: Any, name: str) -> float:
    child = _child(element, name)
    value = None if child is None else decimal(child.text or "")
    if value is None:
        line = element.sourceline if child is None else child.sourceline
        raise reading.wrong(line, f"{name} is not a number")
    return value


def _child(element: Any, name: str) -> Any:
    return next((each for each in element if local(each) == name), None)


def _text(element: Any, name: str) -> str:
    child = _child(element, name)
    return (child.text or "").strip() if child is not None else ""


def _type(element: Any) -> str:
    return str(element.get(f"{{{_XSI}}}type", "")).rpartition(":")[2]


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Ramps become steps; whole seconds and metres. Raises InvalidSettings for what the schema cannot hold."""
    items, notes = staircase(plan, MOST_STEPS, "a .tcx workout")
    writer = _Writer()
    steps = "".join(f"   <Step {writer.item(item)}</Step>\n" for item in items)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="{NAMESPACE}" xmlns:xsi="{_XSI}">\n'
        f' <Workouts>\n  <Workout Sport="Running">\n   <Name>{writer.name(plan.name)}</Name>\n{steps}'
        "  </Workout>\n </Workouts>\n</TrainingCenterDatabase>\n"
    )
    lost = losses(plan, kinds=frozenset({Kind.RECOVERY}), name=LONGEST_NAME, heart=True, ends=True)
    return Written(text.encode(), (*notes, *tolerance_note(plan), *lost, *writer.notes))


class _Writer:
    """Numbers the steps and notes what the schema is too narrow for."""

    def __init__(self) -> None:
        self._count = 0
        self._noted: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._noted)

    def name(self, name: str) -> str:
        return escape(printable(name, LONGEST_NAME))

    def item(self, item: Item) -> str:
        """The inside of a Step or Child element, with the attribute that says which."""
        self._count += 1
        number_, kind = self._count, "Repeat_t" if isinstance(item, Block) else "Step_t"
        return f'xsi:type="{kind}"><StepId>{number_}</StepId>' + "".join(self._inside(item))

    def _inside(self, item: Item) -> Iterator[str]:
        if isinstance(item, Block):
            if item.times > MOST_REPEATS:
                raise InvalidSettings("a .tcx workout", None, f"repeats at most {MOST_REPEATS} times", "write a .toml instead")
            yield f"<Repetitions>{item.times}</Repetitions>"
            yield from (f"<Child {self.item(each)}</Child>" for each in item.body)
            return
        yield f"<Name>{self.name(item.name)}</Name>{_until_text(item.until) or self._duration(item.length)}"
        target = _heart_zone(item.heart) or _zone(item.target)
        yield f"<Intensity>{'Resting' if item.kind is Kind.RECOVERY else 'Active'}</Intensity>{target}"

    def _duration(self, length: Length) -> str:
        match length:
            case Duration(seconds):
                return f'<Duration xsi:type="Time_t"><Seconds>{self._whole(seconds, "second")}</Seconds></Duration>'
            case Distance(metres):
                return f'<Duration xsi:type="Distance_t"><Meters>{self._whole(metres, "metre")}</Meters></Duration>'
        return '<Duration xsi:type="UserInitiated_t"/>'

    def _whole(self, value: float, unit: str) -> int:
        if value > MOST:
            raise InvalidSettings("a .tcx workout", None, f"holds steps of at most {MOST} {unit}s", "write a .toml instead")
        if value != round(value):
            self._noted[f"lengths are rounded to a {unit}"] = None
        return max(1, round(value))


def _until_text(until: HeartEnd | None) -> str:
    if until is None:
        return ""
    value = f'<HeartRate xsi:type="{_IN_BEATS}"><Value>{until.beats}</Value></HeartRate>'
    return f'<Duration xsi:type="{_BELOW if until.below else _ABOVE}">{value}</Duration>'


def _heart_zone(heart: Beats | None) -> str:
    if heart is None:
        return ""
    ends = ((end, value) for end, value in (("Low", heart.low), ("High", heart.high)))
    zone = "".join(f'<{end} xsi:type="{_IN_BEATS}"><Value>{value}</Value></{end}>' for end, value in ends)
    return f'<Target xsi:type="HeartRate_t"><HeartRateZone xsi:type="{_CUSTOM_ZONE}">{zone}</HeartRateZone></Target>'


def _zone(target: Target) -> str:
    between = limits(target)
    if between is None:
        return '<Target xsi:type="None_t"/>'
    low, high = (number(speed, 4) for speed in between)
    return (
        '<Target xsi:type="Speed_t"><SpeedZone xsi:type="CustomSpeedZone_t"><ViewAs>Pace</ViewAs>'
        f"<LowInMetersPerSecond>{low}</LowInMetersPerSecond><HighInMetersPerSecond>{high}</HighInMetersPerSecond>"
        "</SpeedZone></Target>"
    )
