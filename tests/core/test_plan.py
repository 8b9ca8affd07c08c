"""What a plan knows of itself: targets along a ramp, totals, limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap


def test_a_ramp_over_time_is_linear_in_speed() -> None:
    build = Segment("Build", Kind.STEADY, Duration(1200), Ramp(2.0, 4.0))
    assert [build.speed_at(done) for done in (0, 0.25, 0.5, 1)] == [2.0, 2.5, 3.0, 4.0]
    assert build.metres == 1200 * 3.0


@settings(derandomize=True, deadline=None)
@given(st.floats(1.5, 4), st.floats(2, 6), st.floats(0, 1))
def test_a_ramp_by_distance_is_the_same_ramp_read_along_the_way(start: float, end: float, part: float) -> None:
    by_way = Segment("Build", Kind.STEADY, Distance(6000), Ramp(start, end))
    assert by_way.seconds is not None
    covered = by_way.seconds * part * (start + (end - start) * part / 2)
    speed = by_way.speed_at(covered / 6000)
    assert speed == pytest.approx(start + (end - start) * part, abs=1e-9)


def test_totals_count_what_is_known_and_say_what_is_open() -> None:
    plan = Plan(
        "p",
        (
            Segment("Warm-up", Kind.WARMUP, Duration(600), Steady(2.5)),
            Segment("Peak", Kind.PEAK, Distance(1000), Band(3.5, 4.5)),
            Segment("Home", Kind.COOLDOWN, Duration(300)),
            Segment("Stretch", Kind.FREE, UntilLap()),
        ),
    )
    totals = plan.totals
    assert totals.seconds == 600 + 250 + 300
    assert totals.metres == 1500 + 1000
    assert totals.open_time and totals.open_distance


def test_a_plan_has_at_least_one_and_at_most_a_thousand_segments() -> None:
    one = Segment("Run", Kind.EASY, Duration(60))
    for count in (0, 1001):
        with pytest.raises(ValueError, match="1 to 1000"):
            Plan("p", (one,) * count)
    assert len(Plan("p", (one,) * 1000).segments) == 1000
