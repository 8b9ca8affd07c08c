"""The corrector: at most two corrections per excursion, then a strike, then no more; both pacing and splits use it.

An excursion is a period off pace to one side. It stays the same excursion when pacing hands over to splits, or back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from math import inf

from coach.core.events import Event
from coach.core.plan.segments import EASY, Segment
from coach.core.policy import Policy

OPPOSED_APART = 60.0  # s between a correction to one side and one to the other, at least
LATELY = 600.0  # s over which corrections are counted
QUIET = 180.0  # s without one after which the earlier ones do not matter
MOST_SAID = 2  # corrections per excursion

Held = Callable[[str], str | None]  # the rule of the floor that keeps a kind of cue back now; empty or None if none does


def free(kind: str) -> None:
    """No rule keeps anything back."""


class Corrector:
    """`side` is where the runner is off: -1 too slow, +1 too fast, 0 not at all. `said` counts the corrections.

    The last correction was at `said_at` (s). After two that did not help the runner is left in peace: until he has been inside
    the band for a while or is off to the other side; if it takes long, he is told how it stands, in other words.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lately: deque[float] = deque()  # s: when corrections were said
        self.begin_segment()

    def begin_segment(self) -> None:
        """The target has changed: earlier corrections no longer count."""
        self.in_peace, self._peace_since = False, 0.0  # corrections did not help: there are none for a while; since when (s)
        self._peace_side = self._told_side = 0
        self.begin(0)
        self.said_at = -inf

    def begin(self, side: int) -> None:
        """A new excursion to this side begins; 0: the last one is over."""
        if side and side != self._peace_side:
            self.end_peace()
        self.side, self.said = side, 0
        self._before: float | None = None  # s: when the correction before the last was said, while the last may be taken back

    def end_peace(self) -> None:
        self.in_peace = False

    def lately(self, at: float) -> float:
        """How many corrections were said in the last ten minutes; they count for less, the longer it has been quiet."""
        lately = self._lately
        while lately and lately[0] < at - LATELY:
            lately.popleft()
        return len(lately) * max(0.0, 1.0 - (at - lately[-1]) / QUIET) if lately else 0.0

    def why_silent(self, at: float, answered: bool = False) -> str:
        """Why there is no further correction; empty if there may be one. A runner who `answered` the second gets a third."""
        if self.in_peace:
            return "two corrections did not help: the runner is left in peace for a while"
        if self.said >= MOST_SAID + answered:
            return "two corrections were said: there is no third"
        if self.said == MOST_SAID and at - self.said_at < self._policy.correction.third_after:
            return f"correction.third_after = {self._policy.correction.third_after:g} s since the second correction"
        if self._told_side == -self.side != 0 and at - self.said_at < OPPOSED_APART:
            return f"the opposite was said less than {OPPOSED_APART:g} s ago"
        return ""

    def correct(self, at: float, segment: Segment, facts: Mapping[str, object]) -> Event:
        """Emits `off_pace`. Too fast in an easy segment counts as early, and its size is said only the first time."""
        self._before, self.said_at = self.said_at, at
        self._told_side = self.side
        self._lately.append(at)
        self.said += 1
        early = facts["side"] == "fast" and segment.kind in EASY
        return Event(at, "off_pace", {**facts, "nth": self.said, "sized": self.said == 1 or not early, "early": early})

    def may_strike(self, at: float) -> bool:
        """Whether both corrections were said, the last one long enough ago."""
        return self.said >= MOST_SAID and not self.in_peace and at - self.said_at >= self._policy.giving_way.strike_after

    def strike(self, at: float, facts: Mapping[str, object]) -> Event:
        """`struck`: both corrections did not help. Too slow, the plan is eased; too fast, he is told at once how it stands."""
        self.in_peace, self._peace_side = True, self.side
        self._peace_since = at if self.side < 0 else at - self._policy.giving_way.peace
        return Event(at, "struck", facts)

    def may_remind(self, at: float) -> bool:
        """Whether the runner was left in peace for so long that he is told how it stands."""
        return self.in_peace and at - self._peace_since >= self._policy.giving_way.peace

    def remind(self, at: float, facts: Mapping[str, object]) -> Event:
        """`still_off`: no correction, but what the pace is and what was planned; then peace again."""
        self._peace_since = at
        return Event(at, "still_off", facts)

    def take_back(self) -> bool:
        """The last correction was not heard after all, so it does not count; False if there is none to take back."""
        if self._before is None:
            return False
        self._lately.pop()
        self.said, self.said_at, self._before = self.said - 1, self._before, None
        return True


def side_word(side: int) -> str:
    return "fast" if side > 0 else "slow"
