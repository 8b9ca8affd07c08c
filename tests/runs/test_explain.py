"""Why it spoke and why it did not: every cue of a run with its numbers, every one kept back with its rule."""

import json
from pathlib import Path

import pytest

from coach.core.inputs import Input
from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.runs.journal import JournalWriter
from coach.runs.recording import ticking
from coach.runs.setup import Setup
from devices.sample import Stride
from tests.cli.commands import coach, configured, lines

PLAN = Plan(
    "Explained",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(240.0), Steady(2.6)),
        Segment("Build", Kind.STEADY, Duration(900.0), Ramp(2.7, 3.4)),
        Segment("Peak", Kind.PEAK, Duration(180.0), Steady(3.5)),
    ),
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A runner who is a tenth too fast for five minutes of the climb."""
    path = tmp_path / "run.jsonl"
    setup = Setup(PLAN, Settings(verbosity="quiet"))
    writer, runner = JournalWriter.begin(path, setup.as_dict(), print), setup.coach()
    words = setup.words()

    def strides() -> list[Input]:
        said: list[Input] = []
        for second in range(1330):
            wanted = 2.6 if second < 240 else 2.7 + 0.7 * min(1.0, (second - 240) / 900) if second < 1140 else 3.5
            said.append(Stride(float(second), "pod", speed=wanted * (1.1 if 500 <= second < 800 else 1.0)))
        return said

    for item in ticking(iter(strides())):
        writer.write_input(item)
        for cue in runner.feed(item):
            writer.write_cue(cue, words.text(cue))
    writer.close(1330.0, "complete")
    return path


def test_every_cue_of_the_journal_is_explained_and_what_was_kept_back_names_its_rule(run: Path) -> None:
    told = lines(coach(configured(run.parent), "explain", run, "--json").stdout, "decision")
    journal = [json.loads(line) for line in run.read_text().splitlines()[1:]]
    assert [(row["cue"], row["text"]) for row in told if row["said"]] == [
        (line["kind"], line["text"]) for line in journal if line["k"] == "cue"
    ]
    corrections = [row for row in told if row["cue"] == "ease_off" and row["said"]]
    assert corrections and "against" in corrections[0]["because"] and "outside the band" in corrections[0]["because"]
    kept_back = {row["cue"]: row["rule"] for row in told if not row["said"]}
    assert "verbosity = quiet: said from normal on" in kept_back["ramp"]
    assert kept_back["halfway"].startswith("verbosity")


def test_people_read_it_and_a_moment_is_answered_for(run: Path) -> None:
    config = configured(run.parent)
    shown = coach(config, "explain", run).stdout
    assert "not: You're halfway." in shown and "Slow down." in shown
    moment = coach(config, "explain", run, "--why-not", "8:30").stdout
    assert "segment 2, Build" in moment and "target" in moment and "outside the band" in moment and "the evidence is" in moment
    assert "inside the band" in coach(config, "explain", run, "--why-not", "6:00").stdout
    assert "the run ended at" in coach(config, "explain", run, "--why-not", "9:00:00", check=2).stderr
    assert "is not a time" in coach(config, "explain", run, "--why-not", "soon", check=2).stderr


@pytest.mark.parametrize(
    ("settings", "speed", "told"),
    [
        (Settings(treadmill=True), 2.5, ["pace 9.0 km/h", "target 9.4 km/h", "on a treadmill the belt is judged"]),
        (Settings(start="moving"), 0.0, ["Warm-up: ready", "the runner stood", "the run waits"]),
    ],
)
def test_a_belt_is_told_in_its_own_unit_and_a_run_that_waits_as_one(
    tmp_path: Path, settings: Settings, speed: float, told: list[str]
) -> None:
    setup = Setup(PLAN, settings)
    writer = JournalWriter.begin(tmp_path / "run.jsonl", setup.as_dict(), print)
    for second in range(60):
        writer.write_input(Stride(float(second), "pod", speed=speed))
    writer.close(60.0, "quit")
    said = coach(configured(tmp_path), "explain", "--why-not", "0:50", tmp_path / "run.jsonl").stdout
    assert all(each in said for each in told)
