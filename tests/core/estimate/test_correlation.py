"""Noise that wanders is told from noise that does not, and from a runner who changes his pace."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import fmean

import pytest

from coach.core.estimate.correlation import LEAST, SUPPOSED, Wander

SEEDS = range(12)


def noise(seed: int, sigma: float, memory: float) -> Callable[[], float]:
    """AR(1) with errors alike over `memory` s; white for 0."""
    random, keep, state = Random(seed), 1 - 1 / memory if memory else 0.0, 0.0

    def step() -> float:
        nonlocal state
        state = keep * state + random.gauss(0.0, sigma * (1 - keep**2) ** 0.5)
        return state

    return step


def found(seed: int, sigma: float, memory: float, speed: Callable[[int], float] = lambda at: 3.0, seconds: int = 600) -> float:
    """The mean of what was found over the second half of a run."""
    wander, error, found = Wander(), noise(seed, sigma, memory), []
    for at in range(seconds):
        wander.feed(float(at), speed(at) + error())
        if at > seconds / 2:
            found.append(wander.variance(None))
    return fmean(found)


@pytest.mark.parametrize("sigma", [0.05, 0.1])
def test_of_white_noise_next_to_nothing_wanders(sigma: float) -> None:
    assert fmean(found(seed, sigma, 0.0) for seed in SEEDS) < 0.25 * sigma**2


@pytest.mark.parametrize(("sigma", "memory"), [(0.1, 5.0), (0.25, 8.0), (0.4, 8.0)])
def test_noise_that_wanders_is_found_within_a_factor_of_two(sigma: float, memory: float) -> None:
    """Good and poor GPS, as the rehearsal has them."""
    assert 0.5 < fmean(found(seed, sigma, memory) for seed in SEEDS) / sigma**2 < 2.0


def test_a_runners_intervals_do_not_look_like_noise() -> None:
    def intervals(at: int) -> float:
        return 4.5 if at // 60 % 2 else 2.5

    assert fmean(found(seed, 0.05, 0.0, intervals) for seed in SEEDS) < 0.05**2


def test_a_ramp_and_a_steady_runners_own_coming_and_going_are_no_noise() -> None:
    assert found(1, 0.03, 0.0, lambda at: 2.5 + at / 600) < 0.05**2
    assert fmean(found(seed, 0.05, 12.0) for seed in SEEDS) < 0.05**2


def test_before_there_is_evidence_all_of_what_the_device_states_may_wander() -> None:
    wander, error = Wander(), noise(1, 0.4, 8.0)
    for at in range(LEAST):
        wander.feed(float(at), 3.0 + error())
    assert not wander.is_known
    assert wander.variance(None) == SUPPOSED and wander.variance(0.3) == pytest.approx(0.09)
    for at in range(LEAST, 3 * LEAST):
        wander.feed(float(at), 3.0 + error())
    assert wander.is_known and wander.variance(None) == wander.variance(0.3)


def test_a_recorder_too_slow_to_tell_is_not_waited_for() -> None:
    wander, error = Wander(), noise(1, 0.4, 8.0)
    for at in range(2 * LEAST):
        wander.feed(3.0 * at, 3.0 + error())
    assert wander.is_known and wander.variance(0.3) == pytest.approx(0.09)
