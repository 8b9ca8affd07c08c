"""A race in the race: worked examples."""

from __future__ import annotations

import pytest

from coach.core.plan.segments import Band, Duration, Eased, Kind, Ramp, Segment
from coach.core.session.race_outlook import faster, outlook
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


def test_hills_ahead_count_in_what_is_needed() -> None:
    assert outlook(10_000, 3000, 2100, 3000, 3.4).feasible
    uphill = outlook(10_000, 3000, 2100, 3000, 3.4, hills=1.1)
    assert not uphill.feasible and uphill.finish == pytest.approx(2100 + 3300 / 3.4)


def test_at_the_end_and_beyond_the_goal() -> None:
    assert outlook(10_000, 0, 2990, 3000, 3.4).finish == 2990
    late = outlook(10_000, 100, 3001, 3000, 2.5)
    assert not late.feasible and late.finish == 3041
    assert not outlook(10_000, 100, 2900, 3000, 0.0).feasible


def test_what_is_faster_keeps_its_shape() -> None:
    ramp = faster(Ramp(3.0, 4.0), 1.1)
    assert isinstance(ramp, Ramp) and (ramp.start, ramp.end) == pytest.approx((3.3, 4.4))
    assert faster(Band(3.0, 3.2), 0.5) == Band(1.5, 1.6)
    segment = Segment("", Kind.TEMPO, Duration(600), Eased(Ramp(3.0, 4.0), 3.1, 3.2, 0.5))
    twice = Segment("", Kind.TEMPO, Duration(600), faster(segment.target, 2.0))
    for done in (0.0, 0.4, 1.0):
        assert twice.speed_at(done) == pytest.approx(2 * (segment.speed_at(done) or 0.0))
    assert faster(None, 2.0) is None
