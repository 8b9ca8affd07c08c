"""Heart rates in Garmin Connect's workout JSON: targets in beats or by zone, and ends above or below so many beats.

A target: "targetType": {"workoutTargetTypeId": 4, "workoutTargetTypeKey": "heart.rate.zone"}, with
"targetValueOne": 140 and "targetValueTwo": 150, or with "zoneNumber": 2.
An end: "endCondition": {"conditionTypeId": 6, "conditionTypeKey": "heart.rate"}, "endConditionValue": 120,
"endConditionCompare": "lt".
"""

from __future__ import annotations

from typing import Any

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Kind
from coach.planning.fitness.heart import ZONES
from coach.workouts.heart_text import possible
from coach.workouts.reading import Reading

TARGETS, END = ("heart.rate.zone", "heart.rate"), "heart.rate"
_COMPARED = {"lt": True, "<": True, "lte": True, "gt": False, ">": False, "gte": False}  # -> whether it ends below
PER_CENT = 100
_FALLING = (Kind.RECOVERY, Kind.COOLDOWN)


def target(reading: Reading, where: str, one: float | None, two: float | None, zone: float | None) -> Beats | None:
    """None and a warning if it is a zone that is not known."""
    if zone is None and one and max(one, two or one) <= len(ZONES):  # programs have written the zone's number as its value
        return reading.heart_zones(where, int(min(one, two or one)), int(max(one, two or one)))
    if zone:
        return reading.heart_zones(where, int(zone), int(zone))
    if not one or not two:
        reading.no_target(where, "a heart rate", "has no number")
        return None
    if max(one, two) <= PER_CENT:
        reading.warn(
            where, f"a heart rate of {one:g} to {two:g} is taken as per cent of your maximum: nobody runs with so few beats"
        )
        return reading.heart_share(where, min(one, two), max(one, two), "maximum")
    return reading.heart_between(where, one, two)


def until(reading: Reading, where: str, value: float | None, compare: str, kind: Kind | None) -> HeartEnd | None:
    """None if it is a zone, which stands in the account. Without a comparison a recovery falls to it, and all else rises."""
    if not (beats := possible(value or 0)):
        return None
    below = _COMPARED.get(compare.strip().lower())
    if below is None:
        below = kind in _FALLING
        reading.warn(
            where, f"ends at {beats} beats a minute, but not whether above or below: {'below' if below else 'above'} is taken"
        )
    return HeartEnd(beats, below)


def end_written(end: HeartEnd) -> dict[str, Any]:
    condition = {"endCondition": {"conditionTypeId": 6, "conditionTypeKey": END}, "endConditionValue": end.beats}
    return condition | {"endConditionCompare": "lt" if end.below else "gt"}


def target_written(heart: Beats) -> dict[str, Any]:
    kind = {"targetType": {"workoutTargetTypeId": 4, "workoutTargetTypeKey": TARGETS[0]}}
    return kind | {"targetValueOne": heart.low, "targetValueTwo": heart.high}
