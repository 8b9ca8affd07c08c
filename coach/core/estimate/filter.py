"""A scalar speed filter with two models of a runner: steady, and changing pace (an interacting multiple model).

Each model is a random walk in speed; how well each predicts what is measured decides how much it counts. So
the filter is calm while the runner is, and quick when he is not. After Blom & Bar-Shalom (1988). Units: m/s, s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, exp, inf, sqrt
from typing import NamedTuple

SEED_VARIANCE = 0.2  # (m/s)²: what the first measurement is worth
CLIP = 3.0  # sigmas: a wilder innovation is pulled in to here, so that an outlier costs little
ROUGH = 4.0  # s over which roughness is averaged: a burst begins and ends within seconds
WILDEST = 1.0  # (m/s)²: a single outlier counts for no more
FOLLOW = 0.01  # share per second by which the usual noise follows the noise of now
QUIETEST = 1e-4  # (m/s)²: no receiver is better than a centimetre a second
MARGIN = 1.1  # of the usual noise is still usual
LEARN = 0.015  # share of each innovation that goes into the learned noise: about a minute's memory
STATED = 1.2  # times its white noise is the sigma that a receiver states
WANDERING = 4.0  # times its variance: what noise that wanders adds to white noise, for averaging helps little against it
FOLLOWED = 0.4  # of the step to a new target: what the legs may do of it in a second, one sigma ...
FOLLOWED_FOR = 4.0  # s: ... for so long
ANY_STEP = 0.5  # m/s: of a runner who may run as he likes from now on

Pair = tuple[float, float]  # of the steady model, of the changing one


@dataclass(frozen=True, slots=True)
class Walk:
    """How fast the two models let the speed wander, (m/s)²/s, and how often one turns into the other, per second."""

    steady: float
    changing: float
    switch: float


class Measured(NamedTuple):
    """A speed as it was measured, before any filter, m/s: its white variance, (m/s)², and how many times the usual that is."""

    at: float
    speed: float
    variance: float
    excess: float


class _Usual:
    """What is usual of a variance that bursts now and then: followed in small steps, so that a burst hardly moves it."""

    def __init__(self, usual: float | None) -> None:
        self._usual = usual

    def excess(self, elapsed: float, now: float) -> float:
        """How many times the usual the variance of now is; 1 for anything usual."""
        usual = now if self._usual is None else self._usual
        step = FOLLOW * min(elapsed, ROUGH)  # a gap of hours tells no more than one of seconds
        self._usual = max(QUIETEST, usual * exp(step if now > usual else -step))
        return max(1.0, now / (MARGIN * self._usual))


class SpeedFilter:
    """Feed it measured speeds. `mean` and `sigma` are the estimate; `noise` is what a measurement was found to be worth."""

    def __init__(self, walk: Walk, noise: float, least: float, most: float, by_bends: bool = False) -> None:
        """`noise` m/s is the first guess of one measurement's sigma, learned between `least` and `most`.

        `by_bends`: it is learned from second differences, which are the device's own where neighbouring errors are not alike;
        else from how far measurements lie from the prediction, in which the runner's own coming and going is too.
        """
        self._walk, self._by_bends = walk, by_bends
        self._least, self._most = least**2, most**2
        self._learned = noise**2
        self._found = 0.0
        self._given = noise**2  # variance that the measurements were given lately, without what wanders
        self._means: Pair = (0.0, 0.0)
        self._variances: Pair = (SEED_VARIANCE, SEED_VARIANCE)
        self._weights: Pair = (0.5, 0.5)
        self._at: float | None = None
        self._stated, self._bends = _Usual(None), _Usual(self._learned)
        self._changing, self._changing_until = 0.0, -inf  # (m/s)²/s that a new target adds to the walk, and until when (s)
        self._last: tuple[float, ...] = ()  # the two measurements before this
        self._rough = self._learned  # variance of one measurement, by how far it lies off the line through those, lately
        self.mean = 0.0
        self.excess = 1.0  # how many times its usual variance the last measurement was given
        self.measured: Measured | None = None  # the last one

    @property
    def noise(self) -> float:
        """The learned sigma of one measurement, m/s."""
        return sqrt(self._learned)

    @property
    def steady(self) -> float:
        """The sigma (m/s) to which a steady runner's speed can be known by such measurements, whatever this runner does:

        white noise of variance r leaves a random walk of q (m/s)²/s known to sqrt(q·r).
        """
        return sqrt(sqrt(self._walk.steady * self._given))

    @property
    def found(self) -> float:
        """The variance of one measurement as far as it shows, (m/s)²: 0 at first, and never a guess."""
        return max(0.0, self._found)

    def restart(self, at: float, speed: float) -> None:
        """Begin afresh at a measured speed, knowing little: the start, and running on after a stop."""
        self._means, self._variances, self._weights = (speed, speed), (SEED_VARIANCE, SEED_VARIANCE), (0.5, 0.5)
        self._at, self.mean = at, speed
        self._last = ()

    def doubt(self) -> None:
        """A gap: whatever was known may have changed since."""
        if self._at is not None:
            self._variances = (self._variances[0] + SEED_VARIANCE, self._variances[1] + SEED_VARIANCE)
            self._last = ()

    def expect_change(self, at: float, target: float | None) -> None:
        """A new target was said at `at` (s): until the legs have followed, what is measured counts for more."""
        step = ANY_STEP if target is None else target - self.mean
        self._changing, self._changing_until = (FOLLOWED * step) ** 2, at + FOLLOWED_FOR

    def update(self, at: float, measured: float, sigma: float | None = None, wander: float = 0.0) -> None:
        """A speed measured at `at`, with its sigma where the device states one (m/s).

        `wander`, (m/s)², is how much of its noise is alike from second to second.
        """
        if self._at is None:
            self.restart(at, measured)
            return
        elapsed = max(at - self._at, 1e-3)
        self._at = at
        if at <= self._changing_until:
            self._variances = (self._variances[0] + self._changing * elapsed, self._variances[1] + self._changing * elapsed)
        means, variances, weights = self._predict(elapsed)
        self.excess = self._excess(elapsed, measured, sigma)
        usual = max(sigma**2, self._least) if sigma is not None else self._learned
        white = usual / STATED**2 if sigma is not None else usual
        self.measured = Measured(at, measured, white, self.excess)
        noise = self.excess * usual
        self._given += LEARN * (noise - self._given)
        noise += WANDERING * wander
        if sigma is None and not self._by_bends:
            predicted = weights[0] * means[0] + weights[1] * means[1]
            doubt = weights[0] * variances[0] + weights[1] * variances[1]
            self._learn(min((measured - predicted) ** 2, CLIP**2 * (self._learned + doubt)) - doubt)
        self._correct(means, variances, weights, measured, noise)

    def sigma(self, at: float) -> float:
        """One standard deviation of the mean at `at`, m/s; it grows while nothing is measured."""
        (w0, w1), (v0, v1), (m0, m1) = self._weights, self._variances, self._means
        spread = w0 * (v0 + (m0 - self.mean) ** 2) + w1 * (v1 + (m1 - self.mean) ** 2)
        silent = max(0.0, at - self._at) if self._at is not None else 0.0
        wander = w0 * self._walk.steady + w1 * self._walk.changing
        return sqrt(spread + wander * silent)

    def _excess(self, elapsed: float, measured: float, sigma: float | None) -> float:
        """1, and more in a burst of noise, when the errors of neighbours wander together and count for less than their sigma.

        A device that states its sigma tells of bursts by it; else the roughness of what is measured does: its
        second differences, which a runner who speeds up evenly leaves alone.
        """
        if sigma is not None:
            return self._stated.excess(elapsed, sigma**2) ** 2
        if len(self._last) == 2 and elapsed < ROUGH:
            bend = (measured - 2 * self._last[1] + self._last[0]) ** 2 / 6
            self._rough += elapsed / ROUGH * (min(bend, WILDEST) - self._rough)
            if self._by_bends:
                self._learn(min(bend, CLIP**2 * self._learned))
        self._last = (*self._last[-1:], measured)
        return self._bends.excess(elapsed, self._rough)

    def _predict(self, elapsed: float) -> tuple[Pair, Pair, Pair]:
        """Means, variances and weights a while later: mixed as the models turn into each other."""
        leave = 1 - exp(-self._walk.switch * elapsed)
        settle = 1 - exp(-3 * self._walk.switch * elapsed)
        (calm, brisk), (m0, m1), (p0, p1) = self._weights, self._means, self._variances
        to_calm = calm * (1 - leave) + brisk * settle
        to_brisk = calm * leave + brisk * (1 - settle)
        a, b = calm * (1 - leave) / to_calm, calm * leave / to_brisk
        x0, x1 = a * m0 + (1 - a) * m1, b * m0 + (1 - b) * m1
        v0 = a * (p0 + (m0 - x0) ** 2) + (1 - a) * (p1 + (m1 - x0) ** 2) + self._walk.steady * elapsed
        v1 = b * (p0 + (m0 - x1) ** 2) + (1 - b) * (p1 + (m1 - x1) ** 2) + self._walk.changing * elapsed
        return (x0, x1), (v0, v1), (to_calm, to_brisk)

    def _learn(self, seen: float) -> None:
        """The noise of one measurement follows what was `seen` of it, (m/s)²."""
        self._found += LEARN * (seen - self._found)
        self._learned = min(self._most, max(self._least, self._learned + LEARN * (seen - self._learned)))

    def _correct(self, means: Pair, variances: Pair, weights: Pair, measured: float, noise: float) -> None:
        m0, v0, w0 = _corrected(means[0], variances[0], weights[0], measured, noise)
        m1, v1, w1 = _corrected(means[1], variances[1], weights[1], measured, noise)
        whole = w0 + w1
        self._means, self._variances, self._weights = (m0, m1), (v0, v1), (w0 / whole, w1 / whole)
        self.mean = max(0.0, (w0 * m0 + w1 * m1) / whole)


def _corrected(mean: float, variance: float, weight: float, measured: float, noise: float) -> tuple[float, float, float]:
    """One model's mean, variance and weight after a measurement; the weights of both models are still to be made one."""
    total = variance + noise
    spread = sqrt(total)
    off = measured - mean
    if abs(off) > CLIP * spread:
        off = copysign(CLIP * spread, off)
    gain = variance / total
    return mean + gain * off, (1 - gain) * variance, weight * exp(-0.5 * off * off / total) / spread
