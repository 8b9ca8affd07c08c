"""Golden transcripts of a start, of laps and of a treadmill: what the runner hears, and what the summary says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sin
from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.inputs import Input, Key, Tick
from coach.core.plan.segments import FREE_RUN
from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.workouts import read_workout
from devices.sample import Fix, Mode, Stride

HERE = Path(__file__).parent
KMH = 1 / 3.6


def cold_start(coach: Coach) -> Iterator[Input]:
    """Seventy seconds without a fix, twenty of standing, then the run; a light of half a minute, and one of twelve seconds."""
    lights, lat = (range(420, 450), range(900, 912)), 47.0
    yield from (Tick(float(second)) for second in range(70))
    for second in range(70, 1800):
        speed = 0.03 if second < 90 or any(second in light for light in lights) else (coach.session.target or 2.6)
        if coach.session.segment.kind == "tempo" and speed > 1:
            speed *= 0.93 if second % 700 < 350 else 1.06
        lat += speed / 111_195
        yield Fix(float(second), "gps", lat, 8.0, speed=speed, speed_sigma=0.04, mode=Mode.FIX_3D)


def laps(coach: Coach) -> Iterator[Input]:
    """Three laps of a track after a kilometre, without a workout; then home."""
    for second in range(1300):
        yield Stride(float(second), "pod", speed=3.1 + 0.1 * sin(second / 30), distance=3.1 * second)
        if second in (360, 478, 597, 713):
            yield Key(second + 0.5, "lap")
    yield Key(1300.0, "quit")


def belt_and_pod(coach: Coach) -> Iterator[Input]:
    """The belt shows six per cent more than the pod; the runner forgets a step of the ramp, and runs home too fast."""
    for second in range(1000):
        told = coach.session.target or 2.0
        shown = told / KMH if not 420 <= second < 560 else 10.0
        shown = 11.0 if second > 830 else shown
        yield Stride(float(second), "pod", speed=shown * KMH / 1.06)
        yield Stride(second + 0.4, "belt", speed=round(shown, 1) * KMH)
        if second == 200:
            yield Key(200.5, "report")


RUNS: dict[str, tuple[Callable[[Coach], Iterator[Input]], Settings]] = {
    "cold-start": (cold_start, Settings(start="moving", pause="standing")),
    "free-run": (laps, Settings()),
    "belt-and-pod": (belt_and_pod, Settings(treadmill=True, belts=("belt",))),
}


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, request: pytest.FixtureRequest) -> None:
    lived, settings = RUNS[name]
    file, golden = HERE / name / "workout.toml", HERE / name / "transcript.txt"
    setup = Setup(read_workout(str(file), None) if file.exists() else FREE_RUN, settings)
    coach, lines = setup.coach(), list[str]()
    view = Lines("km", lines.append)
    view.summary(Loop(coach, setup.words(), view).run(lived(coach)).as_dict())
    told = "\n".join(lines).splitlines()
    if request.config.getoption("--update"):
        golden.write_text("\n".join(told) + "\n")
    assert told == golden.read_text().splitlines()
