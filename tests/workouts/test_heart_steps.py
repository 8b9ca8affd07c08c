"""Steps by heart rate: in our own file, in those of watches, in the journal, and as they are announced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.voice.words.phrasing import Words
from coach.workouts import fit, plain, read_workout, write_workout
from devices.sample import Stride

WRITTEN = """
[[segment]]
length = "20 min"
heart  = "140 .. 150"

[[segment]]
repeat = 2
  [[segment.segment]]
  length = "3 min"
  pace   = "4:30/km"
  [[segment.segment]]
  kind   = "recovery"
  until  = "heart < 120"

[[segment]]
kind   = "cooldown"
length = "10 min"
heart  = "z2"
"""
FITNESS = replace(Fitness.from_race("10k 50:00"), most_beats=190)


@pytest.fixture
def workout(tmp_path: Path) -> Path:
    path = tmp_path / "hearts.toml"
    path.write_text(WRITTEN)
    return path


@pytest.fixture
def plan(workout: Path) -> Plan:
    return read_workout(str(workout), FITNESS)


def test_a_segment_may_have_a_heart_rate_instead_of_a_pace_and_end_at_one(plan: Plan) -> None:
    steady, hard, rest, *_, easy = plan.segments
    assert (steady.kind, steady.target, steady.heart) == (Kind.STEADY, None, Beats(140, 150))
    assert hard.heart is None and hard.until is None
    assert (rest.length, rest.until) == (Duration(180.0), HeartEnd(120))
    assert easy.heart == Beats(114, 133)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('heart = "z2"', "needs your maximum heart rate"),
        ('heart = "z9"', "is not a heart rate"),
        ('heart = "20 .. 400"', "is not a heart rate"),
        ('heart = "140 .. 150"\npace = "5:00/km"', "stands beside a pace"),
        ('until = "pulse < 120"', "is not the end of a segment"),
        ('until = "heart < 5"', "is not the end of a segment"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f'[[segment]]\nlength = "10 min"\n{line}\n')
    with pytest.raises(InvalidSettings, match=told) as wrong:
        read_workout(str(path), None)
    assert "wrong.toml:3" in str(wrong.value)


@pytest.mark.parametrize("ending", [".toml", ".fit", ".tcx"])
def test_files_keep_them(plan: Plan, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"again{ending}"
    notes = write_workout(plan, path, FITNESS)
    told: list[str] = []
    again = read_workout(str(path), FITNESS, told.append)
    assert [each.heart for each in again.segments] == [each.heart for each in plan.segments]
    assert [each.until for each in again.segments] == [each.until for each in plan.segments]
    assert not [note for note in (*notes, *told) if "heart" in note]


@pytest.mark.parametrize("ending", [".zwo", ".txt", ".json"])
def test_formats_that_cannot_hold_them_say_so(plan: Plan, tmp_path: Path, ending: str) -> None:
    by_time = Plan("p", tuple(each for each in plan.segments if each.until is None))
    assert any("heart rates to keep" in note for note in write_workout(by_time, tmp_path / f"lost{ending}", FITNESS))


@pytest.mark.parametrize("beats", [19, 251, 1_000_000_000])
def test_a_heart_rate_that_no_heart_has_is_none_in_a_fit_file(tmp_path: Path, beats: int) -> None:
    path, value = tmp_path / "odd.fit", beats + fit.BEATS
    steps = [
        fit.Step(0, "end", (fit.BELOW, value), (2, 0, 0, 0), 0),
        fit.Step(1, "target", (0, 600_000), (fit.HEART, 0, 140 + fit.BEATS, value), 0),
    ]
    path.write_bytes(fit.encoded("odd", steps))
    assert [(each.heart, each.until) for each in read_workout(str(path), None).segments] == [(None, None)] * 2


def test_the_journal_keeps_them(plan: Plan) -> None:
    assert plain.from_dict(plain.as_dict(plan)) == plan


def test_they_are_announced(plan: Plan) -> None:
    words = Words.load("en", "metric")
    coach = Coach(Plan("p", (Segment("Easy", Kind.EASY, Duration(60.0), Steady(2.6)), *plan.segments)))
    said = [words.text(cue) for at in range(70) for cue in coach.feed(Stride(float(at), "pod", speed=2.6))]
    assert "Next up, steady, heart rate one forty to one fifty, twenty minutes." in said
