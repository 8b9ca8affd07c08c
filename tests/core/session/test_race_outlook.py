"""A race in the race: worked examples."""

from __future__ import annotations

import pytest

from coach.core.plan.segments import Band, Distance, Kind, Ramp, Segment, Steady, Target
from coach.core.session.race_outlook import limit, outlook, scaled
from coach.core.units import clock_text, pace_seconds

HALF = 21_097.5


@pytest.mark.parametrize(("pace", "finish"), [(302, "1:46:43"), (308, "1:47:26")])
def test_what_cannot_be_won_back_is_told_honestly(pace: int, finish: str) -> None:
    """Half marathon in 1:45, 14 km in 1:11:00: 4:47 would be needed."""
    found = outlook(HALF, HALF - 14_000, 4260, 6300, 1000 / pace)
    assert pace_seconds(found.need) == 287
    assert not found.feasible and clock_text(found.finish) == finish


def test_what_can_be_won_back_keeps_the_goal() -> None:
    found = outlook(HALF, HALF - 14_000, 4260, 6300, 1000 / 291)
    assert found.feasible and found.finish == 6300
    assert pace_seconds(found.need) == 287


@pytest.mark.parametrize(("race", "margin"), [(5_000, 0.04), (10_000, 0.03), (HALF, 0.02), (42_195, 0.01)])
def test_the_longer_the_race_the_less_can_be_won_back(race: float, margin: float) -> None:
    need = 1000 / 300
    for slower, feasible in ((margin - 0.002, True), (margin + 0.002, False)):
        assert outlook(race, 2000, 1000, 1600, need / (1 + slower)).feasible is feasible


def test_at_the_end_and_beyond_the_goal() -> None:
    assert outlook(10_000, 0, 2990, 3000, 3.4).finish == 2990
    late = outlook(10_000, 100, 3001, 3000, 2.5)
    assert not late.feasible and late.finish == 3041
    assert not outlook(10_000, 100, 2900, 3000, 0.0).feasible


@pytest.mark.parametrize("target", [Steady(3.0), Band(2.9, 3.1), Ramp(3.0, 4.0), Ramp(4.0, 3.0)])
@pytest.mark.parametrize("factor", [1.1, 0.9])
def test_what_is_scaled_keeps_its_shape_and_what_is_slower_still_allows_the_first_speeds(target: Target, factor: float) -> None:
    before, after = (Segment("", Kind.TEMPO, Distance(600), each) for each in (target, scaled(target, factor)))
    for done in (0.0, 0.4, 1.0):
        assert after.speed_at(done) == pytest.approx(factor * (before.speed_at(done) or 0.0))
        assert after.allowed_at(done) == pytest.approx(max(1.0, factor) * (before.speed_at(done) or 0.0))
    assert after.seconds == pytest.approx((before.seconds or 0.0) / factor, rel=2e-3)
    assert scaled(None, factor) is None


@pytest.mark.parametrize(("race", "late"), [(5_000, 40.0), (10_000, 30.0), (HALF, 30.0), (42_195, 30.0)])
def test_a_goal_is_given_up_only_for_what_no_outlook_mistakes_for_chance(race: float, late: float) -> None:
    assert limit(race, 1000.0) == late
    assert limit(race, 60.0) == 10.0
