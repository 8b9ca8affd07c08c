"""From samples to one Estimate: how far, how fast, how sure, and from what.

A better source matters more than a better filter: a footpod (its speed divided by a scale learned slowly from good GPS) comes
before Doppler speed, Doppler before positions. Only the scalar speed is filtered; a filter of positions in the plane cuts
corners. Every second is counted once, by whichever source leads, so that a change of source makes no jump in distance.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from coach.core.estimate.filter import UNKNOWN
from coach.core.estimate.footpod import Footpod, FootpodScale
from coach.core.estimate.receiver import Receiver
from coach.core.estimate.slope import Slope, SlopeFilter
from coach.core.events import Estimate
from devices.sample import RECORDER_PAUSED, Fix, Link, Sample, Stride

RUNNING = 0.8  # m/s, in a bridge: a slower runner was standing, and may go on at any time
LONGEST = 120.0  # s of bridging: most tunnels take less; after that the runner may be anywhere


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
        self._tally = Tally()
        self._gps = Receiver()
        self._hill = SlopeFilter()
        self._pod = Footpod(FootpodScale(self._settings.pod_scale, self._settings.pod_taught))
        self._bridge = Bridge()
        self.way = 0.0  # m to go on by: the distance, and what is assumed while the signal is lost
        self.assumed: float | None = None  # m/s, to go on by while the speed is unknown; None at other times
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
            if self._pod.source:
                self._lead(sample.at)
            if run := self._gps.feed(sample):
                (self._tally.offer if self.by_footpod else self._tally.add)(*run)
            if self.by_footpod and (speed := self._gps.doppler) is not None:
                self._pod.learn(sample.at, speed, self._gps.noise(sample))
            if sample.alt is not None:
                self.slope = self._hill.feed(sample.at, self._tally.metres, sample.alt, sample.alt_sigma)
        elif isinstance(sample, Stride):
            self._due = sample.at + (sample.lasts or 0.0)
            if run := self._pod.feed(sample):
                self._tally.add(*run)

    def _lead(self, at: float) -> None:
        """A footpod that was heard lately leads."""
        self.by_footpod = self._pod.is_fresh(at, self._settings.hold)

    def link(self, link: Link) -> None:
        """Distance covered while a recorder was paused does not count; while a cable was loose it does."""
        if link.why == RECORDER_PAUSED:
            if not link.up:
                self._bridge.pause()
            self._gps.forget_place()
            self._pod.forget_place()
            self._hill.forget_place()
            self.slope = None

    def expect_change(self, at: float, target: float | None) -> None:
        """The runner was asked at `at` (s) to run `target` (m/s; None: any speed), so the estimate may follow more quickly."""
        self._gps.expect_change(at, target)
        self._pod.expect_change(at, target)

    def follow(self, samples: Iterable[Sample], at: float) -> Estimate:
        """The estimate at `at` (s), after these samples; sets `way` and `assumed` too."""
        for sample in samples:
            self.feed(sample)
        estimate = self.estimate(at)
        self.way, self.assumed = estimate.distance + self._bridge.metres(estimate, at < self._due), self._bridge.speed
        return estimate

    def estimate(self, at: float) -> Estimate:
        if self._pod.source:
            self._lead(at)
        distance = self._tally.metres
        leader: Footpod | Receiver = self._pod if self.by_footpod else self._gps
        known, self.raw = leader.now(at, self._settings.hold)
        if known is None:
            return Estimate(at, distance, None, None, None)
        speed, sigma = known
        return Estimate(at, distance, speed, sigma, leader.source)


class Tally:
    """Metres run, each second of time counted once."""

    def __init__(self) -> None:
        self.metres = 0.0
        self._until = float("-inf")
        self._offered: deque[tuple[float, float, float]] = deque()

    def offer(self, begin: float, end: float, metres: float) -> None:
        """Metres from the second-best source; they count only for time in which the best one turns out to be silent."""
        self._offered.append((begin, end, metres))

    def add(self, begin: float, end: float, metres: float) -> None:
        """`metres` were run from `begin` to `end` (s); time that was counted already is left out."""
        while self._offered and self._offered[0][0] < begin:
            since, until, way = self._offered.popleft()
            shorter = min(until, begin)
            self._count(since, shorter, way * (shorter - since) / (until - since))
        self._count(begin, end, metres)

    def _count(self, begin: float, end: float, metres: float) -> None:
        if end <= begin or end <= self._until:
            return
        if metres > 0.0:
            self.metres += metres * (end - (begin if begin > self._until else self._until)) / (end - begin)
        self._until = end


class Bridge:
    """Bridges a loss of signal, or the wait for a record: who was running before is assumed to run on at the last speed.

    So a segment by distance ends about where it should, with its preview and countdown. Once the signal is back, the device's
    own distance counts: if the bridge was too long the session waits for it, and if it was too short the session jumps ahead.
    Feed it each estimate. `speed` (m/s) is the assumed one while the real one is unknown; None at other times.
    """

    def __init__(self) -> None:
        self.speed: float | None = None
        self._last: float | None = None  # m/s: the last known running speed; None if the runner stood
        self._metres, self._moved_at = 0.0, 0.0  # distance and time of the last estimate in which it grew
        self._bridged = self._kept = 0.0  # m of this bridge; of earlier ones whose end no device will tell

    def pause(self) -> None:
        """A pause of the recorder is not bridged. What was bridged until then is kept: positions begin anew after a pause."""
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
