"""A hill without a course explains the pace: no correction on it, no plan that gives way, and the flat coached as before."""

from __future__ import annotations

import random
from math import sqrt

import pytest

from coach.core.coach import Coach
from coach.core.course.cost import at_equal_heart
from coach.core.estimate.slope import Slope
from coach.core.judge.ground import AFTER_CLIMB, MOST_ROLLS, Ground, Rolls
from coach.core.plan import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from devices.sample import Fix, Mode

FLAT = 1000 / 330  # m/s: 5:30 a kilometre
DEGREE = 111_195.0  # m of latitude
PLAN = Plan("p", (Segment("Steady", Kind.STEADY, Duration(3000.0), Steady(FLAT)),))
WORDS = ("off_pace", "struck", "adapted")


def run(
    hills: list[tuple[float, float, float]], seed: int = 1, how: str = "effort", walk: float = 0.2
) -> tuple[Coach, list[str]]:
    """A runner at even effort on `hills` (begin m, end m, slope), as a receiver tells it whose heights wander."""
    chance, coach = random.Random(seed), Coach(PLAN, Settings(hills=how))
    metres = height = error = 0.0
    said: list[str] = []
    for second in range(2400):
        slope = next((slope for begin, end, slope in hills if begin <= metres < end), 0.0)
        speed = FLAT / at_equal_heart(slope)
        metres, height = metres + speed, height + speed * slope
        error += chance.gauss(0, walk)
        fix = Fix(
            float(second), "gps", 50.0 + metres / DEGREE, 8.0, height + error, speed + chance.gauss(0, 0.1), mode=Mode.FIX_3D
        )
        coach.feed(fix)
        said += [event.name for event in coach.events if event.name in (*WORDS, "hill")]
    return coach, said


@pytest.mark.parametrize("length", [400.0, 800.0, 1200.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_climb_at_even_effort_is_not_corrected_and_the_plan_stays(length: float, seed: int) -> None:
    _, said = run([(1500.0, 1500.0 + length, 0.06)], seed)
    assert "hill" in said and "adapted" not in said and "struck" not in said
    assert said.count("off_pace") <= 1


def test_a_descent_at_even_effort_is_not_corrected() -> None:
    _, said = run([(1500.0, 2300.0, -0.06)])
    assert said.count("off_pace") <= 1 and "adapted" not in said


def test_who_wants_the_pace_kept_on_hills_hears_of_it() -> None:
    _, said = run([(1500.0, 2700.0, 0.06)], how="pace")
    assert said.count("off_pace") >= 2 and "hill" not in said


@pytest.mark.parametrize("seed", range(6))
def test_on_the_flat_heights_that_wander_are_no_hill(seed: int) -> None:
    """Two thirds of an hour each: one false hill an hour is what the threshold is made for."""
    assert run([], seed)[1].count("hill") <= 1


def test_the_flat_is_coached_as_without_hills() -> None:
    coach = Coach(PLAN)
    names: list[str] = []
    for second in range(600):
        speed = FLAT * (1.0 if second < 300 else 1.12)
        metres = FLAT * min(second, 300) + FLAT * 1.12 * max(0, second - 300)
        coach.feed(Fix(float(second), "gps", 50.0 + metres / DEGREE, 8.0, 100.0 + sqrt(second) / 50, speed, mode=Mode.FIX_3D))
        names += [event.name for event in coach.events]
    assert names.count("off_pace") == 2


def test_after_the_crest_the_legs_are_given_time() -> None:
    coach, _ = run([(1000.0, 1600.0, 0.08)])
    ground = coach._judges._ground
    assert isinstance(ground, Ground) and not ground.excuse.slow
    assert ground._slow_until > AFTER_CLIMB


def test_ground_that_went_up_and_down_of_late_widens_the_band_and_is_forgotten_on_the_level() -> None:
    rolls = Rolls()
    for second in range(240):
        rolls.feed(float(second), Slope(0.04 if second // 40 % 2 else -0.04, 0.012))
    assert rolls.of_late == MOST_ROLLS
    for second in range(240, 600):
        rolls.feed(float(second), Slope(0.0, 0.012))
    assert rolls.of_late == 0.0


def test_slopes_that_are_no_more_than_unsure_do_not_roll() -> None:
    rolls, chance = Rolls(), random.Random(1)
    for second in range(1200):
        rolls.feed(float(second), Slope(chance.gauss(0.0, 0.012), 0.012))
        assert rolls.of_late == 0.0
    rolls.feed(5000.0, Slope(0.2, 0.01))
    assert rolls.of_late == 0.0  # after a gap nobody knows for how long


def test_on_short_hills_at_even_effort_there_are_few_corrections() -> None:
    hills = [(600.0 + 400 * each, 750.0 + 400 * each, 0.05 if each % 2 else -0.05) for each in range(15)]
    assert run(hills)[1].count("off_pace") <= 3  # ten, if each hill were looked at alone
