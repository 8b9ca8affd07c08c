"""A planned workout as intervals.icu's API gives it: the event's `workout_doc`, with its targets resolved to m/s and beats.

    {"duration": 1200, "ramp": true, "_pace": {"start": 2.7, "end": 3.4}, "text": "Build"}
    {"reps": 3, "steps": [{"distance": 1000, "_pace": {"value": 3.6}}, {"duration": 90, "intensity": "recovery"}]}

A step has `duration` (s) or `distance` (m), or lasts `until_lap_press`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach.core.plan.heart import Beats
from coach.core.plan.segments import Kind, Length, Plan, Segment, Target, UntilLap
from coach.planning.fitness.paces import Fitness
from coach.workouts import heart_text
from coach.workouts.reading import DEEPEST, Reading, Warn

_KINDS = {"recovery": Kind.RECOVERY, "rest": Kind.RECOVERY, "warmup": Kind.WARMUP, "cooldown": Kind.COOLDOWN}


def plan_of(event: Mapping[str, Any], fitness: Fitness | None, warn: Warn) -> Plan:
    """The plan of an event. Raises InvalidSettings, with the step, if it has none that can be run."""
    reading = Reading("intervals.icu", fitness, warn)
    doc = event.get("workout_doc")
    steps = doc.get("steps") if isinstance(doc, Mapping) else None
    if not isinstance(steps, list) or not steps:
        raise reading.wrong(str(event.get("name") or "the workout"), "has no steps that can be followed")
    return reading.workout(str(event.get("name") or ""), _Steps(reading).all(steps, 0)).plan


class _Steps:
    def __init__(self, reading: Reading) -> None:
        self._reading, self._count = reading, 0

    def all(self, steps: list[Any], depth: int) -> list[Segment]:
        found: list[Segment] = []
        for step in steps:
            self._count += 1
            where = f"step {self._count}"
            if not isinstance(step, Mapping) or depth > DEEPEST:
                raise self._reading.wrong(where, "is no step")
            inner = step.get("steps")
            if isinstance(inner, list):
                found += self._reading.repeated(where, self.all(inner, depth + 1), _number(step.get("reps")) or 1)
            else:
                found.append(self._one(where, step))
            self._reading.fits(where, len(found))
        return found

    def _one(self, where: str, step: Mapping[str, Any]) -> Segment:
        kind = next((kind for word, kind in _KINDS.items() if step.get(word) is True or step.get("intensity") == word), None)
        heart = self._heart(step)
        target = None if heart else self._target(where, step)
        return self._reading.segment(where, str(step.get("text") or ""), kind, self._length(where, step), target, heart)

    def _length(self, where: str, step: Mapping[str, Any]) -> Length:
        seconds, metres = _number(step.get("duration")), _number(step.get("distance"))
        if step.get("until_lap_press") is True:
            return UntilLap()
        if metres:
            return self._reading.metres(where, metres)
        return self._reading.seconds(where, seconds) if seconds else UntilLap()

    def _target(self, where: str, step: Mapping[str, Any]) -> Target:
        between = _ends(step.get("_pace"))
        if between is None:
            told = next((name for name in ("pace", "power", "hr") if step.get(name)), None)
            return self._reading.no_target(where, f"a {told} that the site did not resolve") if told else None
        if step.get("ramp") is True:
            return self._reading.ramp(where, *between)
        return self._reading.band(where, *between)

    def _heart(self, step: Mapping[str, Any]) -> Beats | None:
        between = _ends(step.get("_hr"))
        return heart_text.between(*between) if between else None


def _ends(told: Any) -> tuple[float, float] | None:
    """Both ends of a target, or its one value twice."""
    if not isinstance(told, Mapping):
        return None
    start, end = _number(told.get("start")), _number(told.get("end"))
    value = _number(told.get("value"))
    if start and end:
        return start, end
    return (value, value) if value else None


def _number(value: Any) -> float | None:
    """A number above zero; None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6 else None
