"""RULES: which events deserve a voice, how urgently, for how long, and how much talk there is room for.

An event becomes a cue by its row. A cue waits while something else is being said, is withdrawn when it stops
being true, and is dropped when its time is over: never a backlog, one pending cue per kind, the newest wins.
The core does not hear the voice; it budgets with the length a kind usually takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from coach.core.events import Cue, Event
from coach.core.policy import Policy

VERBOSITIES = ("quiet", "normal", "chatty")
WINDOW = 300.0  # s over which air time is counted
HOUR = 3600.0
ASKED_FOR = 2  # up to this priority a cue is structure, safety or an answer: outside the budget


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the cue's priority (0 most urgent), how long it is worth hearing, how long it takes to say (s)."""

    priority: int
    life: float
    takes: float
    since: str = "quiet"  # the least verbosity at which it is said
    withdraws: tuple[str, ...] = ()  # pending cues that are no longer true once this is


_CORRECTIONS = ("ease_off", "pick_up", "on_pace")
_OF_A_SEGMENT = (*_CORRECTIONS, "ramp", "preview", "countdown", "segment_began", "last_segment")

RULES: dict[str, Rule] = {
    "signal_lost": Rule(0, 10.0, 2.5, withdraws=(*_CORRECTIONS, "signal_back", "weak_signal")),
    "countdown": Rule(1, 0.3, 3.2, withdraws=_CORRECTIONS),
    "run_began": Rule(2, 10.0, 5.0),
    "preview": Rule(2, 6.0, 3.5, withdraws=("ramp", *_CORRECTIONS)),
    "segment_began": Rule(2, 5.0, 3.0, withdraws=_OF_A_SEGMENT),
    "last_segment": Rule(2, 5.0, 3.5, withdraws=_OF_A_SEGMENT),
    "signal_back": Rule(2, 10.0, 1.5, withdraws=("signal_lost", "weak_signal")),
    "paused": Rule(2, 5.0, 1.0, withdraws=(*_OF_A_SEGMENT, "resumed", "halfway")),
    "resumed": Rule(2, 5.0, 1.0, withdraws=("paused",)),
    "footpod_lost": Rule(2, 10.0, 2.0, withdraws=("footpod_back",)),
    "other_device": Rule(5, 10.0, 1.5, since="normal"),
    "battery_low": Rule(5, 60.0, 1.5),
    "footpod_back": Rule(5, 10.0, 1.5, since="normal", withdraws=("footpod_lost",)),
    "report": Rule(2, 5.0, 5.0),
    "run_complete": Rule(2, 60.0, 5.0, withdraws=(*_OF_A_SEGMENT, "halfway", "signal_lost", "signal_back")),
    "run_stopped": Rule(2, 60.0, 4.0, withdraws=(*_OF_A_SEGMENT, "halfway", "signal_lost", "signal_back")),
    "ease_off": Rule(3, 3.0, 2.0, withdraws=("pick_up", "on_pace")),
    "pick_up": Rule(3, 3.0, 2.0, withdraws=("ease_off", "on_pace")),
    "uphill": Rule(3, 10.0, 2.5, withdraws=(*_CORRECTIONS, "downhill", "level")),
    "downhill": Rule(3, 10.0, 2.0, withdraws=(*_CORRECTIONS, "uphill", "level")),
    "level": Rule(3, 10.0, 2.5, withdraws=("uphill", "downhill")),
    "off_course": Rule(2, 10.0, 1.2, withdraws=("back_on_course", "uphill", "downhill", "level")),
    "back_on_course": Rule(2, 10.0, 1.2, withdraws=("off_course",)),
    "weak_signal": Rule(3, 10.0, 2.0),
    "ramp": Rule(4, 8.0, 1.8, since="normal"),
    "halfway": Rule(5, 10.0, 1.0, since="normal"),
    "on_pace": Rule(6, 4.0, 0.4, since="normal", withdraws=("ease_off", "pick_up")),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a cue: it was said (`rule` is ""), or the rule that kept it back."""

    at: float
    kind: str
    rule: str
    facts: Mapping[str, Any]


class Floor:
    """Who may speak now. Offered cues, it releases at most what a runner can listen to.

    `decisions` holds what became of each cue since it was last cleared.
    """

    def __init__(self, policy: Policy, verbosity: str) -> None:
        self._policy = policy
        self._level = VERBOSITIES.index(verbosity)
        self._airtime: float = getattr(policy, f"airtime_{verbosity}")
        self._pending: dict[str, Cue] = {}
        self._busy_until = 0.0
        self._speaking = ASKED_FOR
        self._silence_until = 0.0
        self._unasked: deque[tuple[float, float]] = deque()  # when, how long: what was said unasked in the last hour
        self._held: dict[str, str] = {}  # a pending cue, and the rule that holds it back now
        self.decisions: list[Decision] = []

    def offer(self, event: Event, kind: str, facts: Mapping[str, Any], due: float | None = None) -> None:
        """The event deserves the cue `kind`, if this runner wants to hear it."""
        rule = RULES[kind]
        for other in rule.withdraws:
            if (gone := self._pending.pop(other, None)) is not None:
                self._decide(event.at, gone, f"no longer true once there was {kind}")
        moment = event.at if due is None else due
        cue = Cue(event.at, kind, rule.priority, moment + rule.life, moment, facts)
        if VERBOSITIES.index(rule.since) <= self._level:
            self._pending[kind] = cue
        else:
            self._decide(event.at, cue, f"verbosity = {VERBOSITIES[self._level]}: said from {rule.since} on")

    def release(self, at: float) -> list[Cue]:
        """The cues to be said now, most urgent first; what is too late is gone."""
        said: list[Cue] = []
        if not self._pending:
            return said
        for cue in sorted(self._pending.values(), key=lambda cue: (cue.priority, cue.at)):
            if at > cue.until:
                del self._pending[cue.kind]
                self._decide(at, cue, f"too late: {self._held.get(cue.kind, 'nothing came to let it through')}")
            elif held := self._held_by(at, cue):
                self._held[cue.kind] = held
            else:
                del self._pending[cue.kind]
                said.append(self._take(at, cue))
                self._decide(at, cue, "")
        return said

    def _decide(self, at: float, cue: Cue, rule: str) -> None:
        self._held.pop(cue.kind, None)
        self.decisions.append(Decision(at, cue.kind, rule, cue.facts))

    def _held_by(self, at: float, cue: Cue) -> str:
        """The rule that keeps it back now; "" when it may be said.

        Urgent cuts less urgent; structure waits its turn if that is soon enough; the rest needs silence.
        """
        if at < self._busy_until and cue.priority >= min(self._speaking, ASKED_FOR + 1):
            waits_its_turn = cue.priority == ASKED_FOR and self._busy_until <= cue.until
            return "" if waits_its_turn else "something else was being said"
        if cue.priority <= ASKED_FOR:
            return ""
        if at < self._silence_until:
            return f"silence = {self._policy.silence:g} s after what was said"
        return self._over_budget(at, cue)

    def _over_budget(self, at: float, cue: Cue) -> str:
        while self._unasked and self._unasked[0][0] < at - HOUR:
            self._unasked.popleft()
        if len(self._unasked) >= self._policy.per_hour:
            return f"per_hour = {self._policy.per_hour} were said"
        if self._unasked and at - self._unasked[-1][0] < self._policy.apart and cue.priority > 3:
            return f"apart = {self._policy.apart:g} s between two that nobody asked for"
        recent = sum(takes for when, takes in self._unasked if when >= at - WINDOW)
        over = recent + RULES[cue.kind].takes > self._airtime
        return f"airtime = {self._airtime:g} s in five minutes was used up" if over else ""

    def _take(self, at: float, cue: Cue) -> Cue:
        """The cue has the floor, from when it is due or what is being said has ended."""
        waits = at < self._busy_until and cue.priority >= self._speaking
        due = max(at, cue.due, self._busy_until if waits else at)
        takes = RULES[cue.kind].takes
        self._busy_until = due + takes
        self._speaking = cue.priority
        self._silence_until = self._busy_until + self._policy.silence
        if cue.priority > ASKED_FOR:
            self._unasked.append((at, takes))
        return replace(cue, at=at, due=due)
