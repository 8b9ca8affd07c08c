"""Workout files into plans and back. A format is a row of FORMATS and a module."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from coach.core.plan import Plan
from coach.located import InvalidSettings, suggestion
from coach.planning.fitness import Fitness

# suffix -> module with read(path, fitness, warn) -> Plan and write(plan, fitness) -> Written
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
    told: list[str] = []
    plan = _read(source, fitness, told.append)
    if warn:
        for line in told[:MOST_WARNINGS]:
            warn(line)
        if len(told) > MOST_WARNINGS:
            warn(f"{source}: and {len(told) - MOST_WARNINGS} warnings more")
    return plan


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


def _read(source: str, fitness: Fitness | None, warn: Callable[[str], None]) -> Plan:
    plan: Plan
    if Path(source).suffix.lower() not in FORMATS:
        from coach.workouts import icu

        if icu.is_text(source):
            return icu.parse(source, fitness, warn)
    plan = import_module(f"coach.workouts.{_module(source)}").read(Path(source), fitness, warn)
    return plan


def _module(path: str) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        hint = suggestion(suffix, FORMATS) if suffix else f"its name ends in one of {', '.join(FORMATS)}"
        raise InvalidSettings(path, None, "is no workout file", hint)
    return FORMATS[suffix]
