"""What a hole in a recording means: a recorder that writes seldom, one that had stopped, or a lost signal."""

from __future__ import annotations

from array import array

import pytest

from devices.tracks.clock import Placed
from devices.tracks.holes import lasting, longest_wait, stops
from devices.tracks.points import Point, Points

NOWHERE = Point(0.0, None, None, None, None, None, None, None, None, None)


def run(*points: tuple[float, float, float | None], speed: float | None = None) -> Placed:
    """Points by their time (s), their place (m to the north) and what the recorder's odometer says (m)."""
    rows = [
        NOWHERE._replace(utc=at, lat=47 + north / 111_195, lon=8.5, distance=odometer, speed=speed)
        for at, north, odometer in points
    ]
    return Placed(array("d", [at for at, _, _ in points]), Points(rows), frozenset())


def test_a_recorder_whose_odometer_stood_over_a_hole_had_been_stopped_however_far_the_runner_went() -> None:
    assert list(stops(run((0, 0, 100.0), (1, 3, 103.0), (61, 140, 104.0), (62, 143, 107.0)))) == [2]


def test_without_an_odometer_one_who_is_where_he_was_before_the_hole_had_stopped() -> None:
    assert list(stops(run((0, 0, None), (1, 3, None), (61, 11, None), (62, 14, None)))) == [2]


@pytest.mark.parametrize(("north", "odometer"), [(183, 283.0), (183, None), (3, 283.0)], ids=["both", "places", "odometer"])
def test_a_runner_who_went_on_over_a_hole_was_not_stopped(north: float, odometer: float | None) -> None:
    known = None if odometer is None else 103.0
    assert not list(stops(run((0, 0, known and 100.0), (1, 3, known), (61, north, odometer))))


def test_a_hole_without_a_place_or_an_odometer_tells_of_no_stop() -> None:
    run_without = Placed(array("d", [0.0, 60.0]), Points([NOWHERE, NOWHERE._replace(utc=60.0)]), frozenset())
    assert not list(stops(run_without))


def test_a_hole_much_longer_than_the_recorders_habit_is_no_habit() -> None:
    seldom = [(7.0 * nth, 20.0 * nth, None) for nth in range(20)]
    late = run(*seldom, (7.0 * 19 + 100, 680.0, None), (7.0 * 19 + 107, 700.0, None))
    assert list(lasting(late)) == [*[7.0] * 19, None, 7.0, None]
    assert longest_wait([5.0, 7.0, 7.0]) == 28.0
