"""Workouts of other programs: what each sample became, and how long a thousand steps take to be read, checked and begun."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from coach.cli.timeline import timeline
from coach.core.coach import Coach
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.lint import Runner, lint
from coach.voice.words.phrasing import Words
from coach.workouts import FORMATS, read_workout, write_workout
from tests.bench.row import Row
from tests.cli.commands import COACH, SILENT
from tests.conftest import ROOT

FITNESS = Fitness.from_race("10k 50:00")
STEPS = 1000
LIMIT = 1.0  # s
BY_STEPS = (".fit", ".json", ".gcn", ".tcx")  # formats that hold fifty steps at most


def measure() -> Iterator[Row]:
    _print_samples()
    with tempfile.TemporaryDirectory() as folder:
        yield from _thousand(Path(folder))


def _print_samples() -> None:
    """File, segments, total, warnings."""
    folder = Path(os.environ.get("COACH_WORKOUTS", ROOT.parent / "shared" / "workouts"))
    files = sorted(path for path in folder.rglob("*") if path.suffix in FORMATS)
    if not files:
        print(f"  no workouts in {folder}: set COACH_WORKOUTS")
    for path in files:
        told: list[str] = []
        plan = read_workout(str(path), FITNESS, told.append)
        total = list(timeline(plan, "km"))[-1].split("total")[-1].strip()
        print(f"  {path.relative_to(folder)!s:<62} {len(plan.segments):>3} segments  {total:<34} {len(told)} warnings")


def _thousand(folder: Path) -> Iterator[Row]:
    speeds = [1000 / (300 + 15 * (number % 7)) for number in range(STEPS)]
    steps = [Segment(f"Step {n}", Kind.STEADY, Duration(90.0), Steady(speed)) for n, speed in enumerate(speeds)]
    plan = Plan("Many", tuple(steps))
    for suffix in (suffix for suffix in FORMATS if suffix not in BY_STEPS):
        write_workout(plan, folder / f"many{suffix}", FITNESS)
        began = time.perf_counter()
        again = read_workout(str(folder / f"many{suffix}"), FITNESS)
        yield Row(f"1,000 steps read from {suffix}", time.perf_counter() - began, "s", LIMIT)
    began = time.perf_counter()
    lint(again, Runner("intermediate", FITNESS))
    yield Row("  checked by the linter", time.perf_counter() - began, "s", LIMIT)
    began = time.perf_counter()
    Coach(again)
    yield Row("  a coach set up", time.perf_counter() - began, "s", LIMIT)
    began = time.perf_counter()
    Words.load("en", "metric").of_plan(again)
    yield Row("  every phrase of it put in words", time.perf_counter() - began, "s", LIMIT)
    yield from _commands(folder)


def _commands(folder: Path) -> Iterator[Row]:
    """The program as it is started: to its last line, and to the first event of a run."""
    config, many = folder / "config.toml", folder / "many.toml"
    config.write_text(SILENT + '[runner]\nrace = "10k 50:00"\n')
    began = time.perf_counter()
    subprocess.run([*COACH, "--config", config, "check", many], check=True, capture_output=True)
    yield Row("coach check, from its start to its end", time.perf_counter() - began, "s", LIMIT)
    track = ROOT / "coach" / "demo" / "run.nmea"
    command: list[str | Path] = [*COACH, "--config", config, "replay", track, "--workout", many, "--json"]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout and b"run_began" in run.stdout.readline()
        taken = time.perf_counter() - began
        run.kill()
    yield Row("coach replay, from its start to the run's first event", taken, "s", LIMIT)
