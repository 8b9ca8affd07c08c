"""What `coach plan` and `coach race` do: make a workout, show it, say why, and write it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coach import config as config_
from coach.cli.check import timeline
from coach.core.plan.course import Course
from coach.core.plan.segments import Distance, Duration, Length, Plan, Segment
from coach.core.units import METRES, clock_text, distance_text, parse_distance, parse_duration, parse_speed
from coach.errors import InvalidSettings
from coach.planning.fitness.heat import OFFER_EASY, REFUSE_HARD, easy_twin, heat_factor, in_heat
from coach.planning.fitness.paces import MARATHON, Fitness, race_distance
from coach.planning.fitness.predictions import predictions
from coach.planning.one_run.progressions import STYLES, by_hand, picture, progression
from coach.planning.one_run.race import default_split, race_plan
from coach.workouts import read_workout, write_workout
from coach.workouts.courses import read_course
from devices.api import InvalidFile


def plan(config: Path | None, kind: str, asked: dict[str, Any], out: Path | None, as_json: bool) -> int:
    settings = config_.load(config)
    unit = "km" if settings.runner.units == "metric" else "mi"
    total = _length(asked["total"]) if asked["total"] else None
    try:
        if asked["first"] or asked["last"]:
            made, why = _by_hand(asked, total, unit), list[str]()
        else:
            level = asked["level"] or settings.runner.level
            found = progression(kind, _style(kind, asked["style"]), level, _fitness(settings, asked["race"]), total, unit)
            made, why = found.plan, list(found.why)
        made, why = _in_weather(made, why, asked, settings)
    except ValueError as wrong:
        raise InvalidSettings("coach plan", None, str(wrong)) from None
    return _deliver(made, why, out, unit, as_json, settings.fitness)


def race(config: Path | None, distance: str, time: str, asked: dict[str, Any], out: Path | None, as_json: bool) -> int:
    settings = config_.load(config)
    unit = "km" if settings.runner.units == "metric" else "mi"
    try:
        metres, seconds = race_distance(distance.strip().lower()), parse_duration(time)
        split = default_split(metres) if asked["split"] is None else asked["split"] / 100
        course = _course(asked["course"], asked["laps"], metres, out)
        made = race_plan(distance, metres, round(seconds), split, course, unit)
    except InvalidFile:
        raise
    except ValueError as wrong:
        raise InvalidSettings("coach race", None, str(wrong)) from None
    halves = " and ".join(clock_text(half) for half in made.halves)
    why = [f"Halves in {halves}.", *made.notes, *_marathon_of(settings, metres), *(_about(course) if course else ())]
    return _deliver(made.plan, why, out, unit, as_json, settings.fitness)


def _course(file: Path | None, laps: int | None, metres: float, out: Path | None) -> Course | None:
    """Called in the workout as it is seen from there."""
    if file is None:
        if laps is not None:
            raise ValueError("--laps are of a course: type --course FILE.gpx too")
        return None
    course = read_course(file, laps, metres)
    return replace(course, file=os.path.relpath(file, out.parent)) if out else course


def _about(course: Course) -> tuple[str, ...]:
    laps = f"{course.laps} laps of {distance_text(course.lap)}, " if course.laps > 1 else ""
    if not course.heights:
        return (f"{course.file}: {laps}no heights in it, so the paces know no hills.",)
    return (f"{course.file}: {laps}{course.climb:.0f} m of climbing, and the paces know them.",)


def _marathon_of(settings: config_.Config, metres: float) -> list[str]:
    """What the runner's race makes likely: most people promise themselves too much of their first marathon."""
    evidence = settings.runner.evidence
    if metres != MARATHON or evidence.result is None or evidence.result.metres == MARATHON:
        return []
    likely = predictions(Fitness(evidence.result.vdot), evidence.result, evidence.pair, evidence.weekly_metres)[-1]
    return [f"After {evidence.result.text} a marathon in {clock_text(likely.seconds)} is likely ({likely.by})."]


def convert(config: Path | None, source: str, out: Path, as_json: bool) -> int:
    """What could not be read is told on stderr, what could not be written on stdout, or both in one JSON object."""
    settings = config_.load(config)
    warnings = list[str]()
    made = read_workout(source, settings.fitness, warnings.append)
    if Path(source).exists() and out.exists() and out.samefile(source):
        raise InvalidSettings(str(out), None, "is the file that is read", "give the other one another name")
    notes = write_workout(made, out, settings.fitness)
    if as_json:
        totals = made.totals
        row: dict[str, Any] = {"kind": "converted", "from": source, "to": str(out), "segments": len(made.segments)}
        row |= {"seconds": round(totals.seconds, 1), "metres": round(totals.metres, 1)}
        click.echo(json.dumps(row | {"warnings": warnings, "notes": list(notes)}))
        return 0
    for line in warnings:
        click.echo(line, err=True)
    for line in notes:
        click.echo(f"{out}: {line}")
    click.echo(f"Written to {out}: coach check {out}")
    return 0


def _in_weather(made: Plan, why: list[str], asked: dict[str, Any], settings: config_.Config) -> tuple[Plan, list[str]]:
    """The plan as it should be run on such a day, and why; ValueError where it should not be run."""
    heat, level = asked["heat"], asked["level"] or settings.runner.level
    factor = 1.0 if heat is None else heat_factor(heat, level)
    if asked["easy"]:
        made = easy_twin(made, _fitness(settings, asked["race"]))
        why = [*why[:1], "As long as the hard run, and nothing of it hard."]
    if heat is None:
        return made, why
    why = [*why, f"At {heat:g} °C every pace is {100 * (factor - 1):.1f} % slower."]
    if heat >= REFUSE_HARD and not asked["easy"]:
        raise ValueError(f"at {heat:g} °C nothing hard is run: type --easy, or run when it is cooler")
    if heat > OFFER_EASY and not asked["easy"]:
        why.append(f"Above {OFFER_EASY:g} °C the easy twin is the better choice: type --easy.")
    return in_heat(made, factor), why


def _by_hand(asked: dict[str, Any], total: Length | None, unit: str) -> Plan:
    if not (asked["first"] and asked["last"] and total):
        raise ValueError("by hand it takes --from, --to and --total: --from 6:00 --to 4:45 --total 10km")
    first, last = (_speed(asked[name], unit) for name in ("first", "last"))
    warm, cool = (parse_duration(asked[name]) if asked[name] else 0.0 for name in ("warmup", "cooldown"))
    return by_hand(first, last, asked["steps"], total, warm, cool)


def _deliver(made: Plan, why: list[str], out: Path | None, unit: str, as_json: bool, fitness: Fitness | None) -> int:
    notes = write_workout(made, out, fitness) if out else ()
    if as_json:
        totals = made.totals
        row: dict[str, Any] = {"kind": "plan", "name": made.name}
        row |= {"seconds": round(totals.seconds, 1), "metres": round(totals.metres, 1)}
        segments = [_row(each) for each in made.segments]
        if course := made.course:
            told = {"metres": course.length, "laps": course.laps, "climb": round(course.climb, 1)}
            row |= {"course": {"file": course.file, **told}}
        row |= {"file": str(out) if out else None, "why": why, "notes": list(notes), "segments": segments}
        click.echo(json.dumps(row))
        return 0
    for line in timeline(made, unit):
        click.echo(line)
    click.echo(f"          {picture(made)}")
    for line in (*why, *notes):
        click.echo(line)
    if out:
        click.echo(f"Written to {out}: coach run {out}")
    return 0


def _row(segment: Segment) -> dict[str, Any]:
    row = {"name": segment.name, "kind": segment.kind.value, "seconds": segment.seconds, "metres": segment.metres}
    return row | {"from": segment.speed_at(0.0), "to": segment.speed_at(1.0)}


def _style(kind: str, style: str | None) -> str:
    styles = STYLES[kind]
    if style is None:
        return styles[0]
    if style not in styles:
        raise ValueError(f"--style {style} is not one of {kind}: {', '.join(styles)}")
    return style


def _fitness(settings: config_.Config, race_: str | None) -> Fitness:
    if race_:
        return Fitness.from_race(race_)
    if settings.fitness is None:
        raise ValueError('your fitness is not known: type --race "10k 50:00", or put it under [runner] in the config')
    return settings.fitness


def _length(text: str) -> Length:
    spaced = text.strip().lower()
    number = spaced.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = spaced[len(number) :].strip()
    try:
        if unit in METRES:
            return Distance(parse_distance(f"{number} {unit}"))
        return Duration(parse_duration(f"{number} {unit}" if unit else number))
    except ValueError:
        raise InvalidSettings("--total", None, f"{text!r} is no length", "type 50min, 1:00:00, 10km or 6mi") from None


def _speed(text: str, unit: str) -> float:
    return parse_speed(text if "/" in text or text[-1:].isalpha() else f"{text}/{unit}")
