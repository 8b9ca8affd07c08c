"""The heart rate in a plan: one to keep instead of a pace, and one at which a segment ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beats:
    """A heart rate to keep instead of a pace: from `low` to `high`, beats a minute."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class HeartEnd:
    """The segment ends as soon as the heart rate is `below` so many beats a minute, or above them."""

    beats: int
    below: bool = True
