"""Other coaches' rules for when to speak: silence, a naive rule, RunnerUp's and RunPowerWorkout's, from their descriptions.

All of them see the device's unfiltered speed every second, and use the same band around the target; the real RunPowerWorkout
uses power. Each is heard as if it said how far off the runner is, although RunnerUp does not say so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from coach.rehearsal.runner import Correction

BAND = 0.03  # share of the target, to either side, if the workout gives no band


@dataclass(frozen=True, slots=True)
class Moment:
    """One second of a run as a device shows it: seconds into the segment, seconds left (None if unknown), speeds in m/s."""

    second: int
    segment: int
    into: float
    left: float | None
    speed: float
    target: float | None
    by_distance: bool = False
    band: float = BAND

    def outside(self, speed: float) -> Correction | None:
        """The correction that a speed (m/s) needs; None inside the band."""
        error = speed / self.target - 1 if self.target else 0.0
        return Correction(error) if abs(error) > self.band else None


class Rival(Protocol):
    """Sees every second of a run, and returns a correction or None."""

    def hear(self, now: Moment) -> Correction | None: ...


class Silence:
    def hear(self, now: Moment) -> Correction | None:
        return None


class Naive:
    """Corrects whenever the speed is out of the band, at most every ten seconds."""

    APART = 10  # s between two corrections, at least

    def __init__(self) -> None:
        self._said = -self.APART

    def hear(self, now: Moment) -> Correction | None:
        correction = now.outside(now.speed)
        if correction is None or now.second - self._said < self.APART:
            return None
        self._said = now.second
        return correction


class RunnerUp:
    """Judges the mean of twenty paces, each over twenty seconds: first 21 s into a segment, then every 31 s."""

    WINDOW = 20  # s over which a pace is measured; also the number of paces averaged
    AT_FIRST, AFTER = 20, 30  # s without a judgement: at the start of a segment, after a judgement
    CUT = 0.05  # share of the paces that is dropped at each end

    def __init__(self) -> None:
        self._segment = -1
        self._way: deque[float] = deque(maxlen=self.WINDOW + 1)
        self._paces: deque[float] = deque(maxlen=self.WINDOW)
        self._hold = 0

    def hear(self, now: Moment) -> Correction | None:
        if now.segment != self._segment:
            self._segment, self._hold = now.segment, self.AT_FIRST
            self._way.clear()
            self._paces.clear()
            self._way.append(0.0)
            return None
        self._way.append(self._way[-1] + now.speed)
        if (metres := self._way[-1] - self._way[0]) > 0:
            self._paces.append((len(self._way) - 1) / metres)
        if self._hold > 0:
            self._hold -= 1
            return None
        self._hold = self.AFTER
        return now.outside(self._mean_speed())

    def _mean_speed(self) -> float:
        paces = sorted(self._paces)
        cut = int(self.CUT * len(paces))
        kept = paces[cut : len(paces) - cut]
        return len(kept) / sum(kept) if kept else 0.0


class RunPowerWorkout:
    """Alerts on the mean of three readings from 15 s into a segment: every 17 s, at most three until the pace is right."""

    READINGS = 3
    ALERT_AFTER, APART = 15.0, 15  # s into a segment, and s between two alerts: alerts come after more than this
    AT_MOST = 3
    QUIET_END, QUIET_END_BY_DISTANCE = 20.0, 15.0  # s left of a segment, in which no alert is given

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=self.READINGS)
        self._segment, self._count, self._alerted, self._at = -1, 0, False, 0

    def hear(self, now: Moment) -> Correction | None:
        self._last.append(now.speed)
        if now.segment != self._segment:
            self._segment, self._count, self._alerted = now.segment, 0, False
        if now.into <= self.ALERT_AFTER or self._is_ending(now):
            return None
        correction = now.outside(sum(self._last) / len(self._last))
        if correction is None:
            self._count = 0
        elif self._alerted:
            self._alerted = now.second - self._at <= self.APART
        elif self._count < self.AT_MOST:
            self._count, self._alerted, self._at = self._count + 1, True, now.second
            return correction
        return None

    def _is_ending(self, now: Moment) -> bool:
        return now.left is not None and now.left < (self.QUIET_END_BY_DISTANCE if now.by_distance else self.QUIET_END)


RIVALS: dict[str, Callable[[], Rival]] = {
    "silence": Silence,
    "naive": Naive,
    "RunnerUp": RunnerUp,
    "RunPowerWorkout": RunPowerWorkout,
}
