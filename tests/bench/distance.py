"""Distance of every recorded FIT run against its own session's, by the odometer as it is and as others write it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from statistics import median

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.runs.recording import recorded
from devices.api import InvalidFile
from devices.sample import Fix, Link, Sample, Stride
from devices.tracks import Track, open_track
from tests.bench.row import Row
from tests.conftest import ROOT

SHORTEST = 200.0  # m: below, a session's rounding is larger than the error
LEFT_OUT = 0.01  # of its bytes: a recording that breaks off is shorter than its session says
EVERY = 4  # records, of those Suunto's watches give

Samples = Iterable[Sample | Link]


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    for called, altered, middle, worst in ODOMETERS:
        errors = sorted(_errors(tracks, altered))
        if not errors:
            print(f"  no recordings in {tracks}: set COACH_TRACKS")
            return
        yield Row(f"FIT against its session, {called}: runs", len(errors), "")
        yield Row("  median error", median(error for error, _ in errors), "%", middle)
        for error, name in errors[-2:]:
            yield Row(f"  {name[-54:]}", error, "%", worst)


def _as_it_is(samples: Samples) -> Samples:
    return samples


def _in_some(samples: Samples) -> Samples:
    """The reading stands in each fourth record alone."""
    number = count()
    for sample in samples:
        yield sample if not isinstance(sample, Fix | Stride) or next(number) % EVERY == 0 else sample._replace(distance=None)


def _standing(samples: Samples) -> Samples:
    """The reading is repeated for four records."""
    number, reading = count(), None
    for sample in samples:
        if isinstance(sample, Fix | Stride):
            reading = sample.distance if next(number) % EVERY == 0 or reading is None else reading
            yield sample._replace(distance=reading)
        else:
            yield sample


def _none(samples: Samples) -> Samples:
    for sample in samples:
        yield sample._replace(distance=None) if isinstance(sample, Fix | Stride) else sample


ODOMETERS: list[tuple[str, Callable[[Samples], Samples], float, float | None]] = [  # median and worst error, %
    ("odometer as it is", _as_it_is, 0.05, 0.3),
    ("odometer in each fourth record", _in_some, 0.1, 0.3),
    ("odometer that stands for four", _standing, 0.1, 0.3),
    ("without the odometer", _none, 0.5, None),
]


def _errors(tracks: Path, altered: Callable[[Samples], Samples]) -> Iterator[tuple[float, str]]:
    """Per run the error in per cent and its name. A swim counts lengths."""
    for path in sorted(tracks.rglob("*.fit")):
        try:
            track = open_track(str(path))
        except InvalidFile:
            continue
        metres = _metres(track, altered)
        stated = track.recorded_distance
        if stated and stated > SHORTEST and track.faults["unread"] <= LEFT_OUT * track.size and "swim" not in path.name:
            yield 100 * abs(metres / stated - 1), path.name


def _metres(track: Track, altered: Callable[[Samples], Samples]) -> float:
    coach = Coach(FREE_RUN)
    for item in recorded(altered(track.samples())):
        coach.feed(item)
    return coach.session.distance


def main() -> None:
    for error, name in sorted(_errors(Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks")), _as_it_is)):
        print(f"{error:8.2f} %  {name}")


if __name__ == "__main__":
    main()
