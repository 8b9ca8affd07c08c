"""Whether a treadmill runs as it was asked to: by the footpod where there is one, else by what the belt reports.

A belt's display and a footpod rarely agree. Their ratio is learned while the belt reports its setting, and told once; from then
on the footpod compares, because some belts report what they were asked for. A belt that reports nothing is taken to show what
was set, while the footpod is near it; of that ratio nothing is told.
"""

from __future__ import annotations

from math import inf

from coach.core.events import Event

STANDING = 0.8  # m/s: a slower belt is being started or stopped
SETTLES = 20.0  # s after a new setting without a verdict: it is said some seconds ahead, pressed late, and the belt is slow
CLEAR_FOR = 20.0  # s for which it must be off before that is said
NEAR, CLEAR = 0.12, 0.06  # shares of the setting by which it must be off: by a footpod alone whose ratio is not known, else
LEAST = 5.0  # tenths: less is not worth a word
LEARNED = 60.0  # s near the setting from which the ratio is learned
DIFFERS = 0.04  # share by which belt and footpod must differ to be told so: a footpod nobody calibrated is off by 2 or 3 %
SAID, AGAIN, LATER = 2, 60.0, 240.0  # so many times `AGAIN` s apart, then every `LATER` s


class BeltCheck:
    """Emits `belt_off` and, once a run, `belt_differs`. Speeds are in tenths of what the belt shows."""

    def __init__(self) -> None:
        self._belt, self._pod, self._seconds = 0.0, 0.0, 0.0  # sums over the time near the setting
        self._differs_told = False
        self._last_at: float | None = None
        self.set_at(-inf)

    def set_at(self, at: float) -> None:
        """A new setting was told at `at` (s)."""
        self._set_at, self._said, self._said_at = at, 0, -inf
        self._off_since: float | None = None

    def judge(self, at: float, told: int, pod: float | None, belt: float | None) -> list[Event]:
        """`told`: the setting; `pod` and `belt`: what they measure, None if they do not."""
        step, self._last_at = 0.0 if self._last_at is None else min(1.0, at - self._last_at), at
        is_known = self._seconds >= LEARNED
        by_pod = pod is not None and (is_known or belt is None)
        reads = pod * self._ratio if pod is not None and by_pod else belt
        if reads is None or at - self._set_at < SETTLES:
            self._off_since = None
            return []
        clear = max(LEAST, told * (NEAR if by_pod and not is_known else CLEAR))
        if abs(reads - told) <= clear:
            self._off_since = None
            return [] if pod is None else self._learn(at, step, pod, told, belt)
        self._off_since = at if self._off_since is None else self._off_since
        apart = AGAIN if self._said < SAID else LATER
        if at - self._off_since < CLEAR_FOR or at - self._said_at < apart:
            return []
        self._said, self._said_at = self._said + 1, at
        if belt is not None and abs(belt - told) > clear:
            return [Event(at, "belt_off", {"reads": round(belt), "tenths": told, "by": "belt"})]
        return [Event(at, "belt_off", {"reads": round(reads), "tenths": told, "by": "pod"})]

    @property
    def _ratio(self) -> float:
        """What the belt shows for what the footpod measures; 1 until it is known."""
        return self._belt / self._pod if self._seconds >= LEARNED else 1.0

    def _learn(self, at: float, step: float, pod: float, told: int, belt: float | None) -> list[Event]:
        shown = told if belt is None else belt
        self._belt, self._pod, self._seconds = self._belt + step * shown, self._pod + step * pod, self._seconds + step
        if belt is None or self._differs_told or self._seconds < LEARNED or abs(self._ratio - 1) < DIFFERS:
            return []
        self._differs_told = True
        return [Event(at, "belt_differs", {"belt": round(belt), "pod": round(belt / self._ratio), "ratio": self._ratio})]
