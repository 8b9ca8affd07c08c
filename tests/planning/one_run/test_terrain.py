"""What a hill costs: the published values, and the pace that is said for a slope."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.core.course.cost import at_equal_heart, planned, spoken
from coach.planning.one_run.terrain import belt, energy, oxygen_on_a_belt

# of a flat pace of 5:00/km, in per cent and seconds
SPOKEN = {0: 300, 1: 300, 2: 308, 4: 328, 6: 354, 8: 385, 10: 419, -1: 300, -2: 296, -4: 289, -6: 283, -10: 278}
HEART = {-20: 1.081, -10: 0.876, -6: 0.891, 0: 1.0, 2: 1.055, 6: 1.228, 10: 1.459, 20: 2.297, 3: 1.095}
MINETTI = {0.0: (3.40, 0.24), 0.45: (18.93, 1.74), -0.20: (1.73, 0.36), -0.45: (3.92, 0.81)}  # J/kg/m and one sigma


@pytest.mark.parametrize(("slope", "seconds"), SPOKEN.items())
def test_the_pace_said_for_a_slope(slope: int, seconds: int) -> None:
    assert 300 * spoken(slope / 100) == pytest.approx(seconds, abs=0.6)


@pytest.mark.parametrize(("slope", "factor"), HEART.items())
def test_the_curve_at_equal_heart_rate_is_the_published_one(slope: int, factor: float) -> None:
    assert at_equal_heart(slope / 100) == pytest.approx(factor, abs=1e-9)


@pytest.mark.parametrize(("slope", "measured"), MINETTI.items())
def test_the_energy_of_a_slope_lies_within_what_was_measured(slope: float, measured: tuple[float, float]) -> None:
    mean, sigma = measured
    assert abs(energy(slope) - mean) <= sigma


@pytest.mark.parametrize(("slope", "factor"), [(-0.20, 0.500), (-0.10, 0.598), (0.02, 1.113), (0.10, 1.658), (0.20, 2.502)])
def test_energy_over_that_of_flat_running(slope: float, factor: float) -> None:
    assert energy(slope) / energy(0.0) == pytest.approx(factor, abs=5e-3)


def test_what_is_said_never_leaps_and_has_its_limits() -> None:
    slopes = [number / 1000 for number in range(-450, 451)]
    factors = [spoken(slope) for slope in slopes]
    assert all(abs(after - before) < 0.01 for before, after in pairwise(factors))
    assert max(factors) == 1.5 and min(factors) >= 0.92
    assert all(planned(slope) >= spoken(slope) for slope in slopes) and planned(0.30) > 2.5


def test_a_treadmills_incline() -> None:
    """ACSM: six miles an hour on the flat."""
    assert oxygen_on_a_belt(6 * 1609.344 / 3600, 0.0) == pytest.approx(35.69, abs=0.01)
    assert belt(0.02) == pytest.approx(1.09)
