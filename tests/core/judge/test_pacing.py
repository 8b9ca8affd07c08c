"""When a deviation is worth a word: band, settle, evidence, two corrections, the end of an excursion, and the strike."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from coach.core.estimate.filter import Measured, Raw
from coach.core.events import Estimate, Event
from coach.core.judge.band import Bands
from coach.core.judge.corrector import Corrector
from coach.core.judge.pacing import Pacing
from coach.core.plan.segments import Band, Duration, Kind, Plan, Segment, Steady, Target
from coach.core.policy import Policy
from coach.core.session.moment import Moment
from coach.core.session.phases import Session
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.progressions import STYLES, progression
from coach.planning.one_run.race import race_plan

POLICY = Policy()


class Runner:
    """Runs a one-segment plan at a given speed and collects what the pacing says, second by second."""

    def __init__(
        self,
        kind: Kind = Kind.TEMPO,
        target: Target = None,
        level: str = "intermediate",
        by_footpod: bool = False,
        seconds: int = 1800,
    ) -> None:
        plan = Plan("p", (Segment("S", kind, Duration(seconds), target or Steady(3.0)),))
        self.session = Session(plan)
        self.pacing = Pacing(plan, POLICY, level, Corrector(POLICY))
        self.session.advance(0.0, 0.0)
        self.pacing.begin_segment(0.0, first=False, by_footpod=by_footpod)
        self.at = 0
        self.said: list[Event] = []

    def look(self, speed: float, sigma: float = 0.02) -> Moment:
        at = self.session.elapsed
        raw = Raw(Measured(at, speed, sigma**2, 1.0), sigma)
        return self.session.look(Estimate(at, 3.0 * at, speed, sigma, "gps"), raw=raw)

    def run(self, speed: float, seconds: int, sigma: float = 0.02) -> list[Event]:
        """What was said, praise left out."""
        said = []
        for _ in range(seconds):
            self.at += 1
            self.session.advance(float(self.at), 3.0 * self.at)
            said += self.pacing.judge(self.look(speed, sigma))
        self.said += said
        return [event for event in said if event.name != "well_held"]


def corrections(events: list[Event]) -> list[Event]:
    return [event for event in events if event.name == "off_pace"]


def test_inside_the_band_nothing_is_said() -> None:
    assert Runner().run(3.05, 1700) == []


@pytest.mark.parametrize(
    ("by_footpod", "settle"), [(False, POLICY.correction.settle), (True, POLICY.correction.settle_footpod)]
)
def test_no_correction_within_settle(by_footpod: bool, settle: float) -> None:
    first = corrections(Runner(by_footpod=by_footpod).run(3.6, 60))[0]
    assert first.at == settle


def test_a_large_change_of_target_takes_longer_to_settle() -> None:
    runner = Runner()
    runner.pacing.begin_segment(0.0, first=False, by_footpod=False, step=0.4)
    assert corrections(runner.run(3.6, 60))[0].at == 2 * POLICY.correction.settle


def test_a_gross_mistake_is_told_sooner_than_a_slight_one() -> None:
    def wait(speed: float) -> float:
        runner = Runner()
        runner.run(3.0, 100)
        return corrections(runner.run(speed, 200))[0].at - 100

    gross, double, slight = wait(3.36), wait(3.18), wait(3.12)
    assert gross < double < slight
    assert gross <= 5 and double <= 13 and slight <= 45  # s at four times the band, at twice the band and just beyond it


def test_who_is_corrected_often_needs_more_evidence_for_the_next_word() -> None:
    def wait(before: int) -> float:
        runner = Runner(seconds=7200)
        for _ in range(before):
            runner.run(3.3, 30)
            runner.run(3.0, 60)
        return corrections(runner.run(3.16, 200))[0].at - 90 * before

    assert wait(0) < wait(2) < wait(6) < 120


def test_the_verbosity_decides_how_much_evidence_a_word_needs() -> None:
    def wait(verbosity: str) -> float:
        runner = Runner()
        runner.pacing.verbosity = verbosity
        runner.run(3.0, 100)
        return corrections(runner.run(3.18, 200))[0].at

    assert wait("chatty") < wait("normal") < wait("quiet")


def test_a_recorder_that_writes_each_fourth_second_is_corrected_as_late_as_one_that_writes_each_second() -> None:
    def wait(every: int) -> float:
        runner = Runner()
        said = list[Event]()
        for second in range(100, 200):
            moment = runner.look(3.2)
            at = second - second % every
            raw = Raw(Measured(float(at), 3.2, 0.02**2, 1.0), 0.02)
            said += runner.pacing.judge(replace(moment, at=float(second), raw=raw))
        return corrections(said)[0].at

    assert wait(1) <= wait(4) <= wait(1) + 8


def test_a_moment_inside_takes_back_what_a_moment_outside_gave() -> None:
    runner = Runner()
    for _ in range(100):
        runner.run(3.15, 4)
        assert corrections(runner.run(3.0, 4)) == []


def test_two_corrections_and_no_third() -> None:
    said = corrections(Runner().run(3.3, 900))
    assert [(event.facts["nth"], event.facts["side"]) for event in said] == [(1, "fast"), (2, "fast")]
    assert said[1].at - said[0].at >= POLICY.correction.second_after


def test_nothing_counts_while_the_runner_answers() -> None:
    runner = Runner()
    first = corrections(runner.run(3.3, 200))[0]
    runner = Runner()
    runner.run(3.3, int(first.at))
    assert corrections(runner.run(3.0, 60)) == []


def test_an_excursion_is_over_after_a_while_inside_and_said_so_once() -> None:
    runner = Runner()
    runner.run(2.7, 30)
    said = runner.run(3.0, 60)
    assert [event.name for event in said] == ["on_pace"]
    assert said[0].at == 30 + 1 + POLICY.correction.inside


def test_who_does_not_answer_is_spoken_to_later() -> None:
    """Two corrections changed nothing: those of the next excursion keep twice the distance."""
    runner = Runner(Kind.STEADY)
    runner.run(3.3, 100)
    runner.run(3.0, 60)
    said = corrections(runner.run(3.3, 200))
    assert said[1].at - said[0].at >= POLICY.correction.back_off * POLICY.correction.second_after


def test_slow_easy_running_is_never_corrected() -> None:
    assert Runner(Kind.WARMUP).run(2.0, 600) == []


def test_the_finish_has_a_floor_and_one_word_against_sprinting() -> None:
    said = Runner(Kind.PEAK).run(3.6, 600)
    assert [event.name for event in said] == ["sprinting"]
    assert Runner(Kind.PEAK, seconds=120).run(3.6, 100) == []
    assert Runner(Kind.PEAK).run(2.7, 600)[0].facts["side"] == "slow"


def test_the_band_is_never_narrower_than_two_sigmas() -> None:
    assert Runner().run(3.25, 600, sigma=0.15) == []
    assert Runner().run(3.25, 600, sigma=0.05) != []


def test_a_workouts_own_band_replaces_the_table() -> None:
    band = Band(2.7, 3.3)
    assert Runner(target=band).run(3.25, 600) == []
    assert Runner(target=band).run(3.5, 600) != []


@pytest.mark.parametrize("style", [style for styles in STYLES.values() for style in styles])
def test_a_beginner_gets_more_room_in_every_plan(style: str) -> None:
    """Also where the steps between segments are small, and in a race."""
    kind = next(kind for kind, styles in STYLES.items() if style in styles)
    plan = progression(kind, style, "advanced", Fitness(45.0), None).plan
    for each in (plan, race_plan("10k", 10_000.0, 3000, 0.01).plan):
        usual, beginner = (Bands(each, POLICY, level) for level in ("intermediate", "beginner"))
        for index, segment in enumerate(each.segments):
            if target := segment.speed_at(0.5):
                narrow, wide = usual.limits(index, target, 0.0), beginner.limits(index, target, 0.0)
                for one, other in ((narrow.slow, wide.slow), (narrow.fast, wide.fast)):
                    assert one is None or (other is not None and abs(other - target) > 1.4 * abs(one - target))


def test_a_beginner_gets_more_room() -> None:
    assert Runner(level="beginner").run(3.12, 600) == []
    assert Runner(level="advanced").run(3.12, 600) != []


@pytest.mark.parametrize(("seconds", "quiet"), [(60, 20), (200, 30), (1800, 45)])
def test_the_end_of_a_segment_is_left_in_peace(seconds: int, quiet: int) -> None:
    runner = Runner(seconds=seconds)
    runner.run(3.0, seconds - quiet)
    assert runner.run(3.6, quiet - 1) == []


def test_standing_at_a_light_is_not_too_slow_and_after_a_minute_asked_about() -> None:
    runner = Runner()
    runner.run(3.0, 60)
    assert [event.name for event in runner.run(0.0, 120)] == ["standing"]
    assert runner.run(2.7, int(POLICY.standing.settle)) == []


def test_from_a_standing_start_the_coach_waits_until_the_runner_was_in_the_band() -> None:
    runner = Runner()
    runner.pacing.begin_segment(0.0, first=True, by_footpod=False)
    assert corrections(runner.run(2.5, 60))[0].at == POLICY.correction.arm


def test_still_out_after_two_corrections_is_told_how_it_stands_and_then_a_strike() -> None:
    """Words of another kind, not a third of the same."""
    said = Runner().run(2.7, 300)
    assert [event.name for event in said] == ["off_pace", "off_pace", "still_off", "struck"]
    stands, struck = said[2:]
    assert stands.at - said[1].at == POLICY.correction.stands_after
    assert struck.at - said[1].at == POLICY.giving_way.strike_after
    assert struck.facts["side"] == "slow" and struck.facts["bands"] > POLICY.giving_way.too_short


def test_who_was_left_in_peace_for_long_is_told_how_it_stands_in_other_words() -> None:
    said = Runner().run(2.7, 1500)
    assert [event.name for event in said] == ["off_pace", "off_pace", "still_off", "struck", *["still_off"] * (len(said) - 4)]
    assert [event.facts["nth"] for event in said if event.name == "still_off"] == list(range(1, len(said) - 2))
    spoken = [event.at for event in said[3:]]
    assert len(spoken) > 3 and all(after - before == POLICY.giving_way.peace for before, after in pairwise(spoken))


def test_peace_ends_after_a_while_inside_the_band_and_at_once_on_the_other_side() -> None:
    for speed, seconds in ((3.0, int(POLICY.giving_way.peace_inside) + 15), (3.4, 90)):
        runner = Runner()
        runner.run(2.7, 400)
        sides = [event.facts["side"] for event in corrections([*runner.run(speed, seconds), *runner.run(2.7, 120)])]
        assert sides[:1] == (["slow"] if speed == 3.0 else ["fast"])


def test_who_is_clearly_further_off_than_when_left_in_peace_is_corrected_again() -> None:
    """It is news. The one who goes on as he was is told nothing but how it stands."""
    for later, expected in ((2.7, []), (2.68, []), (2.5, [1])):
        runner = Runner()
        runner.run(2.7, 240)
        assert [event.facts["nth"] for event in corrections(runner.run(later, 100))][:1] == expected


def test_a_third_correction_is_for_who_answered_the_second() -> None:
    runner, said = Runner(), list[Event]()
    while len(said) < 2:
        said += runner.run(2.6, 1)
    said += runner.run(2.75, 60)
    assert [event.facts["nth"] for event in corrections(said)] == [1, 2, 3]
    assert said[2].at - said[1].at >= POLICY.correction.third_after and said[2].facts["sized"]


def test_who_answers_how_it_stands_gets_a_third_too() -> None:
    runner, said = Runner(), list[Event]()
    for _ in range(120):
        said += runner.run(2.6, 1) if len(said) < 3 else runner.run(2.75, 1)
    assert [event.name for event in said] == ["off_pace", "off_pace", "still_off", "off_pace"]
    assert said[3].at - said[2].at >= POLICY.correction.third_after and said[3].facts["nth"] == 3


def test_very_far_off_is_not_counted_as_one_of_the_two_unless_it_changes_nothing() -> None:
    """3.0 m/s are 5:33/km, 2.2 are 7:35 and 2.7 are 6:10."""
    runner, said = Runner(), list[Event]()
    while not said:
        said += runner.run(2.2, 1)
    said += runner.run(2.7, 90)
    assert [event.facts["nth"] for event in corrections(said)] == [1, 1, 2]
    assert [event.facts["nth"] for event in corrections(Runner().run(2.2, 300))] == [1, 2]


def test_the_opposite_is_not_said_within_a_minute() -> None:
    runner = Runner()
    said = [event for speed in (2.7, 3.4) * 6 for event in runner.run(speed, 70) if event.name == "off_pace"]
    turns = [(a, b) for a, b in pairwise(said) if a.facts["side"] != b.facts["side"]]
    assert turns and all(b.at - a.at >= 60 for a, b in turns)


def test_what_the_floor_holds_back_is_not_counted_as_said() -> None:
    runner = Runner()
    runner.session.advance(1.0, 3.0)
    for at in range(1, 100):
        runner.session.advance(float(at), 3.0 * at)
        assert runner.pacing.judge(runner.look(3.3), lambda kind: "no room") == []
    assert "no room" in runner.pacing.why
    runner.session.advance(100.0, 300.0)
    (said,) = runner.pacing.judge(runner.look(3.3))
    assert said.facts["nth"] == 1


def test_work_that_is_held_deserves_a_word_once_a_segment() -> None:
    runner = Runner()
    runner.run(3.0, 1700)
    assert [event.name for event in runner.said] == ["well_held"]
    easy = Runner(Kind.EASY)
    easy.run(3.0, 1700)
    assert easy.said == []
