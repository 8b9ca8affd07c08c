"""What is planned at the service becomes a plan: its steps, or one line that says why not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coach.core.plan.heart import Beats
from coach.core.plan.segments import Band, Distance, Duration, Kind, Ramp, Steady, UntilLap
from coach.errors import InvalidSettings
from coach.runs.sync.keys import keep_key
from coach.runs.sync.options import Sync
from coach.runs.sync.today import planned
from coach.workouts.icu_doc import plan_of
from tests.cli.commands import coach, configured
from tests.runs.sync.server import KEY, serving

STEPS: list[dict[str, Any]] = [
    {"duration": 600, "warmup": True, "_pace": {"start": 2.5, "end": 2.7}, "text": "Warm"},
    {"duration": 1200, "ramp": True, "_pace": {"start": 2.7, "end": 3.4}, "text": "Build"},
    {"reps": 2, "steps": [{"distance": 1000, "_pace": {"value": 3.6}}, {"duration": 90, "intensity": "recovery"}]},
    {"duration": 300, "_hr": {"start": 140, "end": 150}},
    {"until_lap_press": True, "duration": 300, "cooldown": True},
]


def event(steps: object = STEPS, name: str = "Thursday", kind: str = "Run") -> dict[str, Any]:
    return {"id": 7, "type": kind, "name": name, "category": "WORKOUT", "workout_doc": {"steps": steps}}


def test_every_kind_of_step_is_followed() -> None:
    told = list[str]()
    plan = plan_of(event(), None, told.append)
    assert plan.name == "Thursday" and not told
    assert [(each.kind, each.length, each.target) for each in plan.segments] == [
        (Kind.WARMUP, Duration(600.0), Band(2.5, 2.7)),
        (Kind.STEADY, Duration(1200.0), Ramp(2.7, 3.4)),
        (Kind.STEADY, Distance(1000.0), Steady(3.6)),
        (Kind.RECOVERY, Duration(90.0), None),
        (Kind.STEADY, Distance(1000.0), Steady(3.6)),
        (Kind.RECOVERY, Duration(90.0), None),
        (Kind.STEADY, Duration(300.0), None),
        (Kind.COOLDOWN, UntilLap(), None),
    ]
    assert plan.segments[2].turn == (1, 2) and plan.segments[6].heart == Beats(140, 150)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (None, "has no steps that can be followed"),
        ([], "has no steps that can be followed"),
        (["x"], "step 1: is no step"),
        ([{"duration": 600_000}], "step 1: 600000 s is not a duration"),
        ([{"reps": 1e5, "steps": [{"duration": 60}]}], "step 1: has an invalid repeat count"),
    ],
)
def test_what_is_no_workout_is_refused_in_one_line(steps: object, told: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        plan_of(event(steps), None, lambda line: None)
    assert told in str(caught.value) and "\n" not in str(caught.value)


def test_a_target_that_the_site_did_not_resolve_is_told() -> None:
    told = list[str]()
    plan = plan_of(event([{"duration": 60, "pace": {"value": 80, "units": "%pace"}}]), None, told.append)
    assert plan.segments[0].target is None and "did not resolve" in told[0]


def test_todays_run_is_fetched_and_kept_for_a_start_without_a_network() -> None:
    keep_key("intervals", KEY)
    told = list[str]()
    with serving() as server:
        server.planned = [event(), event(kind="Ride", name="Bike")]
        options = Sync(address=server.address)
        assert planned(options, None, told.append).name == "Thursday" and not told
    assert planned(options, None, told.append).name == "Thursday"
    assert "its last answer of today is used" in told[0]
    with pytest.raises(InvalidSettings, match="cannot be asked: connection refused"):
        planned(options, None, told.append, date(2020, 1, 1))


def test_none_and_two_are_told(tmp_path: Path) -> None:
    keep_key("intervals", KEY)
    with serving() as server:
        config = configured(tmp_path, f'[sync]\naddress = "{server.address}"\n')
        assert "no run is planned for today" in coach(config, "run", "today", check=2).stderr
        assert "no run is planned for today" in coach(config, "check", "today", check=2).stderr
        server.planned = [event(), event(name="Evening")]
        with pytest.raises(InvalidSettings, match="2 runs are planned for today: Thursday, Evening"):
            planned(Sync(address=server.address), None, lambda line: None)
