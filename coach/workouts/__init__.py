"""Workout files into plans and back. A format is a row of FORMATS and a module."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from coach.core.plan import Plan
from coach.located import InvalidSettings
from coach.planning.fitness import Fitness

# suffix -> module with read(path, fitness) and write(plan, fitness)
FORMATS = {".toml": "native"}


def read_workout(path: str, fitness: Fitness | None) -> Plan:
    """The plan in a workout file; `fitness` gives pace names their speed. Raises InvalidSettings."""
    plan: Plan = import_module(f"coach.workouts.{_module(path)}").read(Path(path), fitness)
    return plan


def write_workout(plan: Plan, path: Path | str, fitness: Fitness | None = None) -> tuple[str, ...]:
    """Writes the format the suffix names; what it could not carry comes back, a line each. Raises InvalidSettings."""
    written = import_module(f"coach.workouts.{_module(str(path))}").write(plan, fitness)
    try:
        Path(path).write_bytes(written.content)
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be written: {(trouble.strerror or str(trouble)).lower()}") from None
    notes: tuple[str, ...] = written.notes
    return notes


def _module(path: str) -> str:
    module = FORMATS.get(Path(path).suffix.lower())
    if module is None:
        raise InvalidSettings(path, None, "is no workout file", f"its name ends in {', '.join(FORMATS)}")
    return module
