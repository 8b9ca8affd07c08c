"""`coach check`: checks the config, the workout, the devices and the voice; says what is wrong and what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from coach.cli.guard import fitness_options, guarded, json_option, settings_of, workout_files
from coach.cli.hearing import heard
from coach.cli.prepare import plan_for
from coach.cli.timeline import timeline
from coach.planning.one_run.lint import Finding, Runner, lint
from coach.runs.sync.options import TODAY
from coach.stations.evdev import FOLDERS
from coach.stations.trying import buttons_check
from coach.voice.check import voice_check
from coach.voice.process.synth import plugged_in_engine
from coach.voice.settings import ENGINES, VoiceSettings
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import our_languages, plugged_in_language
from coach.workouts import FORMATS, format_of, open_workout
from coach.workouts.reading import Workout
from devices import catalogue
from devices.kinds import KINDS
from devices.plugins import DEVICES, LANGUAGES, VOICES, WORKOUTS, plugins

# The groups of plug-ins: our own names in each, and how to try a plug-in
DOORS: dict[str, tuple[Iterable[str], Callable[[str], object]]] = {
    DEVICES: (KINDS, catalogue.options),
    WORKOUTS: ([suffix.removeprefix(".") for suffix in FORMATS], lambda name: format_of(f"workout.{name}")),
    LANGUAGES: (our_languages(), plugged_in_language),
    VOICES: (ENGINES, lambda name: plugged_in_engine(name, "en-us", VoiceSettings().rate)),
}
MOST_OF_A_KIND = 3  # findings of one kind to show: a workout of forty steps can have the same problem in each


@click.command()
@click.argument("workout", required=False, shell_complete=workout_files)
@fitness_options
@json_option
@click.pass_obj
@guarded
def check(config: Path | None, workout: str | None, as_json: bool) -> int:
    """Check the config, the workout, the devices and the voice. Says what is wrong and how to mend it."""
    return Checks(config, workout, as_json).run()


class Checks:
    """Raises InvalidSettings if the config or the workout cannot be read: that must be fixed first."""

    def __init__(self, config: Path | None, workout: str | None, as_json: bool = False) -> None:
        self._settings = settings_of(config)
        self._as_json = as_json
        warnings = [] if workout else self._settings.warnings
        self._workout = self._opened(workout) if workout else self._settings.opened
        for line in warnings:
            self._show(line)
        self._only_workout = workout is not None
        self._unit = self._settings.unit

    def run(self) -> int:
        """0 if a run could begin now, 1 if something has to be fixed first; advice does not count."""
        if self._workout:
            belt = self._settings.on_treadmill(source.kind for source in self._settings.source)
            for line in timeline(self._workout.plan, self._unit, belt, self._settings.runner.language):
                click.echo(line, err=self._as_json)
            self._advise(self._workout)
        if self._only_workout:
            return 0
        words = Words.load(self._settings.runner.language, self._settings.runner.units)
        with ThreadPoolExecutor(1) as meanwhile:
            voice = meanwhile.submit(voice_check, self._settings.voice, words.voice)
            results = [*self._config(), *_language(self._settings.runner.language, words), *heard(self._settings)]
            results += [*_plugins(), *voice.result(), *buttons_check(self._settings.buttons, self._asking(), FOLDERS)]
        for fine, told in results:
            row = {"kind": "check", "ok": fine, "what": told}
            click.echo(json.dumps(row) if self._as_json else f"{'ok  ' if fine else 'FIX '} {told}")
        return 0 if all(fine for fine, _ in results) else 1

    def _asking(self) -> Callable[[str], None] | None:
        """Shows a question, where somebody is there to answer it."""
        return None if self._as_json or sys.stdin is None or not sys.stdin.isatty() else self._show

    def _opened(self, workout: str) -> Workout:
        if workout == TODAY:
            return Workout(plan_for(self._settings, workout), workout)
        return open_workout(workout, self._settings.fitness, self._show, self._settings.runner.hearts)

    def _advise(self, workout: Workout) -> None:
        """A line for each finding of the linter; in the text for people at most three of a kind."""
        who = self._settings.runner
        runner = Runner(who.level, self._settings.fitness, self._unit, who.hearts, who.heart_limit)
        findings, skipped = lint(workout.plan, runner, workout.goal)
        counts: dict[str, int] = {}
        for each in findings:
            counts[each.rule] = counts.get(each.rule, 0) + 1
            if self._as_json:
                click.echo(json.dumps(_row(workout, each)))
            elif counts[each.rule] <= MOST_OF_A_KIND:
                click.echo(f"tip  {_where(workout, each)}: {each.what}; {each.advice}")
        if not self._as_json:
            for rule, count in counts.items():
                if count > MOST_OF_A_KIND:
                    click.echo(f"tip  and {count - MOST_OF_A_KIND} more like this ({rule.replace('_', ' ')})")
        if skipped:
            told = f'not checked because your fitness is not known (add --race "10k 50:00"): {", ".join(skipped)}'
            click.echo(told, err=self._as_json)

    def _show(self, line: str) -> None:
        click.echo(line, err=True)

    def _config(self) -> Iterator[tuple[bool, str]]:
        yield True, f"config: {self._settings.path or 'no file, so the defaults are used'}"
        if self._workout is None:
            yield True, "workout: none in the config; a run without one has no targets"


def _plugins() -> Iterator[tuple[bool, str]]:
    """A line for each installed plug-in. All are tried here; a run tries only those it uses."""
    for group, (ours, use) in DOORS.items():
        for name, plugin in plugins(group).items():
            try:
                if name in ours:
                    raise plugin.broken("its name is already used by a built-in one")
                use(name)
            except ValueError as why:  # BrokenPlugin, or an error that a command would show
                yield False, str(why)
            else:
                yield True, f"plug-in: {name} of {plugin.package} ({group})"


def _language(name: str, words: Words) -> Iterator[tuple[bool, str]]:
    """A line for a language only if it is incomplete; missing phrases are said in English, which does no harm."""
    if words.trouble:
        yield False, words.trouble
    elif words.missing:
        yield True, f"language: {name} lacks {len(words.missing)} phrases, said in English: {', '.join(words.missing)}"


def _where(workout: Workout, finding: Finding) -> str:
    """The file with the line of the segment, or with its number if the line is not known."""
    if finding.segment is None:
        return workout.source
    segment = workout.plan.segments[finding.segment]
    line = workout.lines[finding.segment] if workout.lines else None
    where = f"{workout.source}:{line}:" if line else f"{workout.source}: step {finding.segment + 1},"
    return f'{where} "{segment.name}"'


def _row(workout: Workout, finding: Finding) -> dict[str, object]:
    number = finding.segment
    line = workout.lines[number] if workout.lines and number is not None else None
    row: dict[str, object] = {"kind": "finding", "file": workout.source, "line": line}
    row["segment"] = None if number is None else number + 1
    return row | {"rule": finding.rule, "what": finding.what, "advice": finding.advice}
