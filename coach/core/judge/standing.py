"""A runner who stands still: nothing is said about pace, and after a while the coach asks whether all is well."""

from __future__ import annotations

from coach.core.events import Event
from coach.core.policy import Policy


class Standing:
    """`is_stop` is True once the runner has stood long enough for it to be a stop, not one slow reading."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.since: float | None = None  # s of running
        self._asked = False
        self.is_stop = False

    def judge(self, at: float, elapsed: float, speed: float) -> list[Event] | None:
        """`standing` when it is time to ask, once per stop; None if the runner (at `speed` m/s) does not stand.

        A pause is no standing: it counts in s of running, `elapsed`.
        """
        if speed >= self._policy.standing.below:
            self.since, self._asked, self.is_stop = None, False, False
            return None
        if self.since is None:
            self.since = elapsed
        stood = elapsed - self.since
        self.is_stop = stood >= self._policy.standing.stop_after
        if self._asked or stood < self._policy.standing.ask_after:
            return []
        self._asked = True
        return [Event(at, "standing", {"for": stood})]
