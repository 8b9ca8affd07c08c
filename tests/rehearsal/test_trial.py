"""A rehearsal as a whole: the same seed is the same run, the sensors are as wrong as they say, and the scores add up."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from statistics import fmean, pstdev

import pytest

from coach.core.coach import Coach
from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.rehearsal.rivals import RIVALS, Silence
from coach.rehearsal.runner import RECREATIONAL, TRAINED, Correction, Runner
from coach.rehearsal.scores import Tally, off_by, that_counts
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, POOR_GPS, SIGNALS, Device, Signal
from coach.rehearsal.trial import RealCoach, RivalCoach, coached, trial
from devices.sample import Fix, Stride

STEP = Segment("Step", Kind.TEMPO, Duration(300), Steady(3.0))
PLAN = Plan("p", (STEP, replace(STEP, target=Steady(3.3)), replace(STEP, target=Ramp(3.3, 3.6))))


def test_the_same_seed_is_the_same_rehearsal_and_another_seed_is_another() -> None:
    once, again = (coached(PLAN, RECREATIONAL, GOOD_GPS, 7) for _ in range(2))
    assert once == again
    assert once != coached(PLAN, RECREATIONAL, GOOD_GPS, 8)


def test_what_the_coach_was_fed_gives_the_same_cues_again() -> None:
    voice = RealCoach(PLAN)
    tally = trial(PLAN, RECREATIONAL, FOOTPOD, 3, voice)
    coach = Coach(PLAN)
    assert sum(1 + len(cue.also) for item in voice.items for cue in coach.feed(item)) == tally.cues
    assert coach.finished


def test_whoever_coaches_it_is_the_same_runner() -> None:
    """A rule that never speaks and one that is never heard see the same run."""
    deaf = Runner(misjudges=0.08, obeys=(0.0, 0.0), moves=(0.0, 0.0))
    silence, naive = (trial(PLAN, deaf, GOOD_GPS, 5, RivalCoach(PLAN, RIVALS[name]())) for name in ("silence", "naive"))
    assert naive.corrections > 0 == silence.corrections
    assert naive.squares == silence.squares


def test_a_runner_who_is_coached_runs_closer_to_the_pace() -> None:
    for signal in (FOOTPOD, GOOD_GPS):
        coached_, alone = Tally(), Tally()
        for seed in range(6):
            coached_.add(coached(PLAN, RECREATIONAL, signal, seed))
            alone.add(trial(PLAN, RECREATIONAL, signal, seed, RivalCoach(PLAN, Silence())))
        assert (coached_.score.error or inf) < (alone.score.error or 0.0)


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_run_by_time_distance_ramp_band_and_lap_comes_to_its_end(signal: str) -> None:
    plan = Plan(
        "all",
        (
            Segment("Lap", Kind.WARMUP, UntilLap()),
            Segment("Way", Kind.STEADY, Distance(700), Ramp(2.8, 3.2)),
            Segment("Band", Kind.TEMPO, Duration(120), Band(3.2, 3.4)),
            Segment("Lap", Kind.PEAK, UntilLap(), Steady(3.6)),
        ),
    )
    for voice in (RealCoach(plan), RivalCoach(plan, RIVALS["RunnerUp"]())):
        tally = trial(plan, TRAINED, SIGNALS[signal], 0, voice)
        assert voice.session.index == 3
        assert 300 + 200 + 120 + 300 < tally.seconds < 300 + 280 + 120 + 310


@pytest.mark.parametrize(("signal", "noise"), [(FOOTPOD, 0.05), (GOOD_GPS, 0.10), (POOR_GPS, 0.25)])
def test_a_device_is_as_wrong_as_it_says(signal: Signal, noise: float) -> None:
    device = Device(replace(signal, bias=0.0), 1)
    errors = [device.read(float(at), 3.0).speed - 3.0 for at in range(20_000)]
    assert pstdev(errors) == pytest.approx(noise, rel=0.1)
    assert fmean(errors) == pytest.approx(0.0, abs=0.02)


def test_a_receiver_is_late_a_footpod_is_not() -> None:
    for signal, late in ((FOOTPOD, 0), (GOOD_GPS, 1), (POOR_GPS, 2)):
        device = Device(replace(signal, noise=0.0, bias=0.0), 0)
        seen = [device.read(float(at), 2.0 if at < 10 else 3.0).speed for at in range(20)]
        assert seen.index(3.0) == 10 + late


def test_a_receiver_tells_places_and_what_its_speed_is_worth() -> None:
    exact = replace(POOR_GPS, place=0.0, way_bias=0.0)
    device = Device(exact, 0)
    fixes = [device.read(float(at), 3.0).sample for at in range(101)]
    first, last = fixes[10], fixes[100]
    assert isinstance(first, Fix) and isinstance(last, Fix)
    assert ((last.lat or 0) - (first.lat or 0)) * 111_195 == pytest.approx(90 * 3.0, abs=1e-3)
    assert last.speed_sigma == 0.25
    plain = Device(replace(exact, states_sigma=False), 0).read(0.0, 3.0).sample
    assert isinstance(plain, Fix) and plain.speed_sigma is None
    assert isinstance(Device(FOOTPOD, 0).read(0.0, 3.0).sample, Stride)


def test_scores_of_a_run_made_by_hand() -> None:
    """Ten minutes: the first half 6 % off, then right; three corrections, one of them needless, one the wrong way."""
    tally = Tally()
    tally.begin_segment(0.0, 0.06)
    for second in range(600):
        tally.second(0.06 if second < 300 else 0.0, float(second))
    tally.correct(20.0, Correction(0.05), 0.06)
    tally.correct(50.0, Correction(-0.05), 0.06)
    tally.correct(400.0, Correction(0.04), 0.005)
    tally.end_wait()
    score = tally.score
    assert (tally.judged, score.corrections) == (585, 3.0)
    assert score.needless == pytest.approx(200 / 3)
    assert score.error == pytest.approx(100 * (285 * 0.06**2 / 585) ** 0.5)
    assert score.within == pytest.approx(100 * 300 / 585)
    assert score.first_word == 20.0


def test_the_mean_square_is_over_seconds_not_over_runs() -> None:
    whole = Tally()
    for seconds, error in ((100, 0.1), (300, 0.0)):
        part = Tally()
        for _ in range(seconds):
            part.second(error, 60.0)
        whole.add(part)
    assert whole.score.error == pytest.approx(100 * (100 * 0.01 / 400) ** 0.5)


def test_who_is_never_spoken_to_has_no_first_word() -> None:
    tally = Tally()
    tally.begin_segment(0.0, -0.08)
    tally.end_wait()
    assert tally.score.first_word is None
    assert tally.first_words == [inf]


def test_only_who_begins_more_than_five_per_cent_off_waits_for_a_word() -> None:
    tally = Tally()
    tally.begin_segment(0.0, 0.04)
    tally.correct(20.0, Correction(0.04), 0.04)
    tally.begin_segment(300.0, None)
    tally.end_wait()
    assert tally.first_words == []


def test_inside_a_band_nobody_is_off() -> None:
    band = replace(STEP, target=Band(3.0, 3.3))
    assert off_by(band, 3.2, 3.15) == 0.0
    assert off_by(band, 2.97, 3.15) == pytest.approx(-0.01)
    assert off_by(band, 3.333, 3.15) == pytest.approx(0.01)


def test_a_word_about_a_band_of_the_workout_is_needless_inside_it_alone() -> None:
    tally = Tally()
    for error in (0.0, 0.005):
        tally.correct(20.0, Correction(0.02), error, own_band=True)
    assert tally.needless == 1


def test_the_other_rules_keep_to_a_band_of_the_workout() -> None:
    plan = Plan("p", (replace(STEP, target=Band(2.7, 3.3)),))
    steady = Runner(misjudges=0.0, wavers=0.03)
    assert trial(plan, steady, FOOTPOD, 0, RivalCoach(plan, RIVALS["RunPowerWorkout"]())).corrections == 0
    assert trial(PLAN, steady, FOOTPOD, 0, RivalCoach(PLAN, RIVALS["RunPowerWorkout"]())).corrections > 0


def test_slow_easy_running_and_a_fast_finish_are_not_held_against_anybody() -> None:
    assert that_counts(replace(STEP, kind=Kind.WARMUP), -0.1) == 0.0
    assert that_counts(replace(STEP, kind=Kind.WARMUP), 0.1) == 0.1
    assert that_counts(replace(STEP, kind=Kind.PEAK), 0.1) == 0.0
    assert that_counts(STEP, -0.1) == -0.1
