"""Every format has a sample here and the timeline a runner can read of it; where one is forgotten, a test names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.cli.timeline import timeline
from coach.planning.fitness.paces import Fitness
from coach.workouts import FORMATS, format_of, open_workout
from tests.conftest import ROOT

FITNESS = Fitness.from_race("10k 50:00")
FOLDER = Path(__file__).parent / "samples"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".timeline")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read_to_its_timeline(sample: Path, request: pytest.FixtureRequest) -> None:
    told: list[str] = []
    shown = list(timeline(open_workout(str(sample), FITNESS, told.append).plan, "km"))
    lines = "".join(f"{line}\n" for line in [*shown, *(line.replace(str(FOLDER), "") for line in told)])
    golden = sample.with_name(f"{sample.name}.timeline")
    if request.config.getoption("--update", default=False):
        golden.write_text(lines)
    assert golden.exists(), f"run `pytest --update {Path(__file__).relative_to(ROOT)}` and read {golden.relative_to(ROOT)}"
    assert lines == golden.read_text()


@pytest.mark.parametrize("module", sorted(set(FORMATS.values())))
def test_every_format_has_a_sample_a_reader_and_a_writer(module: str) -> None:
    suffixes = {suffix for suffix, each in FORMATS.items() if each == module}
    where = ROOT / "coach" / "workouts" / f"{module}.py"
    assert where.exists(), f"coach/workouts/__init__.py: FORMATS names {module}: add coach/workouts/{module}.py"
    for does in ("read", "write"):
        told = f"coach/workouts/{module}.py: add a function {does}, as coach/workouts/icu.py has it"
        assert callable(getattr(format_of(f"x{min(suffixes)}"), does, None)), told
    assert any(path.suffix in suffixes for path in SAMPLES), f"add tests/workouts/samples/NAME{min(suffixes)}, a real workout"


def test_every_reader_has_a_row() -> None:
    """A module with read(path, fitness, warn) and write(plan, fitness) is a format."""
    folder = ROOT / "coach" / "workouts"
    found = {path.stem for path in folder.glob("*.py") if "def read(path: Path, fitness" in path.read_text()}
    assert found == set(FORMATS.values()), "coach/workouts/__init__.py: FORMATS needs a row for each reader"


def test_every_sample_is_of_a_format() -> None:
    unknown = {path.name for path in SAMPLES if path.suffix not in FORMATS}
    assert not unknown, f"coach/workouts/__init__.py: FORMATS: add a row for {', '.join(sorted(unknown))}"
