"""How good the pace is: our estimator and the peers' rules on simulated runs, one second at a time, without looking ahead.

`python -m tests.bench.pace [SEED]` prints the whole table; other seeds are other runners under other skies.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from coach.core.estimate import Estimator
from devices.sample import Fix, Mode
from tests.bench.peers import PEERS, Ours, PodAsItIs, Rule
from tests.bench.row import Row
from tests.bench.simulator import Devices, Profile, constant, intervals, progression, ramp, simulate, stops, tunnels

RUNS = 24  # per cell
WARM = 60  # s at the start that do not count
MOVING = 0.5  # m/s: the pace of somebody who stands is not compared
RECEIVERS = {"with accuracy": Devices(), "plain": Devices(accuracy=False), "positions only": Devices(doppler=False)}


@dataclass(frozen=True, slots=True)
class Scored:
    """Root mean square error of the pace, s/km; bias of the distance, %; share of errors within one sigma, %."""

    rmse: float
    distance: float
    within: float


def measure(seed: int = 1000) -> Iterator[Row]:
    """The figures that have a limit."""
    accurate = Devices()
    ours, display = _score(Ours, accurate, seed), _score(PEERS["RunnerUp display"], accurate, seed)
    yield Row("typical sky, accuracy stated, progression: RMSE", ours.rmse, "s/km")
    yield Row("  against RunnerUp's display", ours.rmse / display.rmse, "x", 0.62)
    yield Row("  against Garmin-like", ours.rmse / _score(PEERS["Garmin-like"], accurate, seed).rmse, "x", 0.45)
    means = [_score(PEERS[name], accurate, seed).rmse for name in PEERS if name.startswith("mean")]
    yield Row("  against the best moving average", ours.rmse / min(means), "x", 0.72)
    for sky in ("open", "typical", "urban"):
        plain = Devices(sky, accuracy=False)
        best = min(_score(rule, plain, seed).rmse for rule in PEERS.values())
        own = _score(Ours, plain, seed)
        yield Row(f"{sky}, no accuracy: against the best of all rules", own.rmse / best, "x", 0.85)
        yield Row(f"{sky}: bias of the distance", abs(own.distance), "%", {"open": 0.2, "typical": 0.4, "urban": 1.0}[sky])
        yield Row(f"{sky}: errors within one sigma, at least", own.within, "%", 60.0, least=True)
        yield Row(f"{sky}: errors within one sigma, at most", own.within, "%", 76.0)
    pod = _score(Ours, Devices(pod=True), seed)
    yield Row("with a footpod, against RunnerUp's display", pod.rmse / display.rmse, "x", 0.40)
    for sky, devices, least in (("open", Devices("open"), 97.0), ("typical", accurate, 80.0)):
        noticed, delay = _noticing(Ours, devices, seed)
        yield Row(f"{sky}, GPS: noticed within 60 s at 2 false alarms an hour", noticed, "%", least, least=True)
        yield Row("  median delay", delay, "s", 9.0 if sky == "open" else None)
    for sky in ("open", "typical", "urban"):
        noticed, delay = _noticing(Ours, Devices(sky, pod=True), seed)
        yield Row(f"{sky}, with a footpod: noticed within 60 s", noticed, "%", 97.0, least=True)
        yield Row("  median delay", delay, "s", 7.0)
    yield Row("a fix costs", _cost(), "us", 30.0)


def _score(
    rule: Callable[[], Rule], devices: Devices, seed: int, profile: Profile = progression, seconds: int = 1500
) -> Scored:
    squares, count, within, known, bias = 0.0, 0, 0, 0, 0.0
    for run in range(RUNS):
        shown, last = rule(), None
        blind = tunnels if profile is ramp else None
        true = told = 0.0
        for second in simulate(profile, seconds, devices, seed + run, blind):
            now = shown.speed(second)
            last = now if now is not None else last
            if second.at < WARM or second.speed < MOVING or not last:
                continue
            error = 1000 / max(last, MOVING) - 1000 / second.speed
            squares, count = squares + error * error, count + 1
            if isinstance(shown, Ours) and now is not None and shown.sigma:
                within, known = within + (abs(now - second.speed) <= shown.sigma), known + 1
        true, told = second.metres, getattr(shown, "metres", 0.0)
        bias += 100 * (told / true - 1) / RUNS
    return Scored(sqrt(squares / max(count, 1)), bias, 100 * within / max(known, 1))


def _noticing(rule: Callable[[], Rule], devices: Devices, seed: int) -> tuple[float, float]:
    """Share (%) of deviations of 15-20 s/km noticed within 60 s, and the median delay (s), at 2 false alarms an hour."""
    steady = [_errors(rule, constant(1000 / 300), 1920, devices, seed + 5000 + run) for run in range(RUNS)]
    hours = RUNS * 0.5
    low, high = 1.0, 60.0
    for _ in range(18):
        middle = (low + high) / 2
        alarms = sum(len(_alarms(errors[120:], middle)) for errors in steady)
        low, high = (middle, high) if alarms / hours > 2 else (low, middle)
    delays = []
    for run in range(4 * RUNS):
        off = (15, -15, 20, -20)[run % 4]
        errors = _errors(rule, _deviation(off), 300, devices, seed + 9000 + run)
        alarms = [at - 180 for at in _alarms(errors, high) if at >= 180]
        delays.append(min((at for at in alarms if at <= 60), default=90))
    delays.sort()
    return 100 * sum(delay < 90 for delay in delays) / len(delays), float(delays[len(delays) // 2])


def _deviation(off: float) -> Profile:
    """Steady at 5:00, and after three minutes one minute off by so many s/km."""
    return lambda at: 1000 / (300 + off) if 180 <= at < 240 else 1000 / 300


def _errors(rule: Callable[[], Rule], profile: Profile, seconds: int, devices: Devices, seed: int) -> list[float]:
    """Shown pace against 5:00, s/km, second by second; 0 while nothing is known."""
    shown = rule()
    speeds = [shown.speed(second) for second in simulate(profile, seconds, devices, seed)]
    return [1000 / max(speed, MOVING) - 300 if speed else 0.0 for speed in speeds]


def _alarms(errors: Sequence[float], threshold: float) -> list[int]:
    """The seconds at which an error has lasted for 3 s; armed again below half of it."""
    alarms, lasted, armed = [], 0, True
    for second, error in enumerate(errors):
        lasted = lasted + 1 if abs(error) > threshold else 0
        armed = armed or abs(error) < threshold / 2
        if armed and lasted >= 3:
            alarms.append(second)
            armed = False
    return alarms


def _cost() -> float:
    estimator = Estimator()
    fixes = [Fix(float(at), "gps", 47 + at * 2.7e-5, 8.0, speed=3.0 + (at % 7) / 50, mode=Mode.FIX_3D) for at in range(20_000)]
    began = time.perf_counter()
    for fix in fixes:
        estimator.feed(fix)
        estimator.estimate(fix.at)
    return (time.perf_counter() - began) / len(fixes) * 1e6


def main(seed: int) -> None:
    """RMSE in s/km of every rule, receiver, sky and profile."""
    rules: dict[str, Callable[[], Rule]] = {"ours": Ours, **PEERS}
    cells: list[tuple[str, Profile, int]] = [
        ("progression", progression, 1500), ("ramp, tunnels", ramp, 1200), ("intervals", intervals, 960), ("stops", stops, 960),
    ]  # fmt: skip
    for receiver, base in RECEIVERS.items():
        for sky in ("open", "typical", "urban"):
            devices = Devices(sky, base.accuracy, base.doppler)
            print(f"\n{receiver}, {sky} sky" + " " * 12 + "".join(f"{name:>16}" for name, _, _ in cells))
            for name, rule in rules.items():
                scores = [_score(rule, devices, seed, profile, seconds).rmse for _, profile, seconds in cells]
                print(f"  {name:<26}" + "".join(f"{score:16.1f}" for score in scores), flush=True)
    print("\nwith a footpod, typical sky")
    for name, rule in {"ours": Ours, "the pod as it is": PodAsItIs}.items():
        print(f"  {name:<26}" + "".join(f"{_score(rule, Devices(pod=True), seed, p, s).rmse:16.1f}" for _, p, s in cells))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
