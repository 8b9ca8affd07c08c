"""The page is shown the run: whole snapshots, the latest first of all, to the end; who does not read delays nobody."""

from __future__ import annotations

import time
import tomllib
from importlib.resources import files

import pytest

from coach.stations.web.qr import lines
from coach.stations.web.station import PageStation
from coach.stations.web.trace import MOST, Trace
from coach.ui.told import Teller
from tests.stations.steered import Steered
from tests.stations.web.visitors import demo, served


@pytest.mark.edge
def test_a_stream_begins_with_the_whole_and_ends_with_the_run() -> None:
    pytest.importorskip("uvicorn")
    outline, states = demo()
    with served() as (server, _, visitor):
        visitor.enter(server.access.token)
        server.board.begin(outline, Teller("de", "metric"))
        server.board.put(states[100])
        with visitor.stream() as snapshots:
            first = next(snapshots)
            while first["state"] is None:
                first = next(snapshots)
            assert first["state"]["at"] == states[100].as_dict()["at"] and first["told"]["unit"] == "/km"
            server.board.put(states[-1])
            later = next(snapshots)
            while later["state"]["phase"] != "done":
                later = next(snapshots)
            assert later["id"] > first["id"] and "plan" not in later
            server.__exit__()
            assert list(snapshots) == [{}]


@pytest.mark.edge
def test_who_never_reads_delays_neither_the_run_nor_others() -> None:
    pytest.importorskip("uvicorn")
    outline, states = demo()
    with served() as (server, _, visitor):
        visitor.enter(server.access.token)
        server.board.begin(outline, Teller("en", "metric"))
        with visitor.stream(), visitor.stream(), visitor.stream() as reading:
            began = time.thread_time()
            for state in states:
                server.board.put(state)
            assert time.thread_time() - began < 0.5
            assert any(told.get("state") and told["state"]["phase"] == "done" for told in reading)


def test_what_was_run_is_kept_in_few_points_over_the_whole_plan() -> None:
    _, states = demo()
    trace = Trace()
    for state in states:
        trace.add(state)
    assert MOST // 4 < len(trace.points) <= MOST and trace.points[0][0] < 0.01 and trace.points[-1][0] > 0.98


@pytest.mark.edge
@pytest.mark.parametrize("is_headless", [True, False])
def test_a_box_without_a_terminal_says_the_numbers_digit_by_digit(is_headless: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("uvicorn")
    monkeypatch.setattr("coach.stations.web.station._has_terminal", lambda: not is_headless)
    monkeypatch.setattr("coach.stations.web.station.announce", lambda server, note: note(server.access.numbers))
    run, noted, said = Steered(), list[str](), list[str]()
    run.watching.speak = said.append
    with PageStation("de", "metric", noted.append, port=0)(run.watching, lambda key: None):
        pass
    digits = ", ".join(" ".join(number) for number in noted[0].split())
    assert said == ([f"Vier Zahlen: {digits}."] if is_headless else [])


def test_a_code_for_a_terminal_is_black_on_white_and_square() -> None:
    pytest.importorskip("segno")
    code = lines("http://192.168.1.42:8642/#" + 22 * "a")
    assert len(code) <= 19 and all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in code)


def test_every_language_of_the_page_says_everything() -> None:
    folder = files("coach.stations.web").joinpath("languages")
    told = {each.name: tomllib.loads(each.read_text("utf-8")) for each in folder.iterdir()}
    assert {"en.toml", "de.toml", "fr.toml", "es.toml"} == set(told)
    for name, texts in told.items():
        assert set(texts) == set(told["en.toml"]), name
        assert all(text.count("{") == told["en.toml"][key].count("{") for key, text in texts.items()), name
