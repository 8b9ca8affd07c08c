"""From samples to one Estimate: how far, how fast, how sure, and from what.

A better source matters more than a better filter: a footpod (its speed divided by a scale learned slowly from good GPS) comes
before Doppler speed, Doppler before positions. Only the scalar speed is filtered; a filter of positions in the plane cuts
corners. Every second is counted once, by whichever source leads, so that a change of source makes no jump in distance.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.estimate.filter import UNKNOWN
from coach.core.estimate.footpod import Footpod, FootpodScale
from coach.core.estimate.odometer import Odometer
from coach.core.estimate.receiver import Receiver
from coach.core.estimate.slope import Slope, SlopeFilter
from coach.core.events import Estimate
from devices.sample import RECORDER_PAUSED, Fix, Link, Sample, Stride


@dataclass(frozen=True, slots=True)
class EstimatorSettings:
    pod_scale: float = 1.0  # footpod speed over true speed, as remembered for these shoes
    pod_taught: float = 0.0  # s of good GPS (or of a measured distance) it was learned from; 0 if it was not
    pod_measured: bool = False  # whether it was learned over a measured distance
    hold: float = 5.0  # s without a measurement until the speed is unknown


class Estimator:
    """Feed it samples and links in order of time; it returns the current estimate."""

    def __init__(self, settings: EstimatorSettings | None = None) -> None:
        self._settings = settings or EstimatorSettings()
        self._odometer = Odometer()
        self._gps = Receiver(self._odometer)
        self._hill = SlopeFilter()
        self._pod = Footpod(self._odometer, FootpodScale(self._settings.pod_scale, self._settings.pod_taught))
        self._due = 0.0  # s, of the next sample
        self.by_footpod = False  # the speed is a footpod's, because one was heard lately
        self.raw = (
            UNKNOWN  # what the leading device measured last, unfiltered: evidence comes from it, the estimate is for display
        )
        self.slope: Slope | None = None  # of the ground, from the heights of the fixes; None until it is known

    @property
    def footpod(self) -> FootpodScale | None:
        """The footpod's scale as known now; None if no footpod was heard."""
        if not self._pod.source:
            return None
        return FootpodScale(self._pod.scale, self._pod.taught, self._settings.pod_measured)

    def is_waiting(self, at: float) -> bool:
        """The recorder writes seldom, and its next record is not due yet: no silence."""
        return at < self._due

    @property
    def path(self) -> float:
        """The length (m) of the GPS track."""
        return self._gps.path.metres

    def feed(self, sample: Sample) -> None:
        if isinstance(sample, Fix):
            self._due = sample.at + (sample.lasts or 0.0)
            self._lead(sample.at)
            speed = self._gps.feed(sample, counts=not self.by_footpod)
            if speed is not None and self.by_footpod:
                self._pod.learn(sample.at, speed, self._gps.noise(sample))
            if sample.alt is not None:
                self.slope = self._hill.feed(sample.at, self._odometer.metres, sample.alt, sample.alt_sigma)
        elif isinstance(sample, Stride):
            self._due = sample.at + (sample.lasts or 0.0)
            self._pod.feed(sample)

    def _lead(self, at: float) -> None:
        """A footpod that was heard lately leads."""
        if self._pod.source:
            self.by_footpod = self._pod.is_fresh(at, self._settings.hold)

    def link(self, link: Link) -> None:
        """Distance covered while a recorder was paused does not count; while a cable was loose it does."""
        if link.why == RECORDER_PAUSED:
            self._gps.forget_place()
            self._pod.forget_place()
            self._hill.forget_place()
            self.slope = None

    def expect_change(self, at: float, target: float | None) -> None:
        """The runner was asked at `at` (s) to run `target` (m/s; None: any speed), so the estimate may follow more quickly."""
        self._gps.expect_change(at, target)
        self._pod.expect_change(at, target)

    def estimate(self, at: float) -> Estimate:
        self._lead(at)
        distance = self._odometer.metres
        leader: Footpod | Receiver = self._pod if self.by_footpod else self._gps
        known, self.raw = leader.now(at, self._settings.hold)
        if known is None:
            return Estimate(at, distance, None, None, None)
        speed, sigma = known
        return Estimate(at, distance, speed, sigma, leader.source)
