"""Other measurements than speed: heart rate, steps and incline, each current for some seconds."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

FRESH_HEART, FRESH_STEPS, FRESH_INCLINE, FRESH_BELT = 5.0, 5.0, 10.0, 3.0  # s for which a measurement counts as current


class Beside:
    """A value and when it was measured; it counts as current for `fresh` seconds."""

    def __init__(self, fresh: float) -> None:
        self._fresh, self._at, self._value = fresh, -inf, 0.0

    def take(self, at: float, value: float) -> None:
        self._at, self._value = at, value

    def now(self, at: float) -> float | None:
        return self._value if at - self._at <= self._fresh else None


class Others(NamedTuple):
    """What is measured now beside the speed; None where nothing reports it."""

    heart: float | None  # beats a minute
    cadence: float | None  # steps a minute
    incline: float | None  # of the belt, rise over run
