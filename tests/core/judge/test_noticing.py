"""Evidence that the runner is off the pace: how it grows, and what is none."""

from __future__ import annotations

import random

import pytest

from coach.core.estimate.wander import left_in_mean
from coach.core.judge.evidence import Noticing
from tests.bench.noticing import PACE, STEADY_SECONDS, WEIGHING, threshold
from tests.bench.noticing import _watched as watched
from tests.bench.simulator import Devices, constant, simulate

TARGET, WHITE = 1000 / 300, 0.1**2  # m/s, (m/s)²
ALARMS_AN_HOUR = {2.0: 6.0, 0.5: 7.5}  # false alarms an hour -> threshold of evidence, from runners like recorded ones, on pace


def weighed(off: float, seconds: int, seed: int = 0, noise: float = 0.1, before: int = 40) -> list[float]:
    """Evidence of each second that a runner is off by so much (share), after some on pace."""
    chance, noticing = random.Random(seed), Noticing()
    told = []
    for at in range(before + seconds):
        speed = TARGET * (1 + (off if at >= before else 0.0)) + chance.gauss(0.0, noise)
        told.append(noticing.feed(float(at), speed, TARGET, WHITE))
    return told[before:]


@pytest.mark.parametrize("off", [0.06, -0.06])
def test_eighteen_seconds_a_kilometre_are_told_within_twenty_seconds_and_the_sign_says_which_way(off: float) -> None:
    after = [next(n for n, now in enumerate(weighed(off, 60, seed)) if now * off > 0 and abs(now) > ALARMS_AN_HOUR[2.0])
             for seed in range(21)]  # fmt: skip
    assert sorted(after)[10] <= 20


def test_on_pace_there_is_hardly_any_evidence() -> None:
    assert max(abs(now) for seed in range(10) for now in weighed(0.0, 300, seed)) < ALARMS_AN_HOUR[0.5]


def test_a_new_target_begins_anew() -> None:
    noticing = Noticing()
    for at in range(30):
        noticing.feed(float(at), TARGET, TARGET, WHITE)
    noticing.restart()
    assert noticing.evidence == 0.0
    assert [noticing.feed(30.0 + at, TARGET, 1.2 * TARGET, WHITE) for at in range(5)] == [0.0] * 5
    assert noticing.feed(35.0, TARGET, 1.2 * TARGET, WHITE) < -5


def test_a_gap_begins_anew() -> None:
    noticing = Noticing()
    for at in range(30):
        noticing.feed(float(at), 1.1 * TARGET, TARGET, WHITE)
    assert noticing.evidence > 10
    assert noticing.feed(40.0, 1.1 * TARGET, TARGET, WHITE) == 0.0


def test_a_burst_of_noise_counts_for_little_while_it_lasts_and_some_seconds_longer() -> None:
    def after(excess: float) -> float:
        noticing = Noticing()
        for at in range(20):
            noticing.feed(float(at), TARGET, TARGET, WHITE)
        for at in range(20, 26):
            noticing.feed(float(at), 1.1 * TARGET, TARGET, WHITE, excess if at == 20 else 1.0)
        return noticing.evidence

    assert after(30.0) < after(1.0) / 4


def test_what_wanders_leaves_more_in_a_mean_than_white_noise_does() -> None:
    assert left_in_mean(0.1, 0.01, 10) == pytest.approx(0.1**2 / 10, rel=1e-6)
    assert left_in_mean(0.1, 1e6, 10) == pytest.approx(0.1**2, rel=1e-4)
    assert 0.1**2 / 10 < left_in_mean(0.1, 8.0, 10) < 0.1**2


def test_two_false_alarms_an_hour_are_what_the_evidence_of_two_an_hour_gives() -> None:
    """Fifteen hours of runners like recorded ones under the open sky, about six of them on pace."""
    runs = [watched(WEIGHING, constant(1000 / PACE), STEADY_SECONDS, Devices("open"), 70 + run, None) for run in range(30)]
    assert threshold(runs, 2.0, 1) == pytest.approx(ALARMS_AN_HOUR[2.0], abs=1.5)


def test_the_simulated_runner_strays_as_recorded_ones_do() -> None:
    speeds = [second.speed for second in simulate(constant(TARGET), 3000, Devices("open"), 4)]
    sd = (sum((speed - TARGET) ** 2 for speed in speeds) / len(speeds)) ** 0.5
    assert 0.035 < sd / TARGET < 0.07
