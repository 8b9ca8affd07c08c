"""Workout files into plans. A format is a row of _READERS and a module."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from coach.core.plan import Plan
from coach.located import InvalidSettings
from coach.planning.fitness import Fitness

_READERS = {".toml": "native"}  # suffix -> module with read(path, fitness)


def read_workout(path: str, fitness: Fitness | None) -> Plan:
    """The plan in a workout file; `fitness` gives pace names their speed. Raises InvalidSettings."""
    reader = _READERS.get(Path(path).suffix.lower())
    if reader is None:
        raise InvalidSettings(path, None, "is no workout file", f"its name ends in {' or '.join(_READERS)}")
    plan: Plan = import_module(f"coach.workouts.{reader}").read(Path(path), fitness)
    return plan
