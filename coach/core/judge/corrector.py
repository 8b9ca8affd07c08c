"""The corrector: at most two corrections per excursion, then a strike, then no more; both pacing and splits use it.

An excursion is a period off pace to one side. It stays the same excursion when pacing hands over to splits, or back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from coach.core.events import Event
from coach.core.plan.segments import EASY, Segment
from coach.core.policy import Policy

MOST_SAID = 2  # corrections per excursion

Held = Callable[[str], str | None]  # the rule of the floor that keeps a kind of cue back now; empty or None if none does


def free(kind: str) -> None:
    """No rule keeps anything back."""


class Corrector:
    """`side` is where the runner is off: -1 too slow, +1 too fast, 0 not at all. `said` counts the corrections.

    The last correction was at `said_at` (s). `past` is True after a strike: no more corrections in this segment.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.begin_segment()

    def begin_segment(self) -> None:
        """The target has changed: earlier corrections no longer count."""
        self.begin(0)
        self.said_at, self.past = -inf, False

    def begin(self, side: int) -> None:
        """A new excursion to this side begins; 0: the last one is over."""
        self.side, self.said = side, 0
        self._before: float | None = None  # s: when the correction before the last was said, while the last may be taken back

    def why_silent(self) -> str:
        """Why no further correction is given; empty if one may be."""
        if self.past:
            return "two corrections did not help in this segment: it gets no more"
        return "two corrections were given, and there is never a third" if self.said >= MOST_SAID else ""

    def correct(self, at: float, segment: Segment, facts: Mapping[str, object]) -> Event:
        """Emits `off_pace`. Too fast in an easy segment counts as early, and its size is said only the first time."""
        self._before, self.said_at = self.said_at, at
        self.said += 1
        early = facts["side"] == "fast" and segment.kind in EASY
        return Event(at, "off_pace", {**facts, "nth": self.said, "sized": self.said == 1 or not early, "early": early})

    def may_strike(self, at: float) -> bool:
        """Whether both corrections were said, the last one long enough ago."""
        return self.said >= MOST_SAID and not self.past and at - self.said_at >= self._policy.giving_way.strike_after

    def strike(self, at: float, facts: Mapping[str, object]) -> Event:
        """Emits `struck`: both corrections did not help."""
        self.past = True
        return Event(at, "struck", facts)

    def take_back(self) -> bool:
        """The last correction was not heard after all, so it does not count; False if there is none to take back."""
        if self._before is None:
            return False
        self.said, self.said_at, self._before = self.said - 1, self._before, None
        return True


def side_word(side: int) -> str:
    return "fast" if side > 0 else "slow"
