"""A speed or an odometer that everything else contradicts is not believed; noise, jumps and bends contradict nothing."""

from __future__ import annotations

import random

import pytest

from coach.core.estimate.estimator import Estimator
from coach.core.estimate.witness import Agreement
from devices.sample import Fix, Mode, Stride

DEGREE = 111_195.0  # m of latitude
RUN = 3.0  # m/s


def fix(at: float, metres: float | None, speed: float | None, distance: float | None = None) -> Fix:
    """On a road due north, `metres` from its start."""
    lat, lon = (None, None) if metres is None else (50.0 + metres / DEGREE, 8.0)
    return Fix(at, "gps", lat, lon, speed=speed, distance=distance, mode=Mode.FIX_3D)


def run(fixes: list[Fix]) -> Estimator:
    estimator = Estimator()
    for each in fixes:
        estimator.feed(each)
    return estimator


@pytest.mark.parametrize("factor", [0.0, 3.6, 2.237, 1.944, 0.447])
def test_a_speed_in_another_unit_is_noticed_by_the_positions(factor: float) -> None:
    estimator = run([fix(float(at), RUN * at, factor * RUN) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.01)
    assert estimator.estimate(600.0).speed == pytest.approx(RUN, rel=0.02)


def test_a_speed_that_stops_being_measured_costs_seconds_not_the_rest_of_the_run() -> None:
    estimator = run([fix(float(at), RUN * at, RUN if at < 300 else 0.0) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.01)


def test_who_stands_is_not_moved_by_positions_that_wander() -> None:
    chance = random.Random(7)
    estimator = run([fix(float(at), chance.gauss(0, 0.4), 0.0) for at in range(601)])
    assert estimator.estimate(600.0).distance < 15


@pytest.mark.parametrize("leap", [30.0, -30.0])
def test_positions_that_jump_now_and_then_contradict_no_speed(leap: float) -> None:
    estimator = run([fix(float(at), RUN * at + (leap if at % 20 < 5 else 0.0), RUN) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.01)


@pytest.mark.parametrize("speed", [RUN, None])
def test_an_odometer_that_stands_while_the_runner_moves_costs_nothing(speed: float | None) -> None:
    estimator = run([fix(float(at), RUN * at, speed, distance=0.0) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.01)


@pytest.mark.parametrize("told", [lambda at: at % 4 == 0, lambda at: at % 7 < 3])
def test_an_odometer_that_is_told_in_some_records_is_right_in_the_end(told) -> None:  # type: ignore[no-untyped-def]
    """Its metres count, not those of the positions, which are a tenth too long here."""
    fixes = [fix(float(at), 1.1 * RUN * at, None, distance=RUN * at if told(at) else None) for at in range(601)]
    assert run(fixes).estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.003)


def test_an_odometer_whose_reading_stands_for_some_records_is_right_in_the_end() -> None:
    estimator = run([fix(float(at), 1.1 * RUN * at, 1.1 * RUN, distance=RUN * (at // 8 * 8)) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.003)


@pytest.mark.parametrize("factor", [10.0, 0.1, 3.6])
def test_an_odometer_in_another_unit_is_not_believed(factor: float) -> None:
    estimator = run([fix(float(at), RUN * at, RUN, distance=factor * RUN * at) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.05)


def test_an_odometer_that_was_set_back_counts_on() -> None:
    estimator = run([fix(float(at), RUN * at, RUN, distance=RUN * (at % 300)) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.01)


def test_what_agreed_again_is_believed_again() -> None:
    agreement = Agreement()
    for _ in range(30):
        agreement.feed(10.0, 3.0, 1.0)
    assert not agreement.holds
    for _ in range(30):
        agreement.feed(3.0, 3.0, 1.0)
    assert agreement.holds


def test_a_recorded_speed_is_followed_lightly_and_never_called_weak() -> None:
    """It rises by a metre a second in ten seconds, as a watch smooths it: what is shown comes less than two seconds later."""
    estimator, late, metres = Estimator(), list[float](), 0.0
    for at in range(601):
        speed = RUN + min(1.0, max(0.0, (at - 300) / 10))
        metres += speed
        estimator.feed(Fix(float(at), "fit", 50.0 + metres / DEGREE, 8.0, speed=speed, mode=Mode.FIX_2D, smoothed=True))
        estimate = estimator.estimate(float(at))
        if 304 <= at <= 310:
            late.append((speed - (estimate.speed or 0.0)) / 0.1)
        assert not estimator.raw.sigma
    assert max(late) < 2.0


@pytest.mark.parametrize("scale", [0.88, 1.12])
def test_a_recorded_speed_that_the_positions_deny_by_an_eighth_is_known_to_be_poor(scale: float) -> None:
    """A pod that nobody taught: its speed is told beside positions, and its sigma has what they disagree about."""
    estimator = Estimator()
    for at in range(301):
        fix_ = Fix(float(at), "fit", 50.0 + RUN * at / DEGREE, 8.0, speed=scale * RUN, mode=Mode.FIX_2D, smoothed=True)
        estimator.feed(fix_)
    estimate = estimator.estimate(300.0)
    assert (estimator.raw.sigma or 0.0) > 0.03 * RUN
    assert estimate.speed and estimate.sigma and abs(estimate.speed - RUN) < 2 * estimate.sigma


def stop_and_go(at: int) -> tuple[float, float]:
    """Metres and m/s of a run that stands from 200 to 260 s."""
    return RUN * (min(at, 200) + max(0, at - 260)), 0.0 if 200 <= at < 260 else RUN


@pytest.mark.parametrize("counts", [False, True])
def test_a_speed_in_another_unit_is_not_believed_after_a_stop(counts: bool) -> None:
    metres = [stop_and_go(at)[0] for at in range(601)]
    fixes = [fix(float(at), way, 3.6 * stop_and_go(at)[1], way if counts else None) for at, way in enumerate(metres)]
    assert run(fixes).estimate(600.0).distance == pytest.approx(metres[-1], rel=0.002)


@pytest.mark.parametrize("every", [2, 3, 5, 10, 30])
@pytest.mark.parametrize("blink", [0.0, None])
def test_a_speed_that_blinks_costs_nothing(every: int, blink: float | None) -> None:
    estimator = run([fix(float(at), RUN * at, RUN if at % every else blink) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.004)
    assert estimator.estimate(600.0).speed == pytest.approx(RUN, rel=0.02)


@pytest.mark.parametrize("every", [2, 3, 5, 10, 30])
def test_a_speed_that_only_some_records_tell_counts_no_way_twice(every: int) -> None:
    """A receiver that sends RMC every fifth second and GGA every second."""
    estimator = run([fix(float(at), RUN * at, None if at % every else RUN) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.003)


@pytest.mark.parametrize("every", [2, 10])
@pytest.mark.parametrize("speed", [RUN, None])
@pytest.mark.parametrize("glitch", [0.0, -5.0, 1e6])
def test_single_readings_that_nobody_could_have_run_to_are_glitches(every: int, speed: float | None, glitch: float) -> None:
    odd = [glitch if glitch >= 0 else max(0.0, RUN * at + glitch) for at in range(601)]
    told = [odd[at] if at % every == every - 1 else RUN * at for at in range(601)]
    estimator = run([fix(float(at), RUN * at, speed, distance=told[at]) for at in range(601)])
    assert estimator.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.002)
    pod = Estimator()
    for at in range(601):
        pod.feed(Stride(float(at), "pod", speed, distance=told[at]))
    assert pod.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.002)


@pytest.mark.parametrize("unit", [0.9144, 1.609344])
def test_a_belt_that_counts_in_another_unit_than_its_speed_is_right_in_the_end(unit: float) -> None:
    """In whole metres, as treadmills do."""
    belt = Estimator()
    for at in range(901):
        belt.feed(Stride(float(at), "belt", RUN, distance=float(int(RUN * at / unit))))
    assert belt.estimate(900.0).distance == pytest.approx(900 * RUN, rel=0.003)


def test_a_pod_whose_metres_are_a_twelfth_too_many_is_taken_at_its_metres() -> None:
    """It is not calibrated; no two units have this ratio."""
    pod = Estimator()
    for at in range(601):
        pod.feed(Stride(float(at), "pod", RUN, distance=RUN * at * 13 / 12))
    assert pod.estimate(600.0).distance == pytest.approx(600 * RUN * 13 / 12, rel=0.003)


def test_a_belt_whose_speed_is_in_miles_counts_its_metres() -> None:
    """Some treadmills tell miles an hour where kilometres an hour belong."""
    belt = Estimator()
    for at in range(601):
        belt.feed(Stride(float(at), "belt", RUN / 1.609344, distance=float(int(RUN * at))))
    assert belt.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.003)


@pytest.mark.parametrize("seconds", [2, 4, 5])
def test_a_pod_that_sends_seldom_and_counts_no_metres_loses_only_its_first_records(seconds: int) -> None:
    pod = Estimator()
    for at in range(0, 601, seconds):
        pod.feed(Stride(float(at), "pod", RUN))
    assert 600 * RUN - 2 * seconds * RUN <= pod.estimate(600.0).distance <= 600 * RUN


@pytest.mark.parametrize("every", [2, 10])
def test_a_pod_whose_speed_blinks_loses_nothing_and_still_stops(every: int) -> None:
    pod = Estimator()
    for at in range(601):
        pod.feed(Stride(float(at), "pod", RUN if at % every else 0.0))
    assert pod.estimate(600.0).distance == pytest.approx(600 * RUN, rel=0.004)
    for at in range(601, 611):
        pod.feed(Stride(float(at), "pod", 0.0))
    assert pod.estimate(610.0).speed == 0.0
    assert pod.estimate(610.0).distance == pytest.approx(600 * RUN, rel=0.004)


@pytest.mark.parametrize("share", [0.92, 1.08])
def test_a_recorders_speed_that_is_always_beside_the_way_between_its_places_is_moved_towards_it(share: float) -> None:
    """An app was found that writes 8 % too little; what recorders usually stray, 3 %, is left to them."""
    estimator, pace = Estimator(), 3.0
    for at in range(900):
        fix = Fix(float(at), "fit", 50 + pace * at / 111_250, 8.0, speed=share * pace, mode=Mode.FIX_2D, smoothed=True)
        estimator.feed(fix)
    estimate = estimator.estimate(899.0)
    assert abs(estimate.speed / pace - 1) < 0.04  # type: ignore[operator]
    assert abs(estimate.distance / (899 * pace) - 1) < 0.045


def test_a_stop_in_a_run_told_in_kilometres_an_hour_is_a_stop_and_the_unit_stays_known() -> None:
    """The places jitter meanwhile, which confirms no unit."""
    chance, way, fixes = random.Random(1), 0.0, []
    for at in range(1200):
        speed = 0.0 if 500 <= at < 560 else RUN
        way += speed
        fixes.append(fix(float(at), way + chance.gauss(0.0, 0.5), 3.6 * speed))
    assert run(fixes).estimate(1199.0).distance == pytest.approx(way, rel=0.005)
