"""A moment of the run: where the runner is in the plan, computed once per input and handed to every judge."""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.estimate.filter import Raw
from coach.core.estimate.slope import Slope
from coach.core.events import Estimate
from coach.core.plan.segments import Distance, Segment

SLOWEST = 0.3  # m/s: at a lower speed the time to the end of a distance is unknown


@dataclass(slots=True)
class Moment:
    """The state at `at` (s since the run began). Seconds and metres count running only, not pauses.

    Nobody changes it. It is not frozen because one is made for every input, and a frozen one takes three times as long.
    """

    at: float
    estimate: Estimate
    index: int  # of the active segment, from 0
    segment: Segment
    following: Segment | None  # the next segment; None in the last
    elapsed: float  # s since the start
    distance: float  # m since the start
    into_seconds: float  # s since the segment began
    into_metres: float  # m since the segment began
    done: float  # fraction of the segment that is behind, 0 to 1
    target: float | None  # m/s
    room: float  # how much faster than the target is still allowed: a factor, at least 1; above 1 only after the plan gave way
    seconds_left: float | None  # s to the end of the segment at the current speed; None if unknown
    slope: Slope | None  # of the ground; None where it is unknown
    by_effort: bool  # the target follows the hills of a course
    raw: Raw

    def ends_within(self, seconds: float) -> bool:
        """Whether the segment ends this soon at the current speed."""
        return self.seconds_left is not None and self.seconds_left < seconds

    def ends_within_at(self, speed: float, seconds: float) -> bool:
        """Whether the segment ends this soon at `speed` (m/s)."""
        length = self.segment.length
        if not isinstance(length, Distance):
            return self.ends_within(seconds)
        return speed > SLOWEST and length.metres - self.into_metres < seconds * speed

    def target_before(self, seconds: float) -> float | None:
        """The target (m/s) `seconds` ago, but no earlier than at the start of the segment."""
        if self.target is None or self.by_effort or not (whole := self.segment.seconds):
            return self.target
        return self.segment.speed_at(max(0.0, self.done - seconds / whole))
