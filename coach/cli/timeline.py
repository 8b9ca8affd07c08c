"""Prints a workout: when each segment begins, how long it is, its target; and the totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coach.core.plan.segments import Band, Distance, Duration, Plan, Ramp, Segment, Steady
from coach.core.units import clock_text, distance_text, pace_text, speed_text
from coach.voice.words.screen import Screen
from coach.voice.words.tables import FALLBACK


def timeline(plan: Plan, unit: str, belt: bool = False, language: str = FALLBACK) -> Iterator[str]:
    """A line for each segment: when it begins, how long it is, its target (on a `belt` as a speed); then the totals."""
    screen = Screen.load(language)
    yield screen.name(plan.name)
    seconds, known = 0.0, True
    for segment in plan.segments:
        begins = clock_text(seconds) if known else "?"
        target = _target(segment, unit, speed_text if belt else pace_text) or _by_heart(segment, screen) or screen.line("free")
        yield f"{begins:>8}  {_name(segment, screen):<24} {_length(segment, unit, screen):>10}   {target}"
        known = known and segment.seconds is not None
        seconds += segment.seconds or 0.0
    totals = plan.totals
    time, way = clock_text(totals.seconds), distance_text(totals.metres, unit)
    time = screen.line("at_least", amount=time) if totals.open_time else time
    way = screen.line("at_least", amount=way) if totals.open_distance else way
    yield f"{screen.line('total'):>8}  {time}, {way}"


def _name(segment: Segment, screen: Screen) -> str:
    counted = (screen.line("turn", turn=turn[0], turns=turn[1]) for turn in (segment.sets, segment.turn) if turn)
    turns, name = ", ".join(counted), screen.name(segment.name)
    return f"{name} ({turns})" if turns else name


def _length(segment: Segment, unit: str, screen: Screen) -> str:
    match segment.length:
        case Duration(seconds):
            return clock_text(seconds)
        case Distance(metres):
            return distance_text(metres, unit)
    return screen.line("lap")


def _by_heart(segment: Segment, screen: Screen) -> str:
    kept, end = segment.heart, segment.until
    told = screen.line("heart", low=kept.low, high=kept.high) if kept else ""
    return ", ".join(filter(None, (told, screen.line("until", sign="<" if end.below else ">", beats=end.beats) if end else "")))


def _target(segment: Segment, unit: str, told: Callable[[float, str], str]) -> str:
    match segment.target:
        case Steady(speed):
            return told(speed, unit)
        case Band(slow, fast):
            return f"{told(slow, unit)} .. {told(fast, unit)}"
        case Ramp(start, end):
            return f"{told(start, unit)} -> {told(end, unit)}"
    return ""
