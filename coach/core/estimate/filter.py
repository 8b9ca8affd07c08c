"""A filter of scalar speed with two models of a runner: steady, and changing pace (an interacting multiple model).

Each model is a random walk in speed, weighted by how well it predicts the measurements. So the filter is calm while the
runner is steady, and quick when the pace changes. After Blom & Bar-Shalom (1988). Units: m/s, s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, sqrt
from typing import NamedTuple

SEED_VARIANCE = 0.2  # (m/s)²: variance of the first measurement
CLIP = 3.0  # sigmas: larger innovations are clipped to this, so that an outlier does little harm
ROUGH = 4.0  # s over which roughness is averaged, because a burst of noise begins and ends within seconds
WILDEST = 1.0  # (m/s)²: the most that a single outlier adds to the roughness
FOLLOW = 0.01  # share per second by which the usual noise moves towards the current noise
STANDS = 1.0  # s for which a measurement stands: it is the speed of a second
QUIETEST = 1e-4  # (m/s)²: no receiver is more precise than a centimetre a second
MARGIN = 1.1  # times the usual noise: up to this, noise counts as usual
LEARN = 0.015  # share of each innovation that goes into the learned noise: a memory of about a minute
STATED = 1.2  # ratio of the sigma that a receiver states to its white noise
WANDERING = 4.0  # weight of correlated noise against white noise, because averaging hardly reduces it
FOLLOWED = 0.4  # share of the step to a new target that the legs may make in a second, one sigma ...
FOLLOWED_FOR = 4.0  # ... for this many s
ANY_STEP = 0.5  # m/s: the step of a runner who may run at any speed from now on
USUAL_AT_MOST = 15.0  # s between two records of the slowest recorder that is still recording

MOVES_OVER = 2.0  # measurements over which the mean's changes are averaged: a single one is mostly noise

NO_TWO = (None, None)

Pair = tuple[float, float]  # a value for the steady model and one for the changing model


@dataclass(frozen=True, slots=True)
class Walk:
    """The random walk of each model, (m/s)²/s, and the rate at which the runner switches between them, per second."""

    steady: float
    changing: float
    switch: float


class Measured(NamedTuple):
    """A measured speed before filtering (m/s), its white variance, (m/s)², and the ratio of that to the usual variance."""

    at: float
    speed: float
    variance: float
    excess: float


class Raw(NamedTuple):
    """What the leading device says of the speed, before the filter that makes a calm pace of it."""

    measured: Measured | None = None  # the last measurement
    sigma: float | None = None  # m/s: how precisely such measurements give a steady runner's speed; None if unknown
    is_recorded: bool = False  # a watch or an app has smoothed the speed before it was written
    is_disturbed: bool = False  # there is a burst of noise now
    is_doubted: bool = False  # the run's GPS contradicted the footpod, whose scale was learned anew


UNKNOWN = Raw()


class Rhythm:
    """When something was last measured, and its usual interval: a recorder that writes every 8 s is not silent after 6, and one
    that writes only changes is not silent until its next record.
    """

    def __init__(self) -> None:
        self.last: float | None = None
        self._usual = 1.0
        self._lasts = 0.0

    def beat(self, at: float, lasts: float | None) -> bool:
        """Something was measured. Returns whether it came after a gap."""
        after_gap = self.last is not None and not self.is_fresh(at, USUAL_AT_MOST)
        if self.last is not None and 0 < at - self.last < USUAL_AT_MOST:
            self._usual += 0.2 * (at - self.last - self._usual)
        self.last, self._lasts = at, lasts or 0.0
        return after_gap

    def is_fresh(self, at: float, hold: float) -> bool:
        if self.last is None:
            return False
        silent = at - self.last
        return silent <= hold or silent <= 2.5 * self._usual or silent <= self._lasts


class _Usual:
    """The usual value of a variance that has bursts; it follows in small steps, so that a burst hardly moves it."""

    def __init__(self, usual: float | None) -> None:
        self._usual = usual

    def excess(self, elapsed: float, now: float) -> float:
        """The ratio of the current variance to the usual one; 1 for anything usual."""
        usual = now if self._usual is None else self._usual
        step = FOLLOW * (elapsed if elapsed < ROUGH else ROUGH)  # a gap of hours counts no more than one of seconds
        usual *= exp(step if now > usual else -step)
        self._usual = usual = usual if usual > QUIETEST else QUIETEST
        ratio = now / (MARGIN * usual)
        return ratio if ratio > 1.0 else 1.0


class SpeedFilter:
    """Feed it measured speeds. `mean` and `sigma` are the estimate; `noise` is the learned sigma of one measurement."""

    def __init__(self, walk: Walk, noise: float, least: float, most: float, by_bends: bool = False) -> None:
        """`noise` m/s is the first guess of one measurement's sigma, learned between `least` and `most`.

        `by_bends`: it is learned from second differences, which are due to the device if neighbouring errors are uncorrelated;
        otherwise from the innovations, which also contain the runner's own variations.
        """
        self._walk, self._by_bends = walk, by_bends
        self._least, self._most = least**2, most**2
        self._learned = noise**2
        self.noise = sqrt(self._learned)  # the learned sigma of one measurement, m/s
        self.found = 0.0  # variance of one measurement as found so far, (m/s)²; 0 at first, never a guess
        self._means: Pair = (0.0, 0.0)
        self._variances: Pair = (SEED_VARIANCE, SEED_VARIANCE)
        self._weights: Pair = (0.5, 0.5)
        self._at: float | None = None
        self._stated, self._bends = _Usual(None), _Usual(self._learned)
        self._switched = 0.0, 0.0, 0.0  # s, and how likely a steady runner changes pace in it, and a changing one settles
        self._changing, self._changing_until = 0.0, -inf  # (m/s)²/s that a new target adds to the walk, and until when (s)
        self._last: tuple[float | None, float | None] = NO_TWO  # the two measurements before this
        self._rough = self._learned  # recent variance of one measurement, from its distance to the line through those two
        self.mean = 0.0
        self.sigma_then = sqrt(SEED_VARIANCE)  # m/s, of the mean after the last measurement
        self.moved = 0.0  # m/s that the mean changed by the last measurement ...
        self.moves = 0.0  # ... and by the last few, on average
        self.excess = 1.0  # ratio of the last measurement's variance to the usual one
        self.measured: Measured | None = None  # the last measurement

    def restart(self, at: float, speed: float) -> None:
        """Begins again at a measured speed with a large variance: at the start, and after a stop."""
        self._means, self._variances, self._weights = (speed, speed), (SEED_VARIANCE, SEED_VARIANCE), (0.5, 0.5)
        self._at, self.mean, self.sigma_then, self.moves = at, speed, sqrt(SEED_VARIANCE), 0.0
        self._last = NO_TWO

    def doubt(self) -> None:
        """After a gap the speed may have changed: the variance grows by SEED_VARIANCE."""
        if self._at is not None:
            self._variances = (self._variances[0] + SEED_VARIANCE, self._variances[1] + SEED_VARIANCE)
            self._last, self.sigma_then = NO_TWO, sqrt(self._spread())

    def expect_change(self, at: float, target: float | None) -> None:
        """A new target was said at `at` (s): until the legs have followed, what is measured counts for more."""
        step = ANY_STEP if target is None else target - self.mean
        self._changing, self._changing_until = (FOLLOWED * step) ** 2, at + FOLLOWED_FOR

    def update(self, at: float, measured: float, sigma: float | None = None, wander: float = 0.0, share: float = 1.0) -> None:
        """A speed measured at `at`, with its sigma where the device states one (m/s).

        `wander`, (m/s)², is the variance of the part of its noise that is correlated from second to second; `share` that part
        of the learned noise which is the device's, and not the runner's.
        """
        if self._at is None:
            self.restart(at, measured)
            return
        elapsed = at - self._at
        elapsed = elapsed if elapsed > 1e-3 else 1e-3
        self._at = at
        if at <= self._changing_until:
            self._variances = (self._variances[0] + self._changing * elapsed, self._variances[1] + self._changing * elapsed)
        means, variances, weights = self._predict(elapsed)
        self.excess = self._excess(elapsed, measured, sigma)
        if sigma is None:
            white = share * self._learned
            white = usual = white if white > self._least else self._least
            self.excess = 1 + share * (self.excess - 1)
        else:
            usual = max(sigma**2, self._least)
            white = usual / STATED**2
        self.measured = Measured(at, measured, white, self.excess)
        noise = self.excess * usual
        noise += WANDERING * wander
        if sigma is None and not self._by_bends:
            predicted = weights[0] * means[0] + weights[1] * means[1]
            doubt = weights[0] * variances[0] + weights[1] * variances[1]
            self._learn(min((measured - predicted) ** 2, CLIP**2 * (self._learned + doubt)) - doubt)
        self._correct(means, variances, weights, measured, noise)

    def sigma(self, at: float) -> float:
        """The standard deviation of the mean at `at`, m/s; it grows while measurements are missing."""
        if self._at is None or at - self._at <= STANDS:
            return self.sigma_then
        walk = self._weights[0] * self._walk.steady + self._weights[1] * self._walk.changing
        return sqrt(self._spread() + walk * (at - self._at - STANDS))

    def _spread(self) -> float:
        """The variance of the mean after the last measurement, (m/s)²."""
        (w0, w1), (v0, v1), (m0, m1) = self._weights, self._variances, self._means
        return w0 * (v0 + (m0 - self.mean) ** 2) + w1 * (v1 + (m1 - self.mean) ** 2)

    def _excess(self, elapsed: float, measured: float, sigma: float | None) -> float:
        """1, or more in a burst of noise, when neighbouring errors are correlated, so that measurements are worth less.

        A burst shows in the sigma that the device states; without one, in the roughness of the measurements, which is
        their second differences: a runner who speeds up evenly does not change these.
        """
        before, last = self._last
        if before is not None and last is not None and elapsed < ROUGH:
            bend = (measured - 2 * last + before) ** 2 / 6
            self._rough += elapsed / ROUGH * ((bend if bend < WILDEST else WILDEST) - self._rough)
            if self._by_bends:
                most = CLIP**2 * self._learned
                self._learn(bend if bend < most else most)
        self._last = (last, measured)
        if sigma is not None:
            return self._stated.excess(elapsed, sigma**2) ** 2
        return self._bends.excess(elapsed, self._rough)

    def _predict(self, elapsed: float) -> tuple[Pair, Pair, Pair]:
        """The means, variances and weights after `elapsed` s, mixed by the rate of switching between the models."""
        if elapsed != self._switched[0]:
            leave = 1 - exp(-self._walk.switch * elapsed)
            self._switched = elapsed, leave, 1 - exp(-3 * self._walk.switch * elapsed)
        _, leave, settle = self._switched
        (calm, brisk), (m0, m1), (p0, p1) = self._weights, self._means, self._variances
        to_calm = calm * (1 - leave) + brisk * settle
        to_brisk = calm * leave + brisk * (1 - settle)
        a, b = calm * (1 - leave) / to_calm, calm * leave / to_brisk
        x0, x1 = a * m0 + (1 - a) * m1, b * m0 + (1 - b) * m1
        v0 = a * (p0 + (m0 - x0) ** 2) + (1 - a) * (p1 + (m1 - x0) ** 2) + self._walk.steady * elapsed
        v1 = b * (p0 + (m0 - x1) ** 2) + (1 - b) * (p1 + (m1 - x1) ** 2) + self._walk.changing * elapsed
        return (x0, x1), (v0, v1), (to_calm, to_brisk)

    def _learn(self, seen: float) -> None:
        """Moves the learned noise towards what was `seen`, (m/s)²."""
        found = self.found + LEARN * (seen - self.found)
        self.found = found if found > 0.0 else 0.0
        learned = self._learned + LEARN * (seen - self._learned)
        self._learned = self._least if learned < self._least else self._most if learned > self._most else learned
        self.noise = sqrt(self._learned)

    def _correct(self, means: Pair, variances: Pair, weights: Pair, measured: float, noise: float) -> None:
        m0, v0, w0 = _corrected(means[0], variances[0], weights[0], measured, noise)
        m1, v1, w1 = _corrected(means[1], variances[1], weights[1], measured, noise)
        whole = w0 + w1
        mean = (w0 * m0 + w1 * m1) / whole
        w0, w1 = w0 / whole, w1 / whole
        self._means, self._variances, self._weights = (m0, m1), (v0, v1), (w0, w1)
        self.moved = mean - self.mean
        self.moves += (self.moved - self.moves) / MOVES_OVER
        self.mean = mean = mean if mean > 0.0 else 0.0
        self.sigma_then = sqrt(w0 * (v0 + (m0 - mean) ** 2) + w1 * (v1 + (m1 - mean) ** 2))


def _corrected(mean: float, variance: float, weight: float, measured: float, noise: float) -> tuple[float, float, float]:
    """One model's mean, variance and weight after a measurement; the weights are not normalised yet."""
    total = variance + noise
    spread = sqrt(total)
    off, most = measured - mean, CLIP * spread
    off = most if off > most else -most if off < -most else off
    gain = variance / total
    return mean + gain * off, (1 - gain) * variance, weight * exp(-0.5 * off * off / total) / spread
