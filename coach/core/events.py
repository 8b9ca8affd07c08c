"""What became true (Event) and what of it deserves a voice (Cue): the two things the core says.

Facts are in SI; words and units belong to the voice. Segment numbers are 1-based, as a runner counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """How far (m), how fast (m/s), how sure (1 sigma, m/s) and from which source; speed None while unknown."""

    at: float
    distance: float
    speed: float | None
    sigma: float | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something became true at `at`: its `name` (a word of the --json contract) and its facts."""

    at: float
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cue:
    """Something worth hearing.

    `due` is the moment it should sound (usually `at`); after `until` it is worth nothing. Priority 0 is the
    most urgent. `facts` hold what the words need, in SI.
    """

    at: float
    kind: str
    priority: int
    until: float
    due: float
    facts: Mapping[str, Any] = field(default_factory=dict)
