"""`coach replay`: coaches a recorded track, as fast as possible or at a rate."""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
    whole_option,
    workout_files,
)
from coach.cli.prepare import plan_for, screen_for, setup_for, view_for, write_wav
from coach.config import Config
from coach.errors import InvalidSettings
from coach.running import replay as past
from coach.runs.recording import Recording, open_recording
from coach.ui.terminal import for_tables
from coach.ui.views import Lines, View


@click.command()
@click.argument("track", type=click.Path(path_type=Path))
@click.option(
    "--workout", shell_complete=workout_files, help="The workout to follow. Default: the config's, or the journal's own."
)
@click.option("--rate", default="max", help="The speed as a multiple of real time, or max.", show_default=True)
@fitness_options
@json_option
@estimates_option
@wav_option
@whole_option
@plain_option
@click.pass_obj
@guarded
def replay(config: Path | None, track: Path, workout: str | None, rate: str, as_json: bool, **asked: Any) -> int:
    """Play back a recorded run (GPX, TCX, FIT, NMEA, journal). Shows what the coach would have said; --rate speaks."""
    settings = settings_of(config)
    speed = _rate(rate)
    if not may_write(asked["wav"]):
        return FAILED
    with _file(track) as file:
        lines = view_for(settings, as_json, asked["estimates"])
        return _replay(settings, open_recording(file), workout, speed, lines, asked)


def _replay(
    settings: Config, recording: Recording, workout: str | None, speed: float | None, lines: View, asked: dict[str, Any]
) -> int:
    """`asked` is the command's options: wav, whole, plain."""
    screen = screen_for(settings, lines, asked["plain"]) if speed is not None else None
    setup, view, wav = recording.setup, screen or lines, asked["wav"]
    if setup is None or workout:
        setup = setup_for(settings, plan_for(settings, workout), setup.sources if setup else ())
    timeline = None
    if wav:
        from coach.voice.rendering import Timeline

        timeline = Timeline(setup.words(), settings.voice)
    with _progress(recording.size, show=speed is None and isinstance(view, Lines)) as progress:
        past.replay(recording, setup, view, speed, settings.voice, progress, timeline, [screen] if screen else [])
    if timeline:
        write_wav(timeline, wav, view, asked["whole"])
    return 0


@contextmanager
def _file(track: Path) -> Iterator[Path]:
    """The track; "-" is what is piped in, kept in a file as long as it is read, because formats are told by looking twice."""
    if str(track) != "-":
        yield track
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise InvalidSettings("-", None, "nothing is piped in", "name a file, or pipe one: zcat run.gpx.gz | coach replay -")
    with TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / "standard-input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield path


def _rate(text: str) -> float | None:
    """The multiple of real time; None means as fast as possible."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0.01 <= rate <= 10_000:
        raise click.BadParameter(
            f"{text!r} is not a speed of playback; write 1 for real time, 20 for twenty times as fast, or max",
            param_hint="--rate",
        )
    return rate


@contextmanager
def _progress(size: int, show: bool) -> Iterator[Callable[[int], None] | None]:
    """A progress bar while a long file is read; only on a terminal."""
    if not show or size < 1_000_000 or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=for_tables(sys.stderr)), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda read: bar.update(task, completed=read)
