"""`coach replay`: coaches a recorded track, as fast as possible or at a rate."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from coach.cli.guard import estimates_option, guarded, json_option, wav_option
from coach.cli.prepare import plan_for, setup_for, view_for, write_wav
from coach.config import load
from coach.running import replay as past
from coach.runs.recording import open_recording
from coach.ui.terminal import for_tables


@click.command()
@click.argument("track", type=click.Path(path_type=Path))
@click.option("--workout", help="The workout to follow; default: the config's, or the journal's own.")
@click.option("--rate", default="max", help="How many times faster than life, or max.", show_default=True)
@json_option
@estimates_option
@wav_option
@click.pass_obj
@guarded
def replay(
    config: Path | None, track: Path, workout: str | None, rate: str, as_json: bool, estimates: bool, wav: Path | None
) -> int:
    """Dry-run a recorded track: GPX, TCX, FIT, a raw NMEA log, or a journal. With a rate it is spoken."""
    settings = load(config)
    speed = _rate(rate)
    recording = open_recording(track)
    setup = recording.setup
    if setup is None or workout:
        setup = setup_for(settings, plan_for(settings, workout), setup.sources if setup else ())
    view = view_for(settings, as_json, estimates)
    with _progress(recording.size, show=speed is None and not as_json) as progress:
        _, said = past.replay(recording, setup, view, speed, settings.voice, progress)
    if wav:
        write_wav(setup, said, settings.voice, wav, view)
    return 0


def _rate(text: str) -> float | None:
    """The multiple of real time; None means as fast as possible."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0.01 <= rate <= 10_000:
        raise click.BadParameter(f"{text!r} is not a rate; write 1, 20 or max", param_hint="--rate")
    return rate


@contextmanager
def _progress(size: int, show: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar on the terminal while a long file is read; nothing elsewhere."""
    if not show or size < 1_000_000 or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=for_tables(sys.stderr)), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda read: bar.update(task, completed=read)
