"""Runs that happened. For notebooks: `coach.runs.load("last")` gives a run with all its seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.runs.activity import Activity


def load(run: str = "last", workout: str | None = None, unit: str = "km") -> Activity:
    """A run by its name in `coach runs`, "last", or a file; a recording may be given the `workout` that it followed.

    Its `seconds` are named tuples, its `columns()` lists by name, for numpy or pandas; units as in `Second`. Raises
    InvalidSettings or devices.api.InvalidFile.
    """
    from coach.core.plan.segments import FREE_RUN
    from coach.runs.recording import open_recording
    from coach.runs.relive import relive
    from coach.runs.setup import Setup
    from coach.runs.store import find_run
    from coach.workouts import read_workout

    recording = open_recording(find_run(run))
    plan = read_workout(workout, None) if workout else FREE_RUN
    return relive(recording, recording.setup if recording.setup and not workout else Setup(plan), unit)
