"""What a row of RULES says: how urgent a cue is, how long it stays worth hearing, its sound, and why it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NEVER = "never"  # for `since`: only said if [coach.cues] turns it on
MEASURED = "measured"  # for `because`: the paces of this correction are the reason


@dataclass(frozen=True, slots=True)
class Sign:
    """Names of sounds: `before` the words, and `alone` if there are no words; "" means no sound."""

    before: str = ""
    alone: str = ""
    worded: bool = True  # False: this kind is only ever a sound

    def heard(self, sounds_only: bool) -> tuple[str, bool]:
        """The sound to play ("" for none), and whether words follow it."""
        if self.worded and not sounds_only:
            return self.before, True
        return self.alone, False


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the cue's priority (0 most urgent), how long it is worth hearing, how long it takes to say (s)."""

    priority: int
    life: float
    takes: float
    since: str = "quiet"  # the lowest verbosity at which it is said
    withdraws: tuple[str, ...] = ()  # pending cues that this one makes untrue
    joins: bool = False  # it may be said in one breath with other cues of the same moment
    yields: bool = False  # it waits if it would not end before the segment does: what to do next comes first
    because: str = field(kw_only=True)  # why it was said, for `coach explain`: {subject.name} is a constant of the policy
    event: str = ""  # the event that becomes this cue, if it has another name than the cue
    sign: Sign = Sign()
    sign_at_end: Sign | None = None  # the sound where the run ends with it, if it is another
    warm: int = 0  # order in which its words are made before the run, 1 first; 0 if they need facts
    on_course: bool = False  # its words are made before the run only if the plan has a course

    def sign_of(self, facts: Mapping[str, Any]) -> Sign:
        """The sound of a cue with these facts."""
        return self.sign_at_end if self.sign_at_end and facts.get("ends_run") else self.sign
