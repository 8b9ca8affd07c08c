"""Decides which cue may be said now: the most urgent first, time reserved for changes of segment, a budget for the rest.

A cue waits while another is being said, is withdrawn when it stops being true, and is dropped when it is too late.
Only the newest cue of each kind waits, so there is never a backlog. Cues of the same moment are said in one breath.
The core gets no feedback from the voice: it assumes that each cue takes as long as its row in RULES says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from coach.core.events import Cue, Event
from coach.core.policy import Policy
from coach.core.speech.muted import why_muted
from coach.core.speech.rules import ASKED_FOR, RULES, VERBOSITIES

WINDOW = 300.0  # s over which air time is counted
HOUR = 3600.0
CORRECTION = 3  # the priority of corrections, which have their own spacing: correction.second_after
KEPT = 0.16  # share of `per_hour` that only corrections may use
BREATH = 6.5  # s: the longest joined announcement
SHORT = 1.6  # s: how long the short form of an announcement takes ("Next, five forty.")
PIPS = 0.5  # s: sounds this short are signals, not speech; the spacing rules do not apply to them
ANYONE = 99  # a priority: cues of every urgency
_ROWS = tuple(RULES)


@dataclass(frozen=True, slots=True)
class Decision:
    """What happened to a cue: it was said (`rule` is None), or `rule` kept it back."""

    at: float
    kind: str
    rule: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """The time of a cue that is being said, or will be: from `begin` to `end` (s)."""

    begin: float
    end: float
    priority: int


class Floor:
    """Takes the cues that are offered and releases no more than a runner can listen to.

    `switches` are kinds that the runner turned on or off. `pending` holds the cues that wait, by kind. From when to when (s) a
    change of segment is announced is `reserved`: nothing that was not asked for may run into it. `decisions` holds what
    happened to each cue since last cleared.
    """

    def __init__(self, policy: Policy, verbosity: str, switches: Mapping[str, bool] | None = None) -> None:
        self.verbosity = verbosity
        self._policy, self._switches = policy, dict(switches or {})
        self.pending: dict[str, Cue] = {}
        self._slots: list[Slot] = []  # the present one and later ones, in order
        self._silence_until = 0.0
        self.reserved = inf, inf
        self._unasked: deque[tuple[float, float]] = deque()  # when, how long: what was said unasked in the last hour
        self._held: dict[str, str] = {}  # a pending cue, and the rule that holds it back now
        self.decisions: list[Decision] = []

    def next_verbosity(self) -> str:
        """Goes to the next verbosity, from the last to the first, and returns it."""
        self.verbosity = VERBOSITIES[(VERBOSITIES.index(self.verbosity) + 1) % len(VERBOSITIES)]
        return self.verbosity

    def offer(self, event: Event, kind: str, facts: Mapping[str, Any], due: float | None = None, by: float = inf) -> None:
        """Let a cue wait to be said, unless this runner does not hear its kind. Cues that it makes untrue are withdrawn."""
        rule = RULES[kind]
        for other in rule.withdraws:
            if (gone := self.pending.pop(other, None)) is not None:
                self._decide(event.at, gone, f"no longer true once there was {kind}")
        moment = event.at if due is None else due
        cue = Cue(event.at, kind, rule.priority, moment + rule.life, moment, facts, by)
        if unwanted := why_muted(kind, self.verbosity, self._switches):
            self._decide(event.at, cue, unwanted)
            return
        if (older := self.pending.pop(kind, None)) is not None:
            self._decide(event.at, older, "a newer cue of this kind replaced it")
        self.pending[kind] = cue

    def why_held(self, at: float, kind: str) -> str | None:
        """The rule that would keep a cue of this kind back now; None if it would be said at once."""
        rule = RULES[kind]
        cue = Cue(at, kind, rule.priority, at + rule.life, at)
        return why_muted(kind, self.verbosity, self._switches) or self._why_held(at, cue)

    def release(self, at: float) -> list[Cue]:
        """The cues to say now, most urgent first. Those that are too late are dropped."""
        if not self.pending:
            return []
        said: list[Cue] = []
        for cue in sorted(self.pending.values(), key=_row):
            if cue.kind not in self.pending:
                continue  # said in the breath of another
            if unwanted := why_muted(cue.kind, self.verbosity, self._switches):
                del self.pending[cue.kind]  # the runner has changed the verbosity since
                self._decide(at, cue, unwanted)
            elif at > cue.until:
                del self.pending[cue.kind]
                self._decide(at, cue, f"too late: {self._held.get(cue.kind, 'no input came while it could be said')}")
            elif held := self._why_held(at, cue):
                self._held[cue.kind] = held
            else:
                said.append(self._take(at, self._joined(at, cue)))
        return said

    def _joined(self, at: float, cue: Cue) -> Cue:
        """The cue and those said in the same breath; none of them waits any longer."""
        del self.pending[cue.kind]
        also: list[Cue] = []
        for other in sorted(self.pending.values(), key=_row) if RULES[cue.kind].joins else ():
            breath = (cue, *also, other)
            fits = _takes(breath) <= BREATH and not self._over_airtime(at, _takes(breath, unasked=True))
            is_free = not why_muted(other.kind, self.verbosity, self._switches) and not self._is_reserved(at, _takes(breath))
            if RULES[other.kind].joins and at <= other.until and fits and is_free:
                also.append(self.pending.pop(other.kind))
        for each in (cue, *also):
            self._decide(at, each, None)
        return replace(cue, also=tuple(also))

    def _decide(self, at: float, cue: Cue, rule: str | None) -> None:
        self._held.pop(cue.kind, None)
        self.decisions.append(Decision(at, cue.kind, rule, cue.facts))

    def _why_held(self, at: float, cue: Cue) -> str | None:
        """The first rule that keeps the cue back now; None if it may be said."""
        rules = _FOR_EVERY_CUE if cue.priority <= ASKED_FOR else (*_FOR_EVERY_CUE, *_FOR_UNASKED)
        text = next((text for text, holds in rules if holds(self, at, cue)), None)
        return text and self._policy.told(text).format(airtime=self._airtime)

    # The conditions of the rules in _FOR_EVERY_CUE and _FOR_UNASKED

    def _is_taken(self, at: float, cue: Cue) -> bool:
        """True while something else is said; but an answer may wait if the floor is free before it is too late."""
        free = self._free_from(at, cue.priority)
        return free > max(at, cue.due) and not (cue.priority == ASKED_FOR and free <= cue.until)

    def _ends_late(self, at: float, cue: Cue) -> bool:
        return self._begins(at, cue) + SHORT > cue.by

    def _meets_change(self, at: float, cue: Cue) -> bool:
        rule, end = RULES[cue.kind], self.reserved[1]
        return rule.yields and at < end < self._begins(at, cue) + rule.takes + RULES["countdown"].takes

    def _is_silence(self, at: float, cue: Cue) -> bool:
        return at < self._silence_until

    def _runs_into_change(self, at: float, cue: Cue) -> bool:
        return self._is_reserved(at, RULES[cue.kind].takes)

    def _is_over_hour(self, at: float, cue: Cue) -> bool:
        """After five minutes of silence there is one more all the same: a pace far off is not to be left without a word.

        Who allows fewer than that makes wants it so.
        """
        talks, most = self._talks(at), self._policy.talk.per_hour
        if cue.priority > CORRECTION or len(talks) < most:
            return False
        return most < HOUR / WINDOW or at - talks[-1] < WINDOW

    def _is_over_share(self, at: float, cue: Cue) -> bool:
        return cue.priority > CORRECTION and len(self._talks(at)) >= self._policy.talk.per_hour * (1.0 - KEPT)

    def _is_close(self, at: float, cue: Cue) -> bool:
        if cue.priority <= CORRECTION or RULES[cue.kind].takes <= PIPS:
            return False
        talks = self._talks(at)
        return bool(talks) and at - talks[-1] < self._policy.talk.apart

    def _is_over_airtime(self, at: float, cue: Cue) -> bool:
        return self._over_airtime(at, RULES[cue.kind].takes)

    # What the conditions look at

    def _begins(self, at: float, cue: Cue) -> float:
        return max(at, cue.due, self._free_from(at, cue.priority))

    def _talks(self, at: float) -> list[float]:
        """The times in the last hour at which something was said that the runner did not ask for; sounds are not counted."""
        while self._unasked and self._unasked[0][0] < at - HOUR:
            self._unasked.popleft()
        return [when for when, length in self._unasked if length > PIPS]

    @property
    def _airtime(self) -> float:
        most: float = getattr(self._policy.talk, f"airtime_{self.verbosity}")
        return most

    def _is_reserved(self, at: float, takes: float) -> bool:
        begin, end = self.reserved
        return begin < at + takes and at < end

    def _over_airtime(self, at: float, takes: float) -> bool:
        recent = sum(length for when, length in self._unasked if when >= at - WINDOW)
        return recent + takes > self._airtime

    def _take(self, at: float, cue: Cue) -> Cue:
        """Notes the cue as said, beginning when it is due or when everything as urgent has ended, whichever is later."""
        due = max(at, cue.due, self._free_from(at, cue.priority))
        breath = (cue, *cue.also)
        self._slots = _with_slot(at, self._slots, Slot(due, due + _takes(breath), cue.priority))
        self._silence_until = max(slot.end for slot in self._slots) + self._policy.talk.silence
        if unasked := _takes(breath, unasked=True):
            self._unasked.append((at, unasked))
        return replace(cue, at=at, due=due)

    def _free_from(self, at: float, priority: int) -> float:
        """When everything at least as urgent has been said; an unasked cue waits for all others."""
        most = priority if priority <= ASKED_FOR else ANYONE
        return max((slot.end for slot in self._slots if slot.end > at and slot.priority <= most), default=at)


_Holds = Callable[[Floor, float, Cue], bool]

# Why a cue is kept back, read from top to bottom: the first that holds is the reason.
_FOR_EVERY_CUE: tuple[tuple[str, _Holds], ...] = (
    ("something else was being said", Floor._is_taken),
    ("it would not have ended in time", Floor._ends_late),
    ("a change of segment is being announced", Floor._meets_change),
)
_FOR_UNASKED: tuple[tuple[str, _Holds], ...] = (
    ("{talk.silence} s since the last cue were not over", Floor._is_silence),
    ("a change of segment is being announced", Floor._runs_into_change),
    ("{talk.per_hour} cues were said in the last hour", Floor._is_over_hour),
    ("{talk.per_hour} in an hour: what is left of it is kept for corrections", Floor._is_over_share),
    ("{talk.apart} s since the last cue nobody asked for were not over", Floor._is_close),
    ("airtime = {airtime:g} s in five minutes was used up", Floor._is_over_airtime),
)


def _row(cue: Cue) -> tuple[int, int]:
    """The sort key of cues: the most urgent first; among equals, the upper row of RULES."""
    return cue.priority, _ROWS.index(cue.kind)


def _takes(breath: Iterable[Cue], unasked: bool = False) -> float:
    """How long a breath takes to say, s: all of it, or only the `unasked` cues."""
    return sum(RULES[each.kind].takes for each in breath if not unasked or each.priority > ASKED_FOR)


def _with_slot(at: float, slots: Iterable[Slot], taken: Slot) -> list[Slot]:
    """The slots from `at` on with another: it cuts off what is less urgent; what has not begun waits until it has ended."""
    before, after, ends = [], [], taken.end
    for slot in slots:
        if slot.end <= at:
            continue
        if slot.priority <= taken.priority:
            before.append(slot)
        elif slot.begin <= taken.begin:
            before.append(replace(slot, end=min(slot.end, taken.begin)))
        else:
            begin = max(slot.begin, ends)
            ends = begin + slot.end - slot.begin
            after.append(replace(slot, begin=begin, end=ends))
    return [*before, taken, *after]
