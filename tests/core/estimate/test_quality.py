"""Whether there is a speed to coach by, how good, and from what: told once, when it lasts."""

from collections.abc import Sequence
from random import Random

import pytest

from coach.core.coach import Coach
from coach.core.estimate.filter import Raw
from coach.core.estimate.quality import Quality, Signal
from coach.core.events import Cue, Estimate
from coach.core.inputs import Input, Tick
from coach.core.plan.segments import FREE_RUN
from coach.core.policy import Policy
from coach.core.speech.rules import RULES
from devices.sample import Fix, Mode, Stride

POLICY = Policy()


def qualities(shares: Sequence[float | None]) -> list[Quality]:
    """The quality after each second of an estimate whose sigma is such a share of 3 m/s; None: no speed."""
    signal, said = Signal(POLICY), []
    for at, share in enumerate(shares):
        speed = None if share is None else 3.0
        signal.judge(Estimate(float(at), 0.0, speed, 3.0 * (share or 0.0), "gps"), False, Raw(None, 3.0 * (share or 0.0)))
        said.append(signal.quality)
    return said


def test_the_quality_follows_the_sigma() -> None:
    assert set(qualities([0.01] * 60)) == {Quality.GOOD}
    assert set(qualities([0.02] * 60)) == {Quality.FAIR}
    assert qualities([0.01, None])[-1] is Quality.NONE


def test_one_bad_second_is_no_poor_signal_and_one_good_second_no_recovery() -> None:
    poor = int(POLICY.signal.poor_for)
    assert Quality.POOR not in qualities([0.01] * 60 + [0.05] * (poor - 1) + [0.01] * 60)
    after = qualities([0.05] * (poor + 1) + [0.01] * (int(POLICY.signal.good_for) + 1))
    assert after[poor] is Quality.POOR and after[-2] is Quality.POOR and after[-1] is Quality.GOOD


def run(seconds: int, pod: set[int], gps: set[int]) -> list[Cue]:
    """A run at 3 m/s with strides and fixes in those seconds."""
    coach, cues = Coach(FREE_RUN), list[Cue]()
    for second in range(seconds):
        at = float(second)
        items: list[Input] = [Tick(at)]
        items += [Stride(at, "pod", speed=3.0)] if second in pod else []
        items += [Fix(at, "gps", 50 + second * 2.7e-5, 8.0, speed=3.0, mode=Mode.FIX_3D)] if second in gps else []
        for item in items:
            cues += coach.feed(item)
    return [cue for cue in cues if cue.kind in ("footpod_lost", "footpod_back")]


def test_a_footpod_that_goes_and_comes_back_is_told_once_each() -> None:
    cues = run(400, pod={*range(120), *range(240, 400)}, gps=set(range(400)))
    assert [cue.kind for cue in cues] == ["footpod_lost", "footpod_back"]
    assert 120 + POLICY.signal.source_after <= cues[0].at <= 120 + POLICY.signal.source_after + 8


def test_a_footpod_that_stutters_is_not_told() -> None:
    gaps = {second for start in range(100, 400, 60) for second in range(start, start + 9)}
    assert run(400, pod=set(range(400)) - gaps, gps=set(range(400))) == []


def test_which_device_is_ready_first_is_no_change() -> None:
    assert run(200, pod=set(range(12, 200)), gps=set(range(200))) == []


def test_without_gps_a_lost_footpod_is_a_lost_signal() -> None:
    assert run(300, pod=set(range(100)), gps=set()) == []
    assert "footpod_lost" in RULES


@pytest.mark.parametrize("by_footpod", [False, True])
def test_of_a_signal_that_comes_and_goes_three_losses_an_hour_are_told(by_footpod: bool) -> None:
    signal, said = Signal(POLICY), []
    for at in range(2 * 3600):
        speed = None if at % 300 > 280 else 3.0
        said += signal.judge(Estimate(float(at), 0.0, speed, 0.03, "pod"), by_footpod, Raw(None, 0.03))
    assert [event.name for event in said] == ["signal_lost", "signal_back"] * 6
    lost = [event.facts["comes_and_goes"] for event in said if event.name == "signal_lost"]
    assert lost[:3] == [False, False, True]  # the third says that it comes and goes


def test_a_recorder_that_writes_seldom_is_waited_for_from_its_first_record_on() -> None:
    coach, said = Coach(FREE_RUN), []
    for at in range(61):
        place = Fix(float(at), "gpx", 47 + at / 40_000, 8.5, mode=Mode.FIX_2D, lasts=20.0)
        said += coach.feed(place if at % 20 == 0 else Tick(float(at)))
    assert [cue.kind for cue in said] == ["run_began"]


@pytest.mark.parametrize(
    ("by_footpod", "recorded", "disagrees"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_a_recorded_speed_that_the_positions_deny_is_no_weak_gps(by_footpod: bool, recorded: bool, disagrees: bool) -> None:
    signal, said = Signal(POLICY), []
    for at in range(60):
        said += signal.judge(Estimate(float(at), 3.0 * at, 3.0, 0.3, "fit"), by_footpod, Raw(None, 0.3, recorded))
    assert [(event.name, event.facts["disagrees"]) for event in said] == [("weak_signal", disagrees)]


def test_in_a_burst_of_noise_the_signal_is_poor_at_once_and_not_a_word_is_said() -> None:
    random, coach, way, poor, told = Random(1), Coach(FREE_RUN), 0.0, list[int](), 0
    for at in range(600):
        way += 3.0
        worse = 6.0 if 300 <= at < 320 else 1.0
        lat, speed = 10 + (way + worse * random.gauss(0.0, 0.3)) / 111_132, 3.0 + worse * random.gauss(0.0, 0.1)
        coach.feed(Fix(float(at), "gps", lat, 8.0, speed=speed, mode=Mode.FIX_3D))
        poor += [at] * (coach.quality is Quality.POOR)
        told += sum(event.name == "weak_signal" for event in coach.events)
    assert 300 < poor[0] < 312 and 320 < poor[-1] < 345
    assert not told


def test_a_receiver_that_states_to_be_worse_for_some_seconds_is_believed() -> None:
    coach, poor = Coach(FREE_RUN), list[int]()
    for at in range(400):
        sigma = 0.5 if 300 <= at < 310 else 0.15
        coach.feed(Fix(float(at), "gps", 10 + at * 2.7e-5, 8.0, speed=3.0, speed_sigma=sigma, mode=Mode.FIX_3D))
        poor += [at] * (coach.quality is Quality.POOR)
    assert 300 <= poor[0] < 303 and 310 <= poor[-1] < 320


def test_that_splits_are_timed_and_that_they_no_longer_are_is_told_once_each() -> None:
    signal, said = Signal(POLICY), []
    for at in range(1200):
        share = 0.05 if at % 300 < 150 else 0.01
        said += signal.judge(Estimate(float(at), 3.0 * at, 3.0, 3.0 * share, "gps"), False, Raw(None, 3.0 * share))
    poor, good = POLICY.signal.poor_for, 150 + POLICY.signal.good_for
    assert [(event.name, event.at) for event in said] == [("weak_signal", poor), ("steady_signal", good)]
