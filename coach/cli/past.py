"""A run of the past for commands that tell of it: a journal by its name, or a recording with a workout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import run_names, workout_files
from coach.cli.prepare import plan_for, setup_for
from coach.config import Config
from coach.runs import store
from coach.runs.recording import Recording, open_recording
from coach.runs.setup import Setup


def past_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and the option that name the run."""
    run = click.argument("run", metavar="[RUN|FILE]", default="last", shell_complete=run_names)
    workout = click.option(
        "--workout", shell_complete=workout_files, help="The workout that a recording followed; default: the config's."
    )
    return run(workout(command))


def open_past(settings: Config, run: str, workout: str | None) -> tuple[Path, Recording, Setup]:
    """The file of a run, its content and its setup: the journal's own or this config's. Raises InvalidSettings, InvalidFile."""
    path = store.find_run(run)
    recording = open_recording(path)
    if recording.setup and not workout:
        return path, recording, recording.setup
    return path, recording, setup_for(settings, plan_for(settings, workout), recording.setup.sources if recording.setup else ())
