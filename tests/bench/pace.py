"""How good the pace is: our estimator and the peers' rules on simulated runs, one second at a time, without looking ahead.

`python -m tests.bench.pace_table [SEED]` prints every rule; other seeds are other runners under other skies.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import nan, sqrt

from coach.core.estimate.estimator import Estimator
from devices.sample import Fix, Mode, Stride
from tests.bench.bound import best_smoothing, bound
from tests.bench.calibration import Calibration
from tests.bench.noticing import WEIGHING, noticed, showing
from tests.bench.peers import PEERS, Ours, Rule
from tests.bench.row import Row
from tests.bench.simulator import Devices, Profile, intervals, progression, ramp, simulate, tunnels

RUNS = 64  # per cell: rare bursts of noise weigh much in a mean square
CALIBRATED = 8  # runs
CHANGES = 15.0  # s
WARM = 60  # s at the start that do not count
MOVING = 0.5  # m/s: the pace of somebody who stands is not compared
STEPWISE = (progression, intervals)  # profiles whose changes a coach announces
BARS = {"open": 0.85, "typical": 0.75, "urban": 0.70}  # of the best rule's error, progressions
DAY, HOUR = 86_400, 3_600  # s


@dataclass(frozen=True, slots=True)
class Scored:
    """Root mean square error of the pace, s/km; bias of the distance, %."""

    rmse: float
    distance: float
    seconds: int = 0


def measure(seed: int = 1000) -> Iterator[Row]:
    """The figures that have a limit."""
    accurate = Devices()
    ours, display = score(Ours, accurate, seed), score(PEERS["RunnerUp display"], accurate, seed)
    yield Row("typical sky, accuracy stated, progression: RMSE", ours.rmse, "s/km")
    yield Row("  against RunnerUp's display", ours.rmse / display.rmse, "x", 0.62)
    yield Row("  against Garmin-like", ours.rmse / score(PEERS["Garmin-like"], accurate, seed).rmse, "x", 0.45)
    means = [score(PEERS[name], accurate, seed).rmse for name in PEERS if name.startswith("mean")]
    yield Row("  against the best moving average", ours.rmse / min(means), "x", 0.72)
    for sky in ("open", "typical", "urban"):
        plain = Devices(sky, accuracy=False)
        best = min(score(rule, plain, seed).rmse for rule in PEERS.values())
        own = score(Ours, plain, seed)
        yield Row(f"{sky}, no accuracy, progression: against the best of all rules", own.rmse / best, "x", BARS[sky])
        yield Row("  what the best linear filter could do, steady running", bound(sky) / best_smoothing(sky), "x")
        yield Row("  by Doppler alone", bound(sky, by_places=False) / best_smoothing(sky), "x")
        best = min(score(rule, plain, seed, intervals, 960).rmse for rule in PEERS.values())
        yield Row("  intervals by the minute", score(Ours, plain, seed, intervals, 960).rmse / best, "x", 1.0)
        yield Row(f"{sky}: bias of the distance", abs(own.distance), "%", {"open": 0.2, "typical": 0.4, "urban": 1.0}[sky])
        yield from calibrated(plain, seed).rows(sky)
        yield from calibrated(Devices(sky), seed).rows(f"{sky}, accuracy stated")
        yield from calibrated(Devices(sky, doppler=False), seed).rows(f"{sky}, by positions")
    yield from calibrated(Devices(pod=True), seed).rows("with a footpod")
    pod = score(Ours, Devices(pod=True), seed)
    yield Row("with a footpod, against RunnerUp's display", pod.rmse / display.rmse, "x", 0.40)
    for sky, least, most in (("open", 97.0, 10.0), ("typical", 80.0, None)):
        found = noticed(WEIGHING, Devices(sky), seed)
        yield Row(f"{sky}, GPS: noticed within 60 s at 2 false alarms an hour", found.share, "%", least, least=True)
        yield Row("  median delay", found.median, "s", most)
    for sky in ("open", "typical", "urban"):
        found = noticed(showing(Ours), Devices(sky, pod=True), seed)
        yield Row(f"{sky}, with a footpod: noticed within 60 s", found.share, "%", 97.0, least=True)
        yield Row("  median delay", found.median, "s", 7.0)
    yield Row("a fix costs", _cost(), "us", 30.0)
    yield Row("memory kept after 24 h of fixes and strides, more than after 1 h", _growth() / 1024, "kB", 4.0)


def score(rule: Callable[[], Rule], devices: Devices, seed: int, profile: Profile = progression, seconds: int = 1500) -> Scored:
    squares, count, bias = 0.0, 0, 0.0
    for run in range(RUNS):
        shown, last = Ours(profile if profile in STEPWISE else None) if rule is Ours else rule(), None
        blind = tunnels if profile is ramp else None
        true = told = 0.0
        for second in simulate(profile, seconds, devices, seed + run, blind):
            now = shown.speed(second)
            last = now if now is not None else last
            if second.at < WARM or second.speed < MOVING or not last:
                continue
            error = 1000 / max(last, MOVING) - 1000 / second.speed
            squares, count = squares + error * error, count + 1
        true, told = second.metres, shown.metres if isinstance(shown, Ours) else nan
        bias += 100 * (told / true - 1) / RUNS
    return Scored(sqrt(squares / max(count, 1)), bias, count)


def calibrated(devices: Devices, seed: int) -> Calibration:
    """Of the pace of progressions and intervals; it is changing for `CHANGES` s after a new target."""
    found = Calibration()
    for profile, seconds in ((progression, 1500), (intervals, 960)):
        for run in range(CALIBRATED):
            shown, asked, changed = Ours(profile), profile(0.0), 0.0
            for second in simulate(profile, seconds, devices, seed + run):
                now, target = shown.speed(second), profile(second.at)
                if target != asked:
                    asked, changed = target, second.at
                if now is not None and shown.sigma and second.at >= WARM and second.speed >= MOVING:
                    found.add(now - second.speed, shown.sigma, second.at - changed <= CHANGES)
    return found


def _cost() -> float:
    estimator = Estimator()
    fixes = [Fix(float(at), "gps", 47 + at * 2.7e-5, 8.0, speed=3.0 + (at % 7) / 50, mode=Mode.FIX_3D) for at in range(20_000)]
    began = time.perf_counter()
    for fix in fixes:
        estimator.feed(fix)
        estimator.estimate(fix.at)
    return (time.perf_counter() - began) / len(fixes) * 1e6


def _growth() -> int:
    """Bytes that the estimator holds after a day beyond those after an hour, with a tunnel every half hour."""
    estimator = Estimator()
    tracemalloc.start()
    held = 0
    for second in range(DAY):
        at = float(second)
        if second % 1800 > 60:
            estimator.feed(Fix(at, "gps", 47 + at * 1e-6, 8.0, speed=3.0 + second % 7 / 50, mode=Mode.FIX_3D))
        if second % 2400 > 90:
            estimator.feed(Stride(at, "pod", speed=3.0 + second % 5 / 50))
        estimator.estimate(at)
        if second == HOUR:
            held = tracemalloc.get_traced_memory()[0]
    grown = tracemalloc.get_traced_memory()[0] - held
    tracemalloc.stop()
    return grown
