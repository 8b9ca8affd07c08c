"""A plan as Garmin Connect's workout JSON: the writer to garmin.py's reader."""

from __future__ import annotations

import json
from typing import Any

from coach.core.plan.segments import Distance, Duration, Kind, Plan, Segment
from coach.workouts import garmin_hearts
from coach.workouts.blocks import Block, Item, Written, limits, losses, printable, staircase, tolerance_note
from coach.workouts.reading import LONGEST_NAME

MOST_STEPS = 50

_STEP_TYPES = {Kind.WARMUP: (1, "warmup"), Kind.COOLDOWN: (2, "cooldown"), Kind.RECOVERY: (4, "recovery")}
_SPORT = {"sportTypeId": 1, "sportTypeKey": "running"}


def write(plan: Plan) -> Written:
    items, notes = staircase(plan, MOST_STEPS, "a Garmin Connect workout")
    tables = {
        "workoutName": printable(plan.name, 80),
        "sportType": _SPORT,
        "workoutSegments": [{"segmentOrder": 1, "sportType": _SPORT, "workoutSteps": _Writer().all(items)}],
    }
    content = (json.dumps(tables, indent=1, ensure_ascii=False) + "\n").encode()
    lost = losses(plan, kinds=frozenset(_STEP_TYPES), name=LONGEST_NAME, heart=True, ends=True)
    return Written(content, (*notes, *tolerance_note(plan), *lost))


class _Writer:
    def __init__(self) -> None:
        self._order = 0

    def all(self, items: tuple[Item, ...]) -> list[dict[str, Any]]:
        return [self._item(item) for item in items]

    def _item(self, item: Item) -> dict[str, Any]:
        self._order += 1
        order = {"stepId": self._order, "stepOrder": self._order}
        if isinstance(item, Block):
            return {
                "type": "RepeatGroupDTO", **order, "stepType": {"stepTypeId": 6, "stepTypeKey": "repeat"},
                "numberOfIterations": item.times, "smartRepeat": False, "endConditionValue": item.times,
                "endCondition": {"conditionTypeId": 7, "conditionTypeKey": "iterations"}, "workoutSteps": self.all(item.body),
            }  # fmt: skip
        number, key = _STEP_TYPES.get(item.kind, (3, "interval"))
        step = {"type": "ExecutableStepDTO", **order, "description": printable(item.name, 80)}
        return step | {"stepType": {"stepTypeId": number, "stepTypeKey": key}} | _end(item) | _zone(item)


def _end(segment: Segment) -> dict[str, Any]:
    if segment.until:
        return garmin_hearts.end_written(segment.until)
    match segment.length:
        case Duration(seconds):
            return {"endCondition": {"conditionTypeId": 2, "conditionTypeKey": "time"}, "endConditionValue": round(seconds, 3)}
        case Distance(metres):
            return {
                "endCondition": {"conditionTypeId": 3, "conditionTypeKey": "distance"},
                "endConditionValue": round(metres, 3),
            }
    return {"endCondition": {"conditionTypeId": 1, "conditionTypeKey": "lap.button"}}


def _zone(segment: Segment) -> dict[str, Any]:
    if segment.heart:
        return garmin_hearts.target_written(segment.heart)
    between = limits(segment.target)
    if between is None:
        return {"targetType": {"workoutTargetTypeId": 1, "workoutTargetTypeKey": "no.target"}}
    kind = {"targetType": {"workoutTargetTypeId": 6, "workoutTargetTypeKey": "pace.zone"}}
    return kind | {"targetValueOne": round(between[0], 4), "targetValueTwo": round(between[1], 4)}
