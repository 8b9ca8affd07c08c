"""Speed and distance from a satellite receiver: Doppler before positions, without jumps, corrected for noise."""

from __future__ import annotations

from math import hypot, inf, sqrt

from coach.core.estimate.filter import Raw, Rhythm, SpeedFilter, Walk
from coach.core.estimate.odometer import MILE, STANDING, Glitches, Reading, Run, Units
from coach.core.estimate.steps import Across, mean_speed, velocity
from coach.core.estimate.witness import AgainstPlaces, Witness
from coach.core.geometry import SHORT_GAP, Path, Step
from devices.sample import Fix, Mode

STANDING_FOR = 3.0  # s
EPOCH = 0.85  # s: faster fixes are averaged as velocity vectors, otherwise the arm swing aliases into a slow wave
FASTEST = 12.5  # m/s: a step between two positions that needs more is a teleport, unless the speed is already high
JITTER = 3.0  # m by which two good positions of a standing runner may differ: a step is no teleport only because of that
MOVED = 1.0  # m/s: positions that move this fast are not the jitter of a standing runner
CONFIRMED = 0.5  # share of the distance by a very high Doppler speed that the positions must confirm
TELEPORTS = 3  # in a row, after which the new place is believed
SIDEWAYS = 0.3  # variance across the direction of motion, over that along it; receivers that smooth have less
DOPPLER = Walk(steady=1.3e-3, changing=3e-2, switch=0.003)  # from recorded road runners, who waver more than they change pace
POSITIONS = Walk(steady=1.5e-3, changing=1.2e-2, switch=0.003)  # from the same runners: one memory more than noise asks for
# The pace of now is that of the seconds around: how far one second's strays from it where the runner causes it, as shares of
# the learned sigma and of what the speed has just changed by, from four recorded runners
STRAYS, MOVES = 0.6, 0.35
CORRELATED = 1.05  # factor on sigma by Doppler: errors of fixes one second apart are correlated, which a stated sigma knows
BURST, DISTURBED = 3.0, 8.0  # times the usual variance is a burst; s after one in which the speed is not to be trusted yet
SMOOTHED = 0.03  # share of the speed: a watch's own speed is 4 to 9 % off a pod's, over half of it because it lags
OPPOSED = 0.6  # factor on sigma by positions: neighbouring steps have opposite errors
ROUNDED = (
    1.5  # variance of steps whose errors add up over that which Across finds, for whom the errors of places are independent
)
HELD = (
    0.014  # (m/s)/s: sqrt of the random walk of a runner who holds a pace; a filter for him averages so long as this allows ...
)
FOLLOWED = 18.0  # s, but no longer than this: nobody holds a pace so evenly that more than this many steps may be averaged
LATE, LATER = 2.5, 5.0  # s, and s for each m/s of noise, by which a speed from positions lags: more noise is averaged longer
LONGER_AT_MOST = 0.1  # share of a speed that can be due to noise across the direction of motion


class Receiver:
    """The speed and distance of a satellite receiver or a recorded track."""

    def __init__(self) -> None:
        self._doppler = SpeedFilter(DOPPLER, noise=0.2, least=0.008, most=1.0, by_bends=True)
        self._along = SpeedFilter(POSITIONS, noise=0.45, least=0.4, most=1.5)
        self._filter = self._doppler
        self._witness, self._across = Witness(), Across()
        self._disturbed_until = -inf  # s: until then a burst of noise makes the speed worthless
        self._reading, self._glitches, self._places = Reading(Units(MILE)), Glitches(), AgainstPlaces()
        self._rhythm = Rhythm()
        self.path = Path()
        self._epoch: list[Fix] = []
        self._before: Fix | None = None  # the last one that counted
        self._before_speed = 0.0
        self._doppler_at = -inf  # s
        self.is_recorded = False  # the speed is a recorder's, who smoothed it already: it is followed lightly
        self._is_stated = False  # the receiver states the sigma of its speed
        self._least = Mode.DEAD_RECKONING  # what a receiver that never had a fix calls an estimate has to do
        self.doppler: float | None = None  # m/s: the speed that the last fix gave, if it ended an epoch and can be believed
        self._teleports = 0
        self._standing_since: float | None = None
        self.source = ""

    def now(self, at: float, hold: float) -> tuple[tuple[float, float] | None, Raw]:
        """Mean and sigma, m/s (None after `hold` s without a measurement), and what they were made of."""
        raw = Raw(self._filter.measured, self.signal_sigma, self.is_recorded, at < self._disturbed_until)
        if at == self._rhythm.last:
            return self._speed(self._filter.sigma_then), raw
        return self._speed(self._filter.sigma(at)) if self._rhythm.is_fresh(at, hold) else None, raw

    def _speed(self, sigma: float) -> tuple[float, float]:
        """The filter's mean, m/s, and its `sigma` together with what the filter does not know of."""
        mean = self._filter.mean
        if self._filter is self._along:
            return mean, hypot(sigma * OPPOSED, (LATE + LATER * self._along.noise) * self._along.moves)
        if self.is_recorded:
            return mean, hypot(sigma, SMOOTHED * mean, self._denied_by_places or 0.0)
        strays = self._witness.bends.by_runner * hypot(STRAYS * self._doppler.noise, MOVES * self._doppler.moved)
        return mean, hypot(sigma if self._is_stated else sigma * CORRELATED, strays)

    @property
    def signal_sigma(self) -> float | None:
        """How precisely (m/s) this receiver could give a steady runner's speed; it does not depend on what the runner does.

        None until the witness has a figure; until then the signal is never called poor.
        """
        if self._filter is self._along:
            noise = self._across.sigma
            return None if noise is None else max(sqrt(HELD * noise), noise / sqrt(FOLLOWED))
        return self._denied_by_places if self.is_recorded else self._witness.sigma

    @property
    def _lead(self) -> float:
        """By how much (m/s) a recorder's speed is above what the places allow, or (negative) below; 0 where they allow it."""
        bias, allowed = self._witness.bias or 0.0, SMOOTHED * self._filter.mean
        return bias - allowed if bias > allowed else bias + allowed if bias < -allowed else 0.0

    @property
    def _denied_by_places(self) -> float | None:
        """The size of that; None until it was compared."""
        return None if self._witness.bias is None else abs(self._lead)

    def noise(self, fix: Fix) -> float:
        """The sigma of this fix's speed, m/s; large in a burst of noise."""
        usual = fix.speed_sigma if fix.speed_sigma is not None else self._doppler.noise
        return usual * sqrt(self._doppler.excess)

    def _sideways(self, fix: Fix) -> float:
        """Variance of the noise across the direction of motion, (m/s)², from that along it."""
        return SIDEWAYS * (self._doppler.found if fix.speed_sigma is None else fix.speed_sigma**2)

    @property
    def _sideways_by_places(self) -> float:
        """The same of a speed from positions, which stray across the way too; along it the runner himself adds."""
        across, along = self._across.sigma, self._along.found
        return along if across is None or along < ROUNDED * across**2 else ROUNDED * across**2

    def forget_place(self) -> None:
        self._before, self._epoch = None, []
        self.path.forget()

    def expect_change(self, at: float, target: float | None) -> None:
        self._filter.expect_change(at, target)

    def feed(self, fix: Fix) -> Run | None:
        """What was run since the last epoch, once another is complete; sets `doppler` too."""
        self.doppler = None
        if fix.distance is not None and self._glitches.has(fix):
            fix = fix._replace(distance=None)
        if fix.mode < self._least and fix.distance is None:
            return None
        if fix.mode >= Mode.FIX_2D:
            self._least = Mode.FIX_2D
        before = self._before
        if before is not None and fix.at <= before.at:
            return None
        self._epoch.append(fix)
        if before is not None and fix.at - before.at < EPOCH:
            self.path.feed(fix)
            return None
        epoch, self._epoch = self._epoch, []
        step = self.path.step(before, fix)
        speed, wild = self._believed(step, fix, fix.speed if len(epoch) == 1 else mean_speed(epoch))
        way, by_odometer = self._way(step, fix, speed)
        if way is None and speed is None and self._is_teleport(step):
            return None
        is_alone = fix.smoothed and self._reading.value is None  # no odometer tells who is right
        lead = self._lead if is_alone and speed and speed > MOVED else 0.0
        if speed is not None:
            measured: float | None = _straightened(speed, self._sideways(fix)) - lead
        else:
            measured = self._along_way(step, way, by_odometer)
        if measured is not None and not wild:
            wander = self._compare(step, before, fix, speed, measured + lead)
            self._measure(fix, measured, wander, by_doppler=speed is not None)
        metres = way if by_odometer else self._metres(step, measured, way, by_doppler=speed is not None)
        self._before, self._before_speed, self.source = fix, measured or 0.0, fix.source
        self.doppler = measured if speed is not None and not wild else None
        owed = 0.0 if by_odometer else self._places.owed
        return None if before is None or metres is None else (before.at, fix.at, metres + owed)

    def _believed(self, step: Step, fix: Fix, speed: float | None) -> tuple[float | None, bool]:
        """The speed to use, None if there is none; and whether it only stands for one that cannot be."""
        if not speed and self._is_blink(step, fix.at):
            self._places.skip()
            return self._filter.mean, True
        if speed is None:
            self._places.skip()
            return None, False
        if self._is_wild(step, speed):
            return self._filter.mean, True
        self._doppler_at = fix.at
        return None if self._is_denied(step, fix, speed) else speed, False

    def _compare(self, step: Step, before: Fix | None, fix: Fix, speed: float | None, best: float) -> float:
        """Shows the step to the witness: the positions, or how they stray across the way. Returns the variance, (m/s)², of what
        noise of the `best` speed, as it was written, is correlated.
        """
        if speed is not None:
            return self._witness.compare(fix, speed, step.speed, best)
        self._across.feed(velocity(before, fix))
        return 0.0

    def _way(self, step: Step, fix: Fix, speed: float | None) -> tuple[float | None, bool]:
        """The metres of a step, None if nothing can be trusted; and whether they are from the device's own odometer."""
        seconds, between, _ = step
        if between is not None and between > FASTEST * seconds + JITTER and between > self._fastest() * seconds + JITTER:
            between = None
        other = speed
        if speed is None and between is not None and between > MOVED * seconds > 0:
            other = between / seconds
        if fix.distance is None and self._reading.value is None:
            return between, False  # it has no odometer
        own = self._reading.metres(fix, fix.at - seconds, other, between)
        return (between, False) if own is None else (own, True)

    def _along_way(self, step: Step, way: float | None, by_odometer: bool) -> float | None:
        """The speed of a step whose device reports none."""
        if way is None or not step.seconds:
            return None
        speed = way / step.seconds
        return speed if by_odometer else _straightened(speed, self._sideways_by_places)

    def _fastest(self) -> float:
        """The highest speed (m/s) that is possible now."""
        fastest = 1.5 * self._filter.mean + 4.0
        return fastest if fastest > FASTEST else FASTEST

    def _is_wild(self, step: Step, speed: float) -> bool:
        """Whether a Doppler speed is faster than anybody runs, without confirmation by the positions (as on a ride)."""
        if speed <= FASTEST or speed <= self._fastest():
            return False
        return step.chord is None or step.chord < CONFIRMED * speed * step.seconds

    def _is_blink(self, step: Step, at: float) -> bool:
        """Whether a speed of 0, or none, only was not measured at this moment: the runner ran, and the places go on."""
        seconds, chord, _ = step
        runs = self._before_speed > MOVED and chord is not None and chord > MOVED * seconds
        return runs and self._places.holds and at - self._doppler_at <= SHORT_GAP

    def _is_denied(self, step: Step, fix: Fix, speed: float) -> bool:
        """Whether the positions contradict the speed: it is in another unit, or 0 because it was not measured."""
        believed = self._places.feed(fix, speed, step.chord, step.seconds)
        return not believed and (speed >= STANDING or not self._places.allows_standing)  # 0 is 0 in any unit

    def _is_teleport(self, step: Step) -> bool:
        """Whether the place cannot have been reached, without Doppler; after a few in a row the new place is believed."""
        if step.chord is None:
            return False
        self._teleports = (self._teleports + 1) % TELEPORTS
        return self._teleports != 0

    def _measure(self, fix: Fix, measured: float, wander: float, by_doppler: bool) -> None:
        """Filters what was `measured` (m/s); `wander`, (m/s)², is the variance of its correlated noise."""
        self._filter = self._doppler if by_doppler else self._along
        self.is_recorded = fix.smoothed is True
        after_gap = self._rhythm.beat(fix.at, fix.lasts)
        if after_gap and not by_doppler:
            self._filter.restart(fix.at, self._filter.mean)
            return  # the mean speed over a gap says nothing about the current speed
        if measured < STANDING:
            self._standing_since = fix.at if self._standing_since is None else self._standing_since
            if fix.at - self._standing_since >= STANDING_FOR:
                self._filter.restart(fix.at, 0.0)
                return
        elif self._standing_since is not None or after_gap:
            was_long = self._standing_since is not None and fix.at - self._standing_since >= STANDING_FOR
            self._standing_since = None
            if was_long:
                self._filter.restart(fix.at, measured)
                return
            if after_gap:
                self._filter.doubt()
        if not by_doppler:
            self._filter.update(fix.at, measured)
            return
        self._filter.update(fix.at, measured, fix.speed_sigma, 0.0 if self.is_recorded else wander, self._witness.bends.share)
        self._is_stated = fix.speed_sigma is not None
        if self._filter.excess > BURST and not self.is_recorded and (self._is_stated or self._witness.apart.is_far):
            self._disturbed_until = fix.at + DISTURBED

    def _metres(self, step: Step, measured: float | None, way: float | None, by_doppler: bool) -> float | None:
        """The integrated speed if there is one, else the distance; over a long gap the distance between its ends."""
        if by_doppler and measured is not None and step.seconds <= SHORT_GAP:
            mean = (self._before_speed + measured) / 2
            metres = mean * step.seconds if mean >= STANDING else 0.0
            return metres if self._places.is_known or step.chord is None or step.chord > metres else step.chord
        if way is None or by_doppler or step.seconds > SHORT_GAP:
            return way
        return measured * step.seconds if measured is not None and self._filter.mean >= STANDING else 0.0


def _straightened(speed: float, variance: float) -> float:
    """Removes the bias of a speed, which is the length of a noisy vector: noise across it makes it longer (Rice, 1945)."""
    if speed <= STANDING:
        return speed
    longer, most = variance / (2 * speed), LONGER_AT_MOST * speed
    return speed - (longer if longer < most else most)
