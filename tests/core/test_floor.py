"""Who may speak when: priority, silence, budget, expiry, one pending cue per kind."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.cues import RULES
from coach.core.events import Cue, Event
from coach.core.floor import Floor
from coach.core.policy import Policy


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
    assert sum(RULES[cue.kind].takes for cue in said) <= policy.airtime_normal
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
