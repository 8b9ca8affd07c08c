"""What the coach is fed: everything that happens in a run, each with the moment it happened."""

from __future__ import annotations

from typing import NamedTuple

from devices.sample import Battery, Fix, Link, Pulse, Rx, Stride

KEYS = ("pause", "resume", "skip", "back", "lap", "report", "progress", "verbosity", "louder", "quieter", "quit")
HALTS = ("halt", "go")  # a recorder's own short stop, and its end: a pause without words
TICK = 1.0  # s between two ticks, so that silence is an input too


class Tick(NamedTuple):
    """Time has passed, and nothing else happened."""

    at: float


class Key(NamedTuple):
    """The runner pressed something: one of KEYS ("pause" toggles), or HALTS."""

    at: float
    key: str


Input = Rx | Link | Tick | Key | Fix | Stride | Pulse | Battery
