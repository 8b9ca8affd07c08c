"""RULES: which events deserve a voice, how urgently, and for how long it is worth hearing.

An event becomes a cue by its row. Who of them may speak now, `floor.py` decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

VERBOSITIES = ("quiet", "normal", "chatty")
ASKED_FOR = 2  # up to this priority a cue is structure, safety or an answer: outside the budget
NEVER = "never"  # of `since`: only who asks for it in [coach.cues] hears it


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the cue's priority (0 most urgent), how long it is worth hearing, how long it takes to say (s)."""

    priority: int
    life: float
    takes: float
    since: str = "quiet"  # the least verbosity at which it is said
    withdraws: tuple[str, ...] = ()  # pending cues that are no longer true once this is
    joins: bool = False  # it may be said in one breath with what else is to be said at the time
    yields: bool = False  # it waits where it would still be said when a segment ends: first comes what to do next


_CORRECTIONS = ("ease_off", "pick_up", "on_pace", "dont_sprint")
_OF_A_SEGMENT = (*_CORRECTIONS, "ramp", "preview", "countdown", "segment_began", "last_segment", "set_belt", "last_minutes")

# Of what is as urgent, the upper row comes first.
RULES: dict[str, Rule] = {
    "signal_lost": Rule(0, 10.0, 2.5, withdraws=(*_CORRECTIONS, "signal_back", "weak_signal")),
    "standing": Rule(0, 10.0, 1.0),
    "set_belt": Rule(0, 8.0, 1.8, withdraws=("ramp",)),
    "countdown": Rule(1, 0.3, 3.2, withdraws=_CORRECTIONS),
    "run_began": Rule(2, 10.0, 5.0),
    "preview": Rule(2, 6.0, 3.5, withdraws=("ramp", *_CORRECTIONS)),
    "segment_began": Rule(2, 7.0, 3.0, withdraws=_OF_A_SEGMENT, joins=True),
    "last_segment": Rule(2, 7.0, 3.5, withdraws=_OF_A_SEGMENT, joins=True),
    "signal_back": Rule(2, 10.0, 1.5, withdraws=("signal_lost", "weak_signal")),
    "paused": Rule(2, 5.0, 1.0, withdraws=(*_OF_A_SEGMENT, "resumed", "halfway")),
    "resumed": Rule(2, 5.0, 1.0, withdraws=("paused",)),
    "footpod_lost": Rule(2, 10.0, 2.0, withdraws=("footpod_back",)),
    "other_device": Rule(5, 10.0, 1.5, since="normal"),
    "battery_low": Rule(5, 60.0, 1.5),
    "footpod_back": Rule(5, 10.0, 1.5, since="normal", withdraws=("footpod_lost",)),
    "report": Rule(2, 15.0, 5.0, yields=True),
    "progress": Rule(2, 15.0, 4.5, yields=True),
    "verbosity": Rule(2, 15.0, 0.8, yields=True),
    "note": Rule(2, 15.0, 3.0, yields=True),
    "hold": Rule(2, 10.0, 2.5, withdraws=(*_CORRECTIONS, "ramp")),
    "half_climb": Rule(2, 10.0, 3.0, withdraws=(*_CORRECTIONS, "ramp")),
    "ease_to_end": Rule(2, 10.0, 3.0, withdraws=(*_CORRECTIONS, "ramp")),
    "race_replan": Rule(2, 10.0, 3.0, withdraws=(*_CORRECTIONS, "ramp")),
    "race_estimate": Rule(2, 10.0, 4.0, withdraws=(*_CORRECTIONS, "ramp")),
    "run_complete": Rule(2, 60.0, 5.0),
    "run_stopped": Rule(2, 60.0, 4.0),
    "ease_off": Rule(3, 3.0, 2.0, withdraws=("pick_up", "on_pace")),
    "pick_up": Rule(3, 3.0, 2.0, withdraws=("ease_off", "on_pace")),
    "heart_high": Rule(3, 3.0, 2.0, withdraws=("pick_up",)),
    "dont_sprint": Rule(3, 3.0, 1.8),
    "uphill": Rule(3, 10.0, 2.5, withdraws=(*_CORRECTIONS, "downhill", "level")),
    "downhill": Rule(3, 10.0, 2.0, withdraws=(*_CORRECTIONS, "uphill", "level")),
    "level": Rule(3, 10.0, 2.5, withdraws=("uphill", "downhill")),
    "off_course": Rule(2, 10.0, 1.2, withdraws=("back_on_course", "uphill", "downhill", "level")),
    "back_on_course": Rule(2, 10.0, 1.2, withdraws=("off_course",)),
    "weak_signal": Rule(3, 10.0, 2.0),
    "ramp": Rule(4, 8.0, 1.8, since="normal"),
    "last_minutes": Rule(5, 10.0, 1.5, joins=True),
    "halfway": Rule(5, 15.0, 1.0, since="normal", joins=True),
    "schedule": Rule(5, 15.0, 2.0, since="normal", joins=True),
    "split": Rule(5, 16.0, 2.0, since=NEVER, joins=True),
    "segment_split": Rule(5, 10.0, 1.5, since="chatty", joins=True),
    "on_pace": Rule(6, 4.0, 0.4, since="normal", withdraws=("ease_off", "pick_up")),
    "praise": Rule(6, 4.0, 1.2, since="normal"),
}

for _last in ("run_complete", "run_stopped"):  # the last word: nothing else is of any use now
    RULES[_last] = replace(RULES[_last], withdraws=tuple(RULES))


def is_said(kind: str, verbosity: str, switches: Mapping[str, bool]) -> str:
    """ "" when this runner wants to hear the kind, or the rule that says no; `switches` is the runner's own word."""
    if kind in switches:
        return "" if switches[kind] else f"[coach.cues] {kind} = false"
    since = RULES[kind].since
    if since == NEVER:
        return f"[coach.cues] {kind} = true was not set"
    return "" if VERBOSITIES.index(since) <= VERBOSITIES.index(verbosity) else f"verbosity = {verbosity}: said from {since} on"
