"""Evidence that a runner is off pace, and whether a correction was answered.

Evidence is the logarithm of a likelihood ratio, from what the devices measured rather than from the filtered estimate, which
lags (`estimate/noticing.py`). The band decides how large a deviation must be to count.
"""

from __future__ import annotations

from math import inf

from coach.core.estimate.filter import Raw
from coach.core.estimate.noticing import RECEIVER, Noticing
from coach.core.judge.band import Limits
from coach.core.policy import Policy

NARROW = 0.03  # share of the target: the band that the evidence is made for; a wider one is that much less sensitive
NARROWEST = 0.02  # share: no device tells smaller deviations from its own errors within a minute
LONGEST_STEP = 10.0  # s: a recorder that writes seldom; after a longer gap the evidence begins anew
EPOCH = 0.85  # s: faster measurements are not independent
EVEN, MOST_DOUBT = 0.015, 3.0  # share by which an even runner wanders; most times as sure as with one the coach must be
WANDER = 0.77  # sd of a receiver's slow error over how precisely it gives a steady speed: simulated skies, open to urban
ANSWER = 20.0  # s after a correction when it is judged whether the runner answered it


class Evidence:
    """`now` is the evidence that the runner is off pace: above 0 too fast, below 0 too slow."""

    def __init__(self) -> None:
        self._noticing = Noticing()
        self.now = 0.0
        self._at = -inf  # s: when the last measurement was made
        self._edges: tuple[float | None, float | None] = (None, None)  # of the band then, m/s
        self._target = 1.0  # m/s: then

    def judge(self, raw: Raw, limits: Limits, by_footpod: bool) -> None:
        """Weighs the last measurement, once; the runner ought to be within the limits."""
        measured, target = raw.measured, limits.target
        if measured is None or measured.at - self._at < EPOCH:
            return
        self._edges, self._target = (limits.slow, limits.fast), target
        lean = _lean(limits.slow, target), _lean(limits.fast, target)
        passed, self._at = measured.at - self._at, measured.at
        times = 1 if passed < 1.5 or passed > LONGEST_STEP else round(passed)
        wander = 0.0 if by_footpod else max(RECEIVER, WANDER * (raw.sigma or 0.0))
        for each in range(times):  # a measurement of several seconds is one, however long it lasts
            at = measured.at - times + 1 + each
            white = times * measured.variance
            self.now = self._noticing.feed(at, measured.speed, target, white, measured.excess, lean, wander)

    def surely(self, side: int) -> float:
        """How surely the pace of now is outside the band on this side, in sigmas; less for a runner whose pace wanders much.

        Such a runner is often just inside the band or just outside, and on which side the device seldom tells.
        """
        lean = _lean(self._edges[side > 0], self._target) + NARROW
        wanders = min(MOST_DOUBT, max(1.0, self._noticing.evenness.wanders / EVEN))
        return self._noticing.surely_beyond(side, lean, self._target) / wanders

    def forget(self) -> None:
        self._noticing.restart()
        self.now = 0.0


def _lean(edge: float | None, target: float) -> float:
    """The deviation (share of the target) from which on that side counts, less in a narrow band; infinite without an edge."""
    if edge is None:
        return inf
    width = edge / target - 1
    width = width if width > 0 else -width
    return (width if width > NARROWEST else NARROWEST) - NARROW


class Answer:
    """Whether the runner responds to corrections: one who does not gets fewer of them."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.was_answered = False  # the last correction that was judged
        self._ignored = 0  # corrections in a row that changed nothing
        self.asked: tuple[float, float] | None = None  # when a correction was given (s), and for which error (share)

    @property
    def patience(self) -> float:
        """How much longer than usual to wait before the next correction: a factor."""
        return self._policy.correction.back_off if self._ignored >= self._policy.correction.ignored else 1.0

    def ask(self, at: float, error: float) -> None:
        """A correction was given for this error, a share of the target."""
        self.asked = at, error

    def forget(self) -> None:
        """The last correction no longer counts: there is a new target, or it was not heard."""
        self.asked = None

    def judge(self, at: float, error: float) -> None:
        """The error is now this share of the target."""
        if self.asked is None or at - self.asked[0] < ANSWER:
            return
        told, self.asked = self.asked[1], None
        removed = (told - error) / told if told else 1.0
        self.was_answered = removed >= self._policy.correction.least_gain
        self._ignored = 0 if self.was_answered else self._ignored + 1
