"""Where the runner is in the plan: boundaries, keys, and what never goes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.events import Event
from coach.core.inputs import KEYS
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Segment, Steady, UntilLap
from coach.core.session.phases import Phase, Session


def plan(*lengths: Duration | Distance | UntilLap) -> Plan:
    return Plan("p", tuple(Segment(f"S{n}", Kind.STEADY, length, Steady(3.0)) for n, length in enumerate(lengths, 1)))


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_the_first_input_begins_the_run_and_its_first_segment() -> None:
    events = Session(plan(Duration(60))).advance(0.0, 0.0)
    assert names(events) == ["run_began", "segment_began"]
    assert events[1].facts == {"segment": 1, "of": 1, "name": "S1"}


def test_a_timed_segment_ends_at_its_second_and_the_rest_of_the_step_belongs_to_the_next() -> None:
    session = Session(plan(Duration(60), Duration(60)))
    session.advance(0.0, 0.0)
    events = session.advance(70.0, 210.0)
    assert names(events)[:2] == ["segment_ended", "segment_began"]
    assert events[0].facts["elapsed"] == pytest.approx(60) and events[0].facts["distance"] == pytest.approx(180)
    assert session.into_seconds == pytest.approx(10) and session.into_metres == pytest.approx(30)


def test_a_distance_segment_ends_where_its_length_is_covered() -> None:
    session = Session(plan(Distance(1000), Distance(1000)))
    session.advance(0.0, 0.0)
    session.advance(330.0, 990.0)
    events = session.advance(340.0, 1020.0)
    assert events[0].facts["distance"] == pytest.approx(1000)
    assert events[0].facts["elapsed"] == pytest.approx(330 + 10 / 3)


def test_one_long_step_may_cross_several_segments_each_told_once_in_order() -> None:
    session = Session(plan(Duration(10), Duration(10), Duration(10)))
    session.advance(0.0, 0.0)
    events = session.advance(25.0, 75.0)
    assert [event.facts["segment"] for event in events if event.name == "segment_began"] == [2, 3]


def test_the_last_segment_ends_in_run_complete() -> None:
    session = Session(plan(Duration(10)))
    session.advance(0.0, 0.0)
    assert names(session.advance(10.0, 30.0)) == ["segment_ended", "run_complete"]
    assert session.phase is Phase.DONE


def test_halfway_is_told_once_by_planned_time() -> None:
    session = Session(plan(Duration(100), Duration(100)))
    told = [event for second in range(0, 200) for event in session.advance(float(second), 3.0 * second)]
    assert [event.at for event in told if event.name == "halfway"] == [100.0]


def test_a_pause_stops_time_and_distance() -> None:
    session = Session(plan(Duration(100)))
    session.advance(0.0, 0.0)
    session.advance(10.0, 30.0)
    assert names(session.press(10.0, "pause")) == ["paused"]
    session.advance(60.0, 90.0)
    assert names(session.press(60.0, "pause")) == ["resumed"]
    session.advance(70.0, 120.0)
    assert (session.elapsed, session.distance) == (20.0, 60.0)


def test_skip_goes_to_the_next_segment_and_back_to_this_or_the_one_before() -> None:
    session = Session(plan(Duration(100), Duration(100)))
    session.advance(0.0, 0.0)
    session.advance(30.0, 90.0)
    assert names(session.press(30.0, "skip")) == ["segment_ended", "segment_began"]
    session.advance(50.0, 150.0)
    session.press(50.0, "back")
    assert (session.index, session.into_seconds) == (1, 0.0)
    session.press(50.0, "back")
    assert (session.index, session.into_seconds) == (0, 0.0)


def test_the_lap_key_ends_an_open_segment_and_marks_a_lap_in_any_other() -> None:
    session = Session(plan(UntilLap(), Duration(100)))
    session.advance(0.0, 0.0)
    assert names(session.press(5.0, "lap")) == ["segment_ended", "segment_began"]
    assert names(session.press(6.0, "lap")) == ["lap"]


def test_a_key_that_means_nothing_does_nothing() -> None:
    session = Session(plan(Duration(10)))
    assert session.press(0.0, "skip") == []
    session.advance(0.0, 0.0)
    assert session.press(0.0, "resume") == []
    assert session.press(0.0, "dance") == []


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.floats(-5, 40), st.floats(-10, 100), st.sampled_from([None, None, None, *KEYS])), max_size=60))
def test_distance_elapsed_and_the_order_of_segments_survive_anything(
    steps: list[tuple[float, float, str | None]],
) -> None:
    session = Session(plan(Duration(50), Distance(200), UntilLap(), Duration(20)))
    at = metres = 0.0
    began = 0
    for step, way, key in steps:
        at, metres = max(0.0, at + step), metres + way
        before = (session.elapsed, session.distance)
        events = session.advance(at, metres) + (session.press(at, key) if key else [])
        assert session.elapsed >= before[0] and session.distance >= before[1]
        for event in events:
            if event.name == "segment_began":
                assert event.facts["segment"] <= began + 1
                began = event.facts["segment"]
        assert 0 <= session.index < 4 and session.into_seconds >= -1e-6 and session.into_metres >= -1e-6
