"""A treadmill's Bluetooth packets and a home-made pod's lines, through their decoders: the pod compares, the belt is quoted."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup, SourceSpec
from coach.runs.verify import verify
from coach.ui.views import Lines
from coach.workouts import read_workout
from devices.gatt import notification
from devices.sample import Rx
from tests.cli.commands import coach, configured

BELT = SourceSpec("belt", "ble-treadmill", {})
POD = SourceSpec("pod", "pod", {"unit": "km/h", "mode": "speed"})


def transcript(tmp_path: Path, sources: tuple[SourceSpec, ...], belt: float, pod: float) -> list[str]:
    """Five minutes at 9 km/h by the plan, then one at 12, with the belt and the pod at these speeds (km/h) all the time."""
    settings = Settings(treadmill=True, belts=("belt",))
    setup = Setup(read_workout("5m 6:40/km Pace, 1m 5:00/km Pace", None), settings, sources)
    lines: list[str] = []
    view, writer = Lines(write=lines.append), JournalWriter.begin(tmp_path / "run.jsonl", setup.as_dict(), pytest.fail, 1)
    payload = struct.pack("<HH", 0, round(belt * 100))
    inputs = [
        Rx(at + late, source, data)
        for at in range(361)
        for late, source, data in ((0.0, "belt", notification("2ACD", payload)), (0.5, "pod", f"{pod:.1f}\n".encode()))
        if source in [each.name for each in sources]
    ]
    summary = Loop(setup.coach(), setup.words(), view, journal=writer).run(inputs)
    writer.close(361.0, "complete")
    view.summary(summary.as_dict())
    assert verify(tmp_path / "run.jsonl")[1] is None
    return lines


@pytest.mark.parametrize("sources", [(BELT, POD), (POD, BELT)])
def test_whatever_the_config_names_first_the_pod_compares_and_the_belt_is_quoted(
    tmp_path: Path, sources: tuple[SourceSpec, ...]
) -> None:
    lines = transcript(tmp_path, sources, belt=13.0, pod=13.1)
    assert "Belt reads thirteen. Set it to nine." in " ".join(lines)
    rows = [line for line in lines if "(plan" in line]
    assert len(rows) == 2 and "(plan 9.0 km/h)" in rows[0] and "13." in rows[0] and "/km" not in rows[0]


def test_a_belt_that_shows_what_was_set_while_the_pod_says_otherwise_is_told_once(tmp_path: Path) -> None:
    """As some report their target. Who is wrong nobody knows; the runner hears both numbers."""
    lines = transcript(tmp_path, (BELT, POD), belt=9.0, pod=12.0)
    assert [line for line in lines if "elt reads" in line or "You're at" in line or "belt says" in line] == [
        "    1:20  The belt says nine, your foot sensor twelve.",
        "    5:34  Belt reads nine. Set it to twelve.",  # it was left as it is
    ]


@pytest.mark.parametrize(("sources", "told"), [((BELT,), "Belt reads thirteen."), ((POD,), "You're at thirteen point one.")])
def test_each_alone_is_enough(tmp_path: Path, sources: tuple[SourceSpec, ...], told: str) -> None:
    assert any(told in line for line in transcript(tmp_path, sources, belt=13.0, pod=13.1))


@pytest.mark.parametrize(("units", "told"), [("metric", "9.0 km/h -> 12.0 km/h"), ("imperial", "5.6 mph -> 7.5 mph")])
def test_a_check_of_a_treadmill_shows_what_the_belt_shows(tmp_path: Path, units: str, told: str) -> None:
    (tmp_path / "ramp.toml").write_text('[[segment]]\nlength = "10 min"\npace = "6:40/km -> 5:00/km"\n')
    config = configured(tmp_path, f'[runner]\nunits = "{units}"\n[coach]\nsurface = "treadmill"\n')
    assert told in coach(config, "check", tmp_path / "ramp.toml").stdout
    outdoors = configured(tmp_path, f'[runner]\nunits = "{units}"\n')
    assert told not in coach(outdoors, "check", tmp_path / "ramp.toml").stdout
