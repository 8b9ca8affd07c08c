"""The state of a run: one snapshot a second, with what every view needs, and the names of the --json lines."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from coach.core.coach import Coach
from coach.core.inputs import Key
from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.runs.recording import open_recording
from coach.ui.state import State, schema
from coach.ui.views import JsonLines, Lines
from coach.ui.watching import Watching
from coach.voice.words.phrasing import Words
from coach.workouts import read_workout


@pytest.fixture(scope="module")
def demo() -> tuple[Watching, list[State]]:
    """The bundled run, with the states that it gave."""
    folder = Path(str(files("coach.demo")))
    coach = Coach(read_workout(str(folder / "workout.toml"), None), Settings())
    view, states = Watching(JsonLines(), coach), list[State]()
    view.sinks.append(states.append)
    Loop(coach, Words.load("en", "metric"), view).run(open_recording(folder / "run.nmea").items())
    return view, states


def test_there_is_a_state_a_second_and_one_for_each_change(demo: tuple[Watching, list[State]]) -> None:
    _, states = demo
    seconds = [int(state.at) for state in states]
    assert seconds == sorted(seconds) and set(range(1, seconds[-1])) <= set(seconds)
    assert [state.phase for state in states[:-1]] == ["running"] * (len(states) - 1) and states[-1].phase == "done"


def test_a_state_tells_where_the_runner_is_and_what_comes_next(demo: tuple[Watching, list[State]]) -> None:
    _, states = demo
    places = [state.place for state in states]
    assert places == sorted(places) and places[-1] == 1.0
    for state in states:
        assert state.now.segment + 1 == state.next.segment if state.next else state.now.segment == state.of
        assert 0 <= state.done <= 1 and (state.low or 0) <= (state.target or 0)
        assert state.side in (None, "inside") or state.speed is not None
    assert {state.side for state in states} >= {"inside", "fast"}
    assert states[-1].said[-1].cue == "run_complete" and len(states[-1].said) == 3


def test_the_outline_covers_the_whole_plan_without_holes(demo: tuple[Watching, list[State]]) -> None:
    view, states = demo
    legs = view.stater.outline.legs
    assert [leg.segment for leg in legs] == list(range(1, states[0].of + 1))
    assert legs[0].begin == 0.0 and legs[-1].end == 1.0
    assert all(one.end == two.begin for one, two in pairwise(legs))
    assert all(leg.points[0][0] == leg.begin and leg.points[-1][0] == pytest.approx(leg.end) for leg in legs)


def test_a_state_is_json_as_its_schema_says(demo: tuple[Watching, list[State]]) -> None:
    _, states = demo
    for state in (states[0], states[len(states) // 2], states[-1]):
        plain = json.loads(json.dumps(state.as_dict()))
        again = TypeAdapter(State).validate_python(plain)
        assert again.as_dict() == state.as_dict()
        assert set(plain) == set(schema()["properties"])


def test_the_names_are_those_of_the_estimates_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    lines = JsonLines(estimates=True)
    coach = Coach(read_workout(str(files("coach.demo").joinpath("workout.toml")), None))
    coach.feed(Key(0.0, "lap"))
    lines.followed(coach)
    estimate: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert set(estimate) - {"kind", "segment"} <= set(schema()["properties"])


def test_a_pause_a_low_battery_and_a_run_that_is_not_saved_are_in_the_state(demo: tuple[Watching, list[State]]) -> None:
    view, states = demo
    paused = replace(states[5], phase="paused", battery_low=("strap",), saved=False)
    assert paused.as_dict() | {"phase": "running"} != states[5].as_dict()
    view.is_saved = lambda: False
    assert not view.state().saved


def test_a_bug_in_what_shows_the_run_costs_one_line_and_not_the_run() -> None:
    notes: list[str] = []
    coach = Coach(read_workout(str(files("coach.demo").joinpath("workout.toml")), None))
    view = Watching(Lines(write=notes.append), coach)
    view.sinks += [lambda state: 1 / 0, lambda state: notes.append("shown")]
    with as_file(files("coach.demo")) as folder:
        Loop(coach, Words.load("en", "metric"), view).run(open_recording(folder / "run.nmea").items())
    assert coach.finished and "shown" not in notes
    assert [line for line in notes if "bug" in line] == [
        "a bug ended what shows the run elsewhere, and the run goes on: ZeroDivisionError('division by zero')"
    ]
