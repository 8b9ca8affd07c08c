"""A plan as our own workout file: the writer to native.py's reader."""

from __future__ import annotations

import json
from collections.abc import Iterator

from coach.core.plan.segments import Band, Distance, Duration, Length, Plan, Ramp, Saying, Steady, Target
from coach.core.units import METRES, clock_text, parse_speed
from coach.workouts.blocks import Block, Item, Written, blocks, number, printable
from coach.workouts.heart_text import beats_text, end_text


def write(plan: Plan) -> Written:
    lines = [f"name = {_quoted(plan.name)}"]
    if plan.goal is not None:
        lines.append(f'race = "{clock_text(plan.goal)}"')
    if plan.course and plan.course.file:
        lines.append(f"course = {json.dumps(plan.course.file, ensure_ascii=False)}")
        lines.append(f"laps = {plan.course.laps}")
    for item in blocks(plan):
        lines += _lines(item, "segment", "")
    return Written(("\n".join(lines) + "\n").encode())


def _lines(item: Item, table: str, indent: str) -> Iterator[str]:
    yield ""
    yield f"{indent}[[{table}]]"
    if isinstance(item, Block):
        yield f"{indent}repeat = {item.times}"
        for each in item.body:
            yield from _lines(each, f"{table}.segment", indent + "  ")
        return
    yield f"{indent}name   = {_quoted(item.name)}"
    yield f'{indent}kind   = "{item.kind}"'
    yield f'{indent}length = "{length_text(item.length)}"'
    if pace := _pace(item.target):
        yield f'{indent}pace   = "{pace}"'
    if item.heart:
        yield f'{indent}heart  = "{beats_text(item.heart)}"'
    if item.until:
        yield f'{indent}until  = "{end_text(item.until)}"'
    if item.cadence:
        yield f"{indent}cadence = {item.cadence}"
    if item.says:
        yield f"{indent}say = ["
        yield from (f"{indent}  {_say(saying)}," for saying in item.says)
        yield f"{indent}]"


def _say(saying: Saying) -> str:
    at = length_text(saying.at) if saying.at not in (Duration(0.0), Distance(0.0)) else "0 s"
    return f'{{ at = "{at}", text = {json.dumps(printable(saying.text, 120), ensure_ascii=False)} }}'


def _quoted(name: str) -> str:
    return json.dumps(printable(name, 80), ensure_ascii=False)


def length_text(length: Length) -> str:
    """ "10 min", "90 s", "2 km", "400 m", "1 mi" or "lap"."""
    match length:
        case Duration(seconds):
            return f"{number(seconds / 60)} min" if seconds % 60 == 0 else f"{number(seconds)} s"
        case Distance(metres):
            miles = metres / METRES["mi"]
            if miles == round(miles, 2):
                return f"{number(miles)} mi"
            return f"{number(metres / 1000)} km" if metres % 100 == 0 and metres >= 1000 else f"{number(metres)} m"
    return "lap"


def _pace(target: Target) -> str:
    match target:
        case Steady(speed):
            return speed_text(speed)
        case Band(slow, fast):
            return f"{speed_text(slow)} .. {speed_text(fast)}"
        case Ramp(start, end):
            return f"{speed_text(start)} -> {speed_text(end)}"
    return ""


def speed_text(speed: float) -> str:
    """ "6:30/km", "8:00/mi" if that is the rounder one, or "5:08.571/km": to a millisecond."""
    unit = "mi" if _whole(METRES["mi"] / speed) and not _whole(1000 / speed) else "km"
    minutes, rest = divmod(round(METRES[unit] / speed * 1000), 60_000)
    seconds, thousandths = divmod(rest, 1000)
    told = f"{minutes}:{seconds:02}" + (f".{thousandths:03}".rstrip("0") if thousandths else "") + f"/{unit}"
    try:
        parse_speed(told)
    except ValueError:  # rounding took it beyond the bounds of running speed
        return f"{number(speed, 6)} m/s"
    return told


def _whole(seconds: float) -> bool:
    return abs(seconds - round(seconds)) < 1e-6
