"""Decides which waiting utterance is played next: the most urgent first; late ones are dropped. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

EXACT = ("countdown", "countdown_end")  # sounds that mark an exact moment
STEP = 4.0  # dB from one volume of the run to the next: clearly heard in wind; five of them divide the samples by ten
AHEAD = 0.3  # s: a sound that marks an exact moment is handed over this early, so that the sound card can place it


@dataclass(frozen=True, slots=True)
class Utterance:
    """An `earcon`, words, or an earcon and then words. It begins between `due` and `until` and ends before `by` (monotonic s).

    `short` is said when the text would not end in time. If it is not `worded`, the text is only shown. One that must begin to
    the sample is handed over earlier by `lead` s, so that a sleeping headset can be woken before it. Other players are lowered
    until it has ended, or until `low_until` (monotonic s). It is heard at the volume of the config times `gain`.
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
    lead: float = 0.0
    low_until: float = 0.0
    gain: float = 1.0

    @property
    def is_exact(self) -> bool:
        """Whether it must begin at `due`, to the sample."""
        return self.earcon in EXACT

    def order(self, over: bool) -> dict[str, Any]:
        """The order to the voice process to play it; `over` cuts off what is playing then."""
        return {
            "id": self.number,
            "earcon": self.earcon,
            "text": self.text if self.worded else "",
            "short": self.short,
            "at": self.due if self.is_exact else None,
            "until": self.until,
            "by": self.by if isfinite(self.by) else None,
            "over": over,
            "gain": self.gain,
        }

    @property
    def handed_over(self) -> float:
        return self.due - AHEAD - self.lead if self.is_exact else self.due


def gain_of(level: int) -> float:
    """What the sounds of the config's volume are multiplied by, at so many steps below the loudest (0, -1, …)."""
    return float(10.0 ** (level * STEP / 20.0))


class Waiting:
    """The utterances that were handed over and are not being said yet."""

    def __init__(self) -> None:
        self._utterances: list[Utterance] = []

    def add(self, utterance: Utterance) -> None:
        self._utterances.append(utterance)

    def late(self, now: float) -> list[Utterance]:
        """Removes and returns those whose `until` has passed."""
        late = [each for each in self._utterances if each.until < now]
        self._utterances = [each for each in self._utterances if each.until >= now]
        return late

    def following(self, now: float, current: Utterance | None) -> Utterance | None:
        """Removes and returns the most urgent one that is due. While `current` is being said, only one more urgent than it.

        Nothing cuts off a countdown: its last tone is the go.
        """
        ready = [each for each in self._utterances if each.handed_over <= now]
        if current and current.is_exact:
            return None
        if current:
            ready = [each for each in ready if each.priority < current.priority]
        if not ready:
            return None
        chosen = min(ready, key=lambda each: (each.priority, each.due, each.number))
        self._utterances.remove(chosen)
        return chosen

    def wake(self, now: float) -> float:
        """The next moment at which an utterance becomes due or too late; inf if there is none."""
        moments = (moment for each in self._utterances for moment in (each.handed_over, each.until + 1e-3) if moment > now)
        return min(moments, default=inf)

    def clear(self) -> None:
        self._utterances.clear()
