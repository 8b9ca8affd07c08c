"""A run in a process of its own, pressed and asked by commands, as scripts and buttons do it."""

import json
from pathlib import Path

import pytest

from coach.ui.state import schema
from tests.cli.commands import coach, configured, started
from tests.conftest import ROOT
from tests.patience import PATIENCE
from tests.running.test_live import Watched

DEMO = ROOT / "coach" / "demo" / "run.nmea"


@pytest.mark.edge
def test_a_run_is_asked_and_steered_from_elsewhere(tmp_path: Path) -> None:
    track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 1\n'
    config = configured(tmp_path, track)
    with started(config, "run", str(ROOT / "coach" / "demo" / "workout.toml"), "--json") as process:
        watched = Watched(process)
        watched.until("segment_began")
        coach(config, "press", "pause")
        watched.until("paused")
        told = json.loads(coach(config, "status", "--json").stdout)
        assert told["phase"] == "paused" and set(told) - {"kind", "run"} == set(schema()["properties"])
        assert "PAUSED" in coach(config, "status", "--run", told["run"]).stdout
        coach(config, "press", "go", "on")
        watched.until("resumed")
        coach(config, "press", "how am I doing?")
        watched.until("report")
        assert 'did you mean "lap"?' in coach(config, "press", "lapp", check=2).stderr
        coach(config, "press", "quit")  # once: nobody types that by mistake
        assert watched.until("summary")["complete"] is False
        assert process.wait(PATIENCE) == 0
    assert "no run is under way" in coach(config, "press", "lap", check=3).stderr
    assert "no run is under way" in coach(config, "status", check=3).stderr
