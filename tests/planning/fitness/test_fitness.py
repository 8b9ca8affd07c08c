"""Paces from a race: worked values of Daniels & Gilbert's equations, and the published rows of training paces."""

import pytest

from coach.core.units import METRES, SECONDS, pace_seconds
from coach.planning.fitness.paces import EASY_FASTEST, EASY_LONG, EASY_SLOWEST, HALF, MARATHON, NAMES, Fitness

# VDOT: 5k 10k half marathon | per km: easy fastest, slowest, marathon, threshold, interval, repetition | per mile: long, M, T
PUBLISHED = {
    30: "30:40 1:03:46 2:21:04 4:49:17 | 7:27 8:14 7:03 6:24 5:55 5:37 | 12:40 11:01 10:18",
    40: "24:08 50:03 1:50:59 3:49:45 | 5:56 6:38 5:29 5:06 4:42 4:20 | 10:11 8:46 8:12",
    50: "19:57 41:21 1:31:35 3:10:49 | 4:56 5:34 4:31 4:15 3:55 3:38 | 8:32 7:17 6:51",
    60: "17:03 35:22 1:18:09 2:43:25 | 4:15 4:49 3:52 3:40 3:23 3:07 | 7:22 6:14 5:54",
    70: "14:55 31:00 1:08:21 2:23:10 | 3:44 4:15 3:24 3:14 2:59 2:42 | 6:30 5:28 5:13",
}
ROUNDED = 0.5  # s: the published paces are whole seconds


def seconds(text: str) -> list[list[int]]:
    """The clock times of a row, by group."""
    return [[_seconds(time) for time in part.split()] for part in text.split("|")]


def _seconds(time: str) -> int:
    return sum(int(number) * 60**place for place, number in enumerate(reversed(time.split(":"))))


@pytest.mark.parametrize(
    ("race", "vdot"),
    [
        ("5k 24:34", 39.11039839652726),
        ("10k 40:00", 51.9440826680247),
        ("10 km 50:00", 40.01),
        ("5k 21:00", 47.04),
        ("5k 20:00", 49.806),
        ("2400 m 12:00", 36.3),
    ],
)
def test_vdot_of_a_race(race: str, vdot: float) -> None:
    assert Fitness.from_race(race).vdot == pytest.approx(vdot, abs=max(1e-9, 0.6 * 10.0 ** -len(f"{vdot}".split(".")[1])))


@pytest.mark.parametrize("vdot", PUBLISHED)
def test_predicted_races_are_the_published_ones(vdot: int) -> None:
    for metres, published in zip((5000.0, 10_000.0, HALF, MARATHON), seconds(PUBLISHED[vdot])[0], strict=True):
        assert Fitness(vdot).race_seconds(metres) == pytest.approx(published, rel=0.0019)


@pytest.mark.parametrize("vdot", PUBLISHED)
def test_training_paces_are_the_published_ones(vdot: int) -> None:
    """Each column within the greatest error of its law, and half a second that the table rounds away."""
    fitness = Fitness(vdot)
    laws = [
        (fitness.at_effort(EASY_FASTEST), 2.4),
        (fitness.at_effort(EASY_SLOWEST), 1.9),
        (fitness.speed("marathon"), 2.4),
        (fitness.speed("threshold"), 0.7),
        (fitness.interval_speed, 1.8),
        (fitness.repetition_speed, 3.5),
    ]
    for (speed, error), published in zip(laws, seconds(PUBLISHED[vdot])[1], strict=True):
        assert 1000 / speed == pytest.approx(published, abs=error + ROUNDED)


@pytest.mark.parametrize("vdot", PUBLISHED)
def test_training_paces_per_mile_are_the_published_ones(vdot: int) -> None:
    """An earlier edition's, whose marathon pace was the predicted race's also for the slowest."""
    fitness, km_a_mile = Fitness(vdot), METRES["mi"] / 1000
    laws = [(fitness.at_effort(EASY_LONG), 1.4), (fitness.race_speed(MARATHON), 2.4), (fitness.speed("threshold"), 0.7)]
    for (speed, error), published in zip(laws, seconds(PUBLISHED[vdot])[2], strict=True):
        assert METRES["mi"] / speed == pytest.approx(published, abs=error * km_a_mile + ROUNDED)


def test_names_at_vdot_40() -> None:
    told = {name: pace_seconds(Fitness(40.0).speed(name)) for name in NAMES}
    expected = {"recovery": 414, "easy": 384, "easy+": 359, "steady": 341, "marathon": 328, "half": 315, "threshold": 306,
                "10k": 300, "5k": 289}  # fmt: skip
    assert told == pytest.approx(expected, abs=2)


@pytest.mark.parametrize(("vdot", "first", "last"), [(32, "8:11", "5:49"), (55, "5:22", "3:40")])
def test_the_slowest_and_the_fastest_name(vdot: float, first: str, last: str) -> None:
    slow, fast = seconds(f"{first} {last}")[0]
    assert pace_seconds(Fitness(vdot).speed("recovery")) == pytest.approx(slow, abs=1)
    assert pace_seconds(Fitness(vdot).speed("5k")) == pytest.approx(fast, abs=1)


def test_threshold_and_10k_cross_for_the_slowest_so_efforts_are_never_sorted_by_name() -> None:
    assert Fitness(26).speed("10k") < Fitness(26).speed("threshold")
    assert Fitness(30).speed("10k") > Fitness(30).speed("threshold")


def test_a_capped_runner_has_no_pace_beyond_marathon_but_is_predicted_races() -> None:
    capped, free = Fitness(35, capped=True), Fitness(35)
    assert {capped.speed(name) for name in ("marathon", "half", "threshold", "10k", "5k")} == {free.marathon_speed}
    assert capped.speed("easy") == free.speed("easy") and capped.race_seconds(5000) == free.race_seconds(5000)


@pytest.mark.parametrize("race", ["half 1:45:00", "half marathon 1:45:00", "marathon 4:00:00", "1 mi 6:00", "3 km 12:00"])
def test_a_race_may_be_named_as_people_do(race: str) -> None:
    assert 30 < Fitness.from_race(race).vdot < 60


def test_a_slow_marathon_is_found_too() -> None:
    assert Fitness(18).race_seconds(MARATHON) > 7 * SECONDS["h"]


@pytest.mark.parametrize("race", ["", "10k", "50:00", "10k 0:00", "10k 5:00", "10k 9:00:00", "nan nan", "10k ５0:00"])
def test_what_is_no_race_says_so(race: str) -> None:
    with pytest.raises(ValueError, match=r"write|check|is no|too short"):
        Fitness.from_race(race)
