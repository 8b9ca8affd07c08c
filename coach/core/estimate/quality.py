"""The quality of the signal: whether there is a speed, how good it is, and its source. Changes are told once, after a while."""

from __future__ import annotations

from collections import deque
from enum import StrEnum

from coach.core.estimate.filter import Raw
from coach.core.events import Estimate, Event
from coach.core.policy import Policy

OPENING = 6.0  # s: the run is being announced, and a receiver may still be without its first fix
SLOWEST = 1.5  # m/s: the share of a lower (walking) speed would be large for any receiver
LOSSES, HOUR = 3, 3600.0  # at most 3 losses are told in this many s; the third says that the signal comes and goes
START = 30.0  # s: a change of source before this is not told


class Quality(StrEnum):
    """How to coach by the current pace: GOOD normally, FAIR with a wider band, POOR only by splits, NONE not at all."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    NONE = "none"


class Signal:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._silent_since: float | None = None
        self._lost_said = False
        self._losses_said: deque[float] = deque(maxlen=LOSSES)  # s, when
        self._poor_since: float | None = None
        self._good_since: float | None = None
        self._poor_said = self._steady_said = self._doubt_said = False
        self._fair = False
        self._lasting = False  # poor for so long that it was told
        self.poor = False  # the pace of now is worth nothing: in a burst of noise at once, without a word, for it is soon over
        self._leader: tuple[bool, str | None] | None = None  # by footpod; which device
        self._changed_since: float | None = None

    @property
    def quality(self) -> Quality:
        if self.lost:
            return Quality.NONE
        if self.poor:
            return Quality.POOR
        return Quality.FAIR if self._fair else Quality.GOOD

    @property
    def lost(self) -> bool:
        """Whether the speed is unknown now."""
        return self._silent_since is not None

    def forget(self, at: float) -> None:
        """The run was paused or resumed: silence counts from here."""
        if self._silent_since is not None:
            self._silent_since = at

    def judge(self, estimate: Estimate, by_footpod: bool, raw: Raw) -> list[Event]:
        """`signal_lost`, `signal_back`, `source_changed` and, once a run each, `weak_signal`, `steady_signal`, `pod_doubted`.

        How precisely this signal could give a steady runner's speed is judged only while the runner moves. A recorded speed is
        a watch's or an app's: where it is poor, the positions deny it.
        """
        if estimate.speed is None:
            self.poor = self._lasting or raw.is_disturbed
            return self._without(estimate.at)
        events = self._with(estimate) + self._source(estimate, by_footpod)
        if raw.sigma is not None and estimate.speed >= self._policy.standing.below:
            self._rate(estimate.at, raw.sigma / (estimate.speed if estimate.speed > SLOWEST else SLOWEST))
        self.poor = self._lasting or raw.is_disturbed
        if self._lasting and not self._poor_said:
            self._poor_said = True
            facts = {"source": estimate.source, "sigma": estimate.sigma, "by_footpod": by_footpod}
            events.append(Event(estimate.at, "weak_signal", facts | {"disagrees": raw.is_recorded and not by_footpod}))
        if self._poor_said and not self._lasting and not self._steady_said:
            self._steady_said = True
            events.append(Event(estimate.at, "steady_signal", {"source": estimate.source, "by_footpod": by_footpod}))
        if raw.is_doubted and not self._doubt_said:
            self._doubt_said = True
            events.append(Event(estimate.at, "pod_doubted", {"source": estimate.source}))
        return events

    def _without(self, at: float) -> list[Event]:
        if self._silent_since is None:
            self._silent_since = at
        if self._lost_said or at - self._silent_since < self._policy.signal.lost_after or at < OPENING:
            return []
        if len(self._losses_said) == LOSSES and at - self._losses_said[0] < HOUR:
            return []
        self._lost_said = True
        self._losses_said.append(at)
        often = len(self._losses_said) == LOSSES and at - self._losses_said[0] < HOUR
        return [Event(at, "signal_lost", {"silent_for": at - self._silent_since, "comes_and_goes": often})]

    def _with(self, estimate: Estimate) -> list[Event]:
        self._silent_since = None
        if not self._lost_said:
            return []
        self._lost_said = False
        return [Event(estimate.at, "signal_back", {"source": estimate.source})]

    def _source(self, estimate: Estimate, by_footpod: bool) -> list[Event]:
        """Another device has given the pace for a while: GPS for a lost footpod, the footpod again, or one of the same sort."""
        leader = (by_footpod, estimate.source)
        if self._leader is None or estimate.at < START:
            self._leader = leader
        if leader == self._leader:
            self._changed_since = None
            return []
        if self._changed_since is None:
            self._changed_since = estimate.at
        if estimate.at - self._changed_since < self._policy.signal.source_after:
            return []
        (was_by_footpod, was), self._leader, self._changed_since = self._leader, leader, None
        change = "other_device" if by_footpod == was_by_footpod else "footpod_back" if by_footpod else "footpod_lost"
        return [Event(estimate.at, "source_changed", {"source": estimate.source, "was": was, "change": change})]

    def _rate(self, at: float, share: float) -> None:
        """Poor after a while of poor, good after a longer while of good: one bad second decides nothing."""
        rules = self._policy.signal
        self._fair = share > rules.fair_sigma
        if share <= rules.poor_sigma:
            self._poor_since = None
        elif self._poor_since is None:
            self._poor_since = at
        if share >= rules.good_sigma:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = at
        if self._poor_since is not None and at - self._poor_since >= rules.poor_for:
            self._lasting = True
        if self._good_since is not None and at - self._good_since >= rules.good_for:
            self._lasting = False
