"""Prints a workout: when each segment begins, how long it is, its target; and the totals."""

from __future__ import annotations

from collections.abc import Iterator

from coach.core.plan.segments import Band, Distance, Duration, Plan, Ramp, Segment, Steady
from coach.core.units import clock_text, distance_text, pace_text


def timeline(plan: Plan, unit: str) -> Iterator[str]:
    """A line for each segment: when it begins, how long it is, its target; then the totals."""
    yield plan.name
    seconds, known = 0.0, True
    for segment in plan.segments:
        begins = clock_text(seconds) if known else "?"
        yield f"{begins:>8}  {_name(segment):<24} {_length(segment, unit):>10}   {_target(segment, unit)}"
        known = known and segment.seconds is not None
        seconds += segment.seconds or 0.0
    totals = plan.totals
    time = f"{'at least ' if totals.open_time else ''}{clock_text(totals.seconds)}"
    way = f"{'at least ' if totals.open_distance else ''}{distance_text(totals.metres, unit)}"
    yield f"{'total':>8}  {time}, {way}"


def _name(segment: Segment) -> str:
    turns = ", ".join(f"{turn[0]} of {turn[1]}" for turn in (segment.sets, segment.turn) if turn)
    return f"{segment.name} ({turns})" if turns else segment.name


def _length(segment: Segment, unit: str) -> str:
    match segment.length:
        case Duration(seconds):
            return clock_text(seconds)
        case Distance(metres):
            return distance_text(metres, unit)
    return "until lap"


def _target(segment: Segment, unit: str) -> str:
    match segment.target:
        case Steady(speed):
            return pace_text(speed, unit)
        case Band(slow, fast):
            return f"{pace_text(slow, unit)} .. {pace_text(fast, unit)}"
        case Ramp(start, end):
            return f"{pace_text(start, unit)} -> {pace_text(end, unit)}"
    return "free"
