"""`coach check`: the config, the workout's timeline, the devices and the voice; what is wrong and what to type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from coach import config as config_
from coach.core.plan import Band, Distance, Duration, Plan, Ramp, Segment, Steady
from coach.core.units import clock_text, distance_text, pace_text
from coach.voice.check import voice_check
from coach.voice.words import Words
from coach.workouts import read_workout
from devices import catalogue


class Checks:
    """Raises located.InvalidSettings where the config or the workout cannot be read: that is the first answer."""

    def __init__(self, config: Path | None, workout: str | None) -> None:
        self._settings = config_.load(config)
        self._plan = read_workout(workout, self._settings.fitness) if workout else self._settings.plan
        self._only_workout = workout is not None
        self._unit = "km" if self._settings.runner.units == "metric" else "mi"

    def run(self) -> int:
        """0 when a run could begin now, 1 when something needs the runner's hand."""
        if self._plan:
            for line in timeline(self._plan, self._unit):
                click.echo(line)
        if self._only_workout:
            return 0
        words = Words.load(self._settings.runner.language, self._settings.runner.units)
        results = [*self._config(), *self._devices(), *voice_check(self._settings.voice, words.voice)]
        for fine, told in results:
            click.echo(f"{'ok  ' if fine else 'FIX '} {told}")
        return 0 if all(fine for fine, _ in results) else 1

    def _config(self) -> Iterator[tuple[bool, str]]:
        yield True, f"config: {self._settings.path or 'none, so the defaults'}"
        if self._plan is None:
            yield True, "workout: none in the config; a run without one is free"

    def _devices(self) -> Iterator[tuple[bool, str]]:
        if not self._settings.source:
            found = [device for device in catalogue.plugged_in() if device.kind]
            names = ", ".join(f"{device.description} at {device.port}" for device in found)
            yield bool(found), f"devices: {names or 'nothing is plugged in that looks like a receiver or a footpod'}"
        for source in self._settings.source:
            trouble = catalogue.trouble(source.kind, source.options())
            yield trouble is None, f"source {source.name}: {trouble or 'can be opened'}"


def timeline(plan: Plan, unit: str) -> Iterator[str]:
    """A line per segment: when it begins, how long it is, at what target; and the totals."""
    yield plan.name
    seconds, known = 0.0, True
    for segment in plan.segments:
        begins = clock_text(seconds) if known else "?"
        yield f"{begins:>8}  {_name(segment):<24} {_length(segment, unit):>10}   {_target(segment, unit)}"
        known = known and segment.seconds is not None
        seconds += segment.seconds or 0.0
    totals = plan.totals
    time = f"{'at least ' if totals.open_time else ''}{clock_text(totals.seconds)}"
    way = f"{'at least ' if totals.open_distance else ''}{distance_text(totals.metres, unit)}"
    yield f"{'total':>8}  {time}, {way}"


def _name(segment: Segment) -> str:
    return f"{segment.name} ({segment.turn[0]} of {segment.turn[1]})" if segment.turn else segment.name


def _length(segment: Segment, unit: str) -> str:
    match segment.length:
        case Duration(seconds):
            return clock_text(seconds)
        case Distance(metres):
            return distance_text(metres, unit)
    return "until lap"


def _target(segment: Segment, unit: str) -> str:
    match segment.target:
        case Steady(speed):
            return pace_text(speed, unit)
        case Band(slow, fast):
            return f"{pace_text(slow, unit)} .. {pace_text(fast, unit)}"
        case Ramp(start, end):
            return f"{pace_text(start, unit)} -> {pace_text(end, unit)}"
    return "free"
