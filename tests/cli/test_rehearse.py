"""`coach rehearse` as its users start it: every kind of workout, for people and as JSON lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import coach, configured, lines
from tests.conftest import ROOT

WORKOUTS = sorted(ROOT.glob("tests/runs/*/workout.toml"))
COACHES = ["silence", "naive", "RunnerUp", "RunPowerWorkout", "this coach"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configured(tmp_path)


@pytest.mark.parametrize("workout", WORKOUTS, ids=lambda path: path.parent.name)
def test_every_workout_can_be_rehearsed(config: Path, workout: Path) -> None:
    told = lines(coach(config, "rehearse", workout, "--runs", "1", "--json").stdout)
    assert [line["coach"] for line in told if line["kind"] == "rehearsal"] == COACHES
    assert [line["complete"] for line in told if line["kind"] == "summary"] == [True]
    assert [line["cue"] for line in told if line["kind"] == "cue"][-1] == "run_complete"


def test_people_read_what_the_runner_heard_and_a_table(config: Path) -> None:
    told = coach(config, "rehearse", WORKOUTS[0], "--runs", "2", "--signal", "footpod", "--runner", "trained").stdout
    assert "A virtual runner (trained, footpod, seed 0). Nobody ran it." in told
    assert "Run complete." in told
    assert "2 such runs with each coach:" in told
    assert [line.split("  ")[0] for line in told.splitlines()[-5:]] == COACHES


def test_a_seed_is_a_day_and_comes_again(config: Path) -> None:
    first, again, other = (
        coach(config, "rehearse", WORKOUTS[0], "--runs", "1", "--seed", seed).stdout for seed in ("4", "4", "5")
    )
    assert first == again != other


def test_it_may_be_heard(config: Path) -> None:
    assert "Run complete." in coach(config, "rehearse", WORKOUTS[0], "--runs", "1", "--say").stdout


def test_without_a_workout_it_tells_what_to_type(config: Path) -> None:
    told = coach(config, "rehearse", check=2).stderr
    assert told == "coach rehearse: no workout was named, and the config has none; type: coach rehearse thursday.toml\n"


def test_a_workout_without_a_pace_has_nothing_to_correct(config: Path, tmp_path: Path) -> None:
    (tmp_path / "free.toml").write_text('name = "Free"\n[[segment]]\nkind = "free"\nlength = "lap"\n')
    assert "has no target pace" in coach(config, "rehearse", tmp_path / "free.toml", "--runs", "1").stdout
