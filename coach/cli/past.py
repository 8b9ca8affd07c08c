"""A run of the past for commands that tell of it: a journal by its name, or a recording with a workout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import run_names, workout_files
from coach.cli.prepare import plan_for, setup_for, tell
from coach.config import Config
from coach.core.units import parse_distance
from coach.errors import InvalidSettings
from coach.runs import load, store
from coach.runs.activity import Activity
from coach.runs.progress.measures import Measures, measures
from coach.runs.recording import Recording, open_recording
from coach.runs.relive import relive
from coach.runs.setup import Setup
from devices.api import InvalidFile

MOST_COMPARED = 20  # runs: older ones say little of the runner of today
NOTHING = ("", "0", "0m", "0 m")  # a distance that hides nothing


def past_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and the option that name the run."""
    run = click.argument("run", metavar="[RUN|FILE]", default="last", shell_complete=run_names)
    workout = click.option(
        "--workout", shell_complete=workout_files, help="The workout that a recording followed. Default: the config's."
    )
    return run(workout(command))


def open_past(settings: Config, run: str, workout: str | None) -> tuple[Path, Recording, Setup]:
    """The file of a run, its content and its setup: the journal's own or this config's. Raises InvalidSettings, InvalidFile."""
    path = store.find_run(run)
    recording = open_recording(path)
    if recording.setup and not workout:
        return path, recording, recording.setup
    return path, recording, setup_for(settings, plan_for(settings, workout), recording.setup.sources if recording.setup else ())


def past_activity(settings: Config, run: str, workout: str | None) -> tuple[Path, Activity]:
    """The file of a run and all that happened in it. What could not be used of it is told. Raises as `open_past`."""
    path, recording, setup = open_past(settings, run, workout)
    activity = relive(recording, setup, settings.unit)
    if line := recording.left_out()[1]:
        tell(line)
    if activity.bugs:
        tell(f"{activity.bugs} inputs were skipped because of a bug in the coach")
    if activity.unlike:
        tell(f"another version coached this run: {activity.unlike} cues were said otherwise than is told here (coach verify)")
    if not activity.seconds:
        raise InvalidSettings(str(path), None, "has no second of running to tell of")
    return path, activity


def compared_runs(count: int, unit: str) -> Iterator[tuple[float, Measures]]:
    """When each of the newest runs began, and what it says of the pacing; the oldest first. What cannot be read is told."""
    for run in reversed(store.list_runs()[:count]):
        try:
            found = measures(load(str(run.path), unit=unit), unit)
        except (InvalidFile, InvalidSettings) as wrong:
            tell(f"{run.name} is left out: {wrong}")
            continue
        if "error" in found:
            yield run.started, found


def metres_of(option: str, text: str) -> float:
    """The distance that was typed; 0 for none. Raises InvalidSettings."""
    if text.strip() in NOTHING:
        return 0.0
    try:
        return parse_distance(text)
    except ValueError as wrong:
        raise InvalidSettings(option, None, str(wrong)) from None
