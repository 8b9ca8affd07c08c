"""Paces from a race: worked values of Daniels & Gilbert's equations, and published rows of training paces."""

import pytest

from coach.core.units import pace_seconds
from coach.planning.fitness import HALF, MARATHON, NAMES, Fitness


@pytest.mark.parametrize(
    ("race", "vdot"),
    [("5k 24:34", 39.11039839652726), ("10k 40:00", 51.9440826680247), ("10 km 50:00", 40.01), ("5k 21:00", 47.04)],
)
def test_vdot_of_a_race(race: str, vdot: float) -> None:
    assert Fitness.from_race(race).vdot == pytest.approx(vdot, abs=6e-3)


@pytest.mark.parametrize(
    ("vdot", "race_5k", "race_10k", "half", "marathon"),
    [(30, 1840, 3826, 8464, 17357), (40, 1448, 3003, 6659, 13785), (50, 1197, 2481, 5495, 11449), (70, 895, 1860, 4101, 8590)],
)
def test_predicted_races_are_the_published_ones(vdot: float, race_5k: int, race_10k: int, half: int, marathon: int) -> None:
    for metres, seconds in ((5000.0, race_5k), (10_000.0, race_10k), (HALF, half), (MARATHON, marathon)):
        assert Fitness(vdot).race_seconds(metres) == pytest.approx(seconds, rel=2e-3)


@pytest.mark.parametrize(("vdot", "marathon", "threshold"), [(30, 423, 384), (40, 329, 306), (50, 271, 255), (60, 232, 220)])
def test_training_paces_are_the_published_ones(vdot: float, marathon: int, threshold: int) -> None:
    fitness = Fitness(vdot)
    assert pace_seconds(fitness.speed("marathon")) == pytest.approx(marathon, abs=2.5)
    assert pace_seconds(fitness.speed("threshold")) == pytest.approx(threshold, abs=1)


def test_names_at_vdot_40() -> None:
    told = {name: pace_seconds(Fitness(40.0).speed(name)) for name in NAMES}
    expected = {"easy": 384, "steady": 341, "marathon": 328, "half": 315, "threshold": 306, "10k": 300, "5k": 289}
    assert told == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("race", ["half 1:45:00", "half marathon 1:45:00", "marathon 4:00:00", "1 mi 6:00", "3 km 12:00"])
def test_a_race_may_be_named_as_people_do(race: str) -> None:
    assert 30 < Fitness.from_race(race).vdot < 60


@pytest.mark.parametrize("race", ["", "10k", "50:00", "10k 0:00", "10k 5:00", "10k 9:00:00", "nan nan", "10k ５0:00"])
def test_what_is_no_race_says_so(race: str) -> None:
    with pytest.raises(ValueError, match=r"write|check|is no|too short"):
        Fitness.from_race(race)
