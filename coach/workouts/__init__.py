"""Workout files into plans and back. A format is a row of FORMATS and a module."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from coach.core.plan.segments import Plan
from coach.errors import InvalidSettings, suggestion
from coach.planning.fitness.paces import Fitness
from coach.workouts.blocks import printable
from coach.workouts.reading import Workout

# suffix -> module with read(path, fitness, warn) -> Workout and write(plan, fitness) -> Written
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
MOST_WARNINGS = 20  # lines: more are counted


def read_workout(source: str, fitness: Fitness | None, warn: Callable[[str], None] | None = None) -> Plan:
    """The plan in a workout file, or in a text such as "10m 6:30/km Pace, 5m". Raises InvalidSettings.

    `fitness` gives pace names and percentages their speed; `warn` is told, a line each, what could not be kept.
    """
    return open_workout(source, fitness, warn).plan


def open_workout(source: str, fitness: Fitness | None, warn: Callable[[str], None] | None = None) -> Workout:
    """The same with what a linter wants to know: the goal, and where each segment stands."""
    told, more = list[str](), 0

    def tell(line: str) -> None:
        nonlocal more
        if len(told) < MOST_WARNINGS:
            told.append(line)
        else:
            more += 1

    workout = _open(source, fitness, tell)
    if warn:
        for line in [*told, f"{source}: and {more} warnings more"] if more else told:
            warn(line)
    return workout


def write_workout(plan: Plan, path: Path | str, fitness: Fitness | None = None) -> tuple[str, ...]:
    """Writes the format the suffix names; what it could not carry comes back, a line each. Raises InvalidSettings."""
    written = import_module(f"coach.workouts.{_module(str(path))}").write(plan, fitness)
    try:
        Path(path).write_bytes(written.content)
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be written: {(trouble.strerror or str(trouble)).lower()}") from None
    notes: tuple[str, ...] = written.notes
    is_left = plan.course is not None and _module(str(path)) != "native"
    return (*notes, "the course stays behind: only a .toml can name one") if is_left else notes


def _open(source: str, fitness: Fitness | None, warn: Callable[[str], None]) -> Workout:
    workout: Workout
    if Path(source).suffix.lower() not in FORMATS:
        from coach.workouts import icu

        if icu.is_text(source):
            return icu.parse(source, fitness, warn)
    workout = import_module(f"coach.workouts.{_module(source)}").read(Path(source), fitness, warn)
    return workout


def _module(path: str) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        known = f'its name ends in one of {", ".join(FORMATS)}, or it is words such as "10m 6:30/km Pace, 5m"'
        hint = suggestion(suffix, FORMATS) if get_close_matches(suffix, FORMATS) else known
        raise InvalidSettings(printable(path, 200, "workout"), None, "is no workout file", hint)
    return FORMATS[suffix]
