"""What others show as the pace of now, from the descriptions of their rules: fed a second at a time, like ours."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import exp
from typing import Protocol

from coach.core.estimate.estimator import Estimator
from coach.core.geometry import metres_between
from devices.sample import Fix, Stride
from tests.bench.simulator import Profile, Second


class Rule(Protocol):
    """Shown one second; the speed it would show, m/s, or None while it knows none."""

    def speed(self, second: Second) -> float | None: ...


class Ours:
    """`asked` tells what the runner was asked to run, as the coach knows it: the same speed until it changes in a step."""

    def __init__(self, asked: Profile | None = None) -> None:
        self.estimator = Estimator()
        self.sigma: float | None = None
        self.metres = 0.0
        self._asked, self._target = asked, asked and asked(0.0)

    def speed(self, second: Second) -> float | None:
        if self._asked and (target := self._asked(second.at - 1.0)) != self._target:
            self._target = target
            self.estimator.expect_change(second.at - 1.0, target)
        for sample in second.samples:
            self.estimator.feed(sample)
        estimate = self.estimator.estimate(second.at)
        self.sigma, self.metres = estimate.sigma, estimate.distance
        return estimate.speed


class TrueSpeed:
    """What nobody can show."""

    def speed(self, second: Second) -> float | None:
        return second.speed


class LastDoppler:
    """OpenTracks: the last fix's own speed."""

    def __init__(self) -> None:
        self._speed: float | None = None

    def speed(self, second: Second) -> float | None:
        for fix in _fixes(second):
            self._speed = fix.speed if fix.speed is not None else self._speed
        return self._speed


class PodAsItIs:
    def __init__(self) -> None:
        self._speed: float | None = None

    def speed(self, second: Second) -> float | None:
        for sample in second.samples:
            if isinstance(sample, Stride):
                self._speed = sample.speed
        return self._speed


class Differences:
    """Way over time between positions; a gap holds the last value."""

    def __init__(self) -> None:
        self._before: Fix | None = None
        self._speed: float | None = None
        self.metres = 0.0

    def speed(self, second: Second) -> float | None:
        for fix in _fixes(second)[-1:]:
            if self._before is not None:
                way = metres_between(self._before.lat or 0, self._before.lon or 0, fix.lat or 0, fix.lon or 0)
                self._speed = way / (fix.at - self._before.at)
                self.metres += way
            self._before = fix
        return self._speed


class DisplayOfRunnerUp:
    """v = 0.4 z + 0.6 v; z is the Doppler speed, or way over time where there is none."""

    def __init__(self) -> None:
        self._doppler, self._way = LastDoppler(), Differences()
        self._speed: float | None = None

    def speed(self, second: Second) -> float | None:
        way = self._way.speed(second)
        now = self._doppler.speed(second) or way
        if now is not None:
            self._speed = now if self._speed is None else 0.4 * now + 0.6 * self._speed
        return self._speed


class CoachOfRunnerUp:
    """Pace over the last 19 s of the path, averaged over 20 s without the wildest twentieth at each end."""

    def __init__(self) -> None:
        self._way = Differences()
        self._path: deque[float] = deque(maxlen=20)
        self._paces: deque[float] = deque(maxlen=20)

    def speed(self, second: Second) -> float | None:
        self._way.speed(second)
        self._path.append(self._way.metres)
        metres = self._path[-1] - self._path[0]
        if metres > 1.0:
            self._paces.append((len(self._path) - 1) / metres)
        paces = sorted(self._paces)
        cut = len(paces) // 20
        paces = paces[cut : len(paces) - cut] if cut else paces
        return len(paces) / sum(paces) if paces else None


class LikeGarmin:
    """Differences smoothed over 6 s, shown 5 s late."""

    def __init__(self) -> None:
        self._way = Differences()
        self._smooth: float | None = None
        self._late: deque[float | None] = deque([None] * 5, maxlen=6)

    def speed(self, second: Second) -> float | None:
        now = self._way.speed(second)
        if now is not None:
            self._smooth = now if self._smooth is None else self._smooth + (now - self._smooth) * (1 - exp(-1 / 6))
        self._late.append(self._smooth)
        return self._late[0]


class MovingAverage:
    """Of the last `length` seconds of another rule."""

    def __init__(self, of: Rule, length: int) -> None:
        self._of = of
        self._last: deque[float] = deque(maxlen=length)

    def speed(self, second: Second) -> float | None:
        now = self._of.speed(second)
        if now is not None:
            self._last.append(now)
        return sum(self._last) / len(self._last) if self._last else None


class Smoothed:
    """Exponential smoothing of another rule."""

    def __init__(self, of: Rule, memory: float) -> None:
        self._of, self._share = of, 1 - exp(-1 / memory)
        self._speed: float | None = None

    def speed(self, second: Second) -> float | None:
        now = self._of.speed(second)
        if now is not None:
            self._speed = now if self._speed is None else self._speed + (now - self._speed) * self._share
        return self._speed


PEERS: dict[str, Callable[[], Rule]] = {
    "OpenTracks": LastDoppler,
    "RunnerUp display": DisplayOfRunnerUp,
    "RunnerUp coach": CoachOfRunnerUp,
    "Garmin-like": LikeGarmin,
    "mean of 5 s Doppler": lambda: MovingAverage(LastDoppler(), 5),
    "mean of 10 s Doppler": lambda: MovingAverage(LastDoppler(), 10),
    "mean of 20 s Doppler": lambda: MovingAverage(LastDoppler(), 20),
    "EMA 4 s Doppler": lambda: Smoothed(LastDoppler(), 4.0),
    "EMA 6 s Doppler": lambda: Smoothed(LastDoppler(), 6.0),
    "EMA 8 s Doppler": lambda: Smoothed(LastDoppler(), 8.0),
    "mean of 10 s positions": lambda: MovingAverage(Differences(), 10),
    "EMA 8 s positions": lambda: Smoothed(Differences(), 8.0),
}


def _fixes(second: Second) -> list[Fix]:
    return [sample for sample in second.samples if isinstance(sample, Fix)]
