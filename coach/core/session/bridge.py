"""The way while no device tells it: who ran before the signal was lost is taken to run on, until the signal is back.

So a distance segment ends about where it should, with its preview and countdown. Once positions are back the device's own
distance counts: the session waits for it where the bridge was too long, and goes on from it where it was too short.
"""

from __future__ import annotations

from coach.core.events import Estimate
from devices.sample import RECORDER_PAUSED, Link

RUNNING = 0.8  # m/s: who was slower stood, and nobody knows when he goes on
LONGEST = 120.0  # s: most tunnels take less; after that he may be anywhere, or stand


class Bridge:
    """Fed with each estimate. `speed` (m/s) is what the runner is taken to run while his is unknown; None at other times."""

    def __init__(self) -> None:
        self.speed: float | None = None
        self._last: float | None = None  # m/s, at which the runner went on last; None if he stood
        self._metres, self._moved_at = 0.0, 0.0  # of the last estimate that went on

    def link(self, link: Link) -> None:
        """What a recorder's pause hides is not run."""
        if link.why == RECORDER_PAUSED:
            self._last = None

    def metres(self, estimate: Estimate) -> float:
        """What to add to the distance of this estimate."""
        at, speed, goes_on = estimate.at, estimate.speed, estimate.distance != self._metres
        if goes_on:
            self._metres, self._moved_at = estimate.distance, at
        if speed is not None:
            if goes_on or speed <= RUNNING:
                self._last = speed if speed > RUNNING else None
            self.speed = None
            return 0.0
        silent = at - self._moved_at
        self.speed = self._last if silent < LONGEST else None
        return min(silent, LONGEST) * (self._last or 0.0)
