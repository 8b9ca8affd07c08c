"""A race in the race: worked examples, and the rest of a plan squeezed into the time that is left."""

from __future__ import annotations

import pytest

from coach.core.plan import Distance, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.replan import SPREAD, outlook, rest_of, rising
from coach.core.units import clock_text, pace_seconds
from coach.planning.race import race_plan

HALF = 21_097.5


@pytest.mark.parametrize(("pace", "finish"), [(302, "1:46:43"), (308, "1:47:26")])
def test_what_cannot_be_won_back_is_told_honestly(pace: int, finish: str) -> None:
    """Half marathon in 1:45, 14 km in 1:11:00: 4:47 would be needed."""
    found = outlook(HALF, HALF - 14_000, 4260, 6300, 1000 / pace)
    assert pace_seconds(found.need) == 287
    assert not found.feasible and found.rest is None and clock_text(found.finish) == finish


def test_what_can_be_won_back_is_a_climb_from_the_pace_of_now_about_the_one_that_is_needed() -> None:
    found = outlook(HALF, HALF - 14_000, 4260, 6300, 1000 / 291)
    assert found.feasible and found.finish == 6300 and found.rest
    assert pace_seconds(found.rest.start) == 291
    rest = Segment("Rest", Kind.TEMPO, Distance(HALF - 14_000), found.rest)
    assert rest.seconds == pytest.approx(6300 - 4260, abs=1e-9)


@pytest.mark.parametrize(("race", "margin"), [(5_000, 0.04), (10_000, 0.03), (HALF, 0.02), (42_195, 0.01)])
def test_the_longer_the_race_the_less_can_be_won_back(race: float, margin: float) -> None:
    need = 1000 / 300
    for slower, feasible in ((margin - 0.002, True), (margin + 0.002, False)):
        assert outlook(race, 2000, 1000, 1600, need / (1 + slower)).feasible is feasible


def test_hills_ahead_count_in_what_is_needed() -> None:
    assert outlook(10_000, 3000, 2100, 3000, 3.4).feasible
    uphill = outlook(10_000, 3000, 2100, 3000, 3.4, hills=1.1)
    assert not uphill.feasible and uphill.finish == pytest.approx(2100 + 3300 / 3.4)


def test_at_the_end_and_beyond_the_goal() -> None:
    assert outlook(10_000, 0, 2990, 3000, 3.4).finish == 2990
    late = outlook(10_000, 100, 3001, 3000, 2.5)
    assert not late.feasible and late.finish == 3041
    assert not outlook(10_000, 100, 2900, 3000, 0.0).feasible


def test_a_ramp_by_the_way_takes_as_long_as_its_mean() -> None:
    for spread in (-0.1, 0.0, 0.01, 0.5):
        ramp = rising(3.3, spread)
        assert Segment("", Kind.TEMPO, Distance(5000), ramp).seconds == pytest.approx(5000 / 3.3)
        assert ramp.end / 3.3 - 1 <= SPREAD + 1e-9 and ramp.end >= ramp.start


def test_the_rest_of_a_plan_keeps_its_proportions_in_the_time_that_is_left() -> None:
    plan = race_plan("10k", 10_000.0, 3000, 0.01).plan
    rest = rest_of(plan, 2, 700.0, 1700.0)
    assert sum(each.seconds or 0 for each in rest) == pytest.approx(1700.0)
    assert sum(each.metres or 0 for each in rest) == pytest.approx(10_000 - 4_700)
    before = [each.speed_at(0.0) or 0 for each in plan.segments[2:]]
    after = [each.speed_at(0.0) or 0 for each in rest]
    assert [new / old for new, old in zip(after, before, strict=True)] == pytest.approx([after[0] / before[0]] * len(rest))


def test_the_rest_of_a_ramp_goes_on_from_where_it_is() -> None:
    plan = Plan("p", (Segment("Build", Kind.STEADY, Distance(4000), Ramp(3.0, 4.0)),))
    (left,) = rest_of(plan, 0, 2000.0, 2000 / 3.8)
    assert isinstance(left.target, Ramp) and left.target.start / left.target.end == pytest.approx(12.5**0.5 / 4.0)
    assert left.seconds == pytest.approx(2000 / 3.8)


@pytest.mark.parametrize("length", [Duration(600), Distance(1000)])
def test_what_is_not_measured_out_cannot_be_squeezed(length: Duration | Distance) -> None:
    plan = Plan("p", (Segment("a", Kind.TEMPO, length, Steady(3.0)), Segment("b", Kind.TEMPO, Distance(1000))))
    with pytest.raises(ValueError, match="metres"):
        rest_of(plan, 0, 100.0, 500.0)
