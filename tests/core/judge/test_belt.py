"""On a treadmill: what to set, some seconds ahead, in stairs a minute apart; and no word about the pace."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.judge.belt import setting, stairs
from coach.core.plan.segments import Distance, Duration, Eased, Kind, Length, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.core.settings import Settings
from tests.core.runners import CORRECTIONS, OnFoot, kinds

EVERY = Policy().belt.every
LEAD = Policy().belt.lead
RAMP = Segment("Ramp", Kind.STEADY, Duration(1200), Ramp(10 / 3.6, 12 / 3.6))
PLAN = Plan(
    "p",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300), Steady(8 / 3.6)),
        RAMP,
        Segment("Peak", Kind.PEAK, Distance(1000), Steady(13 / 3.6)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(300)),
    ),
)


def on_treadmill(plan: Plan, units: str = "metric", share: float = 1.0) -> OnFoot:
    runner = OnFoot(plan, Settings(treadmill=True, units=units))
    runner.run(4000, runner.target(share, otherwise=2.0))
    return runner


def steps(runner: OnFoot) -> list[tuple[float, int]]:
    return [(event.at, event.facts["tenths"]) for event in runner.events if event.name == "belt_step"]


@pytest.mark.parametrize(("units", "per_hour"), [("metric", 3.6), ("imperial", 3600 / 1609.344)])
def test_a_belt_is_set_in_tenths_of_the_runners_units(units: str, per_hour: float) -> None:
    assert setting(10.6 / per_hour, units) == 106


def test_a_ramp_becomes_tenths_or_two_a_minute_or_more_apart() -> None:
    """10 to 12 km/h in 20 min: 20 tenths, of which 19 steps would be too many by one."""
    found = stairs(RAMP, "metric", EVERY)
    assert found[0] == (0.0, 100) and found[-1][1] == 120
    assert all(1 <= after - before <= 2 for (_, before), (_, after) in pairwise(found))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.one_of(st.floats(120, 4000).map(Duration), st.floats(600, 15_000).map(Distance)),
    st.floats(2.0, 5.0),
    st.floats(2.0, 5.0),
    st.sampled_from(["metric", "imperial"]),
)
def test_stairs_go_one_way_to_the_exact_end_a_minute_apart(length: Length, start: float, end: float, units: str) -> None:
    segment = Segment("Ramp", Kind.STEADY, length, Ramp(start, end))
    found = stairs(segment, units, EVERY)
    way = 1 if end >= start else -1
    assert found[0] == (0.0, setting(start, units)) and found[-1][1] == setting(end, units)
    assert found[-1][0] < 1.0
    for (done, before), (next_done, after) in pairwise(found):
        assert (after - before) * way >= 0
        if (segment.seconds or 0.0) >= 2 * EVERY:
            assert (next_done - done) * (segment.seconds or 0.0) >= EVERY - 1e-6
    assert max(tenths for _, tenths in found) <= max(setting(start, units), setting(end, units))


def test_a_ramp_too_short_for_two_steps_gets_one_in_its_middle() -> None:
    assert stairs(Segment("Short", Kind.STEADY, Duration(80), Ramp(3.0, 3.5)), "metric", EVERY) == [(0.0, 108), (0.5, 126)]


def test_a_segment_without_a_target_sets_nothing() -> None:
    assert stairs(Segment("Free", Kind.FREE, Duration(300)), "metric", EVERY) == []


def test_a_target_that_holds_before_it_climbs_does_so_on_the_belt() -> None:
    held = Segment("Held", Kind.STEADY, Duration(1800), Eased(Ramp(3.0, 4.0), 3.0, 3.5, 1.0, 0.5))
    found = stairs(held, "metric", EVERY)
    assert {tenths for done, tenths in found if done < 0.45} == {108} and found[-1][1] == 126


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_every_change_is_told_some_seconds_ahead(units: str) -> None:
    runner = on_treadmill(PLAN, units)
    told = steps(runner)
    began = {event.facts["segment"]: event.at for event in runner.events if event.name == "segment_began"}
    assert [at for at, _ in told[:2]] == [0.0, began[2] - LEAD]
    assert told[1][1] == setting(10 / 3.6, units)
    in_ramp = [at for at, _ in told if began[2] <= at < began[3] - LEAD - 1]
    first_step = stairs(RAMP, units, EVERY)[1][0] * 1200
    assert in_ramp[0] == pytest.approx(began[2] + first_step - LEAD, abs=1)
    before_peak = [at for at, tenths in told if tenths == setting(13 / 3.6, units)]
    assert before_peak == [pytest.approx(began[3] - LEAD, abs=1)]
    assert kinds(runner.cues).count("set_belt") == len(told) - 1  # the greeting says the first one
    assert all(after - before + 1 >= EVERY for before, after in pairwise(in_ramp))


def test_a_falling_ramp_falls() -> None:
    down = Segment("Down", Kind.STEADY, Duration(900), Ramp(12 / 3.6, 10 / 3.6))
    tenths = [tenths for _, tenths in steps(on_treadmill(Plan("p", (down,))))]
    assert tenths == sorted(tenths, reverse=True) and (tenths[0], tenths[-1]) == (120, 100)


@pytest.mark.parametrize("share", [0.85, 1.0, 1.15])
def test_on_a_treadmill_nothing_is_said_about_the_pace(share: float) -> None:
    runner = on_treadmill(PLAN, share=share)
    assert runner.coach.finished
    assert not {*CORRECTIONS, "ramp", "praise", "hold"} & set(kinds(runner.cues))
    assert not {"off_pace", "struck", "ramp_moved"} & {event.name for event in runner.events}


def test_the_countdown_is_heard_although_the_belt_was_just_set() -> None:
    runner = on_treadmill(PLAN)
    assert kinds(runner.cues).count("countdown") == 4


def test_when_the_heart_lowers_the_targets_the_belt_is_set_lower_once_that_was_said() -> None:
    runner = OnFoot(PLAN, Settings(treadmill=True, ceilings={"steady": 160.0}))
    runner.run(300, runner.target(), bpm=130)
    runner.run(400, runner.target(), bpm=158)
    said = runner.run(40, runner.target(), bpm=163)
    assert "heart_high" in kinds(said)
    higher, lowered = [cue for cue in said if cue.kind == "set_belt"]
    assert lowered.facts["tenths"] <= higher.facts["tenths"] - 4 and lowered.at == pytest.approx(735, abs=2)
    runner.run(2000, runner.target(), bpm=150)
    assert max(tenths for at, tenths in steps(runner) if 770 < at < 1494) < 120
