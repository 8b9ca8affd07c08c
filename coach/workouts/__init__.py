"""Reads and writes workout files. Each format is a row of FORMATS and a module."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coach.core.plan.segments import Plan
from coach.errors import InvalidSettings, suggestion
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.toml import LARGEST
from coach.workouts.blocks import printable
from coach.workouts.reading import Workout
from devices.plugins import WORKOUTS, BrokenPlugin, Plugin, plugins

# suffix -> module with read(path, fitness, warn, hearts) -> Workout and write(plan, fitness) -> Written
FORMATS = {
    ".toml": "native",
    ".txt": "icu",
    ".icu": "icu",
    ".fit": "fit",
    ".zwo": "zwo",
    ".json": "garmin",
    ".gcn": "garmin",
    ".tcx": "tcx",
}
_BEGINNINGS = (  # of a file without a name: what it begins like, and the suffix of its format
    (re.compile(rb"(?s).{8}\.FIT"), ".fit"),
    (re.compile(rb"\s*[{\[]\s*[\"}]"), ".json"),
    (re.compile(rb"(?s)(?:\xef\xbb\xbf)?\s*<.*<workout_file"), ".zwo"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<"), ".tcx"),
    (re.compile(rb"(?ms)(?:.*^)?\s*(?:\[\[?[a-z]+|[a-z]+\s*=)"), ".toml"),
)
MOST_WARNINGS = 20  # lines: beyond these, warnings are only counted


def read_workout(
    source: str, fitness: Fitness | None, warn: Callable[[str], None] | None = None, hearts: Hearts = UNKNOWN
) -> Plan:
    """The plan in a workout file, or in a text such as "10m 6:30/km Pace, 5m". Raises InvalidSettings.

    `fitness` gives pace names and percentages their speed, `hearts` gives heart-rate zones their beats; `warn` is told, a line
    each, what could not be kept.
    """
    return open_workout(source, fitness, warn, hearts).plan


def open_workout(
    source: str, fitness: Fitness | None, warn: Callable[[str], None] | None = None, hearts: Hearts = UNKNOWN
) -> Workout:
    """The same, with what the linter needs: the goal, and the line of each segment."""
    told, more = list[str](), 0

    def tell(line: str) -> None:
        nonlocal more
        if len(told) < MOST_WARNINGS:
            told.append(line)
        else:
            more += 1

    workout = _open(source, fitness, tell, hearts)
    if warn:
        for line in [*told, f"{source}: and {more} warnings more"] if more else told:
            warn(line)
    return workout


def write_workout(plan: Plan, path: Path | str, fitness: Fitness | None = None) -> tuple[str, ...]:
    """Writes the format of the suffix; returns a line for each thing that was lost. Raises InvalidSettings."""
    written = format_of(str(path)).write(plan, fitness)
    try:
        Path(path).write_bytes(written.content)
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be written: {(trouble.strerror or str(trouble)).lower()}") from None
    notes: tuple[str, ...] = written.notes
    is_left = plan.course is not None and FORMATS.get(Path(path).suffix.lower()) != "native"
    return (*notes, "the course was left out: only a .toml workout can have one") if is_left else notes


def format_of(path: str) -> Any:
    """The module for the format of this file, ours or a plug-in's. Raises InvalidSettings."""
    suffix = Path(path).suffix.lower()
    if suffix in FORMATS:
        return import_module(f"coach.workouts.{FORMATS[suffix]}")
    shown = printable(path, 200, "workout")
    if (plugin := plugins(WORKOUTS).get(suffix.removeprefix("."))) is None:
        known = f'use one of the suffixes {", ".join(FORMATS)}, or words such as "10m 6:30/km Pace, 5m"'
        near = get_close_matches(suffix, _suffixes())
        raise InvalidSettings(shown, None, "is not the name of a workout file", suggestion(suffix, near) if near else known)
    try:
        return _Guarded(plugin)
    except BrokenPlugin as why:
        raise InvalidSettings(shown, None, str(why)) from None


class _Guarded:
    """A plug-in's format. Its bugs are reported as one line about the file."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin, self._module = plugin, plugin.load()
        if not callable(getattr(self._module, "read", None)) or not callable(getattr(self._module, "write", None)):
            raise plugin.broken(f"{plugin.entry.value} has no read and write")

    def read(self, path: Path, fitness: Fitness | None, warn: Callable[[str], None], hearts: Hearts) -> Any:
        return self._tried(path, self._module.read, path, fitness, warn)

    def write(self, plan: Plan, fitness: Fitness | None) -> Any:
        return self._tried(plan.name, self._module.write, plan, fitness)

    def _tried(self, what: object, step: Callable[..., Any], *given: Any) -> Any:
        try:
            return step(*given)
        except InvalidSettings:
            raise
        except Exception as bug:  # third-party code may raise anything
            raise InvalidSettings(str(what), None, str(self._plugin.broken(f"{type(bug).__name__}: {bug}"))) from bug


def _suffixes() -> list[str]:
    return [*FORMATS, *(f".{name}" for name in plugins(WORKOUTS))]


def _piped(fitness: Fitness | None, warn: Callable[[str], None], hearts: Hearts) -> Workout:
    """A workout from standard input: a file of any format that has one, or words."""
    if sys.stdin is None or sys.stdin.isatty():
        raise InvalidSettings("-", None, "nothing is piped in", "name a file, or pipe one: cat thursday.toml | coach check -")
    try:
        content = sys.stdin.buffer.read(LARGEST + 1)
    except OSError as trouble:
        raise InvalidSettings("standard input", None, f"cannot be read: {' '.join(str(trouble).split())}") from None
    suffix = next((suffix for begins, suffix in _BEGINNINGS if begins.match(content)), None)
    if suffix is None:
        from coach.workouts import icu

        return icu.parse(content.decode("utf-8", "replace").strip(), fitness, warn, hearts)
    with TemporaryDirectory(prefix="coach-") as folder:
        path = Path(folder) / f"standard-input{suffix}"
        path.write_bytes(content)
        return replace(_open(str(path), fitness, warn, hearts), source="standard input")


def _open(source: str, fitness: Fitness | None, warn: Callable[[str], None], hearts: Hearts) -> Workout:
    if source == "-":
        return _piped(fitness, warn, hearts)
    if Path(source).suffix.lower() not in _suffixes():
        from coach.workouts import icu

        if icu.is_text(source):
            return icu.parse(source, fitness, warn, hearts)
    workout: Workout = format_of(source).read(Path(source), fitness, warn, hearts)
    return workout
