"""Race plans: the blocks add up to the goal, to the second, and the halves differ by the split that was asked for."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.planning.race import default_split, race_plan
from tests.runs.commands import coach, configured


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.floats(1000, 100_000), st.floats(2.0, 6.0), st.floats(-0.03, 0.03))
def test_the_blocks_add_up_to_the_goal_to_the_second(metres: float, speed: float, split: float) -> None:
    seconds = round(metres / speed)
    made = race_plan("race", metres, seconds, split)
    assert made.plan.totals.seconds == pytest.approx(seconds, abs=1e-6)
    assert made.plan.totals.metres == pytest.approx(metres, abs=1e-6)
    assert all(abs((segment.seconds or 0) - round(segment.seconds or 0)) < 1e-6 for segment in made.plan.segments)
    assert (made.halves[0] - made.halves[1]) / seconds == pytest.approx(split, abs=1e-9)


def test_a_worked_example() -> None:
    """10 km in 50:00, one per cent negative: halves in 25:15 and 24:45."""
    made = race_plan("10k", 10_000.0, 3000, 0.005)
    assert made.halves == (1507.5, 1492.5)
    speeds = [segment.speed_at(0.0) or 0 for segment in race_plan("10k", 10_000.0, 3000, 0.01).plan.segments]
    assert all(after >= before for before, after in pairwise(speeds))


@pytest.mark.parametrize(("metres", "split"), [(5_000, 0.005), (10_000, 0.0075), (21_097.5, 0.0075), (42_195, 0.0025)])
def test_the_split_is_small_where_nobody_asked_for_one(metres: float, split: float) -> None:
    assert default_split(metres) == split


def test_a_large_split_is_flagged_and_a_larger_one_refused() -> None:
    assert "the best are below 1 %" in race_plan("10k", 10_000.0, 3000, 0.025).notes[0]
    with pytest.raises(ValueError, match="too timid"):
        race_plan("10k", 10_000.0, 3000, 0.05)


def test_the_command(tmp_path: Path) -> None:
    config, out = configured(tmp_path), tmp_path / "race.toml"
    shown = coach(config, "race", "half", "1:45:00", "-o", out).stdout
    assert "Halves in 52:5" in shown and "total  1:45:00, 21.10 km" in shown
    assert "total  1:45:00, 21.10 km" in coach(config, "check", out).stdout
