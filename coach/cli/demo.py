"""`coach demo`: plays a bundled run on a bundled track, without any device."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import click

from coach.cli.guard import (
    FAILED,
    estimates_option,
    fitness_options,
    guarded,
    json_option,
    may_write,
    plain_option,
    settings_of,
    wav_option,
)
from coach.cli.prepare import screen_for, setup_for, view_for, write_wav
from coach.running import replay as past
from coach.runs.recording import open_recording
from coach.voice.rendering import Timeline
from coach.workouts import read_workout


@click.command()
@fitness_options
@json_option
@estimates_option
@wav_option
@plain_option
@click.pass_obj
@guarded
def demo(config: Path | None, as_json: bool, estimates: bool, wav: Path | None, plain: bool) -> int:
    """Hear a bundled progression run on a bundled track. No hardware needed."""
    settings = settings_of(config)
    if not may_write(wav):
        return FAILED
    with as_file(files("coach.demo")) as folder:
        recording = open_recording(folder / "run.nmea")
        setup = setup_for(settings, read_workout(str(folder / "workout.toml"), settings.fitness), ())
        view = view_for(settings, as_json, estimates)
        view.note("A generated run on a generated track, with its silences left out. Nobody ran it.\n")
        voice = replace(settings.voice, player="none") if wav else settings.voice
        timeline = Timeline(setup.words(), settings.voice)
        screen = screen_for(settings, view, plain or voice.player == "none", steered=False)
        past.condensed(recording, setup, screen or view, voice, timeline, [screen] if screen else [])
    if wav:
        write_wav(timeline, wav, view)
    return 0
