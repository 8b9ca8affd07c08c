"""Prepares a command from the config: the plan, the devices, the setup, the view."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coach.config import Config, Source
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.plan.segments import FREE_RUN, Plan
from coach.core.settings import Settings
from coach.planning.fitness.heart import heart_ceilings, pace_ceilings
from coach.runs import shoes
from coach.runs.setup import Setup, SourceSpec
from coach.runs.sync.options import TODAY
from coach.ui.terminal import for_tables
from coach.ui.told import Teller
from coach.ui.views import JsonLines, Lines, View
from coach.voice.settings import mismatch
from coach.voice.words.phrasing import Words
from coach.voice.words.screen import Screen
from coach.workouts import read_workout
from devices import catalogue
from devices.api import Unavailable
from devices.plugins import BrokenPlugin

if TYPE_CHECKING:
    from coach.ui.live.screen import LiveScreen
    from coach.voice.rendering import Timeline

LOOK_EVERY = 1.0  # s between two looks for a device that is waited for


def plan_for(settings: Config, workout: str | None) -> Plan:
    """The workout named on the command line, or the one planned for today, or the config's, or a free run."""
    if workout == TODAY:
        from coach.runs.sync.today import planned  # only who asks for it pays for HTTP

        return planned(settings.sync, settings.fitness, tell)
    if workout:
        return read_workout(workout, settings.fitness, tell, settings.runner.hearts)
    for line in settings.warnings:
        tell(line)
    return settings.plan or FREE_RUN


def sources_for(settings: Config, note: Callable[[str], object]) -> tuple[SourceSpec, ...]:
    """The devices of the config; without any, the best that are plugged in. Raises Unavailable if there are none."""
    if settings.source:
        return tuple(_usable(settings.source, note))
    found = catalogue.best()
    for role, device in found.items():
        note(f"{role}: {device.description} at {device.port} ({device.kind})")
    if found:
        return tuple(SourceSpec(role, device.kind or "", device.options()) for role, device in found.items())
    raise Unavailable(
        "no receiver or footpod is plugged in, and gpsd is not running",
        'plug one in, or name it: [[source]] kind = "nmea", port = "/dev/ttyUSB0" in the config; `coach devices` shows more',
    )


def sources_awaited(settings: Config, note: Callable[[str], object]) -> tuple[SourceSpec, ...]:
    """The same, but looks again every second until there is one."""
    told = False
    while True:
        try:
            return sources_for(settings, note)
        except Unavailable as missing:
            if not told:
                note(f"{missing}: waiting for one")
            told = True
            time.sleep(LOOK_EVERY)


def _usable(sources: list[Source], note: Callable[[str], object]) -> Iterator[SourceSpec]:
    """The config's devices; reports and skips those with a broken plug-in. Raises Unavailable if none is left."""
    broken = 0
    for each in sources:
        try:
            yield SourceSpec(each.name, each.kind, each.options())
        except BrokenPlugin as why:
            broken += 1
            if broken == len(sources):
                raise Unavailable(f"source {each.name}: {why}") from None
            note(f"source {each.name} is left out: {why}")


def setup_for(settings: Config, plan: Plan, sources: tuple[SourceSpec, ...]) -> Setup:
    runner = settings.runner
    words = Words.load(runner.language, runner.units)
    for trouble in filter(None, (words.trouble, mismatch(settings.voice, words.voice))):
        tell(trouble)
    known = shoes.recall(runner.shoes, tell)
    pod = EstimatorSettings(known.scale, known.taught, known.measured) if known else EstimatorSettings()
    heart = heart_ceilings(runner.level, runner.max_heart, runner.heart_limit, runner.age, runner.beta_blockers)
    coaching = Settings(
        level=runner.level,
        verbosity=settings.coach.verbosity,
        policy=settings.coach.policy,
        estimator=pod,
        units=runner.units,
        cues=settings.coach.cues,
        treadmill=settings.on_treadmill(source.kind for source in sources),
        belts=tuple(source.name for source in sources if source.kind == "ble-treadmill"),
        hills=settings.coach.hills,
        pause=settings.coach.pause,
        ceilings={kind.value: beats for kind, beats in heart.items()},
        efforts=_efforts(settings),
        heart_limit=runner.heart_limit,
        easy_speed=settings.fitness.speed("easy") if settings.fitness else None,
    )
    return Setup(plan, coaching, sources, runner.language, runner.units, runner.shoes)


def view_for(settings: Config, as_json: bool, estimates: bool) -> View:
    return JsonLines(estimates) if as_json else Lines(settings.unit, screen=Screen.load(settings.runner.language))


def screen_for(settings: Config, view: View, plain: bool, waits: bool = False, steered: bool = True) -> LiveScreen | None:
    """The live screen above the plain lines, if they go to a terminal that can be drawn on. It may wait for the key `?`."""
    from coach.ui.live.screen import LiveScreen, can_draw

    stream = for_tables(sys.stdout)
    if plain or not isinstance(view, Lines) or not can_draw(stream):
        return None
    return LiveScreen(view, teller_for(settings), settings.unit, stream, waits, steered)


def teller_for(settings: Config) -> Teller:
    return Teller(settings.runner.language, settings.runner.units)


def tell(line: str) -> None:
    """Prints on stderr what could not be kept of a workout."""
    click.echo(line, err=True)


def write_wav(timeline: Timeline, wav: Path, view: View, whole: bool = False) -> None:
    timeline.write(str(wav), whole)
    view.note(f"what was heard was written to {wav}")


def _efforts(settings: Config) -> tuple[tuple[float, float], ...]:
    """The runner's named paces (m/s), slowest first, with their heart-rate ceilings: those that `coach paces` prints."""
    runner, fitness = settings.runner, settings.fitness
    if fitness is None:
        return ()
    ceilings = pace_ceilings(runner.level, runner.max_heart, runner.heart_limit, runner.age, runner.beta_blockers)
    return tuple(sorted((fitness.speed(name), float(beats)) for name, beats in ceilings.items()))
