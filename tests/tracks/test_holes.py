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
    before = [(float(at), 3.0 * at, 100.0 + 3 * at) for at in range(20)]
    assert list(stops(run(*before, (79, 200, 158.0), (80, 203, 161.0)))) == [20]


def test_without_an_odometer_one_who_is_where_he_was_before_the_hole_had_stopped() -> None:
    before = [(float(at), 3.0 * at, None) for at in range(20)]
    assert list(stops(run(*before, (79, 65, None), (80, 68, None)))) == [20]


@pytest.mark.parametrize(("north", "odometer"), [(183, 283.0), (183, None), (3, 283.0)], ids=["both", "places", "odometer"])
def test_a_runner_who_went_on_over_a_hole_was_not_stopped(north: float, odometer: float | None) -> None:
    known = None if odometer is None else 103.0
    before = [(float(at), 3.0 * at, known and 46.0 + 3 * at) for at in range(20)]
    assert not list(stops(run(*before, (79, 54 + north, odometer))))


def test_a_recorder_that_writes_seldom_did_not_stop_for_a_step_no_longer_than_twice_its_habit() -> None:
    seldom = [(20.0 * nth, 50.0 * nth, None) for nth in range(20)]
    assert not list(stops(run(*seldom, (19 * 20.0 + 39, 955.0, None))))
    assert list(stops(run(*seldom, (19 * 20.0 + 60, 955.0, None)))) == [20]


def test_a_hole_without_a_place_or_an_odometer_tells_of_no_stop() -> None:
    run_without = Placed(array("d", [0.0, 60.0]), Points([NOWHERE, NOWHERE._replace(utc=60.0)]), frozenset())
    assert not list(stops(run_without))


def test_a_hole_much_longer_than_the_recorders_habit_is_no_habit() -> None:
    seldom = [(7.0 * nth, 20.0 * nth, None) for nth in range(20)]
    late = run(*seldom, (7.0 * 19 + 100, 680.0, None), (7.0 * 19 + 107, 700.0, None))
    assert list(lasting(late)) == [*[7.0] * 19, None, 7.0, None]
    assert longest_wait([5.0, 7.0, 7.0]) == 28.0
