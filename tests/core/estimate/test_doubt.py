"""A footpod in other shoes: good GPS contradicts it, which is told once; alone, its band is as wide as its doubt."""

from __future__ import annotations

import pytest

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.rehearsal.runner import RECREATIONAL, Legs
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, Device
from devices.sample import Stride
from tests.core.runners import OnFoot

PLAN = Plan("p", (Segment("Work", Kind.STEADY, Duration(3600.0), Steady(3.0)),))
TAUGHT = EstimatorSettings(pod_taught=3600.0)


def doubted(reads: float, pod: EstimatorSettings, seconds: int = 600, seed: int = 1) -> tuple[list[float], Coach]:
    """When it was told that the pod, which reads so many times the speed, is doubted; the runner wavers as recorded ones do."""
    coach, legs = Coach(PLAN, Settings(estimator=pod)), Legs(RECREATIONAL, seed)
    gps, strides, told = Device(GOOD_GPS, seed), Device(FOOTPOD, seed + 1), list[float]()
    legs.begin_segment(3.0)
    for second in range(seconds):
        at, speed = float(second), legs.step(float(second), 3.0)
        by_pod = strides.read(at, speed).speed
        for sample in (gps.read(at, speed).sample, Stride(at, "pod", speed=by_pod * reads)):
            coach.feed(sample)
            told += [event.at for event in coach.events if event.name == "pod_doubted"]
    return told, coach


@pytest.mark.parametrize("pod", [TAUGHT, EstimatorSettings()], ids=["wrongly taught", "untaught"])
@pytest.mark.parametrize("reads", [0.91, 0.93, 1.07, 1.09])
def test_gps_that_contradicts_the_pod_is_believed_within_minutes_and_that_is_told_once(
    reads: float, pod: EstimatorSettings
) -> None:
    told, coach = doubted(reads, pod)
    assert len(told) == 1 and told[0] < 240
    assert coach.footpod is not None and coach.footpod.scale == pytest.approx(reads, abs=0.025)


@pytest.mark.parametrize("seed", range(3))
def test_a_pod_that_is_right_or_nearly_so_is_not_doubted(seed: int) -> None:
    for reads in (0.98, 1.0, 1.02):
        assert doubted(reads, TAUGHT, seed=seed)[0] == []


def off_by(share: float, pod: EstimatorSettings) -> int:
    """Corrections in ten minutes to a runner who is so far off by the pod alone."""
    runner = OnFoot(PLAN, Settings(estimator=pod))
    runner.run(600, 3.0 * (1 + share))
    return sum(event.name == "off_pace" for event in runner.events)


def test_alone_a_pod_that_nobody_taught_has_a_band_as_wide_as_its_doubt() -> None:
    nearly = EstimatorSettings(pod_taught=1.0)  # OnFoot takes none for one that was taught
    assert off_by(-0.047, TAUGHT) and not off_by(-0.047, nearly)
    assert off_by(-0.08, nearly)
