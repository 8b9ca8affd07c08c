"""Evidence that a runner is off pace: a likelihood ratio of what the devices measured, rather than of the filtered estimate.

It compares the mean error of the last 6 to 45 s under two hypotheses: the runner is off by an amount worth correcting (4 to
9 %), or is on pace with the usual variations. The logarithm of the likelihood ratio is the evidence; the window in which it is
largest counts. A filter for a calm display lags; this does not. The band decides how large a deviation must be to count, and
how evenly the runner runs how surely it must be one that stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import exp, inf, sqrt
from typing import NamedTuple

from coach.core.estimate.filter import Raw
from coach.core.estimate.wander import between, left_in_mean
from coach.core.judge.band import Limits

WINDOWS = (6, 9, 13, 20, 30, 45)  # s
LEAST, MOST = 0.042, 0.09  # share of the target: the range of deviations to detect
WILD = 0.11  # share: a larger deviation counts as this much, or three wild readings would be evidence
BEYOND = 0.05  # share: but so far beyond a band that was asked for it counts, or where that is wide nothing would be evidence
LEGS = 1.5  # s: after j seconds the legs have made 1 - exp(-j / LEGS) of a change of pace
SLOW = 8.0  # s: correlation time of a receiver's slow error
RECEIVER = 0.04  # m/s: its sd, if it is not known
RUNNER = (0.04, 12.0)  # m/s, s: sd and correlation time of a runner who holds the pace
RESTLESS = (0.019, 3.0)  # share of the target, s: the same of the variations within seconds, from recorded road runners
HOLD = 8.0  # s for which a burst of noise counts against a receiver
AT_ONCE = (0.0, 0.0)  # any deviation counts
NOW, SHORTEST = 9, 5  # s: the speed of now is the mean of so long; just after a restart of less
CHANGED = 2.0  # sigmas by which that differs from the mean before: more is a change of pace, and now alone counts
GAP = 2.5  # s between two measurements: after a longer gap all earlier ones are forgotten

# How evenly the runner runs
MEMORY = 31.0  # s: how long wandering lasts, by recorded runners on roads
MEAN, BACK = 8, 16  # s: of a mean, and from the earlier one to the later one
SUPPOSED = 0.025  # share: the wandering, one sd, of a runner of whom nothing is known
KNOWN, LONGEST = 90.0, 300.0  # s that this counts for, and over which wandering is averaged
NOISIEST = 0.03  # share: a difference that noise alone makes so large, as in a burst, tells nothing of the runner
LARGEST = 0.15  # share: a larger difference is a change of pace

# The band
NARROW = 0.03  # share of the target: the band that the evidence is made for; a wider one is that much less sensitive
NARROWEST = 0.02  # share: no device tells smaller deviations from its own errors within a minute
LONGEST_STEP = 10.0  # s: a recorder that writes seldom; after a longer gap the evidence begins anew
EPOCH = 0.85  # s: faster measurements are not independent
EVEN, MOST_DOUBT = 0.015, 3.0  # share by which an even runner wanders; most times as sure as with one the coach must be
WANDER = 0.77  # sd of a receiver's slow error over how precisely it gives a steady speed: simulated skies, open to urban


class Window(NamedTuple):
    """The last `length` measurements, the variance that errors leave in their mean, and the share of a step in it.

    The runner's variance is in (m/s)², that of quick variations in share², that of the receiver a share of its own.
    """

    length: int
    runner: float
    restless: float
    receiver: float
    step: float


class Earlier(NamedTuple):
    """The `length` seconds before the last `NOW`: the variance of the receiver in their mean, its covariance with that of now,
    and the variance of the difference of the two, of a runner who wanders by 1."""

    length: int
    receiver: float
    both: float
    moved: float


def _window(length: int) -> Window:
    done = sum(1 - exp(-second / LEGS) for second in range(1, length + 1)) / length
    runner, restless, receiver = (left_in_mean(*each, length) for each in (RUNNER, RESTLESS, (1.0, SLOW)))
    return Window(length, runner, restless, receiver, done)


def _earlier(length: int) -> Earlier:
    left, both = left_in_mean(1.0, SLOW, length), between(SLOW, NOW, 0, length)
    runner = left_in_mean(1.0, MEMORY, NOW) + left_in_mean(1.0, MEMORY, length) - 2 * between(MEMORY, NOW, 0, length)
    return Earlier(length, left, both, runner)


_WINDOWS = tuple(map(_window, WINDOWS))
_EARLIER = tuple(_earlier(length - NOW) for length in WINDOWS if length > NOW)
_LEFT_NOW = {length: left_in_mean(1.0, SLOW, length) for length in range(SHORTEST, NOW + 1)}


class Evidence:
    """`now` is the evidence that the runner is off pace: above 0 too fast, below 0 too slow."""

    def __init__(self) -> None:
        self._noticing = Noticing()
        self.now = 0.0
        self._at = -inf  # s: when the last measurement was made
        self._limits = Limits(None, 1.0, None)  # then
        self._lean = (inf, inf)  # to the slow and to the fast side

    def judge(self, raw: Raw, limits: Limits, by_footpod: bool) -> None:
        """Weighs the last measurement, once; the runner ought to be within the limits."""
        measured, target = raw.measured, limits.target
        if measured is None or measured.at - self._at < EPOCH:
            return
        if limits is not self._limits:
            self._limits, self._lean = limits, (_lean(limits.slow, target), _lean(limits.fast, target))
        passed, self._at = measured.at - self._at, measured.at
        times = 1 if passed < 1.5 or passed > LONGEST_STEP else round(passed)
        beyond = 0.0 if limits.by_ground else BEYOND
        wander = 0.0 if by_footpod else max(RECEIVER, WANDER * (raw.sigma or 0.0))
        for each in range(times):  # a measurement of several seconds is one, however long it lasts
            at = measured.at - times + 1 + each
            white = times * measured.variance
            self.now = self._noticing.feed(at, measured.speed, target, white, measured.excess, self._lean, wander, beyond)

    def surely(self, side: int) -> float:
        """How surely the pace of now is outside the band on this side, in sigmas; less for a runner whose pace wanders much.

        Such a runner is often just inside the band or just outside, and on which side the device seldom tells.
        """
        lean = self._lean[side > 0] + NARROW
        wanders = min(MOST_DOUBT, max(1.0, self._noticing.evenness.wanders / EVEN))
        return self._noticing.surely_beyond(side, lean, self._limits.target) / wanders

    def forget(self) -> None:
        self._noticing.restart()
        self.now = 0.0


def _lean(edge: float | None, target: float) -> float:
    """The deviation (share of the target) from which on that side counts, less in a narrow band; infinite without an edge."""
    if edge is None:
        return inf
    width = edge / target - 1
    width = width if width > 0 else -width
    return (width if width > NARROWEST else NARROWEST) - NARROW


class Noticing:
    """Feed it a measurement a second. Evidence above 0 means too fast, below 0 too slow, 0 undecided."""

    def __init__(self) -> None:
        self._sums: deque[tuple[float, float]] = deque(maxlen=max(WINDOWS) + 1)
        self._bursts: deque[tuple[float, float]] = deque()  # (s, ratio to the usual variance), ratios falling
        self.evenness = Evenness(SLOW)
        self.restart()

    def restart(self) -> None:
        """Forgets all measurements: after a new target, a stop or a gap."""
        self._sums.clear()
        self._sums.append((0.0, 0.0))
        self._at: float | None = None
        self.evidence = 0.0
        self._slow = 0.0

    def feed(
        self,
        at: float,
        speed: float,
        target: float,
        variance: float,
        excess: float = 1.0,
        lean: tuple[float, float] = AT_ONCE,
        wander: float = RECEIVER,
        beyond: float = 0.0,
    ) -> float:
        """The evidence after a speed (m/s) measured at `at` (s) with white noise of `variance`, (m/s)².

        `excess` is the ratio of the variance to the usual one; in a burst of noise neighbouring errors are also correlated.
        `lean` are the deviations (share of the target) to the slow and to the fast side from which on they count;
        `wander` (m/s) is the sd of the device's slow error. However wide the band is, what is a share `beyond` it counts.
        """
        if self._at is not None and not 0 < at - self._at <= GAP:
            self.restart()
        self._at = at
        sums = self._sums
        residual, noise = sums[-1]
        off, wild = speed - target, WILD
        if beyond and wild < (edge := lean[off > 0] + beyond) < inf:
            wild = edge
        most = wild * target
        off = most if off > most else -most if off < -most else off
        if excess > 1.0 or self._bursts:
            variance *= self._held(at, excess)
        sums.append((residual + off, noise + variance))
        slow = self._slow = wander * wander
        self.evenness.learn(sums, target, slow)
        self.evidence = self._weigh(target, lean, slow)
        return self.evidence

    def _weigh(self, target: float, lean: tuple[float, float], slow: float) -> float:
        """The largest logarithm of the likelihood ratio in any window, with the sign of the deviation; 0 where none is above 0.

        Every second it is asked for every window: so it turns to the variance only where the deviation is large enough.
        """
        sums, heaviest, side = self._sums, 0.0, 1.0
        kept, (residual, noise) = len(sums), sums[-1]
        least, most = LEAST * target, MOST * target
        to_slow, to_fast = lean[0] * target, lean[1] * target
        for length, runner, restless, receiver, step in _WINDOWS:
            if kept <= length:
                break
            before, noise_before = sums[-1 - length]
            mean = (residual - before) / length
            size = mean - to_fast if mean > 0 else -mean - to_slow
            if size <= 0.0:
                continue
            done = size / step
            shown = step * (least if done < least else most if done > most else done)
            gain = shown * size - shown * shown / 2
            if gain <= 0.0:
                continue
            variance = (noise - noise_before) / length**2 + runner
            variance += restless * target * target + receiver * slow
            weight = gain / variance
            if weight > heaviest:
                heaviest, side = weight, mean
        return heaviest if side > 0 else -heaviest

    def surely_beyond(self, side: int, share_off: float, target: float) -> float:
        """How surely the runner is off to this side by more than a share of the target now, in sigmas.

        From the mean of the last `NOW` seconds and, the more evenly the runner runs, from that of the seconds before.
        """
        recent = min(NOW, len(self._sums) - 1)
        if recent < SHORTEST:
            return -inf
        slow, strays = self._slow, (self.evenness.wanders * target) ** 2
        now, white = self._mean(recent, 0)
        unsure = white + _LEFT_NOW[recent] * slow
        best = now, unsure
        for earlier, left, both, moved in _EARLIER:
            if NOW + earlier >= len(self._sums):
                break
            before, noise = self._mean(NOW + earlier, NOW)
            both *= slow
            differ = unsure + noise + left * slow + moved * strays - 2 * both
            share = max(0.0, (unsure - both) / differ)  # of the earlier mean, which leaves the least variance
            variance = unsure + share * (share * differ - 2 * (unsure - both))
            if variance < best[1] and (before - now) ** 2 < CHANGED**2 * differ:
                best = now + share * (before - now), variance
        mean, variance = best
        return (side * mean - share_off * target) / sqrt(variance)

    def _mean(self, begin: int, end: int) -> tuple[float, float]:
        """The mean residual from `begin` to `end` measurements ago, and the variance of that mean due to white noise."""
        (first, noise_first), (last, noise_last) = self._sums[-1 - begin], self._sums[-1 - end]
        return (last - first) / (begin - end), (noise_last - noise_first) / (begin - end) ** 2

    def _held(self, at: float, excess: float) -> float:
        """The largest excess of the last `HOLD` s."""
        bursts = self._bursts
        while bursts and (at - bursts[0][0] > HOLD or at < bursts[0][0]):
            bursts.popleft()
        while bursts and bursts[-1][1] <= excess:
            bursts.pop()
        if excess > 1.0:
            bursts.append((at, excess))
        return bursts[0][1] if bursts else 1.0


class Evenness:
    """How evenly a runner runs: how much the pace wanders within half a minute, beyond what the device's own errors explain.

    A recorded runner wanders by 2 to 8 %, some by 1 %. It shows in the difference of two means of a few seconds, some seconds
    apart, less what noise leaves in it. So the coach knows how long a deviation must be watched before it is one that stays.
    `wanders` is the share of the target by which the runner wanders about the pace, one sd.
    """

    def __init__(self, device_memory: float) -> None:
        """`device_memory` is how long the slow error of a device lasts, s."""
        self._runner, self._device = _differ(MEMORY), _differ(device_memory)
        self._variance, self._known = SUPPOSED**2 * self._runner, KNOWN

    @property
    def wanders(self) -> float:
        return sqrt(max(0.0, self._variance) / self._runner)

    def learn(self, sums: Sequence[tuple[float, float]], target: float, slow: float) -> None:
        """From the sums of residuals (m/s) and of their white variance, (m/s)²; `slow` is the variance of the slow error."""
        if len(sums) <= MEAN + BACK:
            return
        last, before = sums[-1], sums[-1 - MEAN]
        later, earlier = sums[-1 - BACK], sums[-1 - BACK - MEAN]
        noise = (last[1] - before[1] + later[1] - earlier[1]) / MEAN**2 + self._device * slow
        if noise > (NOISIEST * target) ** 2:
            return
        apart = (last[0] - before[0] - later[0] + earlier[0]) / MEAN
        square, most = apart * apart, (LARGEST * target) ** 2
        self._known = min(LONGEST, self._known + 1)
        self._variance += (((square if square < most else most) - noise) / target**2 - self._variance) / self._known


def _differ(memory: float) -> float:
    """The variance of the difference of the two means, of a wander of sd 1."""
    return 2 * (left_in_mean(1.0, memory, MEAN) - between(memory, MEAN, BACK - MEAN, MEAN))
