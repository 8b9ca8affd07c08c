"""A plan written and read again is the same plan, as far as the format carries it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.errors import InvalidSettings
from coach.workouts import read_workout, write_workout
from tests.workouts.test_native import THURSDAY, read

SPEEDS = st.floats(1.5, 6.5)
TARGETS = st.one_of(
    st.none(),
    SPEEDS.map(Steady),
    st.tuples(SPEEDS, st.floats(0.05, 1.0)).map(lambda each: Band(each[0], each[0] + each[1])),
    st.tuples(SPEEDS, st.floats(0.05, 1.0)).map(lambda each: Ramp(each[0], each[0] + each[1])),
)
LENGTHS = st.one_of(st.integers(30, 7200).map(float).map(Duration), st.integers(100, 20_000).map(float).map(Distance))
SEGMENTS = st.builds(Segment, st.sampled_from(["Build", "Float", "A & B <c>"]), st.sampled_from(list(Kind)), LENGTHS, TARGETS)
PLANS = st.lists(SEGMENTS, min_size=1, max_size=8).map(lambda each: Plan("Any", tuple(each)))


def test_our_own_file_carries_everything(tmp_path: Path) -> None:
    plan = read(tmp_path, THURSDAY)
    assert write_workout(plan, tmp_path / "again.toml") == ()
    again = read_workout(str(tmp_path / "again.toml"), None)
    assert [segment.turn for segment in again.segments] == [segment.turn for segment in plan.segments]
    assert [segment.kind for segment in again.segments] == [segment.kind for segment in plan.segments]
    assert again.totals.seconds == pytest.approx(plan.totals.seconds, abs=0.05)
    text = (tmp_path / "again.toml").read_text()
    assert 'pace   = "6:00/km -> 4:45/km"' in text
    assert "repeat = 3" in text


def test_nested_repeats_are_found_again(tmp_path: Path) -> None:
    nested = """
    [[segment]]
    repeat = 3
      [[segment.segment]]
      repeat = 4
        [[segment.segment.segment]]
        length = "400 m"
        pace = "4:00/km"
        [[segment.segment.segment]]
        length = "1 min"
      [[segment.segment]]
      length = "3 min"
    """
    plan = read(tmp_path, nested)
    write_workout(plan, tmp_path / "again.toml")
    assert (tmp_path / "again.toml").read_text().count("[[") == 5
    assert read_workout(str(tmp_path / "again.toml"), None).segments == plan.segments


def test_what_lasts_until_lap_still_does(tmp_path: Path) -> None:
    plan = Plan("Open", (Segment('Say "go"\n', Kind.FREE, UntilLap()),))
    write_workout(plan, tmp_path / "open.toml")
    segment = read_workout(str(tmp_path / "open.toml"), None).segments[0]
    assert (segment.name, segment.length) == ('Say "go"', UntilLap())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLANS)
def test_any_plan_comes_back_from_our_own_file(tmp_path: Path, plan: Plan) -> None:
    write_workout(plan, tmp_path / "any.toml")
    again = read_workout(str(tmp_path / "any.toml"), None)
    assert [each.length for each in again.segments] == [each.length for each in plan.segments]
    for before, after in zip(plan.segments, again.segments, strict=True):
        assert type(before.target) is type(after.target)
        assert after.mean_speed == (before.mean_speed and pytest.approx(before.mean_speed, rel=1e-5))


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    plan = Plan("Any", (Segment("Free", Kind.FREE, UntilLap()),))
    with pytest.raises(InvalidSettings, match="cannot be written"):
        write_workout(plan, tmp_path / "gone" / "x.toml")
    with pytest.raises(InvalidSettings, match="is not the name of a workout file"):
        write_workout(plan, tmp_path / "x.pdf")
