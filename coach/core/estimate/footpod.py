"""The true speed from a footpod or treadmill: its speed divided by its scale, which is learned from good GPS, within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot, inf, sqrt

from coach.core.estimate.doubt import Doubt
from coach.core.estimate.filter import ANY_STEP, Measured, Raw, Rhythm, SpeedFilter, Walk
from coach.core.estimate.odometer import STANDING, YARD, Glitches, Reading, Run, Units, is_possible
from coach.core.geometry import SHORT_GAP
from devices.sample import Stride

FASTEST = 6.5  # m/s: a faster runner stays fast for a minute, and the odometer agrees
MOVED = 1.0  # m/s: if the odometer moves this fast, the belt is not standing
EPOCH = 0.85  # s: metres that come at shorter intervals are added up before a speed is computed
FOOTPOD = Walk(steady=1e-3, changing=5e-2, switch=0.02)
MEMORY = 300.0  # s of good GPS over which the scale is averaged
PRIOR = 60.0  # s of good GPS with the same weight as the prior scale of 1 (± 2.5 %) of an unknown pod
USUAL_SPEED = 3.0  # m/s, to convert those seconds to metres
SCALE_BOUNDS = (0.85, 1.15)
LATE = 4.5  # s by which the legs may be ahead, one sigma: a footpod lags by 1.8 to 2.8 (measured), and the filter by as much
ASKED, ASKED_FOR = 0.4, 6.0  # share of the way to a new target, one sigma, that the legs may be ahead of the footpod; for s
ALIKE = 4.0  # s: GPS errors closer together than this count as one error
UNTAUGHT = 0.025  # share: standard deviation of the scales of pods that nobody taught (measured)
TAUGHT = 0.006  # share: what stays unsure of one that was: shoes wear, and legs tire
OUTLIER, FAR = 0.6, 0.2  # m/s, and share of the speed: GPS and footpod that differ by more are not of the same moment


@dataclass(frozen=True, slots=True)
class FootpodScale:
    """The ratio of footpod speed to true speed, and the seconds of good GPS from which it was learned.

    `measured`: it was learned over a known distance, which counts as MEMORY seconds.
    """

    scale: float
    taught: float
    measured: bool = field(default=False, compare=False)


class Footpod:
    """The speed of a footpod or treadmill, divided by its scale."""

    def __init__(self, known: FootpodScale) -> None:
        self._reading, self._glitches = Reading(Units(1 / YARD)), Glitches()
        self._filter = SpeedFilter(FOOTPOD, noise=0.06, least=0.04, most=0.4, by_bends=True)
        self._rhythm = Rhythm()
        self._before: Stride | None = None
        self._learned_at: float | None = None
        self.taught = known.taught
        self._doubt = 0.0  # variance of the GPS speeds it was compared with, as a share of speed squared
        self._gps_metres = USUAL_SPEED * min(MEMORY, max(PRIOR, known.taught))
        self._pod_metres = self._gps_metres * known.scale
        self._now: float = 0.0
        self._blinked = False  # the last speed was a 0 that may not have been measured
        self._asked: tuple[float, float | None] = (-inf, None)  # s and m/s: the last new target
        self._contradiction = Doubt()
        self.source = ""

    @property
    def scale(self) -> float:
        low, high = SCALE_BOUNDS
        return min(high, max(low, self._pod_metres / self._gps_metres))

    def feed(self, stride: Stride) -> Run | None:
        """What was run since the last stride, if it tells."""
        before, speed = self._before, stride.speed
        if before is not None and stride.at <= before.at:
            return None
        if self._glitches.has(stride):
            stride = stride._replace(distance=None)
        step = _step(before, stride)
        if speed is not None and _is_denied(before, stride, speed, step):
            speed = None
        if speed is None and step is not None and before is not None:
            if stride.at - before.at < EPOCH:
                return None
            speed = step / (stride.at - before.at)
        if self._blinks(speed, stride.distance):
            return None
        since = stride.at if before is None else before.at
        if speed is None:
            self._before = stride if stride.distance is not None else before
            self._reading.metres(stride, since, None)
            return None
        way = self._reading.metres(stride, since, speed)
        if way is None and self._rhythm.is_fresh(stride.at, SHORT_GAP):
            way = speed * (stride.at - since)
        self._before, self.source, self._now = stride, stride.source, speed
        self._rhythm.beat(stride.at, stride.lasts)
        if speed < STANDING:
            self._filter.restart(stride.at, 0.0)
        elif self._filter.mean < STANDING:
            self._filter.restart(stride.at, speed)
        else:
            self._filter.update(stride.at, speed)
        return None if way is None else (since, stride.at, way / self.scale)

    def _blinks(self, speed: float | None, distance: float | None) -> bool:
        """Whether it is the first 0 after a running speed, without metres to confirm it: who stops sends another."""
        self._blinked = speed == 0.0 and distance is None and self._now > MOVED and not self._blinked
        return self._blinked

    def learn(self, at: float, doppler: float, sigma: float) -> None:
        """Learns from a GPS speed (m/s), if its `sigma` is good enough; at once where it contradicts what is known."""
        elapsed = 0.0 if self._learned_at is None else min(SHORT_GAP, at - self._learned_at)
        self._learned_at = at
        own = self._now
        if sigma >= 0.4 or min(own, doppler) <= 1.5 or elapsed <= 0:
            return
        if abs(own - doppler) >= max(OUTLIER, FAR * doppler):
            return
        keep = 1 - elapsed / MEMORY
        self._pod_metres = self._pod_metres * keep + own * elapsed
        self._gps_metres = self._gps_metres * keep + doppler * elapsed
        self.taught += elapsed
        share = elapsed / min(self.taught, MEMORY)
        self._doubt += share * ((sigma / doppler) ** 2 - self._doubt)
        if (found := self._contradiction).judge(elapsed, own, doppler, self.scale, sigma):
            self._pod_metres, self._gps_metres, self.taught = found.pod_metres, found.gps_metres, found.seconds

    def is_fresh(self, at: float, hold: float) -> bool:
        return self._rhythm.is_fresh(at, hold)

    def now(self, at: float, hold: float) -> tuple[tuple[float, float] | None, Raw]:
        """Mean and sigma, m/s (None after `hold` s without a measurement), and what they were made of.

        Sigma has the noise, the lag, and the uncertainty of the scale, which good GPS reduces.
        """
        sure = self._signal_sigma
        raw = Raw(self._measured, sure, is_doubted=self._contradiction.is_shown)
        if not self._rhythm.is_fresh(at, hold):
            return None, raw
        mean = self._filter.mean / self.scale
        return (mean, hypot(self._filter.sigma(at), sure, LATE * self._filter.moves, self._ahead(at, mean))), raw

    def expect_change(self, at: float, target: float | None) -> None:
        """A new target (m/s; None: any speed) was said at `at` (s): the legs answer before the footpod shows it."""
        self._asked = at, target

    def _ahead(self, at: float, mean: float) -> float:
        """One sigma (m/s) of what the legs may have changed by, since they were asked to."""
        since, target = self._asked
        if at > since + ASKED_FOR:
            return 0.0
        return ASKED * (ANY_STEP if target is None else target - mean)

    @property
    def _signal_sigma(self) -> float:
        """The uncertainty (m/s) that comes from the scale alone: variations of the stride are taken to be the runner's."""
        teachers = self._doubt * ALIKE / (PRIOR + min(self.taught, MEMORY))
        untaught = UNTAUGHT * PRIOR / (PRIOR + self.taught)
        scale_sigma = sqrt(untaught**2 + teachers + TAUGHT**2)
        return scale_sigma * self._filter.mean / self.scale

    @property
    def _measured(self) -> Measured | None:
        """The last measurement, divided by the scale."""
        raw, scale = self._filter.measured, self.scale
        return raw and raw._replace(speed=raw.speed / scale, variance=raw.variance / scale**2)

    def forget_place(self) -> None:
        self._before = None


def _step(before: Stride | None, stride: Stride) -> float | None:
    """Metres by the device's own odometer; None where it has none or was set."""
    if before is None or before.distance is None or stride.distance is None or before.source != stride.source:
        return None
    step = stride.distance - before.distance
    return step if is_possible(step, stride.at - before.at) else None


def _is_denied(before: Stride | None, stride: Stride, speed: float, step: float | None) -> bool:
    """By the metres: some treadmills always report 0, but do count; and km/h in a field for m/s is faster than anybody."""
    if before is None or step is None:
        return False
    by_metres = step / (stride.at - before.at)
    return by_metres > MOVED if speed < STANDING else speed > FASTEST and MOVED < by_metres < speed / 2
