"""The slope of the ground: how soon a hill is known, and what is not taken for one."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import pytest

from coach.core.coach import Coach
from coach.core.estimate.slope import BAROMETER, Altimeter, Slope, SlopeFilter
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from devices.sample import RECORDER_PAUSED, Fix, Link, Mode
from tests.bench.slopes import BAROMETRIC, OPEN, POOR, SPEED, Heights, heights

LEVEL, HILL = 600.0, 0.06  # m until the hill begins; its slope


def hill(metres: float, length: float = 400.0) -> float:
    return HILL * min(max(0.0, metres - LEVEL), length)


def climbed(height: Callable[[int], float], seconds: int, altimeter: Altimeter = BAROMETER) -> list[Slope | None]:
    """The slope after each second at a steady pace; `height` m by the second."""
    found = SlopeFilter(altimeter)
    slopes = []
    for second in range(seconds):
        found.feed(float(second), second * SPEED, height(second))
        slopes.append(found.slope)
    return slopes


def known(slopes: list[Slope | None]) -> list[Slope]:
    return [slope for slope in slopes if slope is not None]


@pytest.mark.parametrize(("device", "metres"), [(BAROMETRIC, 40), (OPEN, 75), (POOR, 200)])
def test_a_hill_of_six_per_cent_is_known_within_a_stretch_that_the_device_decides(device: Heights, metres: float) -> None:
    """Half of forty hills, at the threshold that gives about one false hill an hour on the level."""
    ways = []
    for seed in range(40):
        noise = heights(device, seed)
        slopes = climbed(lambda second, noise=noise: round(hill(second * SPEED) + next(noise), 1), 450, device.altimeter)  # type: ignore[misc]
        ways.append(next((n * SPEED - LEVEL for n, slope in enumerate(slopes)
                          if n * SPEED > LEVEL and slope and slope.value > device.threshold), 1e9))  # fmt: skip
    assert sorted(ways)[20] <= metres


@pytest.mark.parametrize("device", [BAROMETRIC, OPEN, POOR])
def test_its_sigma_is_not_too_small(device: Heights) -> None:
    scaled = []
    for seed in range(8):
        noise = heights(device, seed)
        slopes = known(climbed(lambda second, noise=noise: next(noise), 900, device.altimeter))  # type: ignore[misc]
        scaled += [slope.value / slope.sigma for slope in slopes]
    assert sqrt(sum(each * each for each in scaled) / len(scaled)) < 1.1


def test_the_crest_ends_the_hill() -> None:
    slopes = climbed(lambda second: hill(second * SPEED) + 0.1 * (second % 2), 500)
    crest = int((LEVEL + 400) / SPEED)
    assert known(slopes)[-1].value < HILL / 4
    over = next(n for n in range(crest, 500) if (now := slopes[n]) and now.value < HILL / 4)
    assert (over - crest) * SPEED < 95


def test_a_jump_of_ten_metres_is_an_error_of_the_height_not_a_hill() -> None:
    slopes = climbed(lambda second: 100.1 + 0.1 * (second % 2) + (10 if second >= 300 else 0), 600)
    assert max(abs(slope.value) for slope in known(slopes)) < 0.03


def test_a_fresh_receiver_tells_no_slope_for_two_minutes() -> None:
    slopes = climbed(lambda second: 100.0 + 0.1 * (second % 3), 200)
    assert slopes[119] is None and slopes[120] is not None


def test_a_height_that_never_moves_tells_nothing() -> None:
    assert known(climbed(lambda second: 0.0, 400)) == []


def test_a_height_that_is_held_says_nothing_against_the_hill() -> None:
    """Satellites are lost on the climb and the receiver holds its height; once it comes back it is where the hill led."""
    frozen = range(250, 280)
    slopes = climbed(
        lambda second: round(hill(min(second, frozen.start) * SPEED if second in frozen else second * SPEED), 1), 320
    )
    before, during = slopes[frozen.start - 1], slopes[frozen.stop - 1]
    assert before and during and during.value > 0.6 * before.value
    assert during.sigma > before.sigma


def test_whole_metres_stand_of_themselves_and_still_tell_the_level() -> None:
    slopes = climbed(lambda second: float(round(hill(second * SPEED, 300.0))), 600)
    assert abs(known(slopes)[-1].value) < 0.01
    assert max(slope.value for slope in known(slopes)) == pytest.approx(HILL, abs=0.012)


def test_standing_changes_no_slope() -> None:
    found = SlopeFilter(BAROMETER)
    for second in range(400):
        found.feed(float(second), 100.0, 50.0 + 0.3 * (second % 2))
    assert found.slope and abs(found.slope.value) < 0.005


def test_worse_accuracy_than_usual_makes_heights_count_for_less() -> None:
    def after_a_drift(stated: float) -> float:
        found = SlopeFilter()
        for second in range(420):
            bad = second >= 400
            found.feed(float(second), second * SPEED, 50.1 + 0.1 * (second % 2) + (0.3 * (second - 400) if bad else 0.0),
                       stated if bad else 0.5)  # fmt: skip
        assert found.slope
        return found.slope.value

    assert after_a_drift(3.0) < after_a_drift(0.5) / 2


def test_after_a_pause_of_the_recorder_the_height_begins_anew_and_the_slope_is_kept() -> None:
    coach = Coach(Plan("p", (Segment("Free", Kind.FREE, Duration(3600)),)))

    def run(first: int, last: int, above: float) -> None:
        for second in range(first, last):
            metres = (second - first) * SPEED
            height = round(above + HILL * metres, 1)
            coach.feed(Fix(float(second), "gps", 50 + second * SPEED / 111_195, 8.0, height, SPEED, mode=Mode.FIX_3D))

    run(0, 300, 100.0)
    assert coach.slope and coach.slope.value == pytest.approx(HILL, abs=0.005)
    coach.feed(Link(300.0, "gps", False, RECORDER_PAUSED))
    run(320, 330, 500.0)
    assert coach.slope.value == pytest.approx(HILL, abs=0.01)
