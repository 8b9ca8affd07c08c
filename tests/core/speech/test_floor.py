"""Who may speak when: priority, silence, budget, expiry, one pending cue per kind."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.events import Cue, Event
from coach.core.policy import Policy
from coach.core.speech.floor import BREATH, KEPT, WINDOW, Floor
from coach.core.speech.rules import ASKED_FOR, RULES, VERBOSITIES


def offer(floor: Floor, at: float, kind: str, due: float | None = None) -> None:
    floor.offer(Event(at, kind), kind, {}, due)


def kinds(cues: list[Cue]) -> list[str]:
    return [cue.kind for cue in cues]


def test_the_most_urgent_speaks_first_and_the_other_waits() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "ease_off")
    offer(floor, 0.0, "report")
    assert kinds(floor.release(0.0)) == ["report"]


def test_a_correction_waits_for_silence_and_is_dropped_when_it_is_late() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "halfway")
    assert kinds(floor.release(0.0)) == ["halfway"]
    offer(floor, 1.0, "ease_off")
    assert floor.release(2.0) == []
    assert floor.release(5.5) == []  # its three seconds are over
    assert floor.release(60.0) == []


def test_structure_cuts_a_correction_but_waits_for_other_structure() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "ease_off")
    floor.release(0.0)
    offer(floor, 0.5, "paused")
    (paused,) = floor.release(0.5)
    assert paused.due == 0.5
    offer(floor, 0.6, "resumed")
    (resumed,) = floor.release(0.6)
    assert resumed.due == pytest.approx(paused.due + RULES["paused"].takes)


def test_a_countdown_is_said_when_it_is_due() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 10.0, "preview")
    floor.release(10.0)
    offer(floor, 12.0, "countdown", due=12.7)
    (countdown,) = floor.release(12.0)
    assert (countdown.due, countdown.until) == (12.7, 13.0)
    offer(floor, 15.7, "segment_began")
    (began,) = floor.release(15.7)
    assert began.due == pytest.approx(12.7 + RULES["countdown"].takes)


def test_a_new_segment_withdraws_what_is_no_longer_true() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "ease_off")
    offer(floor, 0.0, "segment_began")
    assert kinds(floor.release(0.0)) == ["segment_began"]
    assert floor.release(2.9) == []


def test_a_quiet_coach_says_no_more_than_the_structure_and_the_corrections() -> None:
    floor = Floor(Policy(), "quiet")
    for kind in ("ramp", "halfway", "on_pace"):
        offer(floor, 0.0, kind)
    assert floor.release(0.0) == []


def test_air_time_is_bounded() -> None:
    policy = Policy()
    floor = Floor(policy, "normal")
    said = []
    for second in range(0, 300, 10):
        offer(floor, float(second), "ease_off")
        said += floor.release(float(second))
    assert sum(RULES[cue.kind].takes for cue in said) <= policy.talk.airtime_normal
    assert said


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.floats(0, 20), st.sampled_from(sorted(RULES))), max_size=80),
    st.sampled_from(["quiet", "normal", "chatty"]),
)
def test_nothing_is_said_after_its_time_or_into_an_equal(steps: list[tuple[float, str]], verbosity: str) -> None:
    floor = Floor(Policy(), verbosity)
    at, said = 0.0, []
    for step, kind in steps:
        at += step
        offer(floor, at, kind)
        said += floor.release(at)
    for cue in said:
        assert cue.at <= cue.until and cue.at <= cue.due <= max(cue.until, cue.at + RULES[cue.kind].life)
    for before, after in pairwise(said):
        if after.priority >= before.priority:
            assert after.due >= before.due + RULES[before.kind].takes - 1e-9


# One breath, the announcements, verbosity, switches, and what is told of it all


def shape(cue: Cue) -> tuple[str, ...]:
    return tuple(each.kind for each in (cue, *cue.also))


def test_what_belongs_to_one_moment_is_said_in_one_breath() -> None:
    floor = Floor(Policy(), "chatty")
    for kind in ("segment_split", "halfway", "segment_began", "schedule"):
        offer(floor, 0.0, kind)
    (breath,) = floor.release(0.0)
    assert shape(breath) == ("segment_began", "halfway", "schedule")  # the upper rows of RULES, as far as there is breath
    assert [decision.kind for decision in floor.decisions if not decision.rule] == list(shape(breath))


def test_a_correction_joins_nothing() -> None:
    floor = Floor(Policy(), "chatty")
    for kind in ("halfway", "ease_off", "split"):
        offer(floor, 0.0, kind)
    assert [shape(cue) for cue in floor.release(0.0)] == [("ease_off",)]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.sets(st.sampled_from(sorted(RULES))), st.sampled_from(VERBOSITIES))
def test_a_breath_is_never_too_long_and_holds_only_what_may_join(offered: set[str], verbosity: str) -> None:
    floor = Floor(Policy(), verbosity)
    for kind in sorted(offered):
        offer(floor, 0.0, kind)
    for cue in floor.release(0.0):
        assert sum(RULES[kind].takes for kind in shape(cue)) <= max(BREATH, RULES[cue.kind].takes)
        assert not cue.also or all(RULES[kind].joins for kind in shape(cue))


@pytest.mark.parametrize("kind", [kind for kind, rule in RULES.items() if rule.priority > ASKED_FOR])
def test_nothing_unasked_is_said_into_the_announcement_of_a_change(kind: str) -> None:
    floor = Floor(Policy(), "chatty", {kind: True})
    floor.reserved = 100.0, 110.0
    latest = 100.0 - RULES[kind].takes
    for at, said in ((latest - 0.1, True), (latest + 0.5, False), (109.9, False), (110.0, True)):
        assert (floor.why_held(at, kind) is None) is said
        floor.offer(Event(at, kind), kind, {})
        assert (kinds(floor.release(at)) == [kind]) is said
        floor = Floor(Policy(), "chatty", {kind: True})
        floor.reserved = 100.0, 110.0


def test_what_joins_does_not_run_into_the_announcement_either() -> None:
    floor = Floor(Policy(), "normal")
    floor.reserved = 3.0, 13.0
    offer(floor, 0.0, "halfway")
    offer(floor, 0.0, "schedule")
    assert [shape(cue) for cue in floor.release(0.5)] == [("halfway",)]


def test_an_answer_and_the_structure_may_be_said_into_it() -> None:
    floor = Floor(Policy(), "normal")
    floor.reserved = 100.0, 110.0
    offer(floor, 101.0, "report")
    assert kinds(floor.release(101.0)) == ["report"]


def test_verbosity_goes_round_and_counts_from_then_on() -> None:
    floor = Floor(Policy(), "normal")
    assert [floor.next_verbosity() for _ in range(3)] == ["chatty", "quiet", "normal"]
    floor.next_verbosity()
    offer(floor, 0.0, "report")
    floor.release(0.0)
    offer(floor, 1.0, "segment_split")
    assert floor.release(1.0) == []
    floor.next_verbosity()
    assert floor.release(10.0) == []  # it was offered while chatty; now it is quiet
    assert floor.decisions[-1].rule == "verbosity = quiet: said from chatty on"
    offer(floor, 20.0, "halfway")
    assert floor.release(20.0) == []
    floor.next_verbosity()
    offer(floor, 30.0, "halfway")
    assert kinds(floor.release(30.0)) == ["halfway"]


@pytest.mark.parametrize("verbosity", VERBOSITIES)
@pytest.mark.parametrize("kind", sorted(RULES))
def test_a_disabled_kind_never_speaks_and_an_enabled_one_always_may(kind: str, verbosity: str) -> None:
    off, on = Floor(Policy(), verbosity, {kind: False}), Floor(Policy(), verbosity, {kind: True})
    for floor in (off, on):
        offer(floor, 0.0, kind)
    assert off.release(0.0) == [] and off.decisions[0].rule == f"[coach.cues] {kind} = false"
    assert kinds(on.release(0.0)) == [kind]


def test_a_split_is_said_to_those_who_asked_for_it() -> None:
    floor = Floor(Policy(), "chatty")
    offer(floor, 0.0, "split")
    assert floor.release(0.0) == [] and "was not set" in (floor.decisions[0].rule or "")


def unasked(cue: Cue) -> float:
    return sum(RULES[each.kind].takes for each in (cue, *cue.also) if each.priority > ASKED_FOR)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.floats(0, 15), st.sampled_from(sorted(RULES))), min_size=50, max_size=200),
    st.sampled_from(VERBOSITIES),
)
def test_the_air_time_of_any_five_minutes_is_bounded(steps: list[tuple[float, str]], verbosity: str) -> None:
    """Whatever is offered, and however it is joined; answers and structure are outside the budget."""
    policy = Policy()
    floor, at, said = Floor(policy, verbosity), 0.0, []
    for step, kind in steps:
        at += step
        offer(floor, at, kind)
        said += floor.release(at)
    for cue in said:
        window = [each for each in said if cue.at - WINDOW <= each.at <= cue.at]
        assert sum(unasked(each) for each in window) <= getattr(policy.talk, f"airtime_{verbosity}")


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.floats(0, 8), st.sampled_from(sorted(RULES))), max_size=60), st.sampled_from(VERBOSITIES))
def test_of_every_cue_it_is_told_what_became_of_it(steps: list[tuple[float, str]], verbosity: str) -> None:
    floor, at, said = Floor(Policy(), verbosity), 0.0, []
    for step, kind in steps:
        at += step
        offer(floor, at, kind)
        said += floor.release(at)
    said += floor.release(at + 1000.0)
    assert len(floor.decisions) == len(steps)
    assert sorted(d.kind for d in floor.decisions if not d.rule) == sorted(kind for cue in said for kind in shape(cue))


def test_withdrawn_late_and_replaced_cues_leave_their_reason() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "report")
    floor.release(0.0)
    offer(floor, 1.0, "ease_off")
    floor.release(1.0)
    offer(floor, 1.5, "ease_off")
    offer(floor, 2.0, "pick_up")
    floor.release(2.0)
    floor.release(20.0)
    told = [(decision.kind, decision.rule) for decision in floor.decisions[1:]]
    assert told == [
        ("ease_off", "a newer cue of this kind replaced it"),
        ("ease_off", "no longer true once there was pick_up"),
        ("pick_up", "too late: something else was being said"),
    ]


def test_a_countdown_does_not_mind_what_has_ended_by_its_first_beep() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 5.0, "set_belt")
    floor.release(5.0)
    offer(floor, 6.4, "countdown", due=7.4)
    (countdown,) = floor.release(6.4)
    assert countdown.due == 7.4


def test_what_the_floor_foretells_is_what_happens() -> None:
    floor = Floor(Policy(), "normal")
    offer(floor, 0.0, "halfway")
    floor.release(0.0)
    for at in (0.5, 2.0, 4.9, 5.1, 20.0):
        foretold = floor.why_held(at, "ease_off")
        offer(floor, at, "ease_off")
        assert (floor.release(at) == []) is bool(foretold)


def test_an_hour_has_room_for_corrections_when_all_else_has_used_up_its_share() -> None:
    policy = Policy()
    floor = Floor(policy, "chatty")
    said: list[str] = []
    for kind, begin, end in (("ramp", 0, 1500), ("ease_off", 1500, 1850)):
        for at in range(begin, end, 31):
            offer(floor, at, kind)
            said += kinds(floor.release(at))
    assert said.count("ramp") == policy.talk.per_hour * (1 - KEPT)
    assert len(said) == policy.talk.per_hour


def test_an_hour_that_was_full_of_words_has_one_more_after_five_minutes_of_silence() -> None:
    floor = Floor(Policy(), "chatty")
    for at in range(0, 25 * 31, 31):
        offer(floor, at, "ease_off")
        assert floor.release(at)
    last = 24.0 * 31
    assert floor.why_held(last + 299.0, "still_off")
    assert not floor.why_held(last + 300.0, "still_off")
