"""The heart's ceiling: told after a while, and again while it lasts; the second time, or far over, the plan gives way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from coach.core.events import Estimate, Event
from coach.core.judge.heart_ceiling import Heart
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.core.session.moment import Moment
from coach.core.session.phases import Session
from coach.core.settings import Settings
from tests.core.runners import OnFoot, kinds

POLICY = Policy()
CEILINGS = {"tempo": 170.0, "easy": 150.0}
HEART = ("heart_high", "ease_to_end")


class Strap:
    """A heart judged once a second, from the beginning of a tempo segment."""

    def __init__(self) -> None:
        self.heart, self.at, self.began = Heart(POLICY, CEILINGS), 0.0, 0.0

    def beat(self, seconds: int, bpm: float | None, kind: Kind = Kind.TEMPO, held: str = "") -> list[Event]:
        told = []
        for _ in range(seconds):
            self.at += 1
            told += self.heart.judge(self.moment(kind), bpm, lambda cue: held)
        return told

    def moment(self, kind: Kind) -> Moment:
        session = Session(Plan("p", (Segment("S", kind, Duration(3600.0)),)))
        session.advance(self.began, 0.0)
        session.advance(self.at, 0.0)
        return session.look(Estimate(self.at, 0.0, 3.0, 0.02, "gps"))


def test_the_beginning_of_a_segment_is_not_judged() -> None:
    strap = Strap()
    (told,) = strap.beat(300, 173)
    assert told.at == POLICY.heart.settle + POLICY.heart.over
    assert told.facts == {"bpm": 173, "ceiling": 170.0, "nth": 1}


def test_the_time_over_must_be_in_one_piece() -> None:
    strap = Strap()
    strap.beat(200, 160)
    for _ in range(10):
        assert strap.beat(int(POLICY.heart.over) - 2, 173) + strap.beat(5, 169) == []


def test_at_the_ceiling_is_not_over_it_and_without_one_nothing_is() -> None:
    assert Strap().beat(900, 170) == [] == Strap().beat(900, 199, Kind.RECOVERY)


def test_a_strap_that_fell_silent_begins_anew() -> None:
    strap = Strap()
    strap.beat(200, 160)
    assert strap.beat(25, 173) + strap.beat(1, None) + strap.beat(25, 173) == []


def test_far_over_is_told_sooner_and_as_the_second_time() -> None:
    strap = Strap()
    strap.beat(200, 160)
    (told,) = strap.beat(60, 179)
    assert told.at == 201 + POLICY.heart.far_for and told.facts["nth"] == 2


def test_after_a_word_the_heart_has_its_time_to_follow() -> None:
    strap = Strap()
    strap.beat(200, 160)
    first, second = strap.beat(390, 173)
    assert (first.facts["nth"], second.facts["nth"]) == (1, 2)
    assert second.at - first.at == POLICY.heart.again


def test_a_word_that_has_no_room_yet_is_not_counted() -> None:
    strap = Strap()
    strap.beat(200, 160)
    assert strap.beat(100, 173, held="silence") == []
    (told,) = strap.beat(1, 173)
    assert told.facts["nth"] == 1


def test_a_heart_that_falls_by_itself_is_left_to_fall_but_not_for_ever() -> None:
    strap = Strap()
    strap.beat(110, 160)
    falling = [event for bpm in range(189, 171, -1) for event in strap.beat(8, bpm)]
    assert falling == [] and strap.at == 110 + 8 * 18
    assert [event.at for event in strap.beat(60, 172)] == [pytest.approx(278, abs=10)]


def test_the_ceiling_of_a_pace_is_the_one_that_is_printed_with_it() -> None:
    """A steady segment at steady pace has another than one at marathon pace, and a ramp has one after the other."""
    plan = Plan("p", (Segment("S", Kind.STEADY, Duration(600.0), Ramp(2.8, 3.2)), Segment("P", Kind.PEAK, Duration(60.0))))
    heart = Heart(POLICY, {"steady": 166.0, "peak": 180.0}, ((2.5, 146.0), (2.9, 159.0), (3.05, 166.0), (3.1, 172.0)), plan)
    session, found = Session(plan), []
    for at in (0.0, 300.0, 420.0, 599.0, 650.0):
        session.advance(at, 3.0 * at)
        session.retarget(replace(plan, segments=(replace(plan.segments[0], target=Steady(2.5)), plan.segments[1])))
        found.append(heart.ceiling(session.look(Estimate(at, 0.0, 3.0, 0.02, "gps"))))
    assert found == [159.0, 166.0, 172.0, 172.0, 180.0]


def test_a_short_race_is_run_at_the_highest_effort() -> None:
    for metres, ceiling in ((10_000.0, 180.0), (21_097.5, 172.0)):
        plan = Plan("p", (Segment("S", Kind.TEMPO, Distance(metres), Steady(3.3)),), goal=metres / 3.3)
        heart = Heart(POLICY, {"tempo": 172.0, "peak": 180.0}, (), plan)
        assert heart.ceiling(Session(plan).look(Estimate(0.0, 0.0, 3.3, 0.02, "gps"))) == ceiling


# As the coach tells it

PLAN = Plan(
    "p",
    (
        Segment("Work", Kind.TEMPO, Duration(1800), Steady(3.3)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(300), Steady(2.5)),
    ),
)


def test_the_first_time_targets_are_lowered_by_about_an_anchor() -> None:
    runner = OnFoot(PLAN, Settings(ceilings=CEILINGS, easy_speed=2.6))
    said = runner.run(300, 3.3, bpm=173)
    assert kinds(said).count("heart_high") == 1
    (cue,) = [cue for cue in said if cue.kind == "heart_high"]
    assert cue.facts["bpm"] == 173 and cue.at == POLICY.heart.settle + POLICY.heart.over
    assert runner.coach.session.target == 3.3 * (1 - POLICY.heart.lower_by)


def test_who_was_told_to_ease_off_is_not_told_to_pick_up() -> None:
    """He eases by 12 %, where the target sank by 5: there is no contradiction until the heart has settled."""
    runner = OnFoot(PLAN, Settings(ceilings=CEILINGS, easy_speed=2.6))
    runner.run(int(POLICY.heart.settle + POLICY.heart.over) + 2, 3.3, bpm=173)
    said = runner.run(int(POLICY.heart.settle) - 5, 2.9, bpm=160)
    assert not {"pick_up", "ease_off"} & set(kinds(said))


def test_the_second_time_the_run_goes_on_easily_to_its_end() -> None:
    runner = OnFoot(PLAN, Settings(ceilings=CEILINGS, easy_speed=2.6))
    said = runner.run(600, runner.target(), bpm=173)
    assert [kind for kind in kinds(said) if kind in HEART] == ["heart_high", "ease_to_end", "heart_high"]
    assert runner.coach.session.target == 2.6
    later = runner.run(1100, 2.4, bpm=173)
    assert not {"pick_up", "ease_to_end", "hold"} & set(kinds(later))
    assert [round(b.at - a.at) for a, b in pairwise(cue for cue in runner.cues if cue.kind in HEART)] == [180] * 8
    assert runner.coach.session.plan.segments[1] == PLAN.segments[1]


def test_without_a_strap_or_a_ceiling_nothing_is_said() -> None:
    assert "heart_high" not in kinds(OnFoot(PLAN, Settings(ceilings=CEILINGS)).run(900, 3.3))
    assert "heart_high" not in kinds(OnFoot(PLAN).run(900, 3.3, bpm=199))
