"""Allows for hills on runs without a course: a runner is slower on a climb and faster on a descent.

What a slope costs this runner is unknown, so no pace is judged on a hill. A hill begins at the slope ON and ends at OFF;
gentler slopes widen the band, and so does ground that went up and down of late, whose short hills are over before they are
known. After a climb runners need more than a minute to return to their pace (Townshend 2010: 78 s), after a descent half a
minute.
"""

from __future__ import annotations

from math import inf, sqrt
from typing import NamedTuple

from coach.core.estimate.slope import Slope
from coach.core.events import Event
from coach.core.session.moment import Moment

ON, OFF = 0.035, 0.015  # slope: with heights from GPS there is one false hill an hour above ON
AFTER_CLIMB, AFTER_DESCENT = 80.0, 25.0  # s until the pace is judged again
WIDER_UP, WIDER_DOWN = 4.0, 2.0  # shares of the target per slope: how much wider the band is on a gentle climb or descent
OF_LATE = 0.05  # share by which the recent slope moves to the current one with each input: a memory of about twenty seconds
BENDING = 0.003  # slope beyond the recent one: a hill may be beginning, which the legs feel before it is measured
ROLLS_MEMORY = 120.0  # s over which the slopes of rolling ground are remembered
LEAST_ROLLS, MOST_ROLLS = 0.012, 0.025  # slope (rms beyond what is unsure): level ground looks like less; what widens at most
LONGEST_STEP = 10.0  # s between two moments; a longer gap is not counted
SAID_APART = 240.0  # s between two cues about hills


class Excuse(NamedTuple):
    """What the ground excuses: any speed that is too slow or too fast, or a deviation up to a share of the target."""

    slow: bool = False
    fast: bool = False
    wider_slow: float = 0.0
    wider_fast: float = 0.0


LEVEL = Excuse()


class Rolls:
    """Ground that goes up and down of late: `of_late` is the rms slope, beyond what the sigma of the slopes explains."""

    def __init__(self) -> None:
        self._square, self._at = 0.0, -inf
        self.of_late = 0.0

    def feed(self, at: float, slope: Slope | None) -> None:
        seconds, self._at = at - self._at, at
        if slope is None or not 0.0 < seconds < LONGEST_STEP:
            return
        square = slope.value * slope.value - slope.sigma * slope.sigma
        self._square += (square - self._square) * min(1.0, seconds / ROLLS_MEMORY)
        self.of_late = min(MOST_ROLLS, sqrt(self._square)) if self._square > LEAST_ROLLS**2 else 0.0


class Ground:
    """Follows the slope under the runner; `excuse` is what it excuses at the last moment."""

    def __init__(self) -> None:
        self.excuse = LEVEL
        self._side = 0  # +1 on a climb, -1 on a descent, 0 on neither
        self._slow_until = self._fast_until = -inf  # s
        self._said_at = -inf
        self._of_late = 0.0
        self._rolls = Rolls()

    def judge(self, moment: Moment) -> list[Event]:
        """Follows the slope and sets `excuse`. Emits `hill` where one begins, unless said lately or without a target."""
        if moment.slope is None and not self._side:
            self.excuse = LEVEL
            return []
        slope, at, before = moment.slope.value if moment.slope else 0.0, moment.at, self._side
        if abs(slope) >= ON:
            self._side = 1 if slope > 0 else -1
        elif slope * self._side < OFF:
            self._side = 0
        self._rolls.feed(at, moment.slope)
        self._weigh(at, slope)
        if not self._side or self._side == before or moment.target is None or at - self._said_at < SAID_APART:
            return []
        self._said_at = at
        return [Event(at, "hill", {"side": "up" if self._side > 0 else "down", "grade": round(slope, 3), "metres": None})]

    def _weigh(self, at: float, slope: float) -> None:
        if self._side > 0:
            self._slow_until = at + AFTER_CLIMB
        elif self._side < 0:
            self._slow_until = self._fast_until = at + AFTER_DESCENT
        if slope >= OFF and slope >= self._of_late + BENDING:
            self._slow_until = max(self._slow_until, at)
        elif slope <= -OFF and slope <= self._of_late - BENDING:
            self._fast_until = max(self._fast_until, at)
        self._of_late += OF_LATE * (slope - self._of_late)
        slow, fast = at <= self._slow_until, at <= self._fast_until
        rolls = self._rolls.of_late
        if not slow and not fast and -OFF < slope < OFF and not rolls:
            self.excuse = LEVEL
            return
        wider_slow = WIDER_UP * max(rolls, slope if slope >= OFF else 0.0)
        wider_fast = WIDER_DOWN * max(rolls, -slope if slope <= -OFF else 0.0)
        self.excuse = Excuse(slow, fast, wider_slow, wider_fast)
