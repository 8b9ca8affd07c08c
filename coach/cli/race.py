"""`coach race`: plans a race to the second, on its course if there is one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coach.cli.deliver import deliver
from coach.cli.guard import guarded, json_option, out_option
from coach.config import Config, load
from coach.core.plan.course import Course
from coach.core.units import FASTEST, SLOWEST, clock_text, distance_text, parse_duration
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import MARATHON, Fitness, race_distance
from coach.planning.fitness.predictions import predictions
from coach.planning.one_run.race import default_split, race_plan
from coach.workouts.courses import read_course
from devices.api import InvalidFile


@click.command()
@click.argument("distance")
@click.argument("time")
@click.option("--split", type=float, help="By how many per cent of the time the second half is faster; below 0: slower.")
@click.option("--course", type=click.Path(path_type=Path, dir_okay=False), help="A GPX file: the paces follow its hills.")
@click.option("--laps", type=click.IntRange(1, 500), help="How many laps of the file. Default: found automatically.")
@out_option
@json_option
@click.pass_obj
@guarded
def race(config: Path | None, distance: str, time: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Plan a race over DISTANCE in TIME (50:00), to the second. DISTANCE is 5k, 10k, half, marathon, or such as 12 km."""
    settings = load(config)
    unit = settings.unit
    try:
        metres = race_distance(distance.strip().lower())
        seconds = _goal(metres, time)
        split = default_split(metres) if asked["split"] is None else asked["split"] / 100
        course = _course(asked["course"], asked["laps"], metres, out)
        made = race_plan(distance, metres, round(seconds), split, course, unit)
    except InvalidFile:
        raise
    except ValueError as wrong:
        raise InvalidSettings("coach race", None, str(wrong)) from None
    halves = " and ".join(clock_text(half) for half in made.halves)
    why = [f"Halves in {halves}.", *made.notes, *_marathon_of(settings, metres), *(_about(course) if course else ())]
    return deliver(made.plan, why, out, settings, as_json)


def _goal(metres: float, time: str) -> float:
    """The seconds of a goal. Raises ValueError where hours and minutes were written as minutes and seconds."""
    seconds = parse_duration(time)
    if metres / seconds > FASTEST and SLOWEST < metres / (60 * seconds) <= FASTEST:
        raise ValueError(f"{time} for {distance_text(metres)} is {clock_text(seconds)}; did you mean {time}:00?")
    return seconds


def _course(file: Path | None, laps: int | None, metres: float, out: Path | None) -> Course | None:
    """The path of the course, relative to the workout file."""
    if file is None:
        if laps is not None:
            raise ValueError("--laps needs a course: type --course FILE.gpx too")
        return None
    course = read_course(file, laps, metres)
    return replace(course, file=os.path.relpath(file, out.parent)) if out else course


def _about(course: Course) -> tuple[str, ...]:
    laps = f"{course.laps} laps of {distance_text(course.lap)}, " if course.laps > 1 else ""
    if not course.heights:
        return (f"{course.file}: {laps}it has no heights, so the paces do not allow for hills.",)
    return (f"{course.file}: {laps}{course.climb:.0f} m of climbing, which the paces allow for.",)


def _marathon_of(settings: Config, metres: float) -> list[str]:
    """The marathon time to expect from the runner's result, because most people expect too much of their first marathon."""
    evidence = settings.runner.evidence
    if metres != MARATHON or evidence.result is None or evidence.result.metres == MARATHON:
        return []
    likely = predictions(Fitness(evidence.result.vdot), evidence.result, evidence.pair, evidence.weekly_metres)[-1]
    return [f"After {evidence.result.text} a marathon in {clock_text(likely.seconds)} is likely ({likely.by})."]
