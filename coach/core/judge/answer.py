"""Whether a correction was answered: the runner's error some seconds later, against that which was corrected."""

from __future__ import annotations

from coach.core.policy import Policy

ANSWER = 20.0  # s after a correction when it is judged whether the runner answered it


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
        """Judges the last correction, now that the error is `error`, a share of the target."""
        if self.asked is None or at - self.asked[0] < ANSWER:
            return
        told, self.asked = self.asked[1], None
        removed = (told - error) / told if told else 1.0
        self.was_answered = removed >= self._policy.correction.least_gain
        self._ignored = 0 if self.was_answered else self._ignored + 1
