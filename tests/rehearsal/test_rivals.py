"""The other rules, to the second: when each may speak, how often, and what it takes for the pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.rehearsal.rivals import Moment, Naive, Rival, RunnerUp, RunPowerWorkout, Silence

TARGET, FAST = 3.0, 3.3


def moments(speeds: Sequence[float], length: float | None = None, segment: int = 0, first: int = 0) -> list[Moment]:
    """A segment, second by second; `length` is its end in seconds, where that is known."""
    return [
        Moment(first + into, segment, float(into), None if length is None else length - into, speed, TARGET)
        for into, speed in enumerate(speeds)
    ]


def spoken(rival: Rival, shown: Sequence[Moment]) -> list[int]:
    return [moment.second for moment in shown if rival.hear(moment) is not None]


def test_silence_says_nothing() -> None:
    assert spoken(Silence(), moments([FAST] * 600)) == []


def test_the_naive_one_speaks_at_once_and_every_ten_seconds() -> None:
    assert spoken(Naive(), moments([FAST] * 35)) == [0, 10, 20, 30]


def test_the_naive_one_tells_how_far_off_the_reading_is() -> None:
    said = Naive().hear(moments([FAST])[0])
    assert said is not None and abs(said.error - 0.1) < 1e-9


def test_runner_up_gives_its_first_verdict_after_21_seconds_and_then_every_31() -> None:
    assert spoken(RunnerUp(), moments([FAST] * 150)) == [21, 52, 83, 114, 145]


def test_runner_up_waits_as_long_after_a_silent_verdict() -> None:
    assert spoken(RunnerUp(), moments([TARGET] * 30 + [FAST] * 120)) == [52, 83, 114, 145]


def test_runner_up_begins_afresh_with_each_segment() -> None:
    rival = RunnerUp()
    assert spoken(rival, moments([FAST] * 60)) == [21, 52]
    assert spoken(rival, moments([FAST] * 60, segment=1, first=60)) == [81, 112]


def test_runner_up_leaves_out_the_wildest_paces() -> None:
    """One absurd second is in as many paces as came after it; the wildest of those is left out, and one more is not enough."""
    assert spoken(RunnerUp(), moments([TARGET] * 21 + [4 * TARGET])) == []
    assert spoken(RunnerUp(), moments([TARGET] * 20 + [4 * TARGET] * 2)) == []
    assert spoken(RunnerUp(), moments([TARGET] * 12 + [4 * TARGET] * 2 + [TARGET] * 8)) == [21]


def test_run_power_workout_speaks_after_15_seconds_17_apart_and_three_times() -> None:
    assert spoken(RunPowerWorkout(), moments([FAST] * 200)) == [16, 33, 50]


def test_run_power_workout_counts_afresh_once_the_runner_was_right() -> None:
    shown = moments([FAST] * 60 + [TARGET] * 10 + [FAST] * 60)
    assert spoken(RunPowerWorkout(), shown) == [16, 33, 50, 71, 88, 105]


def test_run_power_workout_is_silent_in_the_last_20_seconds() -> None:
    assert spoken(RunPowerWorkout(), moments([FAST] * 60, length=60.0)) == [16, 33]
    assert spoken(RunPowerWorkout(), moments([TARGET] * 40 + [FAST] * 20, length=60.0)) == [40]
    assert spoken(RunPowerWorkout(), moments([TARGET] * 41 + [FAST] * 19, length=60.0)) == []


def test_run_power_workout_is_silent_in_the_last_15_seconds_of_a_distance() -> None:
    by_distance = [replace(moment, by_distance=True) for moment in moments([TARGET] * 41 + [FAST] * 19, length=60.0)]
    assert spoken(RunPowerWorkout(), by_distance) == [41]
    assert spoken(RunPowerWorkout(), [replace(moment, left=14.0) for moment in by_distance]) == []


def test_run_power_workout_takes_the_mean_of_three_readings() -> None:
    assert spoken(RunPowerWorkout(), moments([TARGET] * 20 + [3.2] + [TARGET] * 20)) == []
    assert spoken(RunPowerWorkout(), moments([TARGET] * 20 + [3.2, 3.2] + [TARGET] * 20)) == [21]


def test_nobody_corrects_where_nothing_is_asked() -> None:
    for rival in (Naive(), RunnerUp(), RunPowerWorkout()):
        assert all(rival.hear(Moment(at, 0, float(at), None, FAST, None)) is None for at in range(120))
