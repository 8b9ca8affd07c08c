"""Scores how well a segment was run: 100 for every second within tolerance of the target, 0 at three times the tolerance.

    credit(e) = 1 for |e| <= tol, falling linearly to 0 at 3 tol;  score = 100 Σ credit dt / Σ dt

counted once the segment has settled. Easy running may be slower than the target at no cost, and a peak may be faster.
"""

from __future__ import annotations

from coach.core.plan.segments import Band, Kind, Segment

TOLERANCE = 0.03  # share of the target within which a trained runner stays without help
SETTLE = 30.0  # s at the start of a segment that do not count
LONGEST_STEP = 5.0  # s: a longer time between two estimates counts as this much
_MAY_BE_SLOWER = (Kind.WARMUP, Kind.EASY, Kind.RECOVERY, Kind.COOLDOWN)


class Score:
    """The score of one segment; feed it each estimate."""

    def __init__(self) -> None:
        self._credit = 0.0
        self._seconds = 0.0
        self._at: float | None = None

    def add(self, at: float, segment: Segment, into: float, speed: float | None, target: float | None) -> None:
        """At `at`, `into` seconds into the segment, the runner ran `speed` m/s with this `target` (m/s)."""
        last, self._at = self._at, at
        if last is None or speed is None or not target or into < SETTLE:
            return
        step = min(at - last, LONGEST_STEP)
        self._seconds += step
        self._credit += step * credit(_error(segment, speed, target))

    @property
    def points(self) -> int | None:
        """The score, 0 to 100; None if nothing could be judged."""
        return round(100 * self._credit / self._seconds) if self._seconds > 0 else None


def credit(error: float) -> float:
    """The credit (0 to 1) for an error, a share of the target, on the side that counts."""
    return max(0.0, min(1.0, (3 * TOLERANCE - abs(error)) / (2 * TOLERANCE)))


def _error(segment: Segment, speed: float, target: float) -> float:
    """The error as a share of the target, positive if faster; 0 on the side that costs nothing, and inside a band."""
    error = speed / target - 1
    if isinstance(segment.target, Band):
        slow, fast = segment.target.slow, segment.target.fast
        error = speed / slow - 1 if speed < slow else speed / fast - 1 if speed > fast else 0.0
    free = (error < 0 and segment.kind in _MAY_BE_SLOWER) or (error > 0 and segment.kind is Kind.PEAK)
    return 0.0 if free else error
