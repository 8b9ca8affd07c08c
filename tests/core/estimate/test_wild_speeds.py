"""A speed nobody runs is not counted beside positions that deny it, and a ride that they confirm is."""

import pytest

from coach.core.estimate.estimator import Estimator
from devices.sample import Fix, Mode

DEGREE = 111_195.0  # m of latitude
KNOT = 0.514444  # m/s
RUN = 3.0  # m/s


def fix(at: int, metres: float | None, speed: float) -> Fix:
    """On a road due north, `metres` from its start; without them a receiver that tells its speed alone."""
    lat, lon = (None, None) if metres is None else (50.0 + metres / DEGREE, 8.0)
    return Fix(float(at), "gps", lat, lon, speed=speed, mode=Mode.FIX_3D)


@pytest.mark.parametrize("placed", [True, False])
@pytest.mark.parametrize("knots", [30.0, 200.0, 999.0])
@pytest.mark.parametrize("seconds", [1, 3, 10])
def test_wild_seconds_change_neither_the_distance_nor_the_speed(seconds: int, knots: float, placed: bool) -> None:
    estimator = Estimator()
    for at in range(401):
        speed = knots * KNOT if 200 <= at < 200 + seconds else RUN
        estimator.feed(fix(at, RUN * at if placed else None, speed))
        assert (estimator.estimate(float(at)).speed or RUN) == pytest.approx(RUN, abs=0.05)
    assert estimator.estimate(400.0).distance == pytest.approx(400 * RUN, rel=0.01)


def test_a_wild_first_second_is_not_where_the_run_starts() -> None:
    estimator = Estimator()
    for at in range(401):
        estimator.feed(fix(at, RUN * at, 999 * KNOT if at == 0 else RUN))
    assert estimator.estimate(400.0).distance == pytest.approx(400 * RUN, rel=0.01)


def test_a_ride_that_the_positions_confirm_counts() -> None:
    estimator = Estimator()
    for at in range(201):
        estimator.feed(fix(at, 25.0 * at, 25.0))
    assert estimator.estimate(200.0).distance == pytest.approx(5000, rel=0.01)
    assert estimator.estimate(200.0).speed == pytest.approx(25.0, abs=0.2)
