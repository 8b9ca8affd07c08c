"""The corrector: what is said in an excursion, a period off pace to one side; both pacing and splits use it.

    by how much ──► where to ──► answered: once more ──► strike: the plan is eased, or peace
                                 else: how it stands     then, minutes apart: how it stands, what is left

A correction that is very far off comes before these two and is not counted. It stays the same excursion when pacing hands over
to splits, or back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from coach.core.events import Event
from coach.core.plan.segments import EASY, Segment
from coach.core.policy import Policy

OPPOSED_APART = 60.0  # s between a correction to one side and one to the other, at least
LATELY = 600.0  # s over which corrections are counted
QUIET = 180.0  # s without one after which the earlier ones do not matter
MOST_SAID = 2  # corrections per excursion
FAR = 95.0  # s/km: whoever is further off than this is told the pace of now, and has two corrections left

WORSE = 0.8  # widths of the band by which a runner in peace must be further off before there are words again

Held = Callable[[str], str | None]  # the rule of the floor that keeps a kind of cue back now; empty or None if none does


def free(kind: str) -> None:
    """No rule keeps anything back."""


class Corrector:
    """`side` is where the runner is off: -1 too slow, +1 too fast, 0 not at all. `said` counts the corrections.

    The last correction was at `said_at` (s). To two that did not help another kind of word is added: how it stands. Then the
    runner is left in peace, until he has been inside the band for a while, or is off to the other side or clearly further;
    if it takes long, he is told again how it stands.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lately: deque[float] = deque()  # s: when corrections were said
        self.begin_segment()

    def begin_segment(self) -> None:
        """The target has changed: earlier corrections no longer count."""
        self.in_peace, self._peace_since = False, 0.0  # corrections did not help: there are none for a while; since when (s)
        self._peace_side = self._told_side = 0
        self._peace_bands = 0.0  # how far off the runner was when the peace began, in widths of the band
        self.begin(0)
        self.said_at = -inf

    def begin(self, side: int) -> None:
        """A new excursion to this side begins; 0: the last one is over."""
        if side and side != self._peace_side:
            self.end_peace()
        self.side, self.said = side, 0
        self._far = 0  # 1 if the first correction was very far off, which counts for itself
        self._told_at = -inf  # s: when it was said how it stands
        self._told = 0  # how often
        self._early = False  # too fast in an easy segment
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
        """Why there is no further correction; empty if there may be one. A runner who `answered` the last word gets a third."""
        if self.in_peace:
            return "two corrections did not help: the runner is left in peace for a while"
        if self.both_said and (self._early or self._counted > MOST_SAID or not answered):
            return "two corrections were said: there is no third"
        if self.both_said and at - max(self.said_at, self._told_at) < self._policy.correction.third_after:
            return f"correction.third_after = {self._policy.correction.third_after:g} s since the last word"
        if self._told_side == -self.side != 0 and at - self.said_at < OPPOSED_APART:
            return f"the opposite was said less than {OPPOSED_APART:g} s ago"
        return ""

    @property
    def _counted(self) -> int:
        return self.said - self._far

    @property
    def both_said(self) -> bool:
        """Whether two corrections were said, one that was very far off not counted."""
        return self._counted >= MOST_SAID

    def correct(self, at: float, segment: Segment, facts: Mapping[str, Any]) -> Event:
        """Emits `off_pace`. Too fast in an easy segment is marked `early`; the second correction of it gives no size."""
        self._before, self.said_at = self.said_at, at
        self._told_side = self.side
        self._lately.append(at)
        if self.said == 0:
            self._far = int(_is_far(facts))
        elif self.said == 1 and _is_far(facts):
            self._far = 0  # the first did not help, so it counts after all
        self.said += 1
        nth = max(1, self._counted)
        early = self._early = facts["side"] == "fast" and segment.kind in EASY
        return Event(at, "off_pace", {**facts, "nth": nth, "sized": nth != 2 or not early, "early": early})

    def may_strike(self, at: float) -> bool:
        """Whether both corrections were said, the last one long enough ago."""
        return self.both_said and not self.in_peace and at - self.said_at >= self._policy.giving_way.strike_after

    def strike(self, at: float, facts: Mapping[str, Any]) -> Event:
        """`struck`: what was said did not help. The plan is eased, or else see `not_eased`."""
        self.in_peace, self._peace_side, self._peace_bands = True, self.side, facts["bands"]
        self._peace_since = at
        return Event(at, "struck", facts)

    def not_eased(self, at: float) -> None:
        """No easier plan came of the strike, so how it stands is told now, unless it was lately."""
        self._peace_since = max(at - self._policy.giving_way.peace, self._told_at)

    def may_tell(self, at: float) -> bool:
        """Whether it is time to say how it stands: a while after two corrections, or after a longer peace.

        Who answered them, and who is too fast in an easy segment, which is harmless, hears enough without.
        """
        if self.in_peace:
            return at - self._peace_since >= self._policy.giving_way.peace
        is_due = self._counted == MOST_SAID and not self._told and not self._early
        return is_due and at - self.said_at >= self._policy.correction.stands_after

    def tell(self, at: float, facts: Mapping[str, object]) -> Event:
        """`still_off`: no correction, but what the pace is and what was planned; every other time, what is left."""
        self._peace_since = self._told_at = at
        self._told += 1
        return Event(at, "still_off", {**facts, "nth": self._told})

    def follow(self, bands: float) -> None:
        """In peace, `bands` are how far off the runner is of late: clearly further than when it began is news, and ends it."""
        if bands > self._peace_bands + WORSE:
            self.end_peace()
            self.begin(self.side)

    def take_back(self) -> bool:
        """The last correction was not heard after all, so it does not count; False if there is none to take back."""
        if self._before is None:
            return False
        self._lately.pop()
        self.said, self.said_at, self._before = self.said - 1, self._before, None
        return True


def _is_far(facts: Mapping[str, Any]) -> bool:
    speed, target = facts["speed"], facts["target"]
    return bool(speed and target) and abs(1000 / speed - 1000 / target) > FAR


def side_word(side: int) -> str:
    return "fast" if side > 0 else "slow"
