"""Asks a run that is under way by its socket: what a command line does with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from coach.stations.place import connected
from coach.ui.state import State
from devices.api import Unavailable

PATIENCE = 5.0  # s; a run answers in milliseconds, and one that is stopped never


def ask(request: Mapping[str, Any], run: str | None = None) -> dict[str, Any]:
    """The answer of the run with this name, or of the newest. Raises Unavailable where no run answers."""
    return next(answers(request, run))


def answers(request: Mapping[str, Any], run: str | None = None) -> Iterator[dict[str, Any]]:
    """All answers to a request, until the run ends. Raises Unavailable."""
    connection = connected(run)
    connection.settimeout(PATIENCE)
    with closing(connection), connection.makefile("rb") as lines:
        try:
            connection.sendall(json.dumps(request).encode() + b"\n")
            for line in lines:
                yield json.loads(line)
        except (OSError, ValueError):
            raise Unavailable("the run does not answer", "is its process stopped?") from None
    raise Unavailable("the run has ended")


def state_of(told: Any) -> State:
    """A state as it was sent; what a newer version tells beside is left out. Raises Unavailable for anything else."""
    try:
        return _reader().validate_python(told)
    except ValueError:
        raise Unavailable("the run is coached by another version of this program") from None


@cache
def _reader() -> TypeAdapter[State]:
    return TypeAdapter(State)
