"""The press machine: turns time-stamped downs and ups of a button into short, long and double presses.

    down ─ up                short, at the up; where the button has a double press, DOUBLE later
    down ───── held LONG     long, while it is still held
    down ─ up ─ down         double, at the second down, if it comes within DOUBLE of the up

The same for every input. Contacts bounce: a change within BOUNCE of the last one counts only if it lasts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from math import inf
from typing import Literal, NamedTuple

BOUNCE = 0.03  # s: contacts are still after 5 to 20 ms, and nobody presses twice in 30
LONG = 0.6  # s of holding
DOUBLE = 0.4  # s from the end of one press to the beginning of the next

Gesture = Literal["down", "short", "long", "double"]


class Made(NamedTuple):
    """A gesture on a button. "down" comes with each press, at once, so that it can be answered before it is known which."""

    button: str
    gesture: Gesture


@dataclass(slots=True)
class _Button:
    is_down: bool = False  # without bounces
    touches: bool = False  # as it was told last
    changed: float = -inf  # when is_down changed
    is_decided: bool = True  # this press has made its gesture
    released: float | None = None  # when a press ended that may become a double


@dataclass
class PressMachine:
    """Of all buttons; `doubles` are those that have a double press. `at` is in seconds and never goes back much."""

    doubles: Collection[str] = ()
    _buttons: dict[str, _Button] = field(default_factory=dict)

    def changed(self, at: float, button: str, is_down: bool) -> list[Made]:
        """A button went down or up."""
        made = self.passed(at)
        it = self._buttons.setdefault(button, _Button())
        it.touches = is_down
        if at - it.changed >= BOUNCE:
            made += self._settle(button, it, at)
        return made

    def passed(self, at: float) -> list[Made]:
        """Time has passed until `at`."""
        made = []
        for button, it in self._buttons.items():
            if it.touches != it.is_down and at - it.changed >= BOUNCE:
                made += self._settle(button, it, it.changed + BOUNCE)
            if it.is_down and not it.is_decided and at - it.changed >= LONG:
                it.is_decided = True
                made.append(Made(button, "long"))
            if it.released is not None and at - it.released > DOUBLE:
                it.released = None
                made.append(Made(button, "short"))
        return made

    def lost(self, at: float) -> None:
        """What was held is not known any more: nothing comes of it."""
        for it in self._buttons.values():
            it.is_down, it.touches, it.changed, it.is_decided, it.released = False, False, at - BOUNCE, True, None

    @property
    def wake(self) -> float:
        """When `passed` is to be called at the latest; inf if nothing is pending."""
        return min((self._due(it) for it in self._buttons.values()), default=inf)

    def _due(self, it: _Button) -> float:
        due = it.changed + BOUNCE if it.touches != it.is_down else inf
        if it.is_down and not it.is_decided:
            due = min(due, it.changed + LONG)
        return due if it.released is None else min(due, it.released + DOUBLE + 0.001)

    def _settle(self, button: str, it: _Button, at: float) -> list[Made]:
        """Takes what is touched for what is."""
        if it.touches == it.is_down:
            return []
        it.is_down, it.changed = it.touches, at
        if it.is_down:
            it.is_decided = it.released is not None
            made: list[Gesture] = ["down", "double"] if it.is_decided else ["down"]
            it.released = None
            return [Made(button, each) for each in made]
        if it.is_decided:
            return []
        it.is_decided = True
        if button in self.doubles:
            it.released = at
            return []
        return [Made(button, "short")]
