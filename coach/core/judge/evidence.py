"""Evidence that a runner is off pace, and whether a correction was answered.

Evidence grows by (deviation / band - 1) each second: 1 a second at twice the band, and it shrinks inside the band.
"""

from __future__ import annotations

from coach.core.policy import Policy

WIDEST = 4.0  # bands: a larger deviation counts as this much, or one wild reading would decide
LONGEST_STEP = 2.0  # s: a longer gap between two estimates counts as this much
ANSWER = 20.0  # s after a correction when it is judged whether the runner answered it


class Evidence:
    """`seconds` is the evidence of the present excursion, in seconds at twice the band."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._spent = 0.0  # what the last correction was said for

    def judge(self, deviation: float, step: float) -> None:
        """The runner is off pace by `deviation` bands to the side of the excursion, and has been for `step` (s)."""
        self.seconds = max(0.0, self.seconds + min(LONGEST_STEP, step) * (min(WIDEST, deviation) - 1.0))

    def spend(self) -> None:
        """A correction is said: the next one needs evidence of its own."""
        self._spent, self.seconds = self.seconds, 0.0

    def take_back(self) -> None:
        """The last correction was not heard: what it was said for counts again."""
        self.seconds = self._spent

    def forget(self) -> None:
        self.seconds = 0.0


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
