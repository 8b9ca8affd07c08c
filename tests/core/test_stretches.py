"""Coaching by splits of 400 m: what a stretch tells, when it is told, and how often."""

from __future__ import annotations

import pytest

from coach.core.events import Event
from coach.core.plan import Duration, Kind, Plan, Ramp, Segment, Steady, Target
from coach.core.policy import Policy
from coach.core.session import Session
from coach.core.stretches import Stretches

POLICY = Policy()
SETTLED = 50.0


class Runner:
    """Runs a one-segment plan on a poor signal and collects what the stretches say."""

    def __init__(self, target: Target = None, kind: Kind = Kind.TEMPO, seconds: float = 3600.0) -> None:
        self.session = Session(Plan("p", (Segment("S", kind, Duration(seconds), target or Steady(3.0)),)))
        self.stretches = Stretches(self.session.plan, POLICY, "intermediate")
        self.session.advance(0.0, 0.0)
        self.stretches.begin_segment(SETTLED)
        self.at, self.metres = 0, 0.0

    def run(self, speed: float, seconds: int, held: str = "") -> list[Event]:
        told = []
        for _ in range(seconds):
            self.at += 1
            self.metres += speed
            self.session.advance(float(self.at), self.metres)
            told += self.stretches.judge(float(self.at), self.session, lambda kind: held)
        return told


def test_a_stretch_begins_once_the_segment_has_settled_and_is_four_hundred_metres_long() -> None:
    (told,) = Runner().run(2.8, 250)
    assert told.at == pytest.approx(SETTLED + POLICY.stretch / 2.8, abs=1)
    assert told.facts["speed"] == pytest.approx(2.8) and told.facts["target"] == pytest.approx(3.0)
    assert (told.facts["side"], told.facts["nth"], told.facts["stretch"]) == ("slow", 1, 400.0)


@pytest.mark.parametrize(("share", "told"), [(1.039, 0), (1.045, 1), (0.961, 0), (0.955, 1)])
def test_what_the_ends_of_a_stretch_can_feign_is_not_said(share: float, told: int) -> None:
    assert len(Runner().run(3.0 * share, 220)) == told


def test_against_a_ramp_it_is_the_mean_of_the_moments_targets() -> None:
    runner = Runner(Ramp(2.8, 3.4), seconds=1200.0)
    told = [event for _ in range(600) for event in runner.run(runner.session.target or 0.0, 1)]
    assert told == []


def test_how_the_stretch_was_run_does_not_matter_but_how_long_it_took() -> None:
    runner = Runner()
    assert [event for _ in range(20) for event in runner.run(3.6, 10) + runner.run(2.4, 10)] == []


def test_after_a_correction_the_next_stretch_waits_for_the_answer() -> None:
    runner = Runner()
    first, second = runner.run(2.7, 400)
    assert second.at - first.at == pytest.approx(POLICY.response + POLICY.stretch / 2.7, abs=2)
    assert (first.facts["nth"], second.facts["nth"]) == (1, 2)


def test_two_corrections_then_a_strike_and_then_silence() -> None:
    told = Runner().run(2.7, 1800)
    assert [event.name for event in told] == ["off_pace", "off_pace", "struck"]
    assert told[2].facts["side"] == "slow" and told[2].facts["bands"] > 2.0


def test_a_stretch_inside_closes_the_excursion() -> None:
    runner = Runner()
    runner.run(2.7, 400)
    assert runner.run(3.0, 300) == []
    assert [event.facts["nth"] for event in runner.run(2.7, 300) if event.name == "off_pace"][:1] == [1]


def test_a_stretch_that_cannot_be_told_goes_on_until_it_can() -> None:
    runner = Runner()
    assert runner.run(2.7, 300, held="silence") == []
    (told,) = runner.run(2.7, 1)
    assert told.facts["nth"] == 1 and told.facts["speed"] == pytest.approx(2.7)


def test_what_was_not_heard_is_not_counted() -> None:
    runner = Runner()
    assert len(runner.run(2.7, 230)) == 1
    runner.stretches.take_back()
    assert [event.facts["nth"] for event in runner.run(2.7, 170)] == [1]


def test_slow_easy_running_is_left_alone_and_fast_is_told_to_save_it_the_second_time() -> None:
    assert Runner(kind=Kind.EASY).run(2.5, 900) == []
    first, second = Runner(kind=Kind.EASY).run(3.3, 360)
    assert (first.facts["early"], first.facts["sized"], second.facts["sized"]) == (True, True, False)


def test_the_end_of_a_segment_is_left_in_peace() -> None:
    runner = Runner(seconds=210.0)
    assert runner.run(2.8, 209) == []


def test_without_a_target_nothing_is_timed() -> None:
    runner = Runner()
    runner.session.replan(Plan("p", (Segment("S", Kind.FREE, Duration(3600.0)),)))
    assert runner.run(2.0, 600) == []
