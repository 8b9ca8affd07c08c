"""Giving way is a loan: the plan returns to who is back at it, is offered where a key can answer, and lowers only the work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.core.events import Event
from coach.core.plan.segments import Duration, Eased, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.core.policy import Policy
from coach.core.settings import Settings
from tests.core.runners import OnFoot, kinds

POLICY = Policy()
RULES = POLICY.giving_way
WORK = Segment("Work", Kind.TEMPO, Duration(3000.0), Steady(3.2))
CLIMB = Segment("Climb", Kind.TEMPO, Duration(2400.0), Ramp(2.9, 3.4))
COOLDOWN = Segment("Cool-down", Kind.COOLDOWN, Duration(300.0), Steady(2.4))
RECOVERY = Segment("Recovery", Kind.RECOVERY, Duration(120.0), Steady(3.05))
ASKED = Settings(keys=True, easy_speed=2.5)


def runner(*segments: Segment, settings: Settings | None = None) -> OnFoot:
    return OnFoot(Plan("p", segments), settings or Settings(easy_speed=2.5))


def struck(one: OnFoot, share: float = 0.93) -> None:
    """Runs as planned, then less, until the plan gives way or an offer is made."""
    planned = one.coach.session.plan
    one.run(100, one.target())
    while not named(one, "adapted", "offer"):
        segment, session = planned.segments[one.coach.session.index], one.coach.session
        one.run(1, share * (segment.speed_at(session.done) or 2.8))
        assert one.at < 1000


def named(one: OnFoot, *names: str) -> list[Event]:
    return [event for event in one.events if event.name in names]


def hows(one: OnFoot) -> list[str]:
    return [event.facts["how"] for event in named(one, "adapted")]


def as_first(one: OnFoot, share: float = 1.0) -> float:
    """The speed that was planned first, here and now."""
    session = one.coach.session
    return share * (session.segment.allowed_at(session.done) or 2.8)


@pytest.mark.parametrize("segment", [WORK, CLIMB])
def test_who_is_back_for_two_minutes_has_the_first_plan_again(segment: Segment) -> None:
    one = runner(segment, COOLDOWN)
    struck(one)
    gave_way = one.at
    one.run(200, lambda: as_first(one))
    (back,) = named(one, "adapted")[1:]
    assert back.facts["how"] == "plan_back" and RULES.back_for - 1 <= back.at - gave_way <= RULES.back_for + 20
    assert one.coach.session.plan == Plan("p", (segment, COOLDOWN))
    (cue,) = (cue for cue in one.cues if cue.kind == "plan_back")
    assert cue.facts["target"] == pytest.approx(segment.speed_at(one.coach.session.done), rel=0.01)


def test_who_runs_what_was_lowered_or_nearly_what_was_planned_keeps_the_easier_plan() -> None:
    for share in (0.93, 1.0 - RULES.back_within - 0.01):
        one = runner(WORK, COOLDOWN)
        struck(one)
        one.run(600, lambda one=one, share=share: as_first(one, share))  # type: ignore[misc]
        assert hows(one) == ["hold"]


def test_a_burst_does_not_make_up_for_minutes_of_less() -> None:
    one = runner(WORK, COOLDOWN)
    struck(one)
    one.run(90, lambda: as_first(one, 0.95))
    one.run(30, lambda: as_first(one, 1.2))
    assert hows(one) == ["hold"]


def test_a_plan_that_came_back_gives_way_as_for_the_first_time() -> None:
    one = runner(WORK, COOLDOWN)
    struck(one)
    one.run(200, lambda: as_first(one))
    one.run(400, lambda: 0.93 * 3.2)
    assert hows(one)[:3] == ["hold", "plan_back", "hold"]


def test_minutes_in_several_repeats_count_and_recoveries_do_not() -> None:
    work, rest = replace(WORK, length=Duration(420.0)), replace(RECOVERY, target=Steady(2.6))
    short = replace(WORK, length=Duration(90.0))
    one = runner(work, rest, short, rest, short, rest, short, COOLDOWN)
    struck(one)
    while one.coach.session.index < 2:
        one.run(1, 2.9)
    assert hows(one) == ["hold"]
    while not one.coach.finished:
        one.run(1, lambda: as_first(one))
    (back,) = named(one, "adapted")[1:]
    began = [event.at for event in named(one, "segment_began")]
    assert began[4] < back.at < began[5], "in the second short repeat: the first is too short"


def test_only_work_that_comes_later_is_lowered() -> None:
    one = runner(replace(WORK, length=Duration(600.0)), RECOVERY, WORK, COOLDOWN)
    struck(one, 0.93)
    lowered = [isinstance(each.target, Eased) for each in one.coach.session.plan.segments]
    assert lowered == [True, False, True, False]


def test_a_plan_that_the_heart_lowered_does_not_return() -> None:
    one = runner(CLIMB, COOLDOWN, settings=Settings(ceilings={"tempo": 170.0}))
    one.run(245, one.target(), bpm=173)
    one.run(400, lambda: CLIMB.speed_at(one.coach.session.done) or 0.0, bpm=165)
    assert hows(one) == ["lowered"]


def test_a_size_is_told_against_what_the_runner_may_run() -> None:
    one = runner(CLIMB, COOLDOWN)
    struck(one)
    one.run(200, lambda: as_first(one, 0.93))
    told = one.run(40, lambda: as_first(one, 1.1))
    (cue, *_) = (cue for cue in told if cue.kind == "ease_off")
    assert cue.facts["edge"] == pytest.approx(as_first(one), rel=0.02) and cue.facts["edge"] > 1.04 * cue.facts["target"]


# The offer


def test_where_a_key_can_answer_it_is_asked_first_and_without_an_answer_the_plan_gives_way() -> None:
    one = runner(WORK, COOLDOWN, settings=ASKED)
    struck(one)
    (offer,) = named(one, "offer")
    assert offer.facts["how"] == "hold" and not hows(one)
    one.run(30, 0.93 * 3.2)
    (deed,) = named(one, "adapted")
    assert deed.facts["how"] == "hold" and deed.at - offer.at == pytest.approx(RULES.offer, abs=1.01)
    assert [kind for kind in kinds(one.cues) if kind in ("offer", "hold")] == ["offer", "hold"]


def test_the_lap_key_keeps_the_plan_and_marks_no_lap() -> None:
    one = runner(WORK, COOLDOWN, settings=ASKED)
    struck(one)
    one.run(10, 0.93 * 3.2)
    assert kinds(one.press("lap")) == ["plan_kept"]
    one.run(120, 0.93 * 3.2)
    assert not hows(one) and one.coach.session.plan == Plan("p", (WORK, COOLDOWN))
    assert kinds(one.press("lap")) == ["lap_split"], "there is nothing to answer any more"


def test_who_is_back_at_the_target_has_answered() -> None:
    one = runner(WORK, COOLDOWN, settings=ASKED)
    struck(one)
    one.run(30, 3.2)
    (kept,) = named(one, "plan_kept")
    assert kept.facts["by"] == "legs" and not hows(one)


def test_a_pause_is_no_answer() -> None:
    one = runner(WORK, COOLDOWN, settings=ASKED)
    struck(one)
    one.press("pause")
    one.run(60, 0.0)
    one.press("pause")
    one.run(10, 0.93 * 3.2)
    assert not hows(one)
    assert kinds(one.press("lap")) == ["plan_kept"]


@pytest.mark.parametrize("settings", [Settings(), replace(ASKED, policy=replace(POLICY, giving_way=replace(RULES, offer=0.0)))])
def test_where_nobody_can_or_wants_to_answer_nothing_is_asked(settings: Settings) -> None:
    one = runner(WORK, COOLDOWN, settings=settings)
    struck(one)
    assert hows(one) == ["hold"] and not named(one, "offer")


def test_in_a_segment_that_the_key_ends_it_is_not_asked_to_keep_the_plan() -> None:
    one = runner(replace(WORK, length=UntilLap()), COOLDOWN, settings=ASKED)
    struck(one)
    assert not named(one, "offer")


def test_an_offer_of_a_segment_that_was_left_is_forgotten() -> None:
    one = runner(WORK, WORK, COOLDOWN, settings=ASKED)
    struck(one)
    one.press("skip")
    one.run(40, 3.2)
    assert not hows(one) and not named(one, "plan_kept")
