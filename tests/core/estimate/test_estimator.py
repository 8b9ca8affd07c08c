"""The estimate: the best source leads, every second is counted once, and its sigma is true."""

import random
from itertools import pairwise
from math import cos, radians, sin, sqrt

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.estimate.estimator import Estimator, EstimatorSettings
from coach.core.events import Estimate
from coach.core.geometry import metres_between
from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Sample, Stride

DEGREE = 111_195.0  # m, near enough for places in a test


def fix(at: float, metres: float | None = None, speed: float | None = None, **more: float) -> Fix:
    """On a road due north; `metres` from its start."""
    lat = None if metres is None else 50.0 + metres / DEGREE
    return Fix(at, "gps", lat, None if lat is None else 8.0, speed=speed, mode=Mode.FIX_3D, **more)  # type: ignore[arg-type]


def fed(samples: list[Sample]) -> tuple[Estimator, list[Estimate]]:
    estimator, estimates = Estimator(), []
    for sample in samples:
        estimator.feed(sample)
        estimates.append(estimator.estimate(sample.at))
    return estimator, estimates


@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(0, 360), st.floats(0.1, 1000))
def test_short_distances_are_those_of_the_geodesic(lat: float, lon: float, course: float, metres: float) -> None:
    lat2 = lat + metres / DEGREE * cos(radians(course))
    lon2 = lon + metres / DEGREE * sin(radians(course)) / cos(radians(lat))
    lon2 = (lon2 + 180) % 360 - 180
    assert metres_between(lat, lon, lat2, lon2) == pytest.approx(geodesic((lat, lon), (lat2, lon2)).m, rel=1e-5, abs=1e-4)


def test_nothing_is_known_before_the_first_sample() -> None:
    assert Estimator().estimate(1.0) == Estimate(1.0, 0.0, None, None, None)


def test_doppler_speed_is_integrated_not_the_jumping_positions() -> None:
    jump = random.Random(1)
    _, estimates = fed([fix(float(at), 3.0 * at + jump.gauss(0, 4), 3.0) for at in range(601)])
    assert estimates[-1].distance == pytest.approx(1800, rel=0.005)
    assert estimates[-1].speed == pytest.approx(3.0, abs=0.02)
    assert estimates[-1].source == "gps"


def test_positions_alone_give_a_sound_speed_with_a_larger_sigma() -> None:
    """Real receivers smooth: their error wanders, it does not jump."""
    noise, wander, samples = random.Random(2), 0.0, list[Sample]()
    for at in range(900):
        wander = 0.97 * wander + noise.gauss(0, 0.3)
        samples.append(fix(float(at), 3.0 * at + wander))
    _, estimates = fed(samples)
    assert estimates[-1].distance == pytest.approx(2697, rel=0.02)
    speeds = [each.speed for each in estimates[60:] if each.speed]
    assert sum(speeds) / len(speeds) == pytest.approx(3.0, rel=0.01)
    assert sqrt(sum((speed - 3.0) ** 2 for speed in speeds) / len(speeds)) < 0.12


def test_a_footpod_leads_and_a_change_of_source_makes_no_jump() -> None:
    samples: list[Sample] = []
    for at in range(600):
        samples.append(fix(float(at), 3.0 * at, 3.0))
        if 100 <= at < 400:
            samples.append(Stride(at + 0.3, "pod", 3.0))
    estimator, estimates = fed(samples)
    assert {each.source for each in estimates[200:300]} == {"pod"}
    assert estimates[-1].source == "gps"
    assert estimates[-1].distance == pytest.approx(1797, rel=0.005)
    most = max(b.distance - a.distance for a, b in pairwise(estimates))
    assert most < 3.0 * (EstimatorSettings().hold + 1), "what was held back while the pod might only be late, and no more"
    assert estimator.by_footpod is False


def test_a_footpod_that_lies_learns_from_good_gps() -> None:
    samples: list[Sample] = []
    for at in range(1200):
        samples += [fix(float(at), 3.0 * at, 3.0, speed_sigma=0.1), Stride(at + 0.3, "pod", 3.15)]
    _, estimates = fed(samples)
    assert estimates[-1].speed == pytest.approx(3.0, rel=0.015)


def test_a_pod_that_counts_metres_gives_its_speed() -> None:
    _, estimates = fed([Stride(float(at), "pod", distance=2.5 * at) for at in range(120)])
    assert estimates[-1].speed == pytest.approx(2.5, abs=0.02)
    assert estimates[-1].distance == pytest.approx(2.5 * 119)


def test_a_treadmill_that_always_says_nought_goes_by_its_metres() -> None:
    _, estimates = fed([Stride(float(at), "belt", speed=0.0, distance=float(3 * at)) for at in range(60)])
    assert estimates[-1].speed == pytest.approx(3.0, abs=0.05)
    assert estimates[-1].distance == pytest.approx(177.0, abs=3.5)
    _, standing = fed([Stride(float(at), "belt", speed=0.0, distance=100.0) for at in range(20)])
    assert standing[-1].speed == 0.0 and standing[-1].distance == 0.0


def belt_metres(readings: list[float], speed: float = 3.0) -> float:
    """Metres counted of a belt that says this speed and these readings of its odometer, one a second."""
    strides: list[Sample] = [Stride(float(at), "belt", speed, distance=metres) for at, metres in enumerate(readings)]
    return fed(strides)[1][-1].distance


def test_an_odometer_that_stands_while_the_belt_runs_gives_way_to_the_speed() -> None:
    assert belt_metres([0.0] * 601) == pytest.approx(1800, abs=0.1)
    assert belt_metres([0.0] * 601, speed=0.0) == 0.0
    assert belt_metres([0.0] * 301 + [3.0 * at for at in range(1, 301)]) == pytest.approx(1800, abs=20)


def test_an_odometer_that_counts_coarsely_is_right_in_between_and_in_the_end() -> None:
    """A hundredth of a mile at a time; the belt runs 2 % faster than its speed says."""
    coarse = [16.09344 * (3.06 * at // 16.09344) for at in range(601)]
    for seconds in (100, 400, 601):
        assert belt_metres(coarse[:seconds]) == pytest.approx(3.06 * (seconds - 1), abs=20)


def test_standing_still_is_no_way_whatever_the_positions_do() -> None:
    wander = random.Random(3)
    _, estimates = fed([fix(float(at), wander.gauss(0, 3), 0.02) for at in range(300)])
    assert estimates[-1].distance < 1.0
    assert estimates[-1].speed == pytest.approx(0.0, abs=0.05)


def test_a_teleport_is_no_way() -> None:
    samples: list[Sample] = [fix(float(at), 3.0 * at + (5000 if at >= 300 else 0)) for at in range(600)]
    _, estimates = fed(samples)
    assert estimates[-1].distance == pytest.approx(1797, abs=60)


def test_a_gap_is_as_long_as_the_way_between_its_ends() -> None:
    _, estimates = fed([fix(float(at), 3.0 * at, 3.0) for at in range(600) if not 200 < at < 260])
    assert estimates[-1].distance == pytest.approx(1797, rel=0.005)


def test_what_a_recorder_paused_is_not_run() -> None:
    estimator = Estimator()
    for at in range(100):
        estimator.feed(fix(float(at), 3.0 * at, 3.0))
    estimator.link(Link(99.0, "gps", False, RECORDER_PAUSED))
    for at in range(160, 260):
        estimator.feed(fix(float(at), 3.0 * at, 3.0))
    assert estimator.estimate(259.0).distance == pytest.approx(3.0 * (99 + 99), abs=4)


def test_the_devices_own_odometer_is_believed() -> None:
    samples: list[Sample] = [fix(float(at), 2.9 * at, 3.0, distance=3.1 * at) for at in range(300)]
    assert fed(samples)[1][-1].distance == pytest.approx(3.1 * 299)


def test_silence_ends_the_speed_and_keeps_the_distance() -> None:
    estimator, _ = fed([fix(float(at), 3.0 * at, 3.0) for at in range(60)])
    assert estimator.estimate(60.5).speed is not None
    silent = estimator.estimate(75.0)
    assert (silent.speed, silent.sigma, silent.source) == (None, None, None)
    assert silent.distance > 170


def test_a_recorder_that_writes_every_eight_seconds_is_not_silent() -> None:
    _, estimates = fed([fix(8.0 * count, 24.0 * count, 3.0) for count in range(60)])
    assert all(each.speed is not None for each in estimates)


def test_ten_a_second_is_as_far_as_one_a_second() -> None:
    _, slow = fed([fix(float(at), 3.0 * at, 3.0) for at in range(301)])
    _, quick = fed([fix(at / 10, 0.3 * at, 3.0) for at in range(3001)])
    assert quick[-1].distance == pytest.approx(slow[-1].distance, rel=0.005)


def test_the_sigma_is_true() -> None:
    """White Doppler noise: three quarters of errors within a bit more than one sigma, nearly all within three."""
    noise = random.Random(4)
    _, estimates = fed([fix(float(at), 3.0 * at, 3.0 + noise.gauss(0, 0.15)) for at in range(1800)])
    errors = [abs(each.speed - 3.0) / each.sigma for each in estimates[60:] if each.speed and each.sigma]
    assert sum(error < 1 for error in errors) / len(errors) > 0.6
    assert sum(error < 3 for error in errors) / len(errors) > 0.98


@pytest.mark.parametrize("gap", [20.0, 3600.0, 1e6, 1e12])
@pytest.mark.parametrize("sigma", [None, 0.1])
def test_after_any_gap_the_speed_is_soon_known_again(gap: float, sigma: float | None) -> None:
    more = {} if sigma is None else {"speed_sigma": sigma}
    before: list[Sample] = [fix(float(at), 3.0 * at, 3.0, **more) for at in range(100)]
    after: list[Sample] = [fix(at + gap, 3.0 * at, 3.5, **more) for at in range(100, 130)]
    _, estimates = fed(before + after)
    assert estimates[-1].speed == pytest.approx(3.5, abs=0.02)


def test_a_receiver_without_any_noise_is_no_trouble() -> None:
    _, estimates = fed([fix(float(at), 3.0 * at, 3.0) for at in range(20_000)])
    assert estimates[-1].speed == pytest.approx(3.0)
    assert estimates[-1].sigma is not None
    assert estimates[-1].sigma > 0


samples = st.lists(
    st.one_of(
        st.builds(
            lambda *said, **more: Fix(*said, **more),  # so that what is not listed here is not made up
            st.floats(0, 100) | st.floats(0, 1e9),
            st.sampled_from(["gps", "other"]),
            lat=st.one_of(st.none(), st.floats(-90, 90)),
            lon=st.one_of(st.none(), st.floats(-180, 180)),
            speed=st.one_of(st.none(), st.floats(0, 50)),
            mode=st.sampled_from(Mode),
            distance=st.one_of(st.none(), st.floats(0, 1e6)),
        ),
        st.builds(
            lambda *said, **more: Stride(*said, **more),
            st.floats(0, 100),
            st.just("pod"),
            speed=st.one_of(st.none(), st.floats(0, 50)),
            distance=st.one_of(st.none(), st.floats(0, 1e6)),
        ),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(samples)
def test_whatever_comes_distance_never_falls_and_all_is_finite(items: list[Sample]) -> None:
    estimator, last = Estimator(), 0.0
    for item in sorted(items, key=lambda each: each.at):
        estimator.feed(item)
        estimate = estimator.estimate(item.at)
        assert estimate.distance >= last
        assert estimate.speed is None or 0 <= estimate.speed < 60
        assert estimate.sigma is None or 0 <= estimate.sigma < 60
        last = estimate.distance


def test_a_record_that_lasts_is_no_silence() -> None:
    estimator = Estimator()
    for at in (0.0, 1.0, 26.0):
        estimator.feed(Fix(at, "gpx", 47 + at / 40_000, 8.5, mode=Mode.FIX_2D, lasts=25.0))
    assert estimator.estimate(50.0).speed is not None
    assert estimator.estimate(52.0).speed is None


@pytest.mark.parametrize("factor", [0.0, 3.6])
def test_a_belt_whose_speed_is_none_or_in_km_h_goes_by_its_metres(factor: float) -> None:
    estimator = Estimator()
    for at in range(61):
        estimator.feed(Stride(float(at), "belt", factor * 3.0, distance=3.0 * at))
    assert estimator.estimate(60.0).distance == pytest.approx(180, rel=0.01)
    assert estimator.estimate(60.0).speed == pytest.approx(3.0, rel=0.05)


def test_the_mean_speed_over_a_gap_is_none_of_now() -> None:
    estimator = Estimator()
    for at in range(120):
        estimator.feed(Fix(at + (300.0 if at > 60 else 0.0), "gpx", 47 + 3 * at / DEGREE, 8.5, mode=Mode.FIX_2D))
    assert estimator.estimate(361.0 + 1).speed == pytest.approx(3.0, rel=0.1)
    assert estimator.raw.sigma is not None and estimator.raw.sigma < 0.2


def test_a_receiver_that_goes_on_saying_that_it_has_no_fix_is_not_waited_for() -> None:
    estimator = Estimator()
    for at in range(20):
        estimator.feed(Fix(float(at), "gps"))  # no satellites, told every second
        assert not estimator.is_waiting(float(at))
    estimator.feed(Fix(20.0, "gps", 47.0, 8.0, lasts=30.0))  # of a recorder that writes only changes
    assert estimator.is_waiting(49.0) and not estimator.is_waiting(50.0)
