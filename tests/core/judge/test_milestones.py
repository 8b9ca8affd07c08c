"""Splits to the tenth, the last minutes once, and the words of the workout's author."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.events import Estimate, Event
from coach.core.judge.milestones import Milestones
from coach.core.plan.segments import Distance, Duration, Kind, Length, Plan, Saying, Segment, Steady, UntilLap
from coach.core.session.moment import Moment
from coach.core.session.phases import Phase, Session
from coach.core.units import METRES


class Run:
    """A run whose moments are looked at every so often."""

    def __init__(self, *lengths: Length, every: float = METRES["km"], says: tuple[Saying, ...] = ()) -> None:
        segments = [Segment(f"S{n}", Kind.STEADY, length, Steady(3.0), says=says) for n, length in enumerate(lengths)]
        self.session, self.milestones = Session(Plan("p", tuple(segments))), Milestones(every)
        self.session.advance(0.0, 0.0)
        self.at, self.metres = 0.0, 0.0
        self.before: Moment | None = None

    def run(self, seconds: float, speed: float, step: float = 1.0, blind: bool = False) -> list[Event]:
        told: list[Event] = []
        for _ in range(round(seconds / step)):
            self.at += step
            self.metres += speed * step
            for event in self.session.advance(self.at, self.metres):
                if event.name == "segment_began":
                    self.milestones.begin_segment()
            if self.session.phase is Phase.RUNNING:
                estimate = Estimate(self.at, self.metres, None if blind else speed, None, "gps")
                moment = self.session.look(estimate)
                if moment.distance >= self.milestones.next_at:
                    told += self.milestones.judge(moment, self.before)
                self.before = moment
        return told


@pytest.mark.parametrize(("unit", "metres"), [("km", 1000.0), ("mi", 1609.344)])
def test_a_split_is_told_to_the_tenth_however_seldom_one_looks(unit: str, metres: float) -> None:
    told = Run(Distance(9000), every=METRES[unit]).run(1500, 3.3, step=7.0)
    assert [event.facts["number"] for event in told] == list(range(1, len(told) + 1))
    assert [event.facts["seconds"] for event in told] == pytest.approx([metres / 3.3] * len(told), abs=0.05)
    assert told[0].facts["metres"] == metres


def test_each_split_has_its_own_time() -> None:
    run = Run(Distance(9000))
    (first,) = run.run(400, 2.5)
    (second,) = run.run(250, 4.0)
    assert (first.facts["seconds"], second.facts["seconds"]) == pytest.approx((400, 250))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.floats(0.2, 30), st.floats(0, 6)), max_size=150))
def test_splits_add_up_to_the_time_of_the_way(steps: list[tuple[float, float]]) -> None:
    run, took = Run(Distance(1e6), every=400.0), 0.0
    for seconds, speed in steps:
        before = (run.at, run.metres)
        for event in run.run(seconds, speed, step=seconds):
            took += event.facts["seconds"]
            assert before[0] - 1e-6 <= took <= run.at + 1e-6
    assert int(run.metres / 400.0) == run.milestones._split


def test_a_pause_is_in_no_split() -> None:
    run = Run(Distance(9000))
    run.run(100, 2.5)
    run.session.press(run.at, "pause")
    run.run(500, 0.0)
    run.session.press(run.at, "pause")
    (told,) = run.run(310, 2.5)
    assert told.facts["seconds"] == pytest.approx(400)


def test_the_last_five_minutes_and_the_last_one_are_told_once_each_in_a_long_last_segment() -> None:
    run = Run(Duration(900), Duration(900))
    told = [event for event in run.run(1800, 3.0) if event.name == "last_minutes"]
    assert [(event.at, event.facts["seconds"]) for event in told] == [(1500.0, 300.0), (1740.0, 60.0)]


def test_in_a_short_last_segment_they_would_only_repeat_its_announcement() -> None:
    told = Run(Duration(900), Duration(300)).run(1200, 3.0)
    assert [event.facts["seconds"] for event in told if event.name == "last_minutes"] == [60.0]
    assert [event.name for event in Run(Duration(140)).run(140, 3.0)] == []


def test_by_distance_the_last_minutes_go_by_the_pace_of_now_and_are_told_once() -> None:
    run = Run(Distance(4000))
    told = [event for event in run.run(1330, 3.0) if event.name == "last_minutes"]
    assert [event.at for event in told] == pytest.approx([4000 / 3 - 300, 4000 / 3 - 60], abs=1)
    run = Run(Distance(4000))
    wavering = [run.run(1, 3.0 if second % 2 else 2.9) for second in range(1350)]
    assert len([event for told in wavering for event in told if event.name == "last_minutes"]) == 2


def test_what_could_not_be_told_in_time_is_not_told_late() -> None:
    run = Run(Distance(4000))
    run.run(1000, 3.0)
    run.run(160, 3.0, blind=True)
    assert [event.facts["seconds"] for event in run.run(170, 3.0) if event.name == "last_minutes"] == [60.0]


def test_an_open_end_has_no_last_minutes() -> None:
    assert {event.name for event in Run(UntilLap()).run(3000, 3.0)} == {"split"}


def test_the_authors_words_are_told_once_each_whatever_their_order() -> None:
    says = (Saying(Distance(600), "far"), Saying(Duration(0.0), "begin"), Saying(Duration(100), "relax"))
    run = Run(Duration(600), Duration(600), says=says)
    notes = [(event.at, event.facts["text"]) for event in run.run(599, 3.0) if event.name == "note"]
    assert notes == [(1.0, "begin"), (100.0, "relax"), (200.0, "far")]
    again = [event.facts["text"] for event in run.run(300, 3.0) if event.name == "note"]
    assert again == ["begin", "relax", "far"]
