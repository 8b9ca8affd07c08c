"""The output of the core: what became true (Event), and what of it is worth saying (Cue).

Facts are in SI units; the voice turns them into words. Segment numbers start at 1, as a runner counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple


class Estimate(NamedTuple):
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
    """Something worth saying.

    `due` is when it should sound (usually `at`). It may not begin after `until` and must have ended `by`; if it is too long
    for that, its short form is said. Priority 0 is the most urgent. `facts` hold what the words need, in SI units;
    `also` are cues of the same moment, said in the same breath.
    """

    at: float
    kind: str
    priority: int
    until: float
    due: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: float = inf
    also: tuple[Cue, ...] = ()
