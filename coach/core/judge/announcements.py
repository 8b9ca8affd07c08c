"""Announcements that follow from the plan alone: the next segment, the countdown to it, and the new target on a ramp."""

from __future__ import annotations

from math import inf

from coach.core.events import Event
from coach.core.judge.corrector import Held
from coach.core.policy import Policy
from coach.core.session.moment import Moment

COUNTDOWN = 3.0  # s: three beeps, a second apart, and the go
LEAD = 2.0  # s before the countdown begins at which it is handed over, so that it can be placed exactly, also on a late headset
ROOM_WITHIN = 30.0  # s to wait for a quiet moment before announcing a ramp's new target anyway
LONGEST_CUE = 60.0  # s: whatever is said so long before the end of a segment is over before anything is announced
SHORTEST_PREVIEWED = 30.0  # s: a segment shorter than this ends before anybody has thought about the next
UNKNOWN = inf, inf  # when the end of a segment is announced, if that is unknown or far off


class Boundaries:
    """Judges each moment after the session has advanced. The preview and the countdown are given once per segment.

    There is nothing to judge more than `near` s before the end of the segment while the target is `target_said`.
    """

    def __init__(self, policy: Policy, treadmill: bool = False) -> None:
        self._policy = policy
        self._preview = policy.announcement.preview + (policy.belt.sooner if treadmill else 0.0)
        self.near = max(COUNTDOWN + LEAD, self._preview) + LONGEST_CUE
        self._target_quiet_until = 0.0
        self._wanted_since: float | None = None  # s: when the current target became worth saying
        self.previewed: int | None = None  # the segment (counted from 0) that was announced
        self._begin(float("-inf"), None)

    def begin_segment(self, at: float, target: float | None) -> None:
        self._begin(at, target)

    def retarget(self, at: float, target: float | None) -> None:
        """The plan was eased, so the targets that were said no longer hold. Announced segments are not announced again."""
        self.previewed = None
        self._say_target(at, target)

    def corrected(self, at: float, target: float | None) -> None:
        """A correction was heard, perhaps with a target in it: the ramp keeps quiet for a while."""
        if target is not None:
            self._say_target(at, target)
        self._target_quiet_until = max(self._target_quiet_until, at + self._policy.announcement.refresh_apart)

    def announced(self, segment: int) -> None:
        """The preview of `segment` (counted from 1) was heard."""
        self.previewed = segment - 1

    def judge(self, moment: Moment, held: Held | None) -> list[Event]:
        """`held` tells which rule keeps a kind of cue back; None if ramps are not announced, as on a treadmill."""
        at, left = moment.at, moment.seconds_left
        lead = COUNTDOWN + LEAD if moment.following is None else self._preview
        self.announces = UNKNOWN if left is None else (at + left - lead, at + left)
        if left is not None and left <= self.near - LONGEST_CUE and (events := self._before_the_end(moment, left)):
            return events
        is_said = held is None or moment.target == self.target_said
        return [] if held is None or is_said else self._ramp(moment, held)

    def _begin(self, at: float, target: float | None) -> None:
        self.previewed = None
        self._looked = self._counted = False
        self.announces = UNKNOWN  # from when to when (s of the run) the end of the active segment is announced
        self._say_target(at, target)

    def _say_target(self, at: float, target: float | None) -> None:
        self._wanted_since = None
        self.target_said = target
        self._target_quiet_until = at + self._policy.announcement.refresh_every

    def _before_the_end(self, moment: Moment, left: float) -> list[Event]:
        at = moment.at
        if left <= COUNTDOWN + LEAD and not self._counted:
            self._counted = True
            if left > COUNTDOWN:
                return [Event(at, "countdown", {"begins": at + left - COUNTDOWN, "ends": at + left})]
        if COUNTDOWN + LEAD < left <= self._preview and not self._looked and moment.following is not None:
            self._looked = True
            if moment.into_seconds + left >= SHORTEST_PREVIEWED:
                return [Event(at, "preview", {"segment": moment.index + 2, "ends": at + left})]
        return []

    def _ramp(self, moment: Moment, held: Held) -> list[Event]:
        """The current target, once it has changed enough and nothing keeps the announcement back."""
        at, target = moment.at, moment.target
        if target is None or self.target_said is None:
            return []
        moved = abs(target / self.target_said - 1) >= self._policy.announcement.refresh_change
        if not moved or moment.ends_within(self._policy.correction.quiet_end) or at < self._target_quiet_until:
            return []
        self._wanted_since = at if self._wanted_since is None else self._wanted_since
        if held("ramp") and at < self._wanted_since + ROOM_WITHIN:
            return []  # wait for a quiet moment; after that the floor decides, and gives its reason
        self._say_target(at, target)
        return [Event(at, "ramp_moved", {"target": target})]
