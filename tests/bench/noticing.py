"""How soon a rule notices that the runner is 15 to 20 s/km off, at a given number of false alarms an hour.

An alarm is an error of the shown pace beyond a threshold for 3 s; it is armed again below half of it. The threshold
is the one that gives so many alarms an hour to runners who hold their pace. A miss counts 90 s.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.bench.peers import Rule
from tests.bench.simulator import HELD, Devices, Profile, constant, simulate

PACE = 300.0  # s/km
OFF = (15, -15, 20, -20)  # s/km
STEADY, STEADY_SECONDS, SETTLED = 60, 1920, 120  # runs, s each, s at the start that do not count
DEVIATIONS, LASTS, MISS = 160, 60, 90.0  # runs, s, s
EARLIEST, LATEST = 180, 900  # s into the run that a deviation begins
DWELL = 3  # s
PER_HOUR = (0.5, 1.0, 2.0, 4.0, 6.0)
STANDING = 0.5  # m/s


@dataclass(frozen=True, slots=True)
class Noticed:
    """Share noticed (%) and median delay (s) at two false alarms an hour; mean delay over 0.5 to 6 an hour (s)."""

    share: float
    median: float
    area: float


def noticed(rule: Callable[[], Rule], devices: Devices, seed: int) -> Noticed:
    steady = [_errors(rule, constant(1000 / PACE), STEADY_SECONDS, devices, seed + 5000 + run) for run in range(STEADY)]
    tests = [_deviating(rule, devices, seed + 9000 + run, OFF[run % len(OFF)]) for run in range(DEVIATIONS)]
    delays = {rate: _delays(tests, _threshold(steady, rate)) for rate in PER_HOUR}
    at_two = sorted(delays[2.0])
    share = 100 * sum(delay < MISS for delay in at_two) / len(at_two)
    return Noticed(share, at_two[len(at_two) // 2], fmean(fmean(each) for each in delays.values()))


def _threshold(steady: Sequence[Sequence[float]], per_hour: float) -> float:
    hours = len(steady) * (STEADY_SECONDS - SETTLED) / 3600
    low, high = 1.0, 90.0
    for _ in range(18):
        middle = (low + high) / 2
        alarms = sum(at >= SETTLED for errors in steady for at in _alarms(errors, middle))
        low, high = (middle, high) if alarms / hours > per_hour else (low, middle)
    return high


def _delays(tests: Sequence[tuple[int, Sequence[float]]], threshold: float) -> list[float]:
    """From the first second that is off to the alarm."""
    delays = []
    for start, errors in tests:
        after = (at - start for at in _alarms(errors, threshold) if start <= at <= start + LASTS)
        delays.append(float(next(after, MISS)))
    return delays


def _deviating(rule: Callable[[], Rule], devices: Devices, seed: int, off: float) -> tuple[int, list[float]]:
    """The index of the first second off the pace, and the errors shown."""
    begins = random.Random(seed).randrange(EARLIEST, LATEST)

    def profile(at: float) -> float:
        return 1000 / (PACE + off) if begins <= at < begins + LASTS else 1000 / PACE

    return begins - 1, _errors(rule, profile, begins + LASTS + 5, devices, seed)


def _errors(rule: Callable[[], Rule], profile: Profile, seconds: int, devices: Devices, seed: int) -> list[float]:
    """Shown pace against the plan's, s/km, second by second; 0 while nothing is known."""
    shown = rule()
    speeds = [shown.speed(second) for second in simulate(profile, seconds, devices, seed, wander=HELD)]
    return [1000 / max(speed, STANDING) - PACE if speed else 0.0 for speed in speeds]


def _alarms(errors: Sequence[float], threshold: float) -> list[int]:
    """The seconds at which an error has lasted; armed again below half of it."""
    alarms, lasted, armed = [], 0, True
    for second, error in enumerate(errors):
        lasted = lasted + 1 if abs(error) > threshold else 0
        armed = armed or abs(error) < threshold / 2
        if armed and lasted >= DWELL:
            alarms.append(second)
            armed = False
    return alarms
