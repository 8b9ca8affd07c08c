"""Louder and quieter, as the core knows it: a level that keys move, with two ends, told at each press, the same in a replay."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input, Key
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.core.settings import Settings
from coach.core.speech.volume import QUIETEST, Volume
from coach.running.loop import Loop
from coach.running.resuming import Started
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.runs.verify import verify
from coach.ui.views import Lines
from devices.sample import Stride

PLAN = Plan("", (Segment("Easy", Kind.EASY, Duration(300.0)),))
STEPS = {"louder": 1, "quieter": -1}


def lived(keys: dict[int, str], seconds: int = 200) -> list[Input]:
    """A run with these keys at these seconds."""
    items: list[Input] = []
    for at in range(seconds):
        items.append(Stride(float(at), "pod", 3.0))
        items += [Key(float(at), keys[at])] if at in keys else []
    return items


def told(coach: Coach, items: list[Input]) -> list[Cue]:
    return [cue for item in items for cue in coach.feed(item) if cue.kind == "volume"]


def test_each_press_is_a_step_and_at_an_end_nothing_changes() -> None:
    presses = [*["louder"], *["quieter"] * 6, "louder"]
    cues = told(Coach(PLAN), lived({20 * (count + 1): key for count, key in enumerate(presses)}))
    assert [cue.facts["level"] for cue in cues] == [0, -1, -2, -3, -4, -5, -5, -4]
    assert [cue.facts["volume"] for cue in cues] == ["loudest", *["quieter"] * 5, "quietest", "louder"]
    assert [cue.at for cue in cues] == [20.0 * (count + 1) for count in range(8)], "each is answered at once"


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=30))
def test_the_level_stays_within_its_ends_and_is_told_as_it_is(keys: list[str]) -> None:
    volume = Volume()
    for key in keys:
        before = volume.level
        facts = volume.turned(STEPS[key])
        assert QUIETEST <= volume.level <= 0 and facts["level"] == volume.level
        assert (volume.level - before == STEPS[key]) == (facts["volume"] == key)


@pytest.mark.parametrize("phase", ["ready", "paused"])
def test_it_changes_before_the_run_and_in_a_pause_too(phase: str) -> None:
    """Who waits for a receiver, or stands at a crossing, has the time to set it."""
    coach = Coach(PLAN, Settings(start="key") if phase == "ready" else None)
    cues = told(coach, lived({5: "pause", 10: "quieter"} if phase == "paused" else {10: "quieter"}))
    assert coach.session.phase.name.lower() == phase
    assert [cue.facts for cue in cues] == [{"volume": "quieter", "level": -1}]


def test_presses_in_a_row_all_count_and_the_last_answer_has_the_level() -> None:
    """Three within two seconds: the answers do not pile up behind one another."""
    coach = Coach(PLAN)
    cues = told(coach, lived({100: "quieter", 101: "quieter", 102: "quieter"}))
    assert coach.volume.level == -3 == cues[-1].facts["level"]


def test_a_runner_who_turned_the_answer_off_still_has_the_key() -> None:
    coach = Coach(PLAN, Settings(cues={"volume": False}))
    assert told(coach, lived({100: "quieter"})) == [] and coach.volume.level == -1


def test_the_voice_has_the_level_before_the_answer_and_a_journal_says_the_same_again(tmp_path: Path) -> None:
    """The run broke off at its end: what goes on from its journal is as quiet as it was."""
    path, heard, setup = tmp_path / "run.journal", list[int | str](), Setup(PLAN)
    writer = JournalWriter.begin(path, setup.as_dict(), heard.append)
    loop = Loop(
        *(setup.coach(), setup.words(), Lines("km", lambda line: None), lambda cue: heard.append(cue.kind), writer),
        loudness=heard.append,
    )
    loop.run(lived({60: "quieter", 100: "quieter", 140: "louder"}))
    writer.close(200.0, None)
    answered = [heard[number - 1] for number, each in enumerate(heard) if each == "volume"]
    assert answered == [-1, -2, -1]
    count, difference = verify(path)
    assert count >= 4 and difference is None
    assert Started.again(path).coach.volume.level == -1
