"""What became true (Event) and what of it deserves a voice (Cue): the two things the core says.

Facts are in SI; words and units belong to the voice. Segment numbers are 1-based, as a runner counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
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

    `due` is the moment it should sound (usually `at`); it may not begin after `until`, and must have ended `by`:
    what does not fit is said in its short form. Priority 0 is the most urgent. `facts` hold what the words need,
    in SI; `also` are cues of the same moment, said in the same breath.
    """

    at: float
    kind: str
    priority: int
    until: float
    due: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: float = inf
    also: tuple[Cue, ...] = ()
