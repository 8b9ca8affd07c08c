"""A whole coach and a runner who cannot hold it: what is said, in which order, and what is not said too soon after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.core.settings import Settings
from tests.core.runners import OnFoot, kinds

POLICY = Policy()
CLIMB = Segment("Climb", Kind.TEMPO, Duration(2400), Ramp(1000 / 375, 1000 / 306))
COOLDOWN = Segment("Cool-down", Kind.COOLDOWN, Duration(300), Steady(2.4))
PLAN = Plan("p", (CLIMB, COOLDOWN))
ADAPTED = ("hold", "half_climb", "ease_to_end", "race_replan", "race_estimate")
WORDS = ("pick_up", "ease_off", *ADAPTED)


def words(runner: OnFoot) -> list[str]:
    return [cue.kind for cue in runner.cues if cue.kind in WORDS]


def tired(plan: Plan = PLAN, most: float = 3.0, level: str = "intermediate") -> OnFoot:
    """Runs the target, but never faster than `most` (m/s)."""
    runner = OnFoot(plan, Settings(level=level, easy_speed=2.5))
    target = runner.target()
    runner.run(2702, lambda: min(most, target()))
    return runner


def test_in_one_long_ramp_each_strike_asks_for_less_until_it_is_easy() -> None:
    runner = OnFoot(PLAN, Settings(easy_speed=2.5))
    target = runner.target()
    runner.run(2400, lambda: min(2.9 - max(0, runner.at - 1200) * 0.0004, target()))
    found = words(runner)
    assert [kind for kind in found if kind in ADAPTED] == ["hold", "half_climb", "ease_to_end"]
    assert found[:3] == ["pick_up", "pick_up", "hold"]
    assert "pick_up" not in found[found.index("ease_to_end") :]


def test_who_can_hold_the_half_climb_hears_no_more() -> None:
    runner = tired(most=2.95)
    assert [kind for kind in words(runner) if kind in ADAPTED][:2] == ["hold", "half_climb"]
    assert runner.coach.finished


@pytest.mark.parametrize("most", [2.75, 2.85, 2.95, 3.05])
def test_who_was_told_to_hold_here_is_not_told_to_pick_up(most: float) -> None:
    runner = tired(most=most)
    told = [cue for cue in runner.cues if cue.kind in WORDS]
    assert {"hold", "half_climb"} & set(kinds(told))
    for before, after in pairwise(told):
        assert after.at - before.at >= (
            POLICY.giving_way.hold if before.kind in ADAPTED else POLICY.correction.second_after_footpod
        )


def test_the_end_is_told_as_it_was_planned_and_once() -> None:
    """The plan gives way shortly before a change of segment: no second preview, no second countdown."""
    for seconds in range(200, 260, 4):
        step = Segment("Step", Kind.TEMPO, Duration(seconds), Steady(3.3))
        runner = OnFoot(Plan("p", (step, step, COOLDOWN)), Settings(easy_speed=2.5))
        runner.run(2 * seconds + 300, lambda: 3.0)
        for kind, times in (("preview", 2), ("countdown", 3), ("segment_began", 1), ("last_segment", 1)):
            assert kinds(runner.cues).count(kind) == times, (seconds, kind)
        changes = [event.at for event in runner.events if event.name == "segment_began"][1:]
        for cue in runner.cues:
            if cue.kind in ADAPTED:
                assert not any(change - POLICY.announcement.preview < cue.at < change for change in changes)


def test_the_target_of_now_is_said_again_two_minutes_after_an_adaptation_at_the_earliest() -> None:
    runner = tired(most=2.95)
    (adapted, *_) = (cue.at for cue in runner.cues if cue.kind in ADAPTED)
    refreshed = [cue for cue in runner.cues if cue.kind == "ramp"]
    assert all(after.at - before.at >= POLICY.announcement.refresh_every for before, after in pairwise(refreshed))
    assert not [cue for cue in refreshed if adapted < cue.at < adapted + POLICY.announcement.refresh_every]
    assert [cue for cue in refreshed if cue.at > adapted]


def test_a_target_said_in_a_correction_is_not_said_again_by_the_ramp() -> None:
    runner = OnFoot(PLAN)
    target = runner.target()
    runner.run(1200, lambda: target() * (0.93 if 700 < runner.at < 770 else 1.0))
    second = [cue.at for cue in runner.cues if cue.kind == "pick_up" and cue.facts["nth"] == 2]
    assert len(second) == 1
    after = [cue.at for cue in runner.cues if cue.kind == "ramp" and cue.at > second[0]]
    assert after[0] - second[0] >= POLICY.announcement.refresh_every


def test_too_fast_after_two_corrections_is_left_in_peace() -> None:
    runner = OnFoot(PLAN)
    runner.run(1500, runner.target(1.06))
    assert words(runner) == ["ease_off", "ease_off"]
    assert runner.coach.session.plan == PLAN


def test_too_fast_after_two_corrections_is_told_how_it_stands_instead_of_a_third() -> None:
    """A strike eases no plan of a runner who is too fast; so after minutes of peace it is a word again."""
    runner = OnFoot(PLAN)
    runner.run(700, runner.target(1.06))
    second = [cue.at for cue in runner.cues if cue.kind == "ease_off"][1]
    told = [cue for cue in runner.cues if cue.kind == "still_off"]
    assert told[0].at - second == pytest.approx(POLICY.correction.stands_after, abs=5)
    assert told[1].at - told[0].at == pytest.approx(POLICY.giving_way.peace, abs=30)


def test_a_correction_that_was_pushed_out_comes_again_as_the_first() -> None:
    """At the very moment it is due the runner asks how it goes: the answer is said, and the correction after it."""
    plan = Plan("p", (Segment("Work", Kind.TEMPO, Duration(1800), Steady(3.0)),))
    alone = OnFoot(plan)
    alone.run(200, lambda: 3.0 if alone.at < 100 else 2.8)
    due = next(cue.at for cue in alone.cues if cue.kind == "pick_up")
    asked = OnFoot(plan)
    asked.run(int(due), lambda: 3.0 if asked.at < 100 else 2.8)
    asked.coach._press("report")  # both in one feed
    asked.run(40, 2.8)
    told = [decision for decision in asked.decisions if decision.kind == "pick_up"]
    assert [decision.facts["nth"] for decision in told[:2]] == [1, 1]
    assert (told[0].rule or "").startswith("too late") and told[1].rule is None


def test_no_correction_kind_is_heard_more_than_twice_in_an_excursion() -> None:
    for share in (0.9, 0.94, 1.05, 1.1):
        runner = OnFoot(Plan("p", (Segment("Work", Kind.STEADY, Duration(2400), Steady(3.0)),)))
        runner.run(2300, 3.0 * share)
        adapted = [cue.at for cue in runner.cues if cue.kind in ADAPTED]
        said = [cue.at for cue in runner.cues if cue.kind in ("pick_up", "ease_off")]
        assert len([at for at in said if not adapted or at < adapted[0]]) == 2


def test_a_race_that_slips_away_is_told_honestly_and_not_again_and_again() -> None:
    each = Segment("km", Kind.TEMPO, Distance(1000), Steady(3.4))
    runner = OnFoot(Plan("10 km", (each,) * 10, goal=10_000 / 3.4))
    runner.run(4000, lambda: 3.4 if runner.at < 900 else max(2.6, 3.1 - (runner.at - 900) * 0.0003))
    assert runner.coach.finished
    assert 1 <= kinds(runner.cues).count("race_estimate") <= POLICY.race.most
    assert kinds(runner.cues).count("pick_up") <= 12
    hows = [event.facts["how"] for event in runner.events if event.name == "adapted"]
    assert set(hows) <= {"race_estimate", "race_fades", "race_paced"}


def test_a_ramp_that_has_no_room_is_said_once_there_is() -> None:
    """The floor is taken for as long as a refresh is worth hearing: it comes afterwards, not two minutes later."""
    settings = Settings(policy=replace(POLICY, talk=replace(POLICY.talk, silence=20.0)))

    def refreshed(runner: OnFoot, *seconds: int) -> float:
        for each in seconds:
            runner.run(each, runner.target())
            runner.press("report")
        return next(cue.at for cue in runner.cues if cue.kind == "ramp")

    alone = refreshed(OnFoot(PLAN, settings), 300)
    assert alone + 20 < refreshed(OnFoot(PLAN, settings), int(alone), 90) < alone + 30


def test_a_ramp_that_nobody_wants_to_hear_leaves_its_reason() -> None:
    runner = OnFoot(PLAN, Settings(verbosity="quiet"))
    runner.run(300, runner.target())
    (kept,) = (decision for decision in runner.decisions if decision.kind == "ramp")
    assert kept.rule == "verbosity = quiet: said from normal on"


def test_who_recovers_may_run_what_was_planned_at_first() -> None:
    """Three minutes of weakness, then the plan as it was: that is not too fast, and more than that is."""
    runner = OnFoot(PLAN)

    def planned(share: float) -> Callable[[], float]:
        return lambda: share * (CLIMB.speed_at(min(1.0, runner.at / 2400)) or 0.0)

    runner.run(1000, planned(1.0))
    runner.run(180, planned(0.94))
    assert "hold" in words(runner)
    before = len(words(runner))
    runner.run(500, planned(1.0))
    assert words(runner)[before:] == []
    runner.run(300, planned(1.07))
    assert words(runner)[before:] == ["ease_off", "ease_off"]


def test_who_was_slowed_down_for_the_heart_may_not() -> None:
    runner = OnFoot(PLAN, Settings(ceilings={"tempo": 170.0}))
    target = runner.target()
    runner.run(245, target, bpm=173)
    assert "heart_high" in kinds(runner.cues)
    later = runner.run(600, lambda: CLIMB.speed_at(runner.at / 2400) or 0.0, bpm=165)
    assert "ease_off" in kinds(later)
