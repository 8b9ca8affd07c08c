"""Coaching by splits: what a stretch tells as it grows, when it is told, and how often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.core.events import Estimate, Event
from coach.core.judge.corrector import Corrector
from coach.core.judge.splits import Stretches
from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady, Target
from coach.core.policy import Policy
from coach.core.session.phases import Session

POLICY = Policy()
SETTLED = 50.0


class Runner:
    """Runs a one-segment plan on a poor signal and collects what the stretches say."""

    def __init__(
        self, target: Target = None, kind: Kind = Kind.TEMPO, seconds: float = 3600.0, policy: Policy = POLICY
    ) -> None:
        self.session = Session(Plan("p", (Segment("S", kind, Duration(seconds), target or Steady(3.0)),)))
        self.corrector = Corrector(policy)
        self.stretches = Stretches(self.session.plan, policy, "intermediate", self.corrector)
        self.session.advance(0.0, 0.0)
        self.stretches.begin(SETTLED)
        self.at, self.metres, self.path = 0, 0.0, 0.0

    def run(
        self, speed: float, seconds: int, held: str = "", drawn: float = 1.0, now: float = 1.0, sigma: float = 0.2
    ) -> list[Event]:
        """`drawn` is the way by positions over that by speeds, `now` the current pace over the mean speed, and `sigma` how
        sure it is (m/s)."""
        told = []
        for _ in range(seconds):
            self.at += 1
            self.metres += speed
            self.path += speed * drawn
            self.session.advance(float(self.at), self.metres)
            moment = self.session.look(Estimate(float(self.at), self.metres, speed * now, sigma, "gps"))
            told += self.stretches.judge(moment, self.path, lambda kind: held)
        return told


def shares(way: float) -> float:
    """How far off a stretch of `way` metres must be, as a share: what the errors of its two ends can feign."""
    return POLICY.splits.sigmas * POLICY.splits.error / way


def first(share: float) -> Event | None:
    return next(iter(Runner().run(3.0 * share, 400)), None)


@pytest.mark.parametrize("share", [1.15, 0.85, 1.075, 0.925, 1.04])
def test_the_further_off_the_shorter_the_stretch_that_tells(share: float) -> None:
    found, looks = first(share), range(int(POLICY.splits.first), int(POLICY.splits.most) + 1, int(POLICY.splits.step))
    way = next(way for way in looks if abs(share - 1) > shares(way))
    assert found is not None and found.facts["stretch"] == way
    assert found.at == pytest.approx(SETTLED + way / (3.0 * share), abs=1.5)
    assert found.facts["speed"] == pytest.approx(3.0 * share) and found.facts["target"] == pytest.approx(3.0)
    assert (found.facts["side"], found.facts["nth"]) == ("fast" if share > 1 else "slow", 1)


@pytest.mark.parametrize("share", [1.03, 0.97])
def test_what_the_ends_of_the_longest_stretch_can_feign_is_not_said(share: float) -> None:
    assert first(share) is None


def test_against_a_ramp_it_is_the_mean_of_the_moments_targets() -> None:
    runner = Runner(Ramp(2.8, 3.4), seconds=1200.0)
    told = [event for _ in range(1200) for event in runner.run(runner.session.target or 0.0, 1)]
    assert told == []


def test_how_the_stretch_was_run_does_not_matter_but_how_long_it_took() -> None:
    runner = Runner()
    assert [event for _ in range(20) for event in runner.run(3.4, 10) + runner.run(2.6, 10)] == []


def test_two_measures_of_the_way_are_weighed_unless_they_are_not_of_the_same() -> None:
    """A way drawn 14 % longer of late makes a stretch half of that longer; one drawn half as long again is no measure of it."""
    runner = Runner()
    runner.run(3.0, 1000)
    (told,) = runner.run(3.0, 200, drawn=1.14, now=1.07)[:1]
    assert told.facts["side"] == "fast" and 3.1 < told.facts["speed"] < 3.21
    runner = Runner()
    runner.run(3.0, int(SETTLED) + 1)
    assert runner.run(3.0, 400, drawn=1.5) == []


@pytest.mark.parametrize("now", [1.0, 0.98, 1.15])
def test_a_stretch_off_pace_is_not_told_to_a_runner_whose_pace_of_now_is_not(now: float) -> None:
    """He was too slow on the whole, but is no longer."""
    runner = Runner()
    assert runner.run(2.7, 150, now=now / 0.9) == []
    (told,) = runner.run(2.7, 60)[:1]
    assert told.facts["side"] == "slow"


def test_between_two_corrections_by_splits_lies_the_time_that_lies_between_any_two() -> None:
    slow = replace(POLICY, correction=replace(POLICY.correction, second_after=120.0))
    one, two = Runner(policy=slow).run(2.5, 400)[:2]
    assert 120.0 <= two.at - one.at < 150.0


def test_after_a_correction_the_next_stretch_waits_for_the_answer() -> None:
    one, two = Runner().run(2.5, 220)
    assert two.at - one.at == pytest.approx(POLICY.correction.response + POLICY.splits.first / 2.5, abs=2)
    assert (one.facts["nth"], two.facts["nth"]) == (1, 2)


def test_two_corrections_then_how_it_stands_then_a_strike_and_then_silence() -> None:
    told = Runner().run(2.5, 1800)
    assert [event.name for event in told][:5] == ["off_pace", "off_pace", "still_off", "struck", "still_off"]
    assert told[4].at - told[3].at >= POLICY.giving_way.peace
    assert told[2].at - told[1].at >= POLICY.correction.stands_after
    assert told[3].at - told[1].at >= POLICY.giving_way.strike_after
    assert told[3].facts["side"] == "slow" and told[3].facts["bands"] > 1.0


def test_only_a_whole_stretch_inside_closes_an_excursion() -> None:
    runner = Runner()
    runner.run(2.5, 220)
    runner.run(3.0, 60)
    assert "off_pace" not in [event.name for event in runner.run(2.5, 60)]  # it is the same excursion, and had its two
    runner = Runner()
    runner.run(2.5, 220)
    assert runner.run(3.0, 400) == []
    assert [event.facts["nth"] for event in runner.run(2.5, 300) if event.name == "off_pace"] == [1, 2]


def test_a_stretch_that_cannot_be_told_goes_on_until_it_can() -> None:
    runner = Runner()
    assert runner.run(2.5, 200, held="silence") == []
    (told,) = runner.run(2.5, 1)
    assert told.facts["nth"] == 1 and told.facts["speed"] == pytest.approx(2.5)


def test_what_was_not_heard_is_not_counted() -> None:
    runner = Runner()
    assert len(runner.run(2.5, 115)) == 1
    assert runner.corrector.take_back()
    assert [event.facts["nth"] for event in runner.run(2.5, 100)] == [1]


def test_slow_easy_running_is_left_alone_and_fast_is_told_to_save_it_the_second_time() -> None:
    assert Runner(kind=Kind.EASY).run(2.5, 900) == []
    one, two = Runner(kind=Kind.EASY).run(3.5, 200)
    assert (one.facts["early"], one.facts["sized"], two.facts["sized"]) == (True, True, False)


def test_the_end_of_a_segment_is_left_in_peace() -> None:
    runner = Runner(seconds=120.0)
    assert runner.run(2.5, 119) == []


def test_without_a_target_nothing_is_timed() -> None:
    runner = Runner()
    runner.session.retarget(Plan("p", (Segment("S", Kind.FREE, Duration(3600.0)),)))
    assert runner.run(2.0, 600) == []


def test_an_excursion_is_one_however_the_pace_is_judged_meanwhile() -> None:
    """After two corrections that the pace of now gave rise to, the stretches tell of none, but how it stands."""
    runner, shared = Runner(), Corrector(POLICY)
    runner.stretches = Stretches(runner.session.plan, POLICY, "intermediate", shared)
    shared.begin(-1)
    for at in (10.0, 40.0):
        shared.correct(at, runner.session.segment, {"side": "slow", "speed": 2.5, "target": 3.0})
    assert [event.name for event in runner.run(2.5, 600)] == ["still_off", "struck", "still_off"]
    assert shared.in_peace


# What the runner does now may deny what the last metres were


def test_who_is_clearly_on_the_other_side_now_is_not_told_of_the_metres_before() -> None:
    slow = Runner()
    slow.run(2.5, int(SETTLED) + 50)
    assert slow.run(2.5, 30, now=1.3) == []
    fast = Runner()
    fast.run(3.5, int(SETTLED) + 40)
    assert fast.run(3.5, 30, now=0.785) == []


def test_who_is_back_by_more_than_three_sigmas_is_not_told_of_the_metres_before() -> None:
    runner = Runner()
    runner.run(2.2, int(SETTLED) + 60)
    assert runner.run(2.2, 20, now=1.355, sigma=0.2) == []


def test_after_a_stretch_that_was_denied_another_begins() -> None:
    runner = Runner()
    runner.run(2.5, int(SETTLED) + 50)
    runner.run(2.5, 30, now=1.3)
    (told,) = runner.run(2.5, 75)
    assert told.facts["stretch"] == POLICY.splits.first
