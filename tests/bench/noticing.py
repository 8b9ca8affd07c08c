"""How soon a rule notices that the runner is 15 to 20 s/km off, at a given number of false alarms an hour.

What a rule shows is an alarm when its error is beyond a threshold for 3 s; evidence is one at once. Either is armed again
below half of the threshold, which is the one that gives so many alarms an hour to runners who hold their pace. A miss
counts 90 s.

Two runners: one who holds his pace evenly (0.04 m/s), and one whose legs are those of recorded road runners. The latter is
off by himself now and then, and to be told so then is no false alarm: false is an alarm while his own mean of 15 s is
within 7.5 s/km; and an alarm that stands already when he is asked to run beside the pace counts from then on.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from coach.core.judge.evidence import Noticing
from tests.bench.peers import Ours, Rule
from tests.bench.simulator import HELD, Devices, Profile, Second, constant, simulate

PACE = 300.0  # s/km
OFF = (15, -15, 20, -20)  # s/km
STEADY, STEADY_SECONDS, SETTLED = 60, 1920, 120  # runs, s each, s at the start that do not count
DEVIATIONS, LASTS, MISS = 160, 60, 90.0  # runs, s, s
EARLIEST, LATEST = 180, 900  # s into the run that a deviation begins
DWELL = 3  # s
PER_HOUR = (0.5, 1.0, 2.0, 4.0, 6.0)
STANDING = 0.5  # m/s
TRUE_MEAN, TRULY_ON = 15, 7.5  # s of true speed, and s/km beside the pace, that are on pace still


@dataclass(frozen=True, slots=True)
class Noticed:
    """Share noticed (%) and median delay (s) at two false alarms an hour; mean delay over 0.5 to 6 an hour (s)."""

    share: float
    median: float
    area: float


@dataclass(frozen=True, slots=True)
class Watcher:
    """Tells each second of how far off the runner seems; an alarm is what lasts beyond a threshold for `dwell` s."""

    begin: Callable[[], Callable[[Second], float]]
    dwell: int


def showing(rule: Callable[[], Rule]) -> Watcher:
    """By the pace that a rule shows: its error, s/km."""

    def begin() -> Callable[[Second], float]:
        shown = rule()

        def error(second: Second) -> float:
            speed = shown.speed(second)
            return 1000 / max(speed, STANDING) - PACE if speed else 0.0

        return error

    return Watcher(begin, DWELL)


def _begin_weighing() -> Callable[[Second], float]:
    ours, noticing = Ours(), Noticing()

    def evidence(second: Second) -> float:
        ours.speed(second)
        now = ours.estimator.raw.measured
        if now is None or now.at != second.at:
            return noticing.evidence
        return noticing.feed(now.at, now.speed, 1000 / PACE, now.variance, now.excess)

    return evidence


WEIGHING = Watcher(_begin_weighing, 1)  # the evidence of `coach.core.judge.evidence.py`


@dataclass(frozen=True, slots=True)
class Run:
    """What a watcher told second by second, and where the runner was truly on pace."""

    told: list[float]
    on_pace: list[bool]


Test = tuple[int, float, Run]  # the second from which he is off; the side on which that is told; what was told


def noticed(watcher: Watcher, devices: Devices, seed: int, wander: float | None = HELD) -> Noticed:
    steady = [
        _watched(watcher, constant(1000 / PACE), STEADY_SECONDS, devices, seed + 5000 + run, wander) for run in range(STEADY)
    ]
    tests = [_deviating(watcher, devices, seed + 9000 + run, OFF[run % len(OFF)], wander) for run in range(DEVIATIONS)]
    delays = {rate: _delays(tests, threshold(steady, rate, watcher.dwell), watcher.dwell) for rate in PER_HOUR}
    at_two = sorted(delays[2.0])
    share = 100 * sum(delay < MISS for delay in at_two) / len(at_two)
    return Noticed(share, at_two[len(at_two) // 2], fmean(fmean(each) for each in delays.values()))


def threshold(steady: Sequence[Run], per_hour: float, dwell: int) -> float:
    """The one beyond which there are so many false alarms an hour on pace."""
    hours = sum(sum(run.on_pace[SETTLED:]) for run in steady) / 3600
    low, high = 0.5, 90.0
    for _ in range(18):
        middle = (low + high) / 2
        alarms = sum(run.on_pace[at] for run in steady for at in _alarms(run.told, middle, dwell) if at >= SETTLED)
        low, high = (middle, high) if alarms / hours > per_hour else (low, middle)
    return high


def _delays(tests: Sequence[Test], threshold: float, dwell: int) -> list[float]:
    """From the first second that is off to the alarm on that side."""
    delays = []
    for start, side, run in tests:
        told, evenly = run.told, all(run.on_pace)
        alarms = _alarms(told, threshold, dwell) if evenly else _lasting(told, threshold, dwell)
        after = (at - start for at in alarms if start <= at <= start + LASTS and told[at] * side > 0)
        delays.append(float(next(after, MISS)))
    return delays


def _deviating(watcher: Watcher, devices: Devices, seed: int, off: float, wander: float | None) -> Test:
    """The index of the first second off the pace, on which side the watcher ought to tell of it, and what it told."""
    begins = random.Random(seed).randrange(EARLIEST, LATEST)

    def profile(at: float) -> float:
        return 1000 / (PACE + off) if begins <= at < begins + LASTS else 1000 / PACE

    side = off if watcher.dwell > 1 else -off  # evidence is of the speed
    return begins - 1, side, _watched(watcher, profile, begins + LASTS + 5, devices, seed, wander)


def _watched(watcher: Watcher, profile: Profile, seconds: int, devices: Devices, seed: int, wander: float | None) -> Run:
    tell = watcher.begin()
    told, on_pace, last = [], [], deque[float](maxlen=TRUE_MEAN)
    for second in simulate(profile, seconds, devices, seed, wander=wander):
        told.append(tell(second))
        last.append(second.speed)
        on_pace.append(wander is not None or abs(1000 * len(last) / max(sum(last), STANDING) - PACE) <= TRULY_ON)
    return Run(told, on_pace)


def _alarms(told: Sequence[float], threshold: float, dwell: int) -> list[int]:
    """The seconds at which it has lasted; armed again below half of it."""
    alarms, lasted, armed = [], 0, True
    for second, now in enumerate(told):
        lasted = lasted + 1 if abs(now) > threshold else 0
        armed = armed or abs(now) < threshold / 2
        if armed and lasted >= dwell:
            alarms.append(second)
            armed = False
    return alarms


def _lasting(told: Sequence[float], threshold: float, dwell: int) -> list[int]:
    """The seconds at which it has lasted, armed or not."""
    lasting, lasted = [], 0
    for second, now in enumerate(told):
        lasted = lasted + 1 if abs(now) > threshold else 0
        if lasted >= dwell:
            lasting.append(second)
    return lasting
