"""The runner who cannot hold it: hold, half climb, ease; never more than planned. A race: test_race.py."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.events import Event
from coach.core.plan.segments import Band, Distance, Duration, Eased, Kind, Length, Plan, Ramp, Segment, Steady, Target
from coach.core.policy import Policy
from coach.core.session.giving_way import Adaptation
from coach.core.session.phases import Session
from coach.core.units import pace_seconds

POLICY = Policy()
EASY = 1000 / 384  # m/s: 6:24/km, what a VDOT of 40 runs easy
CLIMB = Segment("Climb", Kind.TEMPO, Duration(2400), Ramp(1000 / 375, 1000 / 306))  # 6:15 to 5:06 in 40 min
COOLDOWN = Segment("Cool-down", Kind.COOLDOWN, Duration(300), Steady(1000 / 414))
SHORT = 1000 / 342  # m/s: 5:42/km, where 5:29 was asked for


def at(plan: Plan, seconds: float, speed: float = 3.0) -> Session:
    """A session so far into a plan, run at one speed."""
    session = Session(plan)
    session.advance(0.0, 0.0)
    session.advance(seconds, speed * seconds)
    return session


def paces(plan: Plan, *minutes: float) -> list[int]:
    """Target paces of the first segment, s/km, after so many minutes."""
    whole = plan.segments[0].seconds or 1.0
    return [pace_seconds(plan.segments[0].speed_at(60 * minute / whole) or 0.0) for minute in minutes]


def struck(adaptation: Adaptation, session: Session, speed: float, bands: float = 1.3) -> Event:
    changed = adaptation.struck(session.elapsed, session, speed, bands)
    assert changed is not None
    session.retarget(changed[0])
    return changed[1]


def test_the_first_strike_holds_two_minutes_and_climbs_as_before() -> None:
    session = at(Plan("p", (CLIMB, COOLDOWN)), 1500.0)
    assert pace_seconds(session.target or 0.0) == 329
    event = struck(Adaptation(POLICY, EASY), session, SHORT)
    assert event.facts["how"] == "hold"
    assert paces(session.plan, 25, 26, 27, 40) == [342, 342, 342, 318]
    early, late = paces(session.plan, 28, 37)
    assert 318 < late < early < 342


def test_short_by_more_than_two_bands_loses_half_the_climb_at_once() -> None:
    session = at(Plan("p", (CLIMB, COOLDOWN)), 1500.0)
    event = struck(Adaptation(POLICY, EASY), session, SHORT, bands=POLICY.giving_way.too_short + 0.1)
    assert event.facts["how"] == "half_climb" and pace_seconds(event.facts["end"]) == 329
    assert paces(session.plan, 25, 27, 40) == [342, 342, 329]


def test_the_second_strike_loses_half_the_climb_and_the_third_eases_to_the_end() -> None:
    session, adaptation = at(Plan("p", (CLIMB, COOLDOWN)), 1200.0), Adaptation(POLICY, EASY)
    assert struck(adaptation, session, 2.8).facts["how"] == "hold"
    session.advance(1500.0, 4500.0)
    before = session.plan.segments[0].speed_at(1.0) or 0.0
    held = (session.target or 0.0) * 0.96
    event = struck(adaptation, session, held)
    assert event.facts["how"] == "half_climb"
    asked = 2.8 + (before - 2.8) * (1500 - 1320) / (2400 - 1320)
    assert event.facts["end"] == pytest.approx(held + (before - asked) / 2)
    event = struck(adaptation, session, 2.75)
    assert event.facts["how"] == "ease_to_end"
    assert paces(session.plan, 25, 40) == [384, 384]
    assert session.plan.segments[0].kind is Kind.EASY and session.plan.segments[1] == COOLDOWN
    assert adaptation.struck(1600.0, session, 2.0, 9.0) is None
    assert adaptation.lower(1600.0, session, 0.05) is None and adaptation.ease(1600.0, session, 2.0) is None


def test_easing_never_raises_a_recovery_and_is_no_faster_than_what_was_held() -> None:
    recovery = replace(COOLDOWN, kind=Kind.RECOVERY, target=Ramp(2.4, 2.2))
    session = at(Plan("p", (CLIMB, recovery, CLIMB)), 1500.0)
    changed = Adaptation(POLICY, EASY).ease(1500.0, session, 2.5)
    assert changed is not None
    assert [each.target for each in changed[0].segments] == [Steady(2.5), Steady(2.2), Steady(2.5)]


def test_without_a_known_easy_pace_it_is_the_plans_own_or_a_share_of_what_was_held() -> None:
    for plan, easy in ((Plan("p", (CLIMB, COOLDOWN)), 1000 / 414), (Plan("p", (CLIMB,)), 0.85 * SHORT)):
        changed = Adaptation(POLICY, None).ease(1500.0, at(plan, 1500.0), SHORT)
        assert changed is not None
        assert changed[1].facts["speed"] == pytest.approx(easy)


def test_an_easy_segment_is_never_struck() -> None:
    session = at(Plan("p", (COOLDOWN, CLIMB)), 100.0)
    assert Adaptation(POLICY, EASY).struck(100.0, session, 2.0, 3.0) is None


def test_with_little_time_left_what_can_be_held_is_held() -> None:
    session = at(Plan("p", (CLIMB, COOLDOWN)), 2200.0)
    struck(Adaptation(POLICY, EASY), session, 2.9)
    assert [session.plan.segments[0].speed_at(done) for done in (0.93, 1.0)] == [2.9, 2.9]


def test_a_hold_takes_half_of_what_is_left_of_a_segment_at_most() -> None:
    """The climb that was planned then goes on in the next, without a leap between them."""
    first = Segment("One", Kind.TEMPO, Duration(900), Ramp(3.0, 3.3))
    second = Segment("Two", Kind.TEMPO, Duration(900), Ramp(3.3, 3.6))
    session = at(Plan("p", (first, second)), 800.0)
    target = session.target or 0.0
    struck(Adaptation(POLICY, EASY), session, 3.1)
    one, two = session.plan.segments
    assert one.speed_at(849 / 900) == pytest.approx(3.1)
    assert one.speed_at(1.0) == pytest.approx(3.1 + 3.3 - target)
    assert two.speed_at(0.0) == pytest.approx(one.speed_at(1.0))
    assert two.speed_at(1.0) == pytest.approx(3.1 + 3.6 - target)


def test_a_segmented_plan_keeps_its_steps_below_the_planned_ones() -> None:
    work = [Segment(f"{speed}", Kind.TEMPO, Duration(600), Steady(speed)) for speed in (3.0, 3.2, 3.4)]
    session = at(Plan("p", (*work, COOLDOWN)), 400.0)
    event = struck(Adaptation(POLICY, EASY), session, 2.8)
    assert [each.speed_at(0.5) for each in session.plan.segments] == pytest.approx([2.8, 3.0, 3.2, 1000 / 414])
    assert event.facts["end"] == pytest.approx(3.2)


def test_the_heart_lowers_all_that_lies_ahead_by_a_share_of_now() -> None:
    session = at(Plan("p", (CLIMB, COOLDOWN)), 1200.0)
    target = session.target or 0.0
    changed = Adaptation(POLICY, EASY).lower(1200.0, session, 0.05)
    assert changed is not None
    lowered = changed[0].segments[0]
    assert lowered.speed_at(0.5) == pytest.approx(0.95 * target)
    assert lowered.speed_at(1.0) == pytest.approx((CLIMB.speed_at(1.0) or 0.0) - 0.05 * target)
    assert changed[0].segments[1] == COOLDOWN


# Whatever the plan, and whenever

SPEEDS = st.floats(2.0, 5.0)
TARGETS: st.SearchStrategy[Target] = st.one_of(
    st.none(),
    SPEEDS.map(Steady),
    st.builds(Ramp, SPEEDS, SPEEDS),
    SPEEDS.map(lambda speed: Band(0.97 * speed, 1.03 * speed)),
)
LENGTHS: st.SearchStrategy[Length] = st.one_of(st.floats(20, 2400).map(Duration), st.floats(100, 8000).map(Distance))
SEGMENTS = st.builds(Segment, st.just("S"), st.sampled_from(list(Kind)), LENGTHS, TARGETS)
STRIKES = st.lists(st.tuples(st.floats(1, 1500), st.floats(0.75, 0.99), st.booleans()), min_size=1, max_size=5)


def speed_at(segment: Segment, done: float) -> float:
    return segment.speed_at(done) or 0.0


def compare(before: Plan, session: Session, slowest: float) -> None:
    """From here on nothing is asked for above what was planned `before`, or below `slowest`; all else is as it was."""
    for index, (old, new) in enumerate(zip(before.segments, session.plan.segments, strict=True)):
        assert new.length == old.length and (new.target is None) == (old.target is None)
        begin = session.done if index == session.index else 0.0
        if index < session.index or (index > session.index and old.kind is Kind.COOLDOWN):
            assert new == old
        elif new.target is not None:
            for part in range(11):
                done = begin + (1 - begin) * part / 10
                assert slowest - 1e-9 <= speed_at(new, done) <= speed_at(old, done) + 1e-9


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(SEGMENTS, min_size=1, max_size=5), STRIKES)
def test_targets_are_never_raised_and_never_sink_below_what_was_held(
    segments: list[Segment], strikes: list[tuple[float, float, bool]]
) -> None:
    plan = Plan("p", tuple(segments))
    session, adaptation = at(plan, 0.0), Adaptation(POLICY, EASY)
    seconds, slowest = 0.0, min([EASY, *(speed_at(each, done) for each in segments if each.target for done in (0.0, 1.0))])
    for step, share, by_heart in strikes:
        seconds += step
        session.advance(seconds, 3.0 * seconds)
        target = session.target
        if target is None:
            continue
        speed, before = share * target, session.plan
        if by_heart:
            changed = adaptation.lower(seconds, session, POLICY.heart.lower_by)
        else:
            changed = adaptation.struck(seconds, session, speed, 1.0 + 2.0 * share)
        if changed is None:
            continue
        slowest = min(slowest, speed, target * (1 - POLICY.heart.lower_by))
        session.retarget(changed[0])
        assert (session.target or 0.0) <= target + 1e-9
        compare(before, session, slowest)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(LENGTHS, SPEEDS, SPEEDS, st.floats(0.0, 0.95))
def test_what_is_planned_from_here_on_adds_up(length: Length, start: float, end: float, done: float) -> None:
    """By summing small pieces: what is left of a ramp's time and way, eased or not."""
    for target in (Ramp(start, end), Eased(Ramp(start, end), start, start, 0.5, done)):
        segment = Segment("S", Kind.TEMPO, length, target)
        parts = [done + (1 - done) * (part + 0.5) / 2000 for part in range(2000)]
        if isinstance(length, Duration):
            way = sum(speed_at(segment, part) for part in parts) * (1 - done) * length.seconds / 2000
            assert segment.metres_from(done) == pytest.approx(way, rel=5e-3)
        else:
            assert isinstance(length, Distance)
            time = sum(1 / speed_at(segment, part) for part in parts) * (1 - done) * length.metres / 2000
            assert segment.seconds_from(done) == pytest.approx(time, rel=5e-3)
