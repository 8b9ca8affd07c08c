"""What replaying a recording costs, in each format, start-up excluded; and how much of it is the reading of the file.

The limits are CPU time relative to a fixed loop of the same run (`yardstick.py`), so that a busy or slower computer changes
nothing and a change that makes the coach slower is seen. How many times faster than life that is stands beside it.
"""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import fitdecode

from coach.running.loop import Loop
from coach.runs.journal import JournalReader, JournalWriter
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.workouts import read_workout
from devices.tracks import open_track
from tests.bench import formats
from tests.bench.row import Row
from tests.bench.yardstick import in_loops
from tests.conftest import ROOT

WORKOUT = ROOT / "tests" / "runs" / "continuous" / "workout.toml"
MOST = {
    "NMEA": 1.15,
    "GPX": 1.0,
    "TCX": 1.1,
    "FIT": 0.98,
    "journal": 1.1,
}  # loops to a second of run; 0.98 is 20,000 times life
MOST_READ = {"NMEA": 0.3, "GPX": 0.25, "TCX": 0.3, "FIT": 0.2}  # of those, to read the file
LEAST_FIT = 3.0  # times fitdecode's speed


class Silent:
    """Shows nothing."""

    def event(self, event: object) -> None: ...
    def cue(self, cue: object, text: str) -> None: ...
    def followed(self, coach: object) -> None: ...
    def show_keys(self) -> None: ...
    def summary(self, summary: object) -> None: ...
    def note(self, text: str) -> None: ...


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        paths = formats.write(Path(folder))
        for called, path in paths.items():
            yield from _replayed(called, path)
            loops, _ = in_loops(lambda path=path: partial(_read, path))  # type: ignore[misc]
            yield Row("  of which the reading of the file", loops, "loops", MOST_READ[called])
        yield from _against_fitdecode(paths["FIT"])
        tracemalloc.start()
        _coached(_loop(), paths["FIT"])
        yield Row("  memory at its peak", tracemalloc.get_traced_memory()[1] / 1e6, "MB", 50.0)
        tracemalloc.stop()
        yield from _journal(Path(folder) / "run.jsonl", paths["NMEA"])


def _replayed(called: str, path: Path) -> Iterator[Row]:
    loops, seconds = in_loops(lambda: partial(_coached, _loop(), path))
    yield Row(f"{called}: CPU time of a second of run", loops, "loops", MOST[called])
    yield Row("  times life", 1 / seconds, "x")


def _against_fitdecode(path: Path) -> Iterator[Row]:
    data = path.read_bytes()

    def decoded() -> float:
        with fitdecode.FitReader(BytesIO(data), check_crc=fitdecode.CrcCheck.DISABLED) as frames:
            return float(sum(isinstance(frame, fitdecode.FitDataMessage) for frame in frames))

    _, theirs = in_loops(lambda: decoded, 3)
    _, ours = in_loops(lambda: partial(_read, path))
    yield Row("FIT read to samples, times fitdecode's speed", theirs / ours, "x", LEAST_FIT, least=True)


def _journal(path: Path, run: Path) -> Iterator[Row]:
    writer = JournalWriter.begin(path, Setup(read_workout(str(WORKOUT), None)).as_dict(), print)
    items = list(open_recording(run).items())
    began = time.perf_counter()
    for item in items:
        writer.write_input(item)
    yield Row("journal, a line written", (time.perf_counter() - began) / len(items) * 1e6, "us", 100.0)
    writer.close(items[-1].at, "quit")
    began = time.perf_counter()
    count = sum(1 for _ in JournalReader(path))
    yield Row("journal, a line read", (time.perf_counter() - began) / count * 1e6, "us", 100.0)
    yield from _replayed("journal", path)


def _read(path: Path) -> float:
    """Seconds of run that were read."""
    last = 0.0
    for sample in open_track(str(path)).samples():
        last = sample.at
    return last


def _loop() -> Loop:
    setup = Setup(read_workout(str(WORKOUT), None))
    return Loop(setup.coach(), setup.words(), Silent())


def _coached(loop: Loop, path: Path) -> float:
    """Seconds of run that were coached; to the end of the recording, whatever the workout."""
    loop.run(open_recording(path).items())
    return loop.coach.estimate.at
