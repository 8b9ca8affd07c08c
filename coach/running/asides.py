"""Asides: cues about the recording of the run, not about the running. No judge emits them, and a replay has none.

where a run goes on after a break     where it is when there is sound again     this run is not being saved
q must be pressed twice     the run is kept while the computer goes down
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coach.core.events import Cue
from coach.core.speech.rules import RULES
from coach.ui.views import View
from coach.voice.words.phrasing import Words

TWICE_WITHIN = 3.0  # s between two presses of q: it is next to a, and easily hit by mistake in the rain


class Asides:
    """Says asides at once, as cues of this moment; safe in any thread."""

    def __init__(self, say: Callable[[Cue], object], view: View, words: Words, now: Callable[[], float]) -> None:
        self._say, self._view, self._words, self._now = say, view, words, now

    def note(self, text: str) -> None:
        """A line that is only read."""
        self._view.note(text)

    def tell(self, kind: str, **facts: Any) -> None:
        rule, at = RULES[kind], self._now()
        cue = Cue(at, kind, rule.priority, at + rule.life, at, facts)
        self._say(cue)
        self._view.cue(cue, self._words.text(cue))

    def quitting_twice(self, press: Callable[[str], None]) -> Callable[[str], None]:
        """`press`, but quit must be pressed again within some seconds; the first press asks for it."""
        asked = [float("-inf")]

        def pressed(key: str) -> None:
            if key == "quit" and self._now() - asked[0] > TWICE_WITHIN:
                asked[0] = self._now()
                self.tell("quit_asked")
            else:
                press(key)

        return pressed
