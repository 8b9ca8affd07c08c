"""Distance of every recorded FIT run against the distance its own session states."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.runs.recording import recorded
from devices.api import InvalidFile
from devices.sample import Fix, Stride
from devices.tracks import open_track
from tests.bench.row import Row
from tests.conftest import ROOT

SHORTEST = 200.0  # m: below, a session's rounding is larger than the error


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    for odometer, called in ((True, "with the device's odometer"), (False, "from speed and positions alone")):
        errors = sorted(_errors(tracks, odometer))
        if not errors:
            print(f"  no recordings in {tracks}: set COACH_TRACKS")
            return
        yield Row(f"FIT against its session, {called}: runs", len(errors), "")
        yield Row("  median error", median(error for error, _ in errors), "%", 1.0)
        for error, name in errors[-3:]:
            yield Row(f"  {name[-54:]}", error, "%")


def _errors(tracks: Path, odometer: bool) -> Iterator[tuple[float, str]]:
    """Per run the error in per cent and its name."""
    for path in sorted(tracks.rglob("*.fit")):
        try:
            track = open_track(str(path))
            coach = Coach(FREE_RUN)
            for item in recorded(track.samples()):
                coach.feed(item if odometer or not isinstance(item, Fix | Stride) else item._replace(distance=None))
        except InvalidFile:
            continue
        stated = track.recorded_distance
        if stated and stated > SHORTEST:
            yield 100 * abs(coach.session.distance / stated - 1), path.name


def main() -> None:
    for error, name in sorted(_errors(Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks")), True)):
        print(f"{error:8.2f} %  {name}")


if __name__ == "__main__":
    main()
