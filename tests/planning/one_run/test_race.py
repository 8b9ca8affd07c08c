"""Race plans: the blocks add up to the goal, to the second, and the halves differ by the split that was asked for."""

import random
from itertools import accumulate, pairwise
from math import floor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.course.cost import planned
from coach.core.plan.course import Course
from coach.core.plan.segments import Kind
from coach.core.units import pace_seconds
from coach.planning.one_run.race import default_split, race_plan
from coach.planning.one_run.terrain import sections_or_flat
from tests.cli.commands import coach, configured


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.floats(1000, 100_000), st.floats(2.0, 6.0), st.floats(-0.03, 0.03))
def test_the_blocks_add_up_to_the_goal_to_the_second(metres: float, speed: float, split: float) -> None:
    seconds = round(metres / speed)
    made = race_plan("race", metres, seconds, split)
    assert made.plan.totals.seconds == pytest.approx(seconds, abs=1e-6)
    assert made.plan.totals.metres == pytest.approx(metres, abs=1e-6)
    assert all(abs((segment.seconds or 0) - round(segment.seconds or 0)) < 1e-6 for segment in made.plan.segments)
    assert (made.halves[0] - made.halves[1]) / seconds == pytest.approx(split, abs=1e-9)


def hilly(chance: random.Random, metres: float) -> Course:
    """A course of random hills, up to 20 % steep, in one or several laps."""
    laps = chance.choice((1, 1, 1, 2, 4))
    lap, along, height = metres / laps, 0.0, 400.0
    heights = [(along, height)]
    while (step := chance.uniform(20, 900)) < lap - along - 10:
        along, height = along + step, height + step * chance.triangular(-0.2, 0.2, 0.0)
        heights.append((along, height))
    return Course(((47.0, 8.0, 0.0), (47.0 + lap / 111_195, 8.0, lap)), (*heights, (lap, heights[-1][1])), laps)


def test_thousands_of_random_races_on_random_hills_add_up_to_the_second() -> None:
    """`make bench ONLY=races` takes ten thousand others."""
    chance = random.Random(7)
    for _ in range(2_000):
        metres, split = chance.uniform(1_000, 15_000), chance.uniform(-0.03, 0.03)
        seconds = round(metres / chance.uniform(2.5, 6.0))
        made = race_plan("race", metres, seconds, split, hilly(chance, metres))
        times = [segment.seconds or 0 for segment in made.plan.segments]
        assert sum(times) == pytest.approx(seconds, abs=1e-6) and made.plan.is_laid_out
        assert all(abs(time - floor(time + 0.5)) < 1e-6 for time in times)
        assert min(segment.metres or 0 for segment in made.plan.segments) >= 149.9


def test_on_hills_the_effort_is_what_changes_evenly() -> None:
    """Each mark is where equal seconds per flat-equivalent metre put it, to the rounding."""
    course = hilly(random.Random(11), 10_000.0)
    marks = [0.0, *accumulate(segment.seconds or 0 for segment in race_plan("10k", 10_000.0, 3000, 0.0, course).plan.segments)]
    ends = [0.0, *accumulate(segment.metres or 0 for segment in race_plan("10k", 10_000.0, 3000, 0.0, course).plan.segments)]

    def effort(way: float) -> float:
        return sum(
            planned(each.slope) * max(0.0, min(way, each.end) - each.begin) for each in sections_or_flat(course, 10_000.0)
        )

    for mark, end in zip(marks, ends, strict=True):
        assert mark == pytest.approx(3000 * effort(end) / effort(10_000.0), abs=0.5001)


def test_parts_change_where_the_slope_does_and_a_wall_has_no_pace() -> None:
    heights = ((0.0, 0.0), (2000.0, 0.0), (2800.0, 40.0), (4000.0, 40.0), (4200.0, 80.0), (10_000.0, 80.0))
    course = Course(((47.0, 8.0, 0.0), (47.09, 8.0, 10_000.0)), heights)
    parts = race_plan("10k", 10_000.0, 3000, 0.0, course).plan.segments
    assert [(each.name, each.kind) for each in parts if each.name == "Climb"] == [("Climb", Kind.TEMPO), ("Climb", Kind.FREE)]
    climb = next(each for each in parts if each.name == "Climb")
    flat = next(each for each in parts if each.name == "Start")
    assert climb.metres == pytest.approx(800)
    assert (flat.speed_at(0) or 0) / (climb.speed_at(0) or 1) == pytest.approx(1.135, abs=0.01)  # 5 %, less 1 that is not felt


@pytest.mark.parametrize(
    ("metres", "split", "says"),
    [(5_000, 0.0, "first 800 m: not faster than 4:51/km"), (10_000, 0.0, "first 2 km: not faster than 4:54/km"),
     (21_097.5, 0.0, "At no point slower than 5:03/km"), (42_195, 0.0, "From 35 km on"), (5_000, 0.0, "From 4.2 km on"),
     (42_195, 0.015, "2.6 % slower than the goal; more than 1 % costs time"), (42_195, -0.015, "2.6 % faster")],
)  # fmt: skip
def test_what_each_race_forgives_is_said(metres: float, split: float, says: str) -> None:
    assert says in " ".join(race_plan("race", metres, round(metres * 0.3), split).notes)


@pytest.mark.parametrize("metres", [5_000, 10_000, 21_097.5, 42_195])
def test_the_usual_split_starts_as_the_race_forgives(metres: float) -> None:
    notes = race_plan("race", metres, round(metres * 0.3), default_split(metres)).notes
    assert not [note for note in notes if "forgives" in note]


@pytest.mark.parametrize(("metres", "seconds"), [(10_000, 60), (10_000, 90_000)])
def test_a_time_that_is_none_is_refused(metres: float, seconds: int) -> None:
    with pytest.raises(ValueError, match=r"is not a possible time for 10\.00 km"):
        race_plan("10k", metres, seconds, 0.0)


def test_a_worked_example() -> None:
    """10 km in 50:00, one per cent negative: halves in 25:15 and 24:45."""
    made = race_plan("10k", 10_000.0, 3000, 0.005)
    assert made.halves == (1507.5, 1492.5)
    speeds = [segment.speed_at(0.0) or 0 for segment in race_plan("10k", 10_000.0, 3000, 0.01).plan.segments]
    assert all(after >= before for before, after in pairwise(speeds))


@pytest.mark.parametrize(("metres", "split"), [(5_000, 0.005), (10_000, 0.0075), (21_097.5, 0.005), (42_195, 0.0025)])
def test_the_split_is_small_where_nobody_asked_for_one(metres: float, split: float) -> None:
    assert default_split(metres) == split


@pytest.mark.parametrize("split", [None, 0.0, 0.01, 0.015, -0.01])
@pytest.mark.parametrize("seconds", [5400, 6300, 7777])
def test_a_plan_keeps_its_own_guard(split: float | None, seconds: int) -> None:
    """To the second, as both are told."""
    made = race_plan("half", 21_097.5, seconds, default_split(21_097.5) if split is None else split)
    (guard,) = [note for note in made.notes if "At no point slower than" in note]
    told = guard.split("than ")[1].split("/km")[0]
    slowest = min(each.speed_at(0.0) or 9.9 for each in made.plan.segments)
    minutes, rest = told.split(":")
    assert pace_seconds(slowest) <= 60 * int(minutes) + int(rest)


def test_a_large_split_is_flagged_and_a_larger_one_refused() -> None:
    assert "the best runners stay below 1 %" in race_plan("10k", 10_000.0, 3000, 0.025).notes[0]
    with pytest.raises(ValueError, match="is too large; the most is 3 %"):
        race_plan("10k", 10_000.0, 3000, 0.05)


def test_the_command(tmp_path: Path) -> None:
    config, out = configured(tmp_path), tmp_path / "race.toml"
    shown = coach(config, "race", "half", "1:45:00", "-o", out).stdout
    assert "Halves in 52:4" in shown and "total  1:45:00, 21.10 km" in shown
    assert "total  1:45:00, 21.10 km" in coach(config, "check", out).stdout
