"""A simulated runner under a simulated sky: true speed second by second, and what a receiver and a footpod make of it.

The runner's speed comes and goes as that of recorded road runners does (`coach/rehearsal/runner.py`). Figures are fitted
to recordings where such exist (position noise to seven receivers, the pod to Stryd); the Doppler noise of "typical" and
"urban" and how often bursts come are assumed. Trust its ranking more than its percentages.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, exp, hypot, pi, sin, sqrt

from coach.rehearsal.runner import ROAD, restlessness
from coach.rehearsal.runner import wander as wandering
from devices.sample import Fix, Mode, Sample, Stride

KNOT = 1852 / 3600  # m/s
DEGREE = 111_132.0  # m per degree near the equator, where the simulated runner lives (both ways, to 1e-3)


class Wander:
    """An Ornstein-Uhlenbeck process: standard deviation and memory (s)."""

    def __init__(self, chance: random.Random, sigma: float, memory: float) -> None:
        self._chance, self._sigma, self._memory = chance, sigma, memory
        self.value = chance.gauss(0, sigma) if sigma else 0.0

    def step(self, seconds: float) -> float:
        keep = exp(-seconds / self._memory)
        self.value = keep * self.value + self._chance.gauss(0, self._sigma * sqrt(1 - keep * keep))
        return self.value


@dataclass(frozen=True, slots=True)
class Sky:
    """Position: two wanders (m, s) and white noise averaged over `mean` samples. Doppler per axis: white, wander (m/s, s)."""

    near: tuple[float, float]
    far: tuple[float, float]
    white: float
    mean: int
    doppler: float
    doppler_wander: tuple[float, float]
    bursts: float = 0.0  # per second
    amplitude: float = 0.0  # m
    dropouts: float = 0.0  # per second
    every: float = 1.0  # s between fixes


SKIES = {
    "open": Sky((0.55, 6), (0.9, 60), 0.10, 1, 0.10, (0.04, 8)),
    "typical": Sky((0.8, 8), (2.0, 60), 0.10, 2, 0.15, (0.07, 8), 1 / 600, 3.0, 1 / 1500),
    "urban": Sky((0.9, 8), (3.2, 60), 0.12, 2, 0.22, (0.12, 10), 1 / 200, 3.6, 1 / 500),
    "5 Hz": Sky((0.3, 8), (0.8, 60), 0.03, 1, 0.05, (0.03, 8), every=0.2),
}

Profile = Callable[[float], float | None]  # s -> the speed that is meant; None: standing still


def constant(speed: float) -> Profile:
    return lambda at: speed


def progression(at: float) -> float:
    """Four gears of five minutes and a cool-down."""
    paces = (360, 330, 300, 270, 390)
    return 1000 / paces[min(int(at // 300), 4)]


def ramp(at: float) -> float:
    """6:00 to 4:30 in twenty minutes, linear in speed."""
    return 1000 / 360 + (1000 / 270 - 1000 / 360) * min(at / 1200, 1.0)


def intervals(at: float) -> float:
    return 1000 / 240 if at % 120 < 60 else 1000 / 390


def stops(at: float) -> float | None:
    return None if at % 240 >= 210 else 1000 / 315


def tunnels(at: float) -> bool:
    """Two, of 45 s; on the ramp."""
    return 400 <= at < 445 or 800 <= at < 845


@dataclass(frozen=True, slots=True)
class Second:
    """One step: what was true at its end, and what the devices said meanwhile."""

    at: float
    speed: float
    metres: float
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Devices:
    sky: str = "typical"
    accuracy: bool = True  # the receiver states its speed's sigma
    doppler: bool = True
    receiver: bool = True
    pod: bool = False


HELD = 0.04  # m/s: how much the speed of a runner wanders who holds a pace more evenly than recorded ones do


def simulate(
    profile: Profile,
    seconds: int,
    devices: Devices,
    seed: int,
    blind: Callable[[float], bool] | None = None,
    wander: float | None = None,
) -> Iterator[Second]:
    """A run of so many seconds; `blind` tells when there is no satellite, `wander` (m/s) how evenly a better runner than
    the recorded ones runs."""
    chance = random.Random(seed)
    sky = SKIES[devices.sky]
    road, receiver, pod = _Road(chance, profile, wander), _Receiver(chance, sky, devices), Pod(chance)
    steps = round(1 / sky.every)
    for second in range(seconds):
        samples: list[Sample] = []
        for part in range(steps):
            at = second + (part + 1) * sky.every
            road.step(at, sky.every)
            fix = receiver.fix(at, road, bool(blind and blind(at)))
            if fix and devices.receiver:
                samples.append(fix)
        if devices.pod:
            samples.append(pod.stride(second + 1.0, road.speed))
        yield Second(second + 1.0, road.speed, road.metres, tuple(samples))


class LikeRecorded:
    """How a recorded runner's speed strays from the one he means, as a share of it; between two seconds it is on its way."""

    def __init__(self, chance: random.Random) -> None:
        slow, quick = (random.Random(chance.random()) for _ in range(2))
        self._slow = wandering(slow, ROAD.wavers, ROAD.waver_memory)
        self._quick = restlessness(quick, ROAD.restless, ROAD.restless_memory)
        self._followed = next(self._slow)
        self._before = self._after = self._next()
        self._share = 1.0

    def step(self, seconds: float) -> float:
        self._share += seconds
        while self._share > 1.0 + 1e-9:
            self._share -= 1.0
            self._before, self._after = self._after, self._next()
        return self._before + (self._after - self._before) * self._share

    def _next(self) -> float:
        self._followed += (next(self._slow) - self._followed) * (1 - exp(-1 / ROAD.lag))
        return self._followed + next(self._quick)


class _Road:
    """Where the runner really is."""

    def __init__(self, chance: random.Random, profile: Profile, wander: float | None) -> None:
        self._chance, self._profile = chance, profile
        self._natural = Wander(chance, wander, 12) if wander is not None else LikeRecorded(chance)
        self._bend = Wander(chance, 0.02, 20)
        self._will = self.speed = profile(0.0) or 0.0
        self.course = chance.uniform(0, 2 * pi)
        self._turn, self._turning = 0.0, 0.0
        self.north = self.east = self.metres = 0.0

    def step(self, at: float, seconds: float) -> None:
        meant = self._profile(at)
        if meant is None:
            self._will = self.speed = 0.0
        else:
            self._will += (meant - self._will) * (1 - exp(-seconds / 1.5))
            strays = self._natural.step(seconds)
            self.speed = max(0.0, self._will * (1 + strays) if isinstance(self._natural, LikeRecorded) else self._will + strays)
        if self._turning <= 0 and self._chance.random() < seconds / 60:
            self._turn, self._turning = self._chance.choice((-1, 1)) * pi / 2 / 4, 4.0
        self._turning -= seconds
        self.course += (self._bend.step(seconds) + (self._turn if self._turning > 0 else 0.0)) * seconds
        self.metres += self.speed * seconds
        self.north += self.speed * cos(self.course) * seconds
        self.east += self.speed * sin(self.course) * seconds


class _Receiver:
    def __init__(self, chance: random.Random, sky: Sky, devices: Devices) -> None:
        self._chance, self._sky, self._devices = chance, sky, devices
        self._north = (Wander(chance, *sky.near), Wander(chance, *sky.far))
        self._east = (Wander(chance, *sky.near), Wander(chance, *sky.far))
        self._speeds = (Wander(chance, *sky.doppler_wander), Wander(chance, *sky.doppler_wander))
        self._burst = tuple(Wander(chance, 1.0, 7) for _ in range(2))
        self._burst_speed = tuple(Wander(chance, 0.35, 5) for _ in range(2))
        self._luck = chance.uniform(0.3, 1.6)
        self._burst_left = self._out_left = self._burst_age = 0.0

    def fix(self, at: float, road: _Road, blind: bool) -> Fix | None:
        step, chance, sky = self._sky.every, self._chance, self._sky
        strength = self._strength(step, blind)
        north = sum(each.step(step) for each in self._north) + strength * sky.amplitude * self._burst[0].step(step)
        east = sum(each.step(step) for each in self._east) + strength * sky.amplitude * self._burst[1].step(step)
        white = sky.white / sqrt(sky.mean)
        doppler = sky.doppler * (1 + 4 * strength)
        slip = [wander.step(step) + strength * burst.step(step) + chance.gauss(0, doppler)
                for wander, burst in zip(self._speeds, self._burst_speed, strict=True)]  # fmt: skip
        if blind or self._out_left > 0:
            return None
        moving = (road.speed * cos(road.course) + slip[0], road.speed * sin(road.course) + slip[1])
        speed = round(hypot(*moving) / KNOT, 2) * KNOT if road.speed > 0 else abs(chance.gauss(0, 0.01))
        fix = Fix(
            at,
            "gps",
            (road.north + north + chance.gauss(0, white)) / DEGREE,
            (road.east + east + chance.gauss(0, white)) / DEGREE,
            speed=speed if self._devices.doppler else None,
            mode=Mode.FIX_3D,
        )
        if self._devices.accuracy and self._devices.doppler:
            fix = fix._replace(speed_sigma=1.2 * sky.doppler * (1 + 2.5 * self._luck * strength))
        return fix

    def _strength(self, step: float, blind: bool) -> float:
        """0…1: how much of a burst there is now; after a blind stretch one of 15 s."""
        if blind:
            self._burst_left, self._burst_age = 15.0, 3.0
        elif self._burst_left <= 0 and self._chance.random() < self._sky.bursts * step:
            self._burst_left, self._burst_age = self._chance.uniform(8, 40), 0.0
        if self._out_left <= 0 and self._chance.random() < self._sky.dropouts * step:
            self._out_left = self._chance.uniform(3, 25)
        self._out_left -= step
        self._burst_left -= step
        self._burst_age += step
        return min(1.0, self._burst_age / 3, max(0.0, self._burst_left / 3)) if self._burst_left > 0 else 0.0


class Pod:
    """What a footpod with a scale and a lag of its own says of a speed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.scale, self._slope = chance.gauss(1, 0.025), chance.gauss(0, 0.01)
        self._drift = Wander(chance, 0.006, 300)
        self._late, self._smooth = 0.0, 0.0

    def stride(self, at: float, speed: float) -> Stride:
        self._smooth += (self._late - self._smooth) * (1 - exp(-1 / 1.6))
        self._late = speed
        seen = self._smooth * (self.scale + self._slope * (speed - 3.3) + self._drift.step(1.0)) + self._chance.gauss(0, 0.03)
        return Stride(at, "pod", 0.0 if seen < 0.3 else round(seen * 256) / 256)
