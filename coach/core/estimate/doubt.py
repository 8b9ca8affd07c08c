"""Notices a footpod whose scale is not what it is taken for, because the GPS of the run contradicts it: other shoes, mostly."""

from __future__ import annotations

from math import sqrt

MEMORY = 60.0  # s of good GPS that are compared
LEAST = 25.0  # s of it before anything is said
ALIKE = 6.0  # s: errors of GPS or footpod closer together than this count as one
CLEAR = 0.035  # share by which the two must differ at least: a scale that is nearer is learned without a word
SIGMAS = 2.0  # and standard deviations of the comparison: most of what varies is lag, which a minute evens out


class Doubt:
    """Feed it both speeds while both are good. `is_shown` once they contradicted each other; it is not said again in a run."""

    def __init__(self) -> None:
        self.is_shown = False
        self.seconds = self.pod_metres = self.gps_metres = 0.0  # of late
        self._variance = 0.0  # of the difference of the two at a moment, as a share squared

    def judge(self, seconds: float, pod: float, gps: float, scale: float, sigma: float) -> bool:
        """Takes the speeds (m/s) by the pod and by GPS, which is sure to `sigma`, of these seconds. True when it is shown now,
        against the `scale` that the pod is thought to have.
        """
        keep = 1.0 - seconds / MEMORY
        self.seconds = self.seconds * keep + seconds
        self.pod_metres, self.gps_metres = self.pod_metres * keep + pod * seconds, self.gps_metres * keep + gps * seconds
        off = self.pod_metres / self.gps_metres / scale - 1
        here = pod / gps / scale - 1 - off
        self._variance += seconds / self.seconds * (max(here * here, (sigma / gps) ** 2) - self._variance)
        if self.is_shown or self.seconds < LEAST:
            return False
        self.is_shown = abs(off) > max(CLEAR, SIGMAS * sqrt(self._variance * ALIKE / self.seconds))
        return self.is_shown
