"""Noise has a witness: what Doppler and positions disagree about is the receiver's, what they agree about is the runner's."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from statistics import fmean

import pytest

from coach.core.coach import Coach
from coach.core.estimate.estimator import Estimator
from coach.core.estimate.quality import Quality
from coach.core.estimate.steps import Across
from coach.core.estimate.witness import LEAST_SHARE, SUPPOSED, Apart, Bends, Witness
from coach.core.plan.segments import FREE_RUN
from devices.sample import Fix, Mode, Stride

DEGREE = 111_132.0  # m
SEEDS = range(8)
Speed = Callable[[int], float]


def noise(seed: int, sigma: float, memory: float) -> Callable[[], float]:
    """AR(1) with errors alike over `memory` s."""
    random, keep, state = Random(seed), 1 - 1 / memory, 0.0

    def step() -> float:
        nonlocal state
        state = keep * state + random.gauss(0.0, sigma * (1 - keep**2) ** 0.5)
        return state

    return step


def steady(at: int) -> float:
    return 3.0


def restless(at: int) -> float:
    """A trail runner: walks, runs and everything between."""
    return 2.4 + 0.9 * sin(at / 7) + 0.5 * sin(at / 3.1)


def by_turns(at: int) -> float:
    return 4.2 if at // 30 % 2 else 2.8


def straight(way: float) -> tuple[float, float]:
    return 10 + way / DEGREE, 8.0


def round_a_track(way: float) -> tuple[float, float]:
    return 10 + 63.7 * sin(way / 63.7) / DEGREE, 8 + 63.7 * (1 - cos(way / 63.7)) / DEGREE / cos(10 * pi / 180)


def found(speed: Speed, sigma: float, seed: int = 1, place: Callable[[float], tuple[float, float]] = straight) -> float:
    """What the witness finds (m/s) of a Doppler speed that errs by `sigma`, alike over 8 s, beside exact positions."""
    witness, error, way = Witness(), noise(seed, sigma, 8.0), 0.0
    for at in range(900):
        if at:
            way += (speed(at - 1) + speed(at)) / 2
        witness.feed(float(at), speed(at) + error(), place(way))
    return float(witness.variance(None) ** 0.5)


@pytest.mark.parametrize("speed", [steady, restless, by_turns])
@pytest.mark.parametrize("place", [straight, round_a_track])
def test_what_the_runner_does_is_not_noise(speed: Speed, place: Callable[[float], tuple[float, float]]) -> None:
    assert found(speed, 0.0, place=place) < 0.02


@pytest.mark.parametrize("speed", [steady, restless])
@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.4])
def test_noise_that_wanders_is_found_whatever_the_runner_does(speed: Speed, sigma: float) -> None:
    assert 0.4 < fmean(found(speed, sigma, seed) for seed in SEEDS) / sigma < 1.2


def test_before_the_witness_has_spoken_all_of_what_the_device_states_may_wander() -> None:
    witness = Witness()
    for at in range(30):
        witness.feed(float(at), 3.0, straight(3.0 * at))
    assert witness.sigma is None
    assert witness.variance(None) == SUPPOSED
    assert witness.variance(0.3) == pytest.approx(0.09)
    for at in range(30, 90):
        witness.feed(float(at), 3.0, straight(3.0 * at))
    assert witness.sigma is not None
    assert witness.variance(0.3) < 1e-6


def share(legs: float, ours: float, places: float, seed: int = 1) -> float:
    """The share of the device in the bends of a speed, where legs, speed and positions stray by so much each second."""
    random, bends = Random(seed), Bends()
    for _ in range(900):
        stray = random.gauss(0.0, legs)
        bends.feed(3.0 + stray + random.gauss(0.0, ours), 3.0 + stray + random.gauss(0.0, places))
    return bends.share


def test_bends_that_the_positions_show_too_are_the_runners() -> None:
    assert share(legs=0.05, ours=0.005, places=0.02) == LEAST_SHARE
    assert share(legs=0.1, ours=0.0, places=0.3) < 0.5
    assert min(share(legs=0.02, ours=0.1, places=0.3, seed=seed) for seed in SEEDS) > 0.5
    assert 0.3 < fmean(share(legs=0.1, ours=0.1, places=0.1, seed=seed) for seed in SEEDS) < 0.7


def test_without_positions_all_bends_may_be_the_devices() -> None:
    bends = Bends()
    for at in range(600):
        bends.feed(restless(at), None if at % 3 else restless(at))
    assert bends.share == 1.0


@pytest.mark.parametrize("legs", [0.02, 0.06])
@pytest.mark.parametrize("device", [0.0, 0.15])
def test_sigma_is_as_large_as_the_error_of_any_receiver_and_runner(legs: float, device: float) -> None:
    """The pace of now is a mean of five seconds."""
    random, estimator, way = Random(3), Estimator(), 0.0
    strays, speeds, shown = noise(4, legs * 3.0, 2.5), [], []
    for at in range(1800):
        speeds.append(3.0 + 0.3 * sin(at / 40) + strays())
        way += speeds[-1]
        lat, lon = straight(way + random.gauss(0.0, device))
        estimator.feed(Fix(float(at), "gps", lat, lon, speed=speeds[-1] + random.gauss(0.0, device), mode=Mode.FIX_3D))
        shown.append(estimator.estimate(float(at)))
    inside = [
        abs(shown[at].speed - fmean(speeds[at - 2 : at + 3])) <= shown[at].sigma  # type: ignore[operator]
        for at in range(120, 1797)
    ]
    assert 0.55 < fmean(inside) < 0.85


def test_without_positions_there_is_no_witness_and_no_verdict() -> None:
    witness = Witness()
    for at in range(600):
        witness.feed(float(at), restless(at), None)
    assert witness.sigma is None


def judged(samples: Callable[[int, float], Fix | Stride], speed: Speed, seconds: int = 900) -> tuple[set[Quality], int]:
    """Which qualities a run had after its first minute, and how often it was told that the signal is weak."""
    coach, way, qualities, weak = Coach(FREE_RUN), 0.0, set[Quality](), 0
    for at in range(seconds):
        way += speed(at)
        coach.feed(samples(at, way))
        weak += sum(event.name == "weak_signal" for event in coach.events)
        if at > 60:
            qualities.add(coach.quality)
    return qualities, weak


@pytest.mark.parametrize("speed", [steady, restless, by_turns, lambda at: 0.0 if 300 <= at < 330 else 3.0])
def test_a_perfect_signal_is_never_called_weak(speed: Speed) -> None:
    def fix(at: int, way: float) -> Fix:
        lat, lon = straight(way)
        return Fix(float(at), "gps", lat, lon, speed=speed(at), mode=Mode.FIX_3D)

    for samples in (fix, lambda at, way: Stride(float(at), "pod", speed=speed(at))):
        qualities, weak = judged(samples, speed)
        assert (Quality.POOR in qualities, weak) == (False, 0)


def test_a_receiver_that_is_bad_is_found() -> None:
    error = noise(3, 0.4, 10.0)

    def fix(at: int, way: float) -> Fix:
        lat, lon = straight(way)
        return Fix(float(at), "gps", lat, lon, speed=3.0 + error(), mode=Mode.FIX_3D)

    qualities, weak = judged(fix, steady)
    assert Quality.POOR in qualities
    assert weak == 1


def across(strays: float, speed: Speed, turning: float = 0.0) -> float:
    """What is found (m/s) where places stray by so many metres, on a way that turns by so many radians a second."""
    random, witness, heading = Random(2), Across(), 0.0
    east, north, before = 0.0, 0.0, (0.0, 0.0)
    for at in range(600):
        heading += turning
        east, north = east + speed(at) * cos(heading), north + speed(at) * sin(heading)
        place = east + random.gauss(0.0, strays), north + random.gauss(0.0, strays)
        witness.feed((place[0] - before[0], place[1] - before[1]) if at else None)
        before = place
    assert witness.sigma is not None
    return witness.sigma


@pytest.mark.parametrize("speed", [steady, restless, by_turns])
def test_a_runner_does_not_zigzag(speed: Speed) -> None:
    assert across(0.0, speed) < 0.01
    assert across(0.0, speed, turning=0.02) < 0.1  # once round in five minutes
    assert across(0.5, speed) == pytest.approx(0.5 * 2**0.5, rel=0.35)


@pytest.mark.parametrize("pace", [1.7, 2.2, 3.0])
def test_exact_positions_alone_are_never_poor_however_slow_the_runner(pace: float) -> None:
    coach = Coach(FREE_RUN)
    for at in range(300):
        lat, lon = straight(pace * (at + 4 * sin(at / 9)))
        coach.feed(Fix(float(at), "gps", lat, lon, mode=Mode.FIX_3D))
        assert coach.quality is not Quality.POOR


def far(speed: Speed, disturbed: range, seed: int = 1) -> list[int]:
    """The seconds in which speed and positions are far apart; each errs by 0.1 and 0.4 m/s, and much more while disturbed."""
    random, apart, seconds = Random(seed), Apart(), []
    for at in range(600):
        worse = 5.0 if at in disturbed else 1.0
        apart.feed(speed(at) + random.gauss(0.0, 0.1 * worse), speed(at) + random.gauss(0.0, 0.4 * worse))
        seconds += [at] * apart.is_far
    return seconds


@pytest.mark.parametrize("speed", [steady, restless, by_turns])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_burst_of_noise_shows_within_seconds_and_nothing_that_the_runner_does_looks_like_one(speed: Speed, seed: int) -> None:
    assert len(far(speed, range(0), seed)) <= 1
    seconds = far(speed, range(300, 330), seed)
    assert 300 < next(at for at in seconds if at >= 300) < 316
    assert seconds[-1] < 350


def test_one_wild_second_is_no_burst() -> None:
    apart = Apart()
    for at in range(120):
        apart.feed(3.0, 90.0 if at == 100 else 3.1)
        assert not apart.is_far
