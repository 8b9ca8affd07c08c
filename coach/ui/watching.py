"""Makes a snapshot of the run once a second and after each change, and hands it to everything that shows the run.

A sink gets the latest state in the thread of the loop: it must keep it and return at once. Whatever draws, sends or waits does
so in a thread of its own, and shows the latest one only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.ui.state import Said, State, Stater
from coach.ui.views import View

SHOW_KEYS = "keys"  # what the keyboard calls the key that asks for the others
LAST_WORDS = 3  # kept to be shown

Sink = Callable[[State], object]
Press = Callable[[str], None]


class Watching:
    """A view that shows everything in the view below, and hands snapshots to the sinks."""

    def __init__(self, view: View, coach: Coach) -> None:
        self._view = view
        self.is_saved: Callable[[], bool] = lambda: True  # whether the run reaches the disk
        self.sinks: list[Sink] = []
        self.answer: Callable[[], object] = _nothing  # the sound that answers a press; from any thread
        self.speak: Callable[[str], object] = _nothing  # says what is no cue; from any thread
        self.steer: Press = _nothing  # presses a key that was answered already; from any thread
        self.stater = Stater(coach)
        self._said: deque[Said] = deque(maxlen=LAST_WORDS)
        self._expected: Said | None = None
        self._low: list[str] = []
        self._second, self._changed = -1, True

    def event(self, event: Event) -> None:
        self._changed = True
        if event.name == "battery_low":
            self._low.append(event.facts["source"])
        self._view.event(event)

    def expect(self, cue: Cue, text: str) -> None:
        """Shows the words of a cue while they are being said: who says them to their end hands the cue on only then."""
        self._expected = Said(cue.at, cue.kind, text)
        self._said.append(self._expected)
        self.show()

    def cue(self, cue: Cue, text: str) -> None:
        if (said := Said(cue.at, cue.kind, text)) != self._expected:
            self._said.append(said)
        self._expected = None
        self._changed = True
        self._view.cue(cue, text)

    def followed(self, coach: Coach) -> None:
        self._view.followed(coach)
        second = int(coach.estimate.at)
        if second == self._second and not self._changed:
            return
        self.show()

    def show(self) -> None:
        """Hands the state now to the sinks."""
        self._second, self._changed = int(self.stater.at), False
        if self.sinks:
            try:
                state = self.state()
                for sink in self.sinks:
                    sink(state)
            except Exception as bug:  # whatever it is: a run needs nobody who looks on
                self.sinks.clear()
                self.note(f"a bug ended what shows the run elsewhere, and the run goes on: {bug!r}")

    def state(self) -> State:
        """The state now."""
        return self.stater.state(tuple(self._said), tuple(self._low), self.is_saved())

    def summary(self, summary: dict[str, Any]) -> None:
        self._view.summary(summary)

    def note(self, text: str) -> None:
        self._view.note(text)

    def show_keys(self) -> None:
        self._view.show_keys()

    def pressing(self, press: Press) -> Press:
        """`press`, but the key that asks for the keys is answered by the view: it is no input of the run."""

        def pressed(key: str) -> None:
            if key == SHOW_KEYS:
                self.show_keys()
            else:
                press(key)

        return pressed


def _nothing(*key: str) -> None:
    """Where nothing is steered."""


class Station(Protocol):
    """A place from which a run is seen and steered: a socket, a page, a broker, buttons. Open as long as the context is."""

    def __call__(self, watching: Watching, press: Press) -> AbstractContextManager[Sink]:
        """`press` takes the keys of inputs.KEYS, answers with a sound, and may be called from any thread."""
        ...
