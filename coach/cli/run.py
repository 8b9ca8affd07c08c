"""What the commands do: each reads the settings, sets a run up, and hands it to the part that leads it."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from coach import config as config_
from coach.cli.devices import sources
from coach.cli.guard import INTERRUPTED
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.events import Cue
from coach.core.plan.segments import FREE_RUN, Plan
from coach.core.settings import Settings
from coach.core.units import clock_text
from coach.errors import InvalidSettings
from coach.planning.fitness.heart import heart_ceilings
from coach.running import replay as past
from coach.runs import shoes, store
from coach.runs.recording import open_recording
from coach.runs.setup import Setup, SourceSpec
from coach.ui.views import JsonLines, Lasting, Lines, View
from coach.voice.settings import VoiceSettings
from coach.workouts import read_workout

RECENT = 900.0  # s: a run that broke off so lately is offered again without asking whether it is still meant


def demo(config: Path | None, as_json: bool, estimates: bool, wav: Path | None) -> int:
    settings = config_.load(config)
    with as_file(files("coach.demo")) as folder:
        recording = open_recording(folder / "run.nmea")
        setup = _setup(settings, read_workout(str(folder / "workout.toml"), None), ())
        view = _view(settings, as_json, estimates)
        view.note("A generated run on a generated track, with its silences left out. Nobody ran it.\n")
        voice = replace(settings.voice, player="none") if wav else settings.voice
        said = past.condensed(recording, setup, view, voice)
    if wav:
        _write_wav(setup, said, settings.voice, wav, view)
    return 0


def run(config: Path | None, workout: str | None, resume: bool, as_json: bool, estimates: bool) -> int:
    from coach.running.outdoors import Started, lead

    settings = config_.load(config)
    view = Lasting(_view(settings, as_json, estimates))
    unfinished = _to_resume(resume, view)
    if unfinished:
        started, journal = Started.again(unfinished), unfinished
    else:
        plan = _plan(settings, workout)
        started = Started.fresh(_setup(settings, plan, sources(settings, view.note)))
        journal = store.new_path(plan.name)
    interrupted, summary = lead(started, settings.voice, view, journal, resumed=unfinished is not None)
    view.summary(summary.as_dict())
    return INTERRUPTED if interrupted else 0


def replay(
    config: Path | None, track: Path, workout: str | None, rate: str, as_json: bool, estimates: bool, wav: Path | None
) -> int:
    settings = config_.load(config)
    speed = _rate(rate)
    recording = open_recording(track)
    setup = recording.setup
    if setup is None or workout:
        setup = _setup(settings, _plan(settings, workout), setup.sources if setup else ())
    view = _view(settings, as_json, estimates)
    with _progress(recording.size, show=speed is None and not as_json) as progress:
        _, said = past.replay(recording, setup, view, speed, settings.voice, progress)
    if wav:
        _write_wav(setup, said, settings.voice, wav, view)
    return 0


def rehearse(config: Path | None, workout: str | None, asked: dict[str, Any], as_json: bool) -> int:
    from coach.cli.rehearse import rehearse

    settings = config_.load(config)
    plan = _plan(settings, workout)
    if plan is FREE_RUN:
        raise InvalidSettings("coach rehearse", None, "there is no workout", "name one: coach rehearse thursday.toml")
    return rehearse(_setup(settings, plan, ()), settings.voice, _view(settings, as_json, False), asked, as_json)


def check(config: Path | None, workout: str | None, as_json: bool) -> int:
    from coach.cli.check import Checks

    return Checks(config, workout, as_json).run()


def say(config: Path | None, text: str, wav: Path | None, volume: float | None, rate: int | None) -> int:
    from coach.voice.announcer import Announcer, render_wav
    from coach.voice.words.phrasing import Words

    settings = config_.load(config)
    voice = _voice(settings.voice, volume=volume, rate=rate)
    words = Words.load(settings.runner.language, settings.runner.units)
    if wav:
        render_wav([text], str(wav), voice, words.voice)
        return 0
    with Announcer(words, voice, lambda at: at, show=lambda line: click.echo(line, err=True)) as announcer:
        announcer.say_text(text)
        announcer.drain()
    return 0


def calibrate_sound(config: Path | None, how: str, volume: float | None) -> int:
    from coach.voice import latency

    voice = replace(_voice(config_.load(config).voice, volume=volume), delay_ms=0)
    if voice.player == "none":
        raise InvalidSettings("[voice] player", None, '"none" cannot be calibrated', 'player = "auto"')
    lag = latency.by_ear(voice, click.echo) if how == "tap" else latency.by_monitor(voice)
    for line in latency.told(lag, by_hand=how == "tap"):
        click.echo(line)
    return 0


def schema() -> int:
    click.echo(json.dumps(config_.schema(), indent=2))
    return 0


def _voice(settings: VoiceSettings, **asked: float | None) -> VoiceSettings:
    """With what was asked for on the command line. Raises InvalidSettings beyond the bounds."""
    try:
        return replace(settings, **{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]
    except ValueError as wrong:
        raise InvalidSettings("coach say", None, str(wrong)) from None


def _setup(settings: config_.Config, plan: Plan, sources: tuple[SourceSpec, ...]) -> Setup:
    runner = settings.runner
    known = shoes.recall(runner.shoes)
    pod = EstimatorSettings(pod_scale=known.scale, pod_taught=known.taught) if known else EstimatorSettings()
    heart = heart_ceilings(runner.level, runner.max_heart, runner.heart_limit, runner.age, runner.beta_blockers)
    coaching = Settings(
        level=runner.level,
        verbosity=settings.coach.verbosity,
        policy=settings.coach.policy,
        estimator=pod,
        units=runner.units,
        cues=settings.coach.cues,
        treadmill=settings.on_treadmill(source.kind for source in sources),
        ceilings={kind.value: beats for kind, beats in heart.items()},
        easy_speed=settings.fitness.speed("easy") if settings.fitness else None,
    )
    return Setup(plan, coaching, sources, runner.language, runner.units, runner.shoes)


def _plan(settings: config_.Config, workout: str | None) -> Plan:
    """The workout named on the command line, or the config's, or a free run."""
    if workout:
        return read_workout(workout, settings.fitness, warned)
    for line in settings.warnings:
        warned(line)
    return settings.plan or FREE_RUN


def warned(line: str) -> None:
    """Tells on stderr what of a workout could not be kept."""
    click.echo(line, err=True)


def _to_resume(wanted: bool, view: View) -> Path | None:
    """The journal to go on with: offered when the last run did not end, asked about when that is a while ago."""
    last = store.unfinished()
    if last is None:
        if wanted:
            raise InvalidSettings("coach run", None, "there is no run that did not end; `coach runs` lists them")
        return None
    ago = max(0.0, time.time() - last.path.stat().st_mtime)
    asking = sys.stdin.isatty()
    told = f"The run {last.path.stem} did not end; it broke off {clock_text(ago)} ago."
    if wanted and (ago <= RECENT or not asking):
        return last.path
    if asking and (wanted or ago <= RECENT):
        return last.path if click.confirm(f"{told} Go on with it?", default=ago <= RECENT, err=True) else None
    view.note(f"{told} `coach run --resume` goes on with it.")
    return None


def _view(settings: config_.Config, as_json: bool, estimates: bool) -> View:
    return JsonLines(estimates) if as_json else Lines("km" if settings.runner.units == "metric" else "mi")


def _rate(text: str) -> float | None:
    """How many times faster than life; None is as fast as it goes."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0.01 <= rate <= 10_000:
        raise click.BadParameter(f"{text!r} is not a rate; write 1, 20 or max", param_hint="--rate")
    return rate


def _write_wav(setup: Setup, said: list[Cue], voice: VoiceSettings, wav: Path, view: View) -> None:
    from coach.voice.announcer import render_wav

    words = setup.words()
    render_wav([words.text(cue) for cue in said], str(wav), voice, words.voice)
    view.note(f"what was said is in {wav}")


@contextmanager
def _progress(size: int, show: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar on the terminal while a long file is read; nothing elsewhere."""
    if not show or size < 1_000_000 or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda read: bar.update(task, completed=read)
