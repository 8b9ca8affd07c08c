"""Between runs the page is a lobby: a workout is chosen there, run, and the next one is chosen."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from coach.cli.serve import Shelf
from coach.config import Config
from coach.core.plan.segments import FREE_RUN, Plan
from coach.errors import InvalidSettings
from coach.runs import store
from coach.stations.web.station import Lobby
from tests.cli.commands import configured, started
from tests.conftest import ROOT
from tests.patience import PATIENCE
from tests.stations.web.visitors import Visitor

DAY = date(2026, 11, 28)


def test_a_workout_is_taken_once_and_keys_only_during_a_run() -> None:
    lobby, pressed = Lobby(), list[str]()
    lobby.offered = frozenset({"a.toml"})
    assert not lobby.press("lap") and not lobby.choose("../b.toml") and lobby.choose("a.toml") and not lobby.choose("a.toml")
    assert lobby.chosen(0.0) == "a.toml" and lobby.chosen(0.0) is None
    with lobby.taking(pressed.append):
        assert lobby.press("lap") and not lobby.choose("a.toml")
    lobby.free()
    assert not lobby.press("lap") and pressed == ["lap"] and lobby.choose("a.toml")


def test_the_workout_of_the_day_stands_first_and_what_cannot_be_read_is_left_out_and_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = '[[segment]]\nlength = "10 min"\npace = "6:00/km"\n'
    (tmp_path / "a.toml").write_text(f'name = "Any day"\n{segment}')
    (tmp_path / f"{DAY}-progression.toml").write_text(f'name = "Thursday\\u202e progression"\n{segment}')
    (tmp_path / "broken.toml").write_text("name = ")
    (tmp_path / "notes.md").write_text("")
    shelf = Shelf(Config(), tmp_path)
    told = shelf.offered(DAY)
    assert [each["today"] for each in told] == [True, False, False] and "Today, 10:00" in told[0]["about"]
    assert [each["id"] for each in told] == [f"{DAY}-progression.toml", "config", "a.toml"] and "\u202e" not in told[0]["name"]
    assert shelf.plan("a.toml").name == "Any day"
    assert shelf.offered(DAY) == told
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("not on the page: ") and "broken.toml" in lines[0]
    monkeypatch.setattr("coach.cli.serve.MOST", 1)
    assert len(shelf.offered(DAY)) == 2 and "2 workouts of" in capsys.readouterr().err
    assert len(Shelf(Config(), tmp_path / "none").offered(DAY)) == 1


def test_a_run_that_broke_off_and_the_one_planned_for_today_are_offered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(FREE_RUN, name="Planned")
    asked = threading.Event()

    def planned(settings: Config, workout: str | None) -> Plan:
        asked.set()
        return plan

    monkeypatch.setattr("coach.cli.serve.plan_for", planned)
    monkeypatch.setenv("COACH_INTERVALS_KEY", "abcdefghijklmnop")
    shelf = Shelf(Config(), tmp_path)
    shelf.offered(DAY)
    assert asked.wait(PATIENCE)
    _until(lambda: len(shelf.offered(DAY)) == 2)
    assert [each["id"] for each in shelf.offered(DAY)] == ["today", "config"] and shelf.plan("today") is plan

    journal = tmp_path / "broken-off.jsonl"
    shelf.unfinished = store.KeptRun(journal, 0.0, 600.0, False, 1)
    first = shelf.offered(DAY)[0]
    assert (first["id"], first["name"], first["about"]) == ("resume", "Go on with broken-off", "10:00")
    shelf.unfinished = None
    with pytest.raises(InvalidSettings, match="has ended"):
        shelf.plan("resume")
    assert capsys.readouterr().err == ""


@pytest.mark.edge
def test_a_run_is_chosen_started_and_ended_on_the_page_and_then_another(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    source = f'[[source]]\nname = "track"\nkind = "track"\nport = "{ROOT}/coach/demo/run.nmea"\nrate = 50.0\n'
    config = configured(tmp_path, source + '[coach]\nstart = "now"\n')
    with started(config, "serve", "--port", "0") as process:
        assert process.stderr
        link = next(found for line in process.stderr if (found := re.search(r"http://[\d.]+:(\d+)/#(\S+),", line)))
        visitor = Visitor(int(link[1]))
        assert visitor.enter(link[2]) == 204
        _until(lambda: json.loads(visitor.ask("GET", "/state")[1])["lobby"])
        assert visitor.post("/choose", {"workout": "none"}) == 409
        for run in (1, 2):
            _until(lambda: visitor.post("/choose", {"workout": "config"}) == 204)
            _until(partial(_running, visitor, run))
            _until(lambda: visitor.post("/press", {"key": "quit"}) == 204)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) in (0, 130)


def _running(visitor: Visitor, run: int) -> bool:
    told = json.loads(visitor.ask("GET", "/state")[1])
    return bool(told["run"] == run and told["state"])


def _until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 3 * PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)
