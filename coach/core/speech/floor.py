"""Who may speak now: the floor is given by urgency, kept free for structure, and lent to the rest by a budget.

A cue waits while something else is being said, is withdrawn when it stops being true, and is dropped when its time is
over: never a backlog, one pending cue per kind, the newest wins. What belongs to one moment is said in one breath.
The core does not hear the voice; it budgets with the length a kind usually takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from coach.core.events import Cue, Event
from coach.core.policy import Policy
from coach.core.speech.rules import ASKED_FOR, RULES, VERBOSITIES, is_said

WINDOW = 300.0  # s over which air time is counted
HOUR = 3600.0
CORRECTION = 3  # corrections keep their own distance: second_after
KEPT = 0.16  # share of what may be said in an hour that is kept for corrections
BREATH = 6.5  # s: the longest that is said at once
SHORT = 1.6  # s: what has to end in time is said in so much, where there is no more ("Next, five forty.")
PIPS = 0.5  # s: what is no longer is a sign, and no talk that has to keep its distance
ANYONE = 99  # a priority: whoever speaks
_ROWS = tuple(RULES)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a cue: it was said (`rule` is ""), or the rule that kept it back."""

    at: float
    kind: str
    rule: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody has the floor, or will have it: from when to when (s), and how urgently."""

    begin: float
    end: float
    priority: int


class Floor:
    """Offered cues, it releases at most what a runner can listen to.

    `switches` are kinds that the runner turned on or off. `decisions` holds what became of each cue since it was last cleared.
    """

    def __init__(self, policy: Policy, verbosity: str, switches: Mapping[str, bool] | None = None) -> None:
        self.verbosity = verbosity
        self._policy, self._switches = policy, dict(switches or {})
        self._pending: dict[str, Cue] = {}
        self._turns: list[Turn] = []  # of now and later, in order
        self._silence_until = 0.0
        self._reserved = inf, inf
        self._unasked: deque[tuple[float, float]] = deque()  # when, how long: what was said unasked in the last hour
        self._held: dict[str, str] = {}  # a pending cue, and the rule that holds it back now
        self.decisions: list[Decision] = []

    def turn(self) -> str:
        """The next verbosity, round and round."""
        self.verbosity = VERBOSITIES[(VERBOSITIES.index(self.verbosity) + 1) % len(VERBOSITIES)]
        return self.verbosity

    def reserve(self, begin: float, end: float) -> None:
        """A change of segment will be announced from `begin` on: nothing unasked is said into it, until `end`."""
        self._reserved = begin, end

    def offer(self, event: Event, kind: str, facts: Mapping[str, Any], due: float | None = None, by: float = inf) -> None:
        """The event deserves the cue `kind`, if this runner wants to hear it."""
        rule = RULES[kind]
        for other in rule.withdraws:
            if (gone := self._pending.pop(other, None)) is not None:
                self._decide(event.at, gone, f"no longer true once there was {kind}")
        moment = event.at if due is None else due
        cue = Cue(event.at, kind, rule.priority, moment + rule.life, moment, facts, by)
        if unwanted := is_said(kind, self.verbosity, self._switches):
            self._decide(event.at, cue, unwanted)
            return
        if (older := self._pending.pop(kind, None)) is not None:
            self._decide(event.at, older, "a newer one took its place")
        self._pending[kind] = cue

    def holds(self, at: float, kind: str) -> str:
        """The rule that would keep a cue of this kind back now; "" when it would be said at once."""
        rule = RULES[kind]
        return is_said(kind, self.verbosity, self._switches) or self._held_by(
            at, Cue(at, kind, rule.priority, at + rule.life, at)
        )

    def release(self, at: float) -> list[Cue]:
        """The cues to be said now, most urgent first; what is too late is gone."""
        said: list[Cue] = []
        for cue in sorted(self._pending.values(), key=_row):
            if cue.kind not in self._pending:
                continue  # said in the breath of another
            if unwanted := is_said(cue.kind, self.verbosity, self._switches):
                del self._pending[cue.kind]  # the runner has turned the verbosity since
                self._decide(at, cue, unwanted)
            elif at > cue.until:
                del self._pending[cue.kind]
                self._decide(at, cue, f"too late: {self._held.get(cue.kind, 'nothing came to let it through')}")
            elif held := self._held_by(at, cue):
                self._held[cue.kind] = held
            else:
                said.append(self._take(at, self._joined(at, cue)))
        return said

    def _joined(self, at: float, cue: Cue) -> Cue:
        """The cue with what else belongs to this moment; all of it leaves the queue."""
        del self._pending[cue.kind]
        also: list[Cue] = []
        for other in sorted(self._pending.values(), key=_row) if RULES[cue.kind].joins else ():
            breath = (cue, *also, other)
            fits = _takes(breath) <= BREATH and not self._over_airtime(at, _takes(breath, unasked=True))
            is_free = not is_said(other.kind, self.verbosity, self._switches) and not self._is_reserved(at, _takes(breath))
            if RULES[other.kind].joins and at <= other.until and fits and is_free:
                also.append(self._pending.pop(other.kind))
        for each in (cue, *also):
            self._decide(at, each, "")
        return replace(cue, also=tuple(also))

    def _decide(self, at: float, cue: Cue, rule: str) -> None:
        self._held.pop(cue.kind, None)
        self.decisions.append(Decision(at, cue.kind, rule, cue.facts))

    def _held_by(self, at: float, cue: Cue) -> str:
        """The rule that keeps it back now; "" when it may be said.

        Urgent cuts less urgent; structure waits its turn if that is soon enough; the rest needs silence.
        """
        begins = max(at, cue.due, free := self._free_from(at, cue.priority))
        if free > max(at, cue.due) and not (cue.priority == ASKED_FOR and free <= cue.until):
            return "something else was being said"
        if begins + SHORT > cue.by:
            return "it would not have ended in time"
        end = self._reserved[1]
        if RULES[cue.kind].yields and at < end < begins + RULES[cue.kind].takes + RULES["countdown"].takes:
            return "a change of segment is being announced"
        if cue.priority <= ASKED_FOR:
            return ""
        if at < self._silence_until:
            return f"silence = {self._policy.silence:g} s after what was said"
        if self._is_reserved(at, RULES[cue.kind].takes):
            return "a change of segment is being announced"
        return self._over_budget(at, cue)

    def _is_reserved(self, at: float, takes: float) -> bool:
        begin, end = self._reserved
        return begin < at + takes and at < end

    def _over_budget(self, at: float, cue: Cue) -> str:
        while self._unasked and self._unasked[0][0] < at - HOUR:
            self._unasked.popleft()
        most_urgent, talks = cue.priority <= CORRECTION, [when for when, length in self._unasked if length > PIPS]
        if len(talks) >= self._policy.per_hour * (1.0 if most_urgent else 1.0 - KEPT):
            return f"per_hour = {self._policy.per_hour} were said" + ("" if most_urgent else ", but for corrections")
        if not most_urgent and RULES[cue.kind].takes > PIPS and talks and at - talks[-1] < self._policy.apart:
            return f"apart = {self._policy.apart:g} s between two that nobody asked for"
        return self._over_airtime(at, RULES[cue.kind].takes)

    def _over_airtime(self, at: float, takes: float) -> str:
        most: float = getattr(self._policy, f"airtime_{self.verbosity}")
        recent = sum(length for when, length in self._unasked if when >= at - WINDOW)
        return f"airtime = {most:g} s in five minutes was used up" if recent + takes > most else ""

    def _take(self, at: float, cue: Cue) -> Cue:
        """The cue has the floor, from when it is due or what is as urgent has ended."""
        due = max(at, cue.due, self._free_from(at, cue.priority))
        breath = (cue, *cue.also)
        self._turns = _with_turn(at, self._turns, Turn(due, due + _takes(breath), cue.priority))
        self._silence_until = max(turn.end for turn in self._turns) + self._policy.silence
        if unasked := _takes(breath, unasked=True):
            self._unasked.append((at, unasked))
        return replace(cue, at=at, due=due)

    def _free_from(self, at: float, priority: int) -> float:
        """When all that is as urgent has been said; what nobody asked for waits for everybody."""
        most = priority if priority <= ASKED_FOR else ANYONE
        return max((turn.end for turn in self._turns if turn.end > at and turn.priority <= most), default=at)


def _row(cue: Cue) -> tuple[int, int]:
    """The most urgent first; of those that are as urgent, the upper row of RULES."""
    return cue.priority, _ROWS.index(cue.kind)


def _takes(breath: Iterable[Cue], unasked: bool = False) -> float:
    """How long it takes to say, s: all of it, or what nobody asked for."""
    return sum(RULES[each.kind].takes for each in breath if not unasked or each.priority > ASKED_FOR)


def _with_turn(at: float, turns: Iterable[Turn], taken: Turn) -> list[Turn]:
    """The turns from `at` on with another: it cuts what is less urgent, and what has not begun waits until it has ended."""
    before, after, ends = [], [], taken.end
    for turn in turns:
        if turn.end <= at:
            continue
        if turn.priority <= taken.priority:
            before.append(turn)
        elif turn.begin <= taken.begin:
            before.append(replace(turn, end=min(turn.end, taken.begin)))
        else:
            begin = max(turn.begin, ends)
            ends = begin + turn.end - turn.begin
            after.append(replace(turn, begin=begin, end=ends))
    return [*before, taken, *after]
