"""Bridges a loss of signal, or the wait for a record: who was running before is assumed to run on at the last speed.

So a segment by distance ends about where it should, with its preview and countdown. Once the signal is back, the device's own
distance counts: if the bridge was too long the session waits for it, and if it was too short the session jumps ahead to it.
"""

from __future__ import annotations

from coach.core.events import Estimate
from devices.sample import RECORDER_PAUSED, Link

RUNNING = 0.8  # m/s: a slower runner was standing, and may go on at any time
LONGEST = 120.0  # s of bridging: most tunnels take less; after that the runner may be anywhere


class Bridge:
    """Feed it each estimate. `speed` (m/s) is the assumed one while the real one is unknown; None at other times."""

    def __init__(self) -> None:
        self.speed: float | None = None
        self._last: float | None = None  # m/s: the last known running speed; None if the runner stood
        self._metres, self._moved_at = 0.0, 0.0  # distance and time of the last estimate in which it grew
        self._bridged = self._kept = 0.0  # m of this bridge; of earlier ones whose end no device will tell

    def link(self, link: Link) -> None:
        """A pause of the recorder is not bridged. What was bridged until then is kept: positions begin anew after a pause."""
        if link.why == RECORDER_PAUSED and not link.up:
            self._kept += self._bridged
            self._last, self._bridged = None, 0.0

    def metres(self, estimate: Estimate, is_waiting: bool) -> float:
        """The metres to add to the distance of this estimate; `is_waiting` for a recorder's next record, by its last speed."""
        at, speed, goes_on = estimate.at, estimate.speed, estimate.distance != self._metres
        if goes_on:
            self._metres, self._moved_at = estimate.distance, at
        silent = at - self._moved_at
        if speed is not None and (goes_on or speed <= RUNNING):
            self._last = speed if speed > RUNNING else None
        if speed is not None and (goes_on or not is_waiting):
            self.speed, self._bridged = None, 0.0
            return self._kept
        self.speed = self._last if speed is None and silent < LONGEST else None
        self._bridged = min(silent, LONGEST) * (self._last or 0.0)
        return self._kept + self._bridged
