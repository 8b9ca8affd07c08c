"""The heart rate: a strap that cannot be believed, targets of segments, and segments that end at a heart rate."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import exp
from random import Random

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.policy import Policy
from coach.core.settings import Settings
from devices.sample import Pulse, Stride

POLICY = Policy()
WORK = Plan("p", (Segment("Work", Kind.TEMPO, Duration(1800.0), Steady(3.3)),))
BY_HEART = Plan("p", (Segment("By heart", Kind.STEADY, Duration(1800.0), heart=Beats(140, 150)),))
GUARDED = Settings(ceilings={"tempo": 170.0})
Bpm = Callable[[int], int | None]


class Run:
    """A footpod and a strap, once a second."""

    def __init__(self, plan: Plan, settings: Settings | None, seconds: int, bpm: Bpm, steps: float = 172.0) -> None:
        self.coach = Coach(plan, settings)
        self.cues: list[Cue] = []
        self.events: list[Event] = []
        for at in range(seconds):
            if (beats := bpm(at)) is not None:
                self._feed(Pulse(float(at), "heart", beats))
            self._feed(Stride(float(at), "pod", speed=3.3, cadence=steps))

    def of(self, *kinds: str) -> list[Cue]:
        return [cue for cue in self.cues if cue.kind in kinds]

    def _feed(self, item: Pulse | Stride) -> None:
        self.cues += [each for cue in self.coach.feed(item) for each in (cue, *cue.also)]
        self.events += self.coach.events


def beating(mean: float, sd: float = 1.0, seed: int = 1) -> Bpm:
    chance = Random(seed)
    return lambda at: round(chance.gauss(mean, sd))


# What lies


def test_a_strap_that_says_the_steps_is_not_believed_and_that_is_told_once() -> None:
    run = Run(WORK, GUARDED, 1200, beating(172.0))
    (told,) = run.of("heart_locked")
    assert told.at == pytest.approx(POLICY.heart.lock_after, abs=3)
    assert not run.of("heart_high", "ease_to_end")


def test_a_lock_that_began_with_a_leap_is_known_sooner() -> None:
    honest, locked = beating(150.0), beating(172.0)
    run = Run(WORK, GUARDED, 1200, lambda at: honest(at) if at < 400 else locked(at))
    (told,) = run.of("heart_locked")
    assert 450 <= told.at <= 475
    assert not run.of("heart_high", "ease_to_end")


def test_the_runners_own_limit_holds_where_a_higher_heart_rate_is_the_target() -> None:
    """A doctor's limit is not lifted by a workout; a ceiling that was computed is."""
    computed, limited = Settings(ceilings={"steady": 130.0}), Settings(ceilings={"steady": 130.0}, heart_limit=144)
    runs = [Run(BY_HEART, settings, 900, beating(148.0)) for settings in (computed, limited)]
    assert not runs[0].of("heart_high")
    told = [cue for cue in runs[1].cues if cue.kind == "heart_high"]
    assert told and told[0].facts["ceiling"] == 144


def test_a_strap_that_leaves_the_steps_is_believed_again() -> None:
    locked, high = beating(172.0), beating(183.0)
    run = Run(WORK, GUARDED, 1200, lambda at: locked(at) if at < 400 else high(at))
    assert [cue.at > 420 for cue in run.of("heart_high", "ease_to_end")][:1] == [True]


def test_a_true_heart_that_passes_the_steps_is_believed() -> None:
    run = Run(WORK, GUARDED, 900, lambda at: min(178, 150 + at // 8), steps=160.0)
    assert not run.of("heart_locked") and run.of("heart_high", "ease_to_end")


def test_a_strap_that_falls_silent_is_told_once_where_it_is_needed() -> None:
    known = beating(150.0)
    run = Run(WORK, GUARDED, 900, lambda at: known(at) if at < 300 or 500 < at < 600 else None)
    assert [cue.at for cue in run.of("heart_lost")] == [pytest.approx(365, abs=2)]
    assert not Run(WORK, Settings(), 900, lambda at: known(at) if at < 300 else None).of("heart_lost")
    assert not Run(WORK, GUARDED, 900, lambda at: None).of("heart_lost")
    assert [cue.at for cue in Run(BY_HEART, None, 300, lambda at: None).of("heart_lost")] == [60.0]


# Targets


@pytest.mark.parametrize(("bpm", "kind", "first"), [(158.0, "heart_fast", 180.0), (132.0, "heart_low", 300.0)])
def test_who_is_outside_is_told_after_a_while_and_not_often(bpm: float, kind: str, first: float) -> None:
    run = Run(BY_HEART, None, 1500, beating(bpm))
    assert first <= run.of(kind)[0].at <= first + 10
    assert all(b.at - a.at >= POLICY.heart.target_apart for a, b in pairwise(run.of(kind)))
    assert not run.of("pick_up", "ease_off", "heart_low" if kind == "heart_fast" else "heart_fast")
    assert run.of(kind)[0].facts["little"] is False


@pytest.mark.parametrize("bpm", [140.0, 145.0, 150.0])
def test_in_the_target_and_at_its_edges_nothing_is_said(bpm: float) -> None:
    assert not Run(BY_HEART, None, 1500, beating(bpm)).of("heart_fast", "heart_low")


def test_a_heart_on_its_way_back_is_left_alone() -> None:
    falling = Run(BY_HEART, None, 400, lambda at: max(150, round(170 - max(0, at - 130) * 0.08)), steps=186.0)
    assert not falling.of("heart_fast")


@pytest.mark.parametrize("kind", [Kind.WARMUP, Kind.RECOVERY])
def test_easy_running_is_never_too_low(kind: Kind) -> None:
    plan = Plan("p", (Segment("Easy", kind, Duration(1800.0), heart=Beats(140, 150)),))
    assert not Run(plan, None, 900, beating(125.0)).of("heart_low")


def test_the_target_is_the_only_master_of_its_segment() -> None:
    run = Run(BY_HEART, Settings(ceilings={"steady": 145.0}), 900, beating(149.0))
    assert not run.of("heart_high", "ease_to_end", "heart_fast")


# Ends


def falling(to: float, tau: float = 57.0) -> Bpm:
    return lambda at: round(to + (175 - to) * exp(-at / tau))


@pytest.mark.parametrize(("to", "expected"), [(95.0, 66.0), (110.0, 107.0), (119.9, 180.0)])
def test_a_recovery_ends_at_its_heart_rate_or_at_its_longest(to: float, expected: float) -> None:
    rest = Segment("Rest", Kind.RECOVERY, Duration(180.0), until=HeartEnd(120))
    run = Run(Plan("p", (rest, *WORK.segments)), None, 300, falling(to))
    (ended,) = [event for event in run.events if event.name == "segment_ended"]
    assert ended.at == pytest.approx(expected, abs=12)


def test_a_warm_up_may_end_above_a_heart_rate_and_not_at_once() -> None:
    warm = Segment("Warm-up", Kind.WARMUP, Duration(600.0), until=HeartEnd(120, below=False))
    run = Run(Plan("p", (warm, *WORK.segments)), None, 300, lambda at: 125)
    (ended,) = [event for event in run.events if event.name == "segment_ended"]
    assert ended.at == 20.0


def test_without_a_strap_the_longest_length_counts() -> None:
    rest = Segment("Rest", Kind.RECOVERY, Duration(180.0), until=HeartEnd(120))
    run = Run(Plan("p", (rest, *WORK.segments)), None, 300, lambda at: None)
    assert [event.at for event in run.events if event.name == "segment_ended"] == [180.0]
