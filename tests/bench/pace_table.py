"""The whole comparison of paces: every rule under every sky, `python -m tests.bench.pace_table [SEED]`.

Errors are s/km against the true speed. After the table, what no rule can beat: the true speed itself in the same
harness, and Lorden's bound for noticing a change in white noise of the receiver's sigma.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache
from math import log, sqrt
from statistics import fmean, pstdev

from tests.bench.noticing import noticed, showing
from tests.bench.pace import score
from tests.bench.peers import PEERS, Ours, PodAsItIs, Rule, TrueSpeed
from tests.bench.simulator import HELD, SKIES, Devices, constant, intervals, ramp, simulate, stops

RECEIVERS = {
    "accuracy stated": Devices(),
    "plain": Devices(accuracy=False),
    "with a footpod": Devices(pod=True),
    "positions only": Devices(doppler=False),
}
STEPS = 40  # runs over which the answer to a step is averaged
STEP_AT, STEP_LASTS = 300, 60  # s
COLUMNS = (
    "progress", "tunnels", "intervals", "stops", "lag50", "lag90", "sd", "noticed", "delay", "area", "bias", "us",
)  # fmt: skip


def main(seed: int) -> None:
    for receiver, base in RECEIVERS.items():
        for sky in ("open", "typical", "urban"):
            _table(f"{sky} sky, {receiver}", Devices(sky, base.accuracy, base.doppler, pod=base.pod), seed)
    _table("5 Hz receiver", Devices("5 Hz"), seed)
    found = noticed(showing(TrueSpeed), Devices("open"), seed)
    print(f"\nthe true speed itself: noticed {found.share:.0f} %, after {found.median:.0f} s")
    for sky, air in SKIES.items():
        sigma = sqrt(air.doppler**2 + air.doppler_wander[0] ** 2)
        change = 1000 / 300 - 1000 / 315
        bound = 2 * sigma**2 * log(1800) / change**2
        print(f"Lorden, {sky}: 15 s/km in white noise of {sigma:.2f} m/s is noticed after {bound:.1f} s")


def _table(title: str, devices: Devices, seed: int) -> None:
    rules: dict[str, Callable[[], Rule]] = {"ours": Ours, **(PEERS if devices.doppler else _WITHOUT_DOPPLER)}
    if devices.pod:
        rules |= {"the footpod as it is": PodAsItIs}
    print(f"\n{title:<36}" + "".join(f"{name:>10}" for name in COLUMNS))
    best = min(score(rule, devices, seed).rmse for name, rule in rules.items() if name != "ours")
    for name, rule in rules.items():
        print(f"  {name:<34}" + "".join(f"{figure:10.2f}" for figure in _figures(rule, devices, seed)), flush=True)
    print(f"  ours, against the best of the others: {score(Ours, devices, seed).rmse / best:.2f} x")


def _figures(rule: Callable[[], Rule], devices: Devices, seed: int) -> list[float]:
    began = time.process_time()
    run = score(rule, devices, seed)
    cost = (time.process_time() - began - _cost_of_simulating(devices, seed)) / run.seconds * 1e6
    profiles = [(ramp, 1200), (intervals, 960), (stops, 960)]
    others = [score(rule, devices, seed, profile, seconds).rmse for profile, seconds in profiles]
    found = noticed(showing(rule), devices, seed)
    return [run.rmse, *others, *_lags(rule, devices, seed), _noise(rule, devices, seed),
            found.share, found.median, found.area, run.distance, max(0.0, cost)]  # fmt: skip


def _lags(rule: Callable[[], Rule], devices: Devices, seed: int) -> list[float]:
    """Seconds until 50 and 90 % of a step of 30 s/km are shown, either way, on the average of many runs."""
    slow, fast = 1000 / 330, 1000 / 300
    shares = [0.0] * STEP_LASTS
    for run in range(STEPS):
        before, after = (slow, fast) if run % 2 else (fast, slow)
        shown = rule()
        profile = _step(before, after)
        speeds = [shown.speed(second) or before for second in simulate(profile, STEP_AT + STEP_LASTS, devices, seed + run)]
        for index in range(STEP_LASTS):
            shares[index] += (speeds[STEP_AT - 1 + index] - before) / (after - before) / STEPS
    return [float(next((index for index in range(STEP_LASTS) if shares[index] >= part), STEP_LASTS)) for part in (0.5, 0.9)]


def _step(before: float, after: float) -> Callable[[float], float]:
    return lambda at: before if at < STEP_AT else after


def _noise(rule: Callable[[], Rule], devices: Devices, seed: int) -> float:
    """Standard deviation of the shown pace of runners who hold theirs, s/km."""
    sds = []
    for run in range(8):
        shown = rule()
        speeds = [shown.speed(second) for second in simulate(constant(1000 / 300), 900, devices, seed + run, wander=HELD)]
        sds.append(pstdev(1000 / max(speed, 0.5) for speed in speeds[120:] if speed))
    return fmean(sds)


_WITHOUT_DOPPLER = {name: rule for name, rule in PEERS.items() if "Doppler" not in name and name != "OpenTracks"}


@cache
def _cost_of_simulating(devices: Devices, seed: int) -> float:
    began = time.process_time()
    score(TrueSpeed, devices, seed)
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
