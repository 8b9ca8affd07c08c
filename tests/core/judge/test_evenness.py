"""How evenly a runner runs is learned from what the devices measure, whatever their errors."""

from __future__ import annotations

import random

import pytest

from coach.core.judge.evidence import Noticing
from coach.rehearsal.runner import wander

TARGET = 3.3
NOTHING, FOOTPOD, RECEIVER = (0.0, 0.0), (0.05, 0.0), (0.1, 0.04)  # m/s: white noise, slow error


def learned(strays: float, device: tuple[float, float], seed: int = 0, seconds: int = 1500) -> float:
    """How much the runner seems to wander (share) who strays from the pace by so much for half a minute at a time."""
    noticing, chance = Noticing(), random.Random(seed)
    legs, slow = wander(chance, strays, 31.0), wander(chance, device[1], 8.0)
    for at in range(seconds):
        speed = TARGET * (1 + next(legs)) + next(slow) + chance.gauss(0, device[0])
        noticing.feed(float(at), speed, TARGET, device[0] ** 2, wander=device[1])
    return noticing.evenness.wanders


@pytest.mark.parametrize("device", [NOTHING, FOOTPOD, RECEIVER])
@pytest.mark.parametrize("strays", [0.01, 0.05])
def test_what_the_device_errs_is_not_taken_for_wandering(strays: float, device: tuple[float, float]) -> None:
    found = sorted(learned(strays, device, seed) for seed in range(9))[4]
    assert found == pytest.approx(strays, rel=0.25, abs=0.004)


def test_a_burst_of_noise_teaches_nothing() -> None:
    noticing = Noticing()
    for at in range(100):
        noticing.feed(float(at), TARGET, TARGET, 0.01)
    before = noticing.evenness.wanders
    for at in range(100, 140):
        noticing.feed(float(at), TARGET * (1.1 if at % 20 < 10 else 0.9), TARGET, 0.01, excess=40.0)
    assert noticing.evenness.wanders == before


def off_then_back(strays: float, back: int) -> float:
    """How surely a runner is 3 % too slow who was 6 % too slow for 30 s, and is on pace again for so many."""
    noticing = Noticing()
    for at in range(600):  # long enough to know him
        noticing.feed(float(at), TARGET * (1 + strays * (-1) ** (at // 16)), TARGET, 0.01, wander=0.04)
    noticing.restart()
    for at in range(600, 630 + back):
        noticing.feed(float(at), TARGET * (0.94 if at < 630 else 1.0), TARGET, 0.01, wander=0.04)
    return noticing.surely_beyond(-1, 0.03, TARGET)


def test_of_an_even_runner_the_seconds_before_tell_the_pace_of_now() -> None:
    assert off_then_back(0.0, 0) > off_then_back(0.03, 0) > 1.0


@pytest.mark.parametrize("strays", [0.0, 0.03])
def test_who_is_on_pace_again_is_not_surely_off(strays: float) -> None:
    assert off_then_back(strays, 9) < 0.0


def test_after_a_gap_nothing_is_sure() -> None:
    noticing = Noticing()
    for at in range(30):
        noticing.feed(float(at), 0.9 * TARGET, TARGET, 0.01)
    assert noticing.surely_beyond(-1, 0.03, TARGET) > 2.0
    noticing.feed(60.0, 0.9 * TARGET, TARGET, 0.01)
    assert noticing.surely_beyond(-1, 0.03, TARGET) < -1e9
