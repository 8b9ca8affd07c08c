"""Whether there is a speed to coach by, how good it is, and from what: each change is told once, after it has lasted."""

from __future__ import annotations

from enum import StrEnum

from coach.core.events import Estimate, Event
from coach.core.policy import Policy

OPENING = 6.0  # s: the run is being announced; a receiver without its first fix is no news yet
SLOWEST = 1.5  # m/s: who walks is not judged to the second, and a share of so little is large for any receiver
START = 30.0  # s: which source leads at first is no change, and no filter knows yet what it has


class Quality(StrEnum):
    """What the pace of now is worth: to the second; with a wider band; by splits alone; nothing."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    NONE = "none"


class Signal:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._silent_since: float | None = None
        self._lost_said = False
        self._poor_since: float | None = None
        self._good_since: float | None = None
        self._poor_said = False
        self._fair = False
        self._leader: tuple[bool, str | None] | None = None  # by footpod; which device
        self._changed_since: float | None = None
        self.poor = False

    @property
    def quality(self) -> Quality:
        if self.lost:
            return Quality.NONE
        if self.poor:
            return Quality.POOR
        return Quality.FAIR if self._fair else Quality.GOOD

    @property
    def lost(self) -> bool:
        """There is no speed now."""
        return self._silent_since is not None

    def forget(self, at: float) -> None:
        """The run was paused or resumed: silence counts from here."""
        if self._silent_since is not None:
            self._silent_since = at

    def judge(self, estimate: Estimate, by_footpod: bool, sigma: float | None) -> list[Event]:
        """`signal_lost`, `signal_back`, `source_changed` and, once a run, `weak_signal`.

        `sigma` (m/s): how well a steady runner's speed could be known by this signal; None until it was found out. From then
        on it is judged, while he moves: a share of no speed says nothing.
        """
        if estimate.speed is None:
            return self._without(estimate.at)
        events = self._with(estimate) + self._source(estimate, by_footpod)
        if sigma is not None and estimate.speed >= self._policy.standing.below:
            self._rate(estimate.at, sigma / max(estimate.speed, SLOWEST))
        if self.poor and not self._poor_said:
            self._poor_said = True
            facts = {"source": estimate.source, "sigma": estimate.sigma}
            events.append(Event(estimate.at, "weak_signal", facts | {"by_footpod": by_footpod}))
        return events

    def _without(self, at: float) -> list[Event]:
        if self._silent_since is None:
            self._silent_since = at
        if self._lost_said or at - self._silent_since < self._policy.signal.lost_after or at < OPENING:
            return []
        self._lost_said = True
        return [Event(at, "signal_lost", {"silent_for": at - self._silent_since})]

    def _with(self, estimate: Estimate) -> list[Event]:
        self._silent_since = None
        if not self._lost_said:
            return []
        self._lost_said = False
        return [Event(estimate.at, "signal_back", {"source": estimate.source})]

    def _source(self, estimate: Estimate, by_footpod: bool) -> list[Event]:
        """Another device tells the pace, and it stayed so: the GPS for a lost footpod, the footpod again, one of the same."""
        leader = (by_footpod, estimate.source)
        if self._leader is None or estimate.at < START:
            self._leader = leader
        self._changed_since = _since(self._changed_since, estimate.at, leader != self._leader)
        if self._changed_since is None or estimate.at - self._changed_since < self._policy.signal.source_after:
            return []
        (was_by_footpod, was), self._leader, self._changed_since = self._leader, leader, None
        change = "other_device" if by_footpod == was_by_footpod else "footpod_back" if by_footpod else "footpod_lost"
        return [Event(estimate.at, "source_changed", {"source": estimate.source, "was": was, "change": change})]

    def _rate(self, at: float, share: float) -> None:
        """Poor after a while of poor, good after a longer while of good: one bad second decides nothing."""
        policy = self._policy
        self._fair = share > policy.signal.fair_sigma
        self._poor_since = _since(self._poor_since, at, share > policy.signal.poor_sigma)
        self._good_since = _since(self._good_since, at, share < policy.signal.good_sigma)
        if self._poor_since is not None and at - self._poor_since >= policy.signal.poor_for:
            self.poor = True
        if self._good_since is not None and at - self._good_since >= policy.signal.good_for:
            self.poor = False


def _since(began: float | None, at: float, holds: bool) -> float | None:
    """When a condition that holds at `at` began to hold; None when it does not."""
    if not holds:
        return None
    return at if began is None else began
