"""Whose turn it is to be heard: utterances that wait for their moment, the more urgent first, the late ones dropped. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

AHEAD = 0.3  # s before its moment that a sound of an exact moment is handed over, so that the sound card can be exact


@dataclass(frozen=True, slots=True)
class Utterance:
    """An `earcon`, words behind it, or both. Times are monotonic: not before `due`, not begun after `until`, ended `by`.

    `short` is for when the text would not end in time. Where it is not `worded`, the text is only for the eye.
    """

    number: int
    text: str
    priority: int
    due: float
    until: float
    earcon: str = ""
    worded: bool = True
    short: str = ""
    by: float = inf

    @property
    def is_exact(self) -> bool:
        """Whether it marks a moment, to the sample."""
        return self.earcon == "countdown"

    @property
    def handed_over(self) -> float:
        return self.due - AHEAD if self.is_exact else self.due


class Turns:
    def __init__(self) -> None:
        self._waiting: list[Utterance] = []

    def add(self, utterance: Utterance) -> None:
        self._waiting.append(utterance)

    def late(self, now: float) -> list[Utterance]:
        """Those that nobody wants to hear any more: they wait no longer."""
        late = [each for each in self._waiting if each.until < now]
        self._waiting = [each for each in self._waiting if each.until >= now]
        return late

    def following(self, now: float, current: Utterance | None) -> Utterance | None:
        """Who speaks now: the most urgent whose moment has come. While somebody speaks, only who is more urgent."""
        ready = [each for each in self._waiting if each.handed_over <= now]
        if current:
            ready = [each for each in ready if each.priority < current.priority]
        if not ready:
            return None
        chosen = min(ready, key=lambda each: (each.priority, each.due, each.number))
        self._waiting.remove(chosen)
        return chosen

    def wake(self, now: float) -> float:
        """The next moment at which somebody's turn comes, or passes."""
        moments = (moment for each in self._waiting for moment in (each.handed_over, each.until + 1e-3) if moment > now)
        return min(moments, default=inf)

    def clear(self) -> None:
        self._waiting.clear()
