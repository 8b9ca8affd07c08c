"""Garmin Connect's workout JSON (also kaiord's .gcn), and RunnerUp's, which is Garmin's of 2013.

Today: nested RepeatGroupDTOs, seconds, metres, m/s. In 2013: a flat list whose repeats are linked by group numbers,
values as texts in ms, cm and cm/ms. Speeds come in either order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from coach.core.plan.segments import Kind, Length, Plan, Segment, Target, UntilLap
from coach.core.units import METRES
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.workouts import files, garmin_hearts
from coach.workouts.blocks import Written, printable
from coach.workouts.files import decimal
from coach.workouts.heart_text import longest
from coach.workouts.reading import DEEPEST, Reading, Warn, Workout

OLD = "com.garmin.connect.workout.json.UserWorkoutJson"

_KINDS = {"warmup": Kind.WARMUP, "cooldown": Kind.COOLDOWN, "recovery": Kind.RECOVERY, "rest": Kind.RECOVERY}
_UNITS = {"ms": 1e-3, "second": 1.0, "s": 1.0, "millimeter": 1e-3, "centimeter": 1e-2, "cm": 1e-2, "meter": 1.0, "m": 1.0,
          "kilometer": 1e3, "km": 1e3, "mile": METRES["mi"], "miles": METRES["mi"], "centimetersPerMillisecond": 10.0,
          "metersPerMillisecond": 1e3, "centimetersPerSecond": 1e-2, "metersPerSecond": 1.0, "bpm": 1.0,
          "dimensionless": 1.0}  # fmt: skip
_TOLD = {"heart.rate": "a heart rate", "heart.rate.zone": "a heart rate", "power.zone": "a power", "power": "a power",
         "cadence": "a cadence", "cadence.zone": "a cadence", "calories": "calories"}  # fmt: skip
_PACES = ("pace.zone", "speed.zone")


def read(path: Path, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """Raises InvalidSettings, with the step."""
    reading = Reading(str(path), fitness, warn, hearts)
    tables = files.tables(reading)
    if isinstance(tables, dict) and isinstance(old := tables.get(OLD), dict):
        _check_sport(reading, _text(old, "sportTypeKey"))
        return reading.workout(_text(old, "workoutName"), _Old(reading, old).all())
    parts = tables.get("workoutSegments") if isinstance(tables, dict) else None
    if not isinstance(parts, list):
        raise reading.wrong(None, "is JSON, but not a workout of Garmin Connect or RunnerUp")
    _check_sport(reading, _key(tables, "sportType", "sportTypeKey"))
    walk = _Walk(reading)
    return reading.workout(
        _text(tables, "workoutName"), [each for part in _sorted(parts, "segmentOrder") for each in walk.all(part, 0)]
    )


def _check_sport(reading: Reading, sport: str) -> None:
    if sport not in ("", "running"):
        reading.warn(None, f"is a workout for {printable(sport, 40)}, not for running; it is read as a running workout")


class _Walk:
    """Numbers the steps in the order of the file, for the warnings."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._count = 0

    def all(self, parent: Any, depth: int) -> list[Segment]:
        segments: list[Segment] = []
        for step in _in_order(parent):
            self._count += 1
            where = f"step {self._count}"
            if not isinstance(step, dict):
                raise self._reading.wrong(where, "is not a step")
            if isinstance(step.get("workoutSteps"), list):
                segments += self._block(where, step, depth)
            else:
                segments.append(self._step(where, step))
            self._reading.fits(where, len(segments))
        return segments

    def _block(self, where: str, step: dict[str, Any], depth: int) -> list[Segment]:
        if depth > DEEPEST:
            raise self._reading.wrong(where, "is nested too deeply", f"blocks can be nested at most {DEEPEST} deep")
        times = _number(step.get("numberOfIterations"))
        times = _number(step.get("endConditionValue")) if times is None else times
        segments = self._reading.repeated(where, self.all(step, depth + 1), times)
        skips = step.get("skipLastRestStep") in (True, "true") and len(_in_order(step)) > 1
        return segments[:-1] if skips and segments[-1].kind is Kind.RECOVERY else segments

    def _step(self, where: str, step: dict[str, Any]) -> Segment:
        reading = self._reading
        second = _key(step, "secondaryTargetType", "workoutTargetTypeKey")
        if second not in ("", "no.target"):
            reading.warn(where, f"its second target, {_told(second)}, is not followed")
        return _made(
            reading,
            where,
            _Parts(
                name=_text(step, "description"),
                kind=_KINDS.get(_key(step, "stepType", "stepTypeKey")),
                end=_key(step, "endCondition", "conditionTypeKey"),
                value=_number(step.get("endConditionValue")),
                compare=_text(step, "endConditionCompare"),
                target=_key(step, "targetType", "workoutTargetTypeKey"),
                limits=(_number(step.get("targetValueOne")), _number(step.get("targetValueTwo"))),
                zone=_number(step.get("zoneNumber")),
            ),
        )


def _in_order(parent: Any) -> list[Any]:
    """The steps by stepOrder, or as the file has them where that does not order them."""
    steps = parent.get("workoutSteps") if isinstance(parent, dict) else None
    return _sorted(steps, "stepOrder") if isinstance(steps, list) else []


def _sorted(items: list[Any], key: str) -> list[Any]:
    orders = [_number(each.get(key)) if isinstance(each, dict) else None for each in items]
    known = [order for order in orders if order is not None]
    if len(set(known)) < len(items):
        return items
    return [item for _, item in sorted(zip(known, items, strict=True), key=lambda each: each[0])]


class _Old:
    """The flat list of 2013: each step has a group, and names that of the repeat it stands in."""

    def __init__(self, reading: Reading, workout: dict[str, Any]) -> None:
        steps = workout.get("workoutSteps")
        if not isinstance(steps, list) or not all(isinstance(each, dict) for each in steps):
            raise reading.wrong(None, "has no list of workoutSteps")
        reading.fits(None, len(steps))
        self._reading = reading
        self._repeats = {_group(each.get("groupId")) for each in steps if _is_repeat(each)}
        self._children: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        ordered = sorted(enumerate(steps, 1), key=lambda each: (_number(each[1].get("stepOrder")) or 0.0, each[0]))
        for number, step in ordered:
            self._children.setdefault(self._parent(f"step {number}", step), []).append((f"step {number}", step))

    def all(self) -> list[Segment]:
        """Raises InvalidSettings if blocks contain each other in a circle, so that none of them is ever reached."""
        segments = self._of("", 0)
        for left in self._children.values():
            raise self._reading.wrong(left[0][0], "is in a repeat that contains itself")
        return segments

    def _parent(self, where: str, step: dict[str, Any]) -> str:
        parent = _group(step.get("parentGroupId"))
        if parent and parent not in self._repeats:
            self._reading.warn(where, f"belongs to group {parent}, which no repeat has: it is run once")
            return ""
        return parent

    def _of(self, group: str, depth: int) -> list[Segment]:
        segments: list[Segment] = []
        for where, step in self._children.pop(group, []):
            if depth > DEEPEST:
                raise self._reading.wrong(where, "is nested too deeply", f"blocks can be nested at most {DEEPEST} deep")
            if _is_repeat(step):
                times = _number(step.get("endConditionValue", step.get("repeatValue")))
                body = self._of(_group(step.get("groupId")), depth + 1)
                segments += self._reading.repeated(where, body, times)
            else:
                segments.append(self._step(where, step))
            self._reading.fits(where, len(segments))
        return segments

    def _step(self, where: str, step: dict[str, Any]) -> Segment:
        reading = self._reading
        return _made(
            reading,
            where,
            _Parts(
                name=_text(step, "stepName"),
                kind=_KINDS.get(_text(step, "stepTypeKey")),
                end=_text(step, "endConditionTypeKey"),
                value=self._scaled(where, step, "endConditionValue", "endConditionUnitKey"),
                compare=_text(step, "endConditionCompare"),
                target=_text(step, "targetTypeKey"),
                limits=(
                    self._scaled(where, step, "targetValueOne", "targetValueUnitKey"),
                    self._scaled(where, step, "targetValueTwo", "targetValueUnitKey"),
                ),
                zone=_number(step.get("zoneNumber")),
            ),
        )

    def _scaled(self, where: str, step: dict[str, Any], key: str, unit_key: str) -> float | None:
        unit = _text(step, unit_key) or "dimensionless"
        value = _number(step.get(key))
        if value is None or unit in _UNITS:
            return None if value is None else value * _UNITS[unit]
        if _text(step, "targetTypeKey") in _PACES or key == "endConditionValue":
            self._reading.warn(where, f'the unit "{printable(unit, 40)}" is not a known unit: the value is left out')
        return None


def _is_repeat(step: dict[str, Any]) -> bool:
    return _text(step, "stepTypeKey") == "repeat" and bool(_group(step.get("groupId")))


class _Parts(NamedTuple):
    """What both formats say of a step."""

    name: str
    kind: Kind | None
    end: str
    value: float | None
    compare: str
    target: str
    limits: tuple[float | None, float | None]
    zone: float | None


def _made(reading: Reading, where: str, parts: _Parts) -> Segment:
    by_heart = parts.target in garmin_hearts.TARGETS
    heart = garmin_hearts.target(reading, where, *parts.limits, parts.zone) if by_heart else None
    until = None
    if parts.end == garmin_hearts.END:
        until = garmin_hearts.until(reading, where, parts.value, parts.compare, parts.kind)
    length = longest(until) if until else _length(reading, where, parts.end, parts.value)
    target = None if by_heart else _target(reading, where, parts.target, *parts.limits)
    return reading.segment(where, parts.name, parts.kind, length, target, heart, until)


def _length(reading: Reading, where: str, end: str, value: float | None) -> Length:
    if end == "lap.button":
        return UntilLap()
    if end not in ("time", "fixed.rest", "distance"):
        return reading.open_end(where, _told(end))
    if value is None:
        raise reading.wrong(where, f"ends by {end}, but has no number")
    return reading.seconds(where, value) if end != "distance" else reading.metres(where, value)


def _target(reading: Reading, where: str, kind: str, one: float | None, two: float | None) -> Target:
    if kind in ("", "no.target"):
        return None
    if kind not in _PACES:
        return reading.no_target(where, _told(kind))
    if one is None or two is None:
        return reading.no_target(where, "a numbered zone", "stands in your account, not in this file")
    return reading.band(where, one, two)


def _told(key: str) -> str:
    """A kind of end or target in words."""
    return _TOLD.get(key) or printable(key, 40, "something unknown")


def _number(value: object) -> float | None:
    """A number, or a text that is one."""
    if isinstance(value, str):
        return decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        return None
    return float(value)


def _group(value: object) -> str:
    number = _number(value)
    return "" if number is None else f"{number:g}"


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _key(table: dict[str, Any], outer: str, inner: str) -> str:
    value = table.get(outer)
    return _text(value, inner) if isinstance(value, dict) else ""


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Garmin Connect's JSON of today; ramps become steps. Raises InvalidSettings when there are more than 50."""
    from coach.workouts import garmin_text

    return garmin_text.write(plan)
