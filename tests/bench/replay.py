"""How many times faster than life a track is replayed, start-up excluded, and how that compares with mere decoding."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

from coach.core.inputs import Input
from coach.running.loop import Loop
from coach.runs.journal import JournalReader, JournalWriter
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.workouts import read_workout
from devices.tracks import open_track
from tests.bench.row import Row
from tests.conftest import ROOT

WORKOUT = ROOT / "tests" / "runs" / "continuous" / "workout.toml"
LEAST = 5000.0  # times real time


class Silent:
    """Shows nothing."""

    def event(self, event: object) -> None: ...
    def cue(self, cue: object, text: str) -> None: ...
    def followed(self, coach: object) -> None: ...
    def summary(self, summary: object) -> None: ...
    def note(self, text: str) -> None: ...


def measure() -> Iterator[Row]:
    yield from _nmea()
    yield from _fit()
    yield from _journal()


def _nmea() -> Iterator[Row]:
    demo = ROOT / "coach" / "demo" / "run.nmea"
    yield Row("raw NMEA log (3 sentences a second), times life", _times_life(demo), "x", LEAST, least=True)


def _fit() -> Iterator[Row]:
    tracks = ROOT.parent / "shared" / "tracks"
    fit = tracks / "fit_run_gps" / "python-fitparse__activity-small-fenix2-run.fit"
    if not fit.exists():
        print(f"  no recordings in {tracks}")
        return
    yield Row("FIT at 1 Hz (decoded by fitdecode), times life", _times_life(fit), "x", LEAST, least=True)
    began = time.perf_counter()
    samples = list(open_track(str(fit)).samples())
    decoding = time.perf_counter() - began
    yield Row("  of which decoding, share", decoding / (samples[-1].at / _times_life(fit)), "", None)
    tracemalloc.start()
    _coached(open_recording(fit).items())
    yield Row("  memory at its peak", tracemalloc.get_traced_memory()[1] / 1e6, "MB", 50.0)
    tracemalloc.stop()


def _journal() -> Iterator[Row]:
    path = ROOT / ".bench.jsonl"
    writer = JournalWriter.begin(path, Setup(read_workout(str(WORKOUT), None)).as_dict(), print)
    try:
        items = list(open_recording(ROOT / "coach" / "demo" / "run.nmea").items())
        began = time.perf_counter()
        for item in items:
            writer.write_input(item)
        yield Row("journal, a line written", (time.perf_counter() - began) / len(items) * 1e6, "us", 100.0)
        writer.close(items[-1].at, "quit")
        began = time.perf_counter()
        count = sum(1 for _ in JournalReader(path))
        yield Row("journal, a line read", (time.perf_counter() - began) / count * 1e6, "us", 100.0)
        yield Row("journal replayed, times life", _times_life(path), "x", LEAST, least=True)
    finally:
        path.unlink()


def _times_life(path: Path) -> float:
    """The best of three: a busy machine is not what is measured."""
    best = 0.0
    for _ in range(3):
        recording = open_recording(path)
        began = time.perf_counter()
        seconds = _coached(recording.items())
        best = max(best, seconds / (time.perf_counter() - began))
    return best


def _coached(items: Iterable[Input]) -> float:
    """Seconds of run that were coached; to the end of the track, whatever the workout."""
    setup = Setup(read_workout(str(WORKOUT), None))
    coach, words = setup.coach(), setup.words()
    Loop(coach, words, Silent()).run(items)
    return coach.estimate.at
