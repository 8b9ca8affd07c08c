"""A format whose reader has a bug."""

from __future__ import annotations

from typing import Any


def read(path: Any, fitness: Any, warn: Any) -> Any:
    return [][3]


def write(plan: Any, fitness: Any) -> Any:
    return plan.no_such_thing
