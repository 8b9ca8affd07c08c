"""The footpod's scale: taught by GPS or on a measured way, remembered for the shoes, and used by the next run."""

import json
from pathlib import Path

import pytest

from coach.core.estimate.estimator import Estimator, EstimatorSettings
from coach.core.estimate.footpod import FootpodScale
from coach.core.inputs import Key
from coach.core.plan.segments import FREE_RUN
from coach.core.settings import Settings
from coach.runs import shoes
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.ui.views import Lines
from devices.sample import Fix, Mode, Stride
from tests.cli.commands import coach, configured


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def journal(path: Path, speed: float, lap_at: list[int], seconds: int = 500) -> Path:
    """A run by a footpod that says `speed` m/s, with the lap key pressed in those seconds."""
    writer = JournalWriter.begin(path, Setup(FREE_RUN, Settings()).as_dict(), print)
    for second in range(seconds):
        writer.write_input(Stride(float(second), "pod", speed=speed))
        if second in lap_at:
            writer.write_input(Key(float(second), "lap"))
    writer.close(float(seconds), "quit")
    return path


def test_laps_of_a_track_teach_the_scale_and_the_shoes_remember_it(home: Path) -> None:
    run = journal(home / "laps.jsonl", speed=4.08, lap_at=[50, 150, 250, 350])
    config = configured(home, '[runner]\nshoes = "blue"\n')
    done = coach(config, "calibrate", "400m", run, "--json")
    told = json.loads(done.stdout)
    assert told["scale"] == pytest.approx(1.02, abs=1e-3) and len(told["laps"]) == 3
    assert shoes.recall("blue", pytest.fail) == FootpodScale(pytest.approx(1.02, abs=1e-3), 300.0)  # type: ignore[arg-type]
    assert shoes.recall("red", pytest.fail) is None
    replayed = coach(config, "replay", run, "--workout", "x", check=2)
    assert replayed.returncode == 2


def test_without_laps_the_whole_run_is_the_way(home: Path) -> None:
    run = journal(home / "whole.jsonl", speed=2.0, lap_at=[], seconds=501)
    assert "scale is 1.000" in coach(configured(home), "calibrate", "1km", run).stdout


@pytest.mark.parametrize(
    ("length", "laps", "says"),
    [
        ("300m", [50, 150], "which cannot be 300 m"),
        ("400m", [50, 150, 240], "lap 3 is 360 m"),
        ("400m", [50, 150, 255], "differ"),
        ("soon", [50, 150], "400m, 1km"),
    ],
)
def test_what_cannot_be_the_measured_way_is_refused_in_one_line(home: Path, length: str, laps: list[int], says: str) -> None:
    run = journal(home / "laps.jsonl", speed=4.0, lap_at=laps)
    done = coach(configured(home), "calibrate", length, run, check=2 if laps[-1] != 240 else None)
    if laps[-1] != 240:
        assert says in done.stderr and len(done.stderr.strip().splitlines()) <= 2
        assert shoes.recall("", pytest.fail) is None


def test_the_piece_before_the_first_press_is_no_lap_and_one_press_alone_measures_nothing(home: Path) -> None:
    run = journal(home / "laps.jsonl", speed=4.0, lap_at=[37, 137, 237])
    told = coach(configured(home), "calibrate", "400m", run).stdout
    assert "lap 2:    400.0 m" in told and "lap 3:    400.0 m" in told and "lap 1" not in told
    once = journal(home / "once.jsonl", speed=4.0, lap_at=[100])
    assert "pressed only once" in coach(configured(home), "calibrate", "400m", once, check=2).stderr


def test_a_scale_from_a_lap_is_told_as_such(home: Path) -> None:
    coach(configured(home), "calibrate", "400m", journal(home / "laps.jsonl", speed=4.08, lap_at=[50, 150]))
    known = shoes.recall("", pytest.fail)
    assert known and known.measured
    summary = {"at": 0.0, "elapsed": 0.0, "distance": 0.0, "cues": 0, "complete": True, "segments": []}
    for learned, told in ((0.0, "learned from a lap"), (300.0, "learned from a lap and 5:00 of good GPS")):
        lines: list[str] = []
        Lines(write=lines.append).summary(summary | {"footpod": {"scale": 1.02, "learned": learned, "measured": True}})
        assert lines[-1] == f"  Footpod: scale 1.020, {told}"


def test_a_run_without_a_footpod_teaches_nothing(home: Path) -> None:
    writer = JournalWriter.begin(home / "gps.jsonl", Setup(FREE_RUN, Settings()).as_dict(), print)
    writer.write_input(Fix(1.0, "gps", 50.0, 8.0, speed=3.0, mode=Mode.FIX_3D))
    writer.close(2.0, "quit")
    assert "no footpod" in coach(configured(home), "calibrate", "1km", home / "gps.jsonl", check=2).stderr


def test_a_remembered_scale_is_right_from_the_first_second() -> None:
    known = Estimator(EstimatorSettings(pod_scale=1.04, pod_taught=600.0))
    known.feed(Stride(0.0, "pod", speed=3.12))
    known.feed(Stride(1.0, "pod", speed=3.12))
    unknown = Estimator()
    unknown.feed(Stride(1.0, "pod", speed=3.12))
    assert known.estimate(1.0).speed == pytest.approx(3.0, abs=0.01)
    assert (known.estimate(1.0).sigma or 0) < (unknown.estimate(1.0).sigma or 0)


@pytest.mark.parametrize("kept", ["{", '{"": {"scale": 7.0, "taught": 1.0}}', "[]"])
def test_a_damaged_memory_is_set_aside_told_once_and_learned_anew(home: Path, kept: str) -> None:
    shoes.path().parent.mkdir(parents=True)
    shoes.path().write_text(kept)
    told: list[str] = []
    assert shoes.recall("", told.append) is None
    assert len(told) == 1
    assert "is damaged" in told[0]
    assert shoes.path().with_suffix(".damaged").read_text() == kept
    shoes.remember("", FootpodScale(1.01, 300.0), told.append)
    assert shoes.recall("", told.append) == FootpodScale(1.01, 300.0)
    assert len(told) == 1


def test_remembering_keeps_the_other_pairs(home: Path) -> None:
    shoes.remember("blue", FootpodScale(1.01, 300.0), pytest.fail)
    shoes.remember("red", FootpodScale(0.99, 200.0), pytest.fail)
    assert shoes.recall("blue", pytest.fail) == FootpodScale(1.01, 300.0)


def test_shoes_are_the_same_however_the_letters_of_their_name_are_stored(home: Path) -> None:
    """A Mac writes "ü" as a "u" and its two dots."""
    shoes.remember("gru\u0308n", FootpodScale(1.01, 300.0), pytest.fail)
    assert shoes.recall("gr\u00fcn", pytest.fail) == FootpodScale(1.01, 300.0)
