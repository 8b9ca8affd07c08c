"""Where on the course the runner is, by positions that wander and an odometer that is off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from coach.core.course.progress import Progress
from coach.core.events import Event
from coach.core.plan.course import Course
from tests.runs.on_course import Seen, circle, course_of, drawn, follow

OUT = drawn([(0, 0), (1000, 0), (1000, 900), (2500, 900)])
THERE_AND_BACK = OUT + OUT[::-1][1:]
ROUND = drawn(circle(200), 5)
EIGHT = drawn([(0, 0), (400, 400), (800, 0), (800, 400), (400, 0), (0, 400), (0, 0)])
WAYS = {
    "out and back": (course_of(THERE_AND_BACK), THERE_AND_BACK),
    "four laps": (course_of(ROUND, 4), ROUND + ROUND[1:] * 3),
    "a figure of eight": (course_of(EIGHT), EIGHT),
}
NEAR = 10.0  # m


def followed(course: Course, seen: Iterator[Seen]) -> Iterator[tuple[float, float, list[Event]]]:
    """Second by second: metres by the course, metres truly run, and what became true."""
    progress = Progress(course)
    for second, each in enumerate(seen):
        if each.fix:
            progress.feed(each.fix)
        events = progress.advance(float(second), each.run)
        yield progress.metres, each.true, events


@pytest.mark.parametrize("odometer", [0.98, 1.0, 1.02])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", WAYS)
def test_every_kilometre_is_where_the_course_has_it(way: str, seed: int, odometer: float) -> None:
    course, path = WAYS[way]
    run = list(followed(course, follow(path, 3.2, seed, odometer)))
    assert not any(events for _, _, events in run)
    assert abs(run[-1][0] - course.length) < NEAR
    for kilometre in range(1, int(course.length / 1000) + 1):
        there = next(true for metres, true, _ in run if metres >= 1000 * kilometre)
        assert abs(there - 1000 * kilometre) < NEAR


def test_it_never_goes_back_and_moves_with_the_runner_between_positions() -> None:
    course, path = WAYS["out and back"]
    metres = [metres for metres, _, _ in followed(course, follow(path, 3.2, 1))]
    steps = [after - before for before, after in pairwise(metres)]
    assert min(steps) >= 0 and max(steps[60:]) < 2 * 3.2


def test_who_stands_does_not_creep() -> None:
    course, path = WAYS["out and back"]
    run = list(followed(course, follow(path, 3.2, 5, stands=range(400, 1000))))
    assert run[999][0] - run[402][0] < 1.0
    assert abs(run[-1][0] - course.length) < NEAR


@pytest.mark.parametrize("way", WAYS)
def test_after_a_tunnel_the_runner_is_where_he_comes_out(way: str) -> None:
    course, path = WAYS[way]
    run = list(followed(course, follow(path, 3.2, 2, tunnel=range(300, 360))))
    assert all(abs(metres - true) < NEAR for metres, true, _ in run[380:]) and not any(events for _, _, events in run)


def test_a_wrong_turn_is_told_and_the_finish_stays_where_it_is() -> None:
    """300 m straight on where the course turns, and back again."""
    course = course_of(OUT)
    run = list(followed(course, follow(drawn([(0, 0), (1000, 0), (1000, -300), (1000, 900), (2500, 900)]), 3.2, 1)))
    told = [event for _, _, events in run for event in events]
    assert [event.name for event in told] == ["off_course", "back_on_course"]
    assert told[0].at - 1000 / 3.2 < 40 and abs(told[1].at - 1600 / 3.2) < 20
    assert abs(told[1].facts["metres"] - 1025) < 30
    assert abs(run[-1][0] - course.length) < NEAR


def test_a_short_cut_is_noticed_and_the_place_known_again() -> None:
    """Across the corner of the course: 1300 m instead of 1900."""
    course = course_of(OUT)
    run = list(followed(course, follow(drawn([(0, 0), (500, 0), (1000, 700), (1000, 900), (2500, 900)]), 3.2, 3)))
    assert [event.name for _, _, events in run for event in events] == ["off_course", "back_on_course"]
    assert abs(run[-1][0] - course.length) < NEAR


def test_who_crosses_a_later_part_of_the_course_while_lost_is_not_there_yet() -> None:
    """A course that comes back 400 m north of its start, crossed at a right angle by a runner who got lost."""
    course = course_of(drawn([(0, 0), (2000, 0), (2000, 400), (0, 400)]))
    lost = drawn([(0, 0), (1000, 0), (1000, 700), (1000, 0), (2000, 0), (2000, 400), (0, 400)])
    run = list(followed(course, follow(lost, 3.2, 4)))
    back = [event for _, _, events in run for event in events if event.name == "back_on_course"]
    assert len(back) == 1 and abs(back[0].facts["metres"] - 1025) < 40
    assert abs(run[-1][0] - course.length) < NEAR


def test_without_positions_the_odometer_counts() -> None:
    progress = Progress(WAYS["four laps"][0])
    for second in range(600):
        progress.advance(float(second), 3.0 * second)
    assert progress.metres == 3.0 * 599


def test_who_waits_behind_the_line_has_not_started() -> None:
    course = course_of(drawn([(0, 0), (2000, 0)]))
    run = list(followed(course, follow(drawn([(-20, 0), (2000, 0)]), 1.0, 1)))
    started = next(true for metres, true, _ in run if metres > 5.0)
    assert 15 <= started <= 35 and abs(run[-1][0] - 2000) < NEAR


def test_the_course_may_lie_across_the_date_line() -> None:
    course, path = WAYS["four laps"]
    shift = 179.998 - path[0][1]

    def shifted(lon: float) -> float:
        return (lon + shift + 180) % 360 - 180

    there = replace(course, points=tuple((lat, shifted(lon), along) for lat, lon, along in course.points))
    assert {lon > 0 for _, lon, _ in there.points} == {True, False}
    seen = follow(path, 3.2, 1)
    moved = (replace(each, fix=each.fix and each.fix._replace(lon=shifted(each.fix.lon or 0.0))) for each in seen)
    run = list(followed(there, moved))
    assert abs(run[-1][0] - there.length) < NEAR and not any(events for _, _, events in run)


def legs(course: Course, begin: float, end: float) -> Sequence[tuple[float, float]]:
    return [(start[2], stop[2]) for start, stop in course.legs(begin, end)]


def test_the_legs_of_a_course_follow_each_other_from_lap_to_lap() -> None:
    course = Course(((47.0, 8.0, 0.0), (47.001, 8.0, 100.0), (47.0, 8.0, 250.0)), laps=2)
    assert legs(course, -50, 20) == [(0, 100)]
    assert legs(course, 90, 260) == [(0, 100), (100, 250), (250, 350)]
    assert legs(course, 490, 600) == [(350, 500)]
    assert course.at(300.0) == pytest.approx((47.0005, 8.0))
