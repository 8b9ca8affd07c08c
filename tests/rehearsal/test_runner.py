"""The virtual runner: when he answers a word, by how much, and what he knows of a ramp."""

from __future__ import annotations

from dataclasses import replace
from math import copysign
from statistics import pstdev

import pytest

from coach.core.events import Cue
from coach.rehearsal.runner import ROAD, Correction, Legs, Runner, Told, advice, spoken_error

STILL = Runner(misjudges=0.0, wavers=0.0)
TARGET = 1000 / 300


def cue(kind: str, **facts: object) -> Cue:
    return Cue(10.0, kind, 3, 13.0, 10.0, facts)


def speeds(legs: Legs, first: int, last: int, target: float | None = TARGET) -> list[float]:
    return [legs.step(float(at), target) for at in range(first, last)]


def test_he_answers_three_seconds_after_a_cue_and_not_before() -> None:
    legs = Legs(STILL, 0)
    legs.begin_segment(TARGET)
    speeds(legs, 0, 10)
    legs.hear(10.0, Correction(0.1))
    assert speeds(legs, 10, 13) == [TARGET] * 3
    assert legs.step(13.0, TARGET) < TARGET


def test_told_a_size_he_takes_back_half_to_nine_tenths_of_it() -> None:
    changes = [_change(Correction(0.1), seed) for seed in range(200)]
    assert -0.09 <= min(changes) < -0.085
    assert -0.055 < max(changes) <= -0.05


def test_told_the_direction_only_he_moves_three_and_a_half_per_cent_and_never_the_other_way() -> None:
    changes = [_change(Correction(-0.2, sized=False), seed) for seed in range(400)]
    assert min(changes) >= 0.0
    assert sum(changes) / len(changes) == pytest.approx(0.035, abs=0.002)


def test_what_was_said_of_the_segment_before_counts_no_more() -> None:
    legs = Legs(STILL, 0)
    legs.begin_segment(TARGET)
    legs.hear(0.0, Correction(0.1))
    legs.begin_segment(TARGET)
    assert speeds(legs, 0, 10) == [TARGET] * 10


def test_each_segment_is_misjudged_anew() -> None:
    legs = Legs(Runner(misjudges=0.08), 1)
    begun = []
    for _ in range(300):
        legs.begin_segment(TARGET)
        begun.append(legs.misjudged)
    assert sum(each * each for each in begun) / 300 == pytest.approx(0.08**2, rel=0.2)
    assert len(set(begun)) == 300


def test_the_legs_follow_a_new_target_with_a_lag_of_six_seconds() -> None:
    legs = Legs(STILL, 0)
    legs.begin_segment(3.0)
    speeds(legs, 0, 10, 3.0)
    legs.begin_segment(4.0)
    assert speeds(legs, 10, 16, 4.0)[-1] == pytest.approx(3.0 + 1 - 0.3679, abs=0.001)


def test_without_a_target_he_runs_easily() -> None:
    legs = Legs(STILL, 0, easy=2.5)
    legs.begin_segment(None)
    assert legs.step(0.0, None) == 2.5


def test_who_hears_no_ramp_knows_the_last_target_that_was_said() -> None:
    legs = Legs(replace(STILL, hears_ramp=False), 0)
    legs.begin_segment(3.0)
    assert legs.step(0.0, 3.0) == 3.0
    assert speeds(legs, 1, 30, 3.5)[-1] == 3.0
    legs.hear(30.0, Told(3.6))
    assert speeds(legs, 30, 90, 3.6)[-1] == pytest.approx(3.6, abs=0.001)


def test_a_tired_runner_slows_down_and_one_who_drifts_strays() -> None:
    tired = Legs(replace(STILL, fatigue=0.1), 0)
    tired.begin_segment(3.0)
    assert speeds(tired, 0, 3600, 3.0)[-1] == pytest.approx(2.7, abs=0.001)
    strays = Legs(replace(STILL, drift=0.01), 0)
    strays.begin_segment(3.0)
    speeds(strays, 0, 600, 3.0)
    assert 0.002 < abs(strays.misjudged) < 0.15


def test_the_first_correction_says_how_much_the_second_where_to() -> None:
    facts = {"speed": 1000 / 312, "target": 1000 / 300}
    first, second = advice(cue("pick_up", nth=1, **facts)), advice(cue("pick_up", nth=2, **facts))
    assert first == Correction(300 / 310 - 1)
    assert second == Correction(300 / 312 - 1, sized=False, target=1000 / 300)


def test_a_cue_may_say_itself_whether_it_tells_the_size() -> None:
    facts = {"speed": 1000 / 312, "target": 1000 / 300}
    told = advice(cue("pick_up", nth=2, sized=True, **facts))
    assert isinstance(told, Correction) and told.sized


def test_what_is_said_is_rounded_to_five_seconds_and_never_nothing() -> None:
    assert spoken_error(1000 / 293, 1000 / 300) == pytest.approx(300 / 295 - 1)
    assert spoken_error(1000 / 301, 1000 / 300) == pytest.approx(300 / 305 - 1)


def test_very_far_off_is_told_by_the_pace_of_now_which_is_a_size() -> None:
    told = advice(cue("pick_up", nth=1, speed=1000 / 430, target=1000 / 300))
    assert isinstance(told, Correction) and told.sized


def test_how_it_stands_is_a_size_and_what_is_left_only_the_target() -> None:
    told = advice(cue("still_off", nth=1, speed=2.7, target=3.0))
    assert isinstance(told, Correction) and told.sized and told.error == pytest.approx(-0.1, abs=0.01)
    assert advice(cue("still_off", nth=2, speed=2.7, target=3.0)) == Told(3.0)


def test_only_words_of_now_tell_a_target() -> None:
    assert advice(cue("ramp", target=3.3)) == Told(3.3)
    assert advice(cue("segment_began", target=3.3)) == Told(3.3)
    assert advice(cue("segment_began", target=None)) is None
    assert advice(cue("preview", target=3.3)) is None
    assert advice(cue("on_pace")) is None


def test_a_runner_is_off_by_his_own_bias_in_every_segment_of_a_run() -> None:
    biased = replace(STILL, bias=0.05)
    runs = []
    for seed in range(400):
        legs = Legs(biased, seed)
        begun = []
        for target in (3.0, 3.0, 4.0):
            legs.begin_segment(target)
            begun.append(legs.misjudged)
        assert begun[0] == begun[1] != begun[2]
        runs.append(begun[0])
    assert pstdev(runs) == pytest.approx(0.05 * 0.8, rel=0.2)


def test_some_runners_are_deaf_for_a_whole_run() -> None:
    deaf = 0
    for seed in range(400):
        legs = Legs(replace(STILL, deaf=0.1), seed)
        legs.begin_segment(TARGET)
        legs.hear(0.0, Correction(0.1))
        speeds(legs, 0, 4)
        deaf += legs.misjudged == 0.0
    assert 20 <= deaf <= 60


def test_what_comes_and_goes_returns_by_itself() -> None:
    """Of excursions beyond 3 % of one who is never told anything, more than a third is gone after 20 s and half after 40."""
    begun, later = 0.0, [0.0, 0.0]
    for seed in range(20):
        legs = Legs(replace(ROAD, deaf=0.0), seed)
        legs.begin_segment(TARGET)
        run = [speed / TARGET - 1 for speed in speeds(legs, 0, 900)]
        means = [sum(run[n - 7 : n + 1]) / 8 for n in range(60, 860)]
        for n, off in enumerate(means[:-40]):
            if abs(off) > 0.03:
                begun += abs(off)
                later = [later[0] + copysign(1, off) * means[n + 20], later[1] + copysign(1, off) * means[n + 40]]
    assert 0.35 < 1 - later[0] / begun < 0.55
    assert 0.58 < 1 - later[1] / begun < 0.80


def test_a_word_to_one_who_only_wavers_ends_the_waver_and_leaves_his_judgement() -> None:
    """One like him who shifts his judgement instead is off the other way once the waver has gone."""
    ends = {}
    for steadies in (True, False):
        legs = Legs(replace(STILL, wavers=0.05, waver_memory=31.0, steadies=steadies), 3)
        legs.begin_segment(TARGET)
        off = speeds(legs, 0, 10)[-1] / TARGET - 1
        legs.hear(7.0, Correction(off))
        speeds(legs, 10, 12)
        ends[steadies] = legs.misjudged
    assert ends[True] == 0.0 != ends[False]


def _change(said: Correction, seed: int) -> float:
    legs = Legs(STILL, seed)
    legs.begin_segment(TARGET)
    legs.hear(0.0, said)
    speeds(legs, 0, 4)
    return legs.misjudged
