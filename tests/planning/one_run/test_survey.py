"""From the places in a file to a course: its length, its slopes, its laps, and what is refused."""

from __future__ import annotations

import random
from itertools import pairwise
from math import pi, sin

import pytest
from geopy.distance import geodesic

from coach.core.course.hills import sections
from coach.planning.one_run.survey import MOST_PLACES, Place, fitted, in_laps, survey
from tests.runs.on_course import circle, course_of, drawn, place

STRAIGHT = drawn([(0, 0), (3000, 0)])
ROUND = drawn(circle(200), 5)


def timed(way: list[tuple[float, float]], seconds: float = 5.0) -> list[Place]:
    return [(lat, lon, 0.0, number * seconds) for number, (lat, lon) in enumerate(way)]


def test_its_length_is_the_ellipsoids_though_it_is_thinned() -> None:
    way = drawn([(0, 0), (2000, 300), (2500, 2500), (0, 3000)], 7) + drawn(circle(150))[1:]
    course = course_of(way)
    assert course.length == pytest.approx(sum(geodesic(*pair).m for pair in pairwise(way)), rel=1e-6)
    assert len(course.points) < len(way) / 5


def test_a_sparse_route_is_as_long_as_its_geodesics_far_north() -> None:
    way: list[Place] = [(70.0 + 0.12 * leg, 25.0 + 0.3 * leg, None, None) for leg in range(6)]
    geodesics = sum(geodesic(one[:2], other[:2]).m for one, other in pairwise(way))
    assert survey(way).length == pytest.approx(geodesics, abs=0.001)


def test_a_leap_over_an_ocean_is_told_as_long_as_it_is() -> None:
    with pytest.raises(ValueError, match="leaps 5577 km"):  # Heathrow to Newark, by tables of flights
        survey([(51.47, -0.4543, None, None), (40.6925, -74.1687, None, None)])


def test_a_slope_is_told_within_half_a_per_cent() -> None:
    """Level, 5 % up for 600 m, level, 4 % down: by a barometer that wanders."""
    chance = random.Random(4)
    heights, height = [], 400.0
    for metres in range(0, 3001, 20):
        height += 20 * (0.05 if 600 < metres <= 1200 else -0.04 if 2000 < metres <= 2600 else 0)
        heights.append(height + chance.gauss(0, 0.2))
    found = sections(course_of(STRAIGHT, heights=heights))
    for metres, slope in ((300, 0.0), (900, 0.05), (1600, 0.0), (2300, -0.04), (2850, 0.0)):
        here = next(each for each in found if each.begin <= metres < each.end)
        assert here.slope == pytest.approx(slope, abs=0.005)
    assert len(found) <= 9 and found[0].begin == 0 and found[-1].end == pytest.approx(3000, rel=1e-3)


@pytest.mark.parametrize("noise", [lambda n: 0.0, lambda n: None if n > 20 else 400.0 + n, lambda n: None])
def test_heights_that_are_not_known_are_none(noise: object) -> None:
    course = survey((lat, lon, noise(n), None) for n, (lat, lon) in enumerate(STRAIGHT))  # type: ignore[operator]
    assert course.heights == () and sections(course) == () and course.climb == 0


def test_a_height_that_cannot_be_is_left_out_and_a_wrong_first_one_too() -> None:
    heights = [400 + 10 * sin(n / 10) for n in range(len(STRAIGHT))]
    spoiled = [0.0, *heights[1:50], 900.0, *heights[51:]]
    clean, course = course_of(STRAIGHT, heights=heights), course_of(STRAIGHT, heights=spoiled)
    assert course.climb == pytest.approx(clean.climb, abs=5)


def test_places_said_twice_and_leaps_of_a_receiver_do_not_make_it_longer() -> None:
    places = timed(STRAIGHT)
    spoiled = [*places[:40], *places[39:60], (48.0, 9.0, 0.0, 60 * 5.0), *places[60:]]
    assert survey(spoiled).length == pytest.approx(survey(places).length, abs=1)


def test_wrong_positions_before_the_first_right_one_are_left_out() -> None:
    places = timed(STRAIGHT)
    wrong = [(48.0, 9.0, None, place[3]) for place in places[:4]]
    assert survey([*wrong, *places[4:]]).length == pytest.approx(survey(places[4:]).length, abs=1)


def test_laps_are_found_where_a_recording_passes_its_start() -> None:
    chance = random.Random(1)
    way = ROUND[:1]
    for _ in range(4):
        north, east = chance.gauss(0, 3e-5), chance.gauss(0, 3e-5)  # some metres aside, other ones in every lap
        way += [(lat + north, lon + east + chance.gauss(0, 2e-6)) for lat, lon in ROUND[1:]]
    course = survey(timed(way, 2.0))
    assert course.laps == 4 and course.lap == pytest.approx(2 * pi * 200, rel=0.02)
    assert course_of(ROUND).laps == 1


def test_two_different_loops_from_one_start_are_no_laps() -> None:
    assert course_of(ROUND + [(lat, 2 * ROUND[0][1] - lon) for lat, lon in ROUND[1:]]).laps == 1


def test_a_round_is_run_as_often_as_the_race_is_long() -> None:
    course = fitted(course_of(ROUND), 5_000.0)
    assert course.laps == 4 and course.length == 5_000.0
    assert fitted(course_of(ROUND), 6_300.0, 5).length == 6_300.0


@pytest.mark.parametrize("metres", [2_950.0, 3_000.0, 3_050.0])
def test_a_file_that_is_nearly_as_long_is_as_long_as_the_race(metres: float) -> None:
    course = fitted(course_of(STRAIGHT, heights=[n * 0.5 for n in range(len(STRAIGHT))]), metres)
    assert course.length == metres and course.heights[-1][0] == metres
    assert course.at(metres / 2) == pytest.approx(place(1500, 0), abs=1e-5)


def test_a_file_that_is_another_course_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match=r"has 3.00 km but the race 5.00 km: 40.0 % apart"):
        fitted(course_of(STRAIGHT), 5_000.0)
    with pytest.raises(ValueError, match="ends 3000 m from its start: only a loop"):
        in_laps(course_of(STRAIGHT), 2)


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([], "fewer than two"),
        ([(47.0, 8.0, None, None)] * 9, "fewer than two"),
        ([(47.0, 8.0, None, None), (47.001, 8.0, None, None)], "111 m long"),
        ([(47.0, 8.0, None, None), (48.0, 8.0, None, None)], "leaps 111 km"),
        ([(n / 10 - 40, 8.0, None, None) for n in range(100)], "1098 km long"),
        ([(47.0 + n % 2 / 100, 8.0, None, None) for n in range(MOST_PLACES + 1)], "more than 100,000"),
    ],
)
def test_what_is_no_course_is_refused_in_one_line(places: list[Place], says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        survey(places)
    assert "\n" not in str(refused.value)


def test_the_largest_and_worst_file_is_thinned_in_time_and_space() -> None:
    chance = random.Random(2)
    lat, lon, places = 47.0, 8.0, []
    for _ in range(20_000):
        lat, lon = lat + chance.choice((-1, 1)) * 5e-5, lon + chance.choice((-1, 1)) * 5e-5
        places.append((lat, lon, chance.uniform(0, 40), None))
    course = survey(places)
    assert len(course.points) <= 20_000 and len(course.heights) <= 20_000
