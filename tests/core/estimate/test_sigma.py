"""The sigma of a pace is as large as its error, also while the runner changes pace and whatever the receiver states."""

from __future__ import annotations

from math import sin
from random import Random
from statistics import fmean

from coach.core.estimate.estimator import Estimator, EstimatorSettings
from coach.core.estimate.filter import STATED
from coach.core.estimate.footpod import MEMORY
from devices.sample import Fix, Mode
from tests.bench.pace import CHANGES, WARM
from tests.bench.peers import Ours
from tests.bench.simulator import DEGREE, Devices, Pod, intervals, simulate

RUNS = 4


def test_a_noisy_receivers_lag_is_in_the_sigma_of_a_changing_pace() -> None:
    """By positions alone, under an urban sky: the filter averages long, so it is late when the pace changes."""
    inside = []
    for seed in range(8, 8 + RUNS):
        rule, asked, changed = Ours(intervals), intervals(0.0), 0.0
        for second in simulate(intervals, 960, Devices("urban", doppler=False), seed):
            shown, target = rule.speed(second), intervals(second.at)
            if target != asked:
                asked, changed = target, second.at
            if shown is not None and rule.sigma and second.at >= WARM and second.at - changed <= CHANGES:
                inside.append(abs(shown - second.speed) <= 2 * rule.sigma)
    assert 0.88 <= fmean(inside) <= 0.98


def test_a_footpods_lag_is_in_the_sigma_of_a_pace_that_comes_and_goes() -> None:
    """Of taught pods: nothing but the lag is unsure."""
    inside = []
    for seed in range(RUNS):
        pod = Pod(Random(seed))
        estimator = Estimator(EstimatorSettings(pod.scale, MEMORY))
        for at in range(600):
            legs = 3.0 + 0.35 * sin(at / 5)
            estimator.feed(pod.stride(float(at), legs))
            estimate = estimator.estimate(float(at))
            if at >= WARM and estimate.speed is not None and estimate.sigma is not None:
                inside.append(abs(estimate.speed - legs) <= 2 * estimate.sigma)
    assert 0.88 < fmean(inside) < 0.98


def test_the_noise_of_a_receiver_that_states_its_sigma_is_learned_too() -> None:
    """What the runner's own steps make of a speed is a share of that noise: a first guess would stay for the whole run."""
    estimator = Estimator()
    for at in range(600):
        estimator.feed(Fix(float(at), "gps", at * 3.0 / DEGREE, 8.0, speed=3.0, speed_sigma=0.05 * STATED, mode=Mode.FIX_3D))
    assert estimator._gps._doppler.noise < 0.05
