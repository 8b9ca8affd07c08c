"""Laps and splits: the key lap marks a lap in any segment but one that it ends; the run without a workout has both."""

from __future__ import annotations

import pytest

from coach.core.plan.segments import FREE_RUN, Duration, Kind, Plan, Segment, Steady, UntilLap
from coach.core.settings import Settings
from coach.voice.words.phrasing import Words
from tests.core.runners import OnFoot, kinds

WORDS = Words.load("en", "metric")
PLAN = Plan(
    "p",
    (
        Segment("Warm-up", Kind.WARMUP, UntilLap(), Steady(2.8)),
        Segment("Steady", Kind.STEADY, Duration(900), Steady(3.4)),
        Segment("Cool-down", Kind.COOLDOWN, UntilLap()),
    ),
)


def laps(runner: OnFoot) -> list[tuple[int, float, float]]:
    told = [event.facts for event in runner.events if event.name == "lap"]
    return [(lap["number"], round(lap["seconds"], 1), round(lap["metres"])) for lap in told]


def test_a_lap_is_marked_and_said_with_its_time_whatever_the_segment() -> None:
    runner = OnFoot(PLAN)
    runner.run(300, 2.8)
    assert "lap_split" not in kinds(runner.press("lap"))
    runner.run(118, 3.4)
    (first,) = runner.press("lap")
    runner.run(118, 3.4)
    (second,) = runner.press("lap")
    assert (first.kind, second.kind) == ("lap_split", "lap_split")
    assert WORDS.text(second) == "Lap two, one fifty-eight."
    assert [(number, seconds) for number, seconds, _ in laps(runner)] == [(1, 118.0), (2, 118.0)]
    assert [metres for _, _, metres in laps(runner)] == pytest.approx([401, 401], abs=2)


def test_in_a_segment_that_lasts_until_lap_the_key_ends_it_and_is_no_lap() -> None:
    runner = OnFoot(PLAN)
    runner.run(60, 2.8)
    assert kinds(runner.press("lap")) == ["segment_began"] and laps(runner) == []


def test_a_run_without_a_workout_has_laps_and_splits_and_the_key_does_not_end_it() -> None:
    runner = OnFoot(FREE_RUN)
    said = [WORDS.text(cue) for cue in runner.run(680, 3.125)]
    said += [WORDS.text(cue) for cue in runner.press("lap")]
    assert said == [
        "Free run. By feel.",
        "Kilometer one, five twenty.",
        "Kilometer two, five twenty.",
        "Lap one, eleven twenty.",
    ]
    assert not runner.coach.finished


def test_its_splits_are_switched_off_as_any_other_cue() -> None:
    runner = OnFoot(FREE_RUN, Settings(cues={"split": False}))
    assert kinds(runner.run(700, 3.1)) == ["run_began"]


def test_a_pause_is_in_no_lap() -> None:
    runner = OnFoot(FREE_RUN)
    runner.run(100, 3.0)
    runner.press("pause")
    runner.run(60, 0.0)
    runner.press("pause")
    runner.run(100, 3.0)
    runner.press("lap")
    assert laps(runner)[0][1] == pytest.approx(200, abs=1.5)


def test_the_last_countdown_is_done_and_never_go() -> None:
    runner = OnFoot(Plan("p", tuple(Segment(f"S{n}", Kind.EASY, Duration(100)) for n in (1, 2))))
    runner.run(210, 2.8)
    told = [WORDS.text(cue) for cue in runner.cues if cue.kind == "countdown"]
    assert told == ["Three. Two. One. Go.", "Three. Two. One. Done."]
