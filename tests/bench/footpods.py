"""How good the pace from positions alone is on real runs: against the footpod that was worn, beside the peers' rules.

A recording counts where the watch took speed and distance from the pod, so that positions and pod speed know nothing
of each other. The pod's lag and its one scale per run are fixed before anything is scored.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from statistics import fmean, pstdev

from coach.core.geometry import metres_between
from devices.api import InvalidFile
from devices.sample import Fix, Mode
from devices.tracks import open_track
from tests.bench.peers import PEERS, Ours, Rule
from tests.bench.row import Row
from tests.bench.simulator import Second
from tests.conftest import ROOT

LAG = 2  # s that the recorded speed of a footpod comes late (1.8 to 2.8 measured on watches)
WARM = 60  # s at the start that do not count
RUNNING = 1.5  # m/s: slower is walking or standing, where a share of the speed says little
SHORTEST = 600  # s
OWN, FOREIGN = 0.1, 0.25  # m/s: so near the speed, so far from positions lies the way where a pod made both


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    runs = dict(_runs(tracks))
    if not runs:
        print(f"  no run with positions and an independent footpod in {tracks}: set COACH_TRACKS")
        return
    peers = {name: rule for name, rule in PEERS.items() if "Doppler" not in name and name != "OpenTracks"}
    errors = {name: [_error(rule, run) for run in runs.values()] for name, rule in peers.items()}
    ours = [_error(Ours, run) for run in runs.values()]
    means = {name: fmean(each) for name, each in errors.items()}
    best = min(means, key=lambda name: means[name])
    for name, error in zip(runs, ours, strict=True):
        yield Row(f"{name[-54:]}: ours", error, "% rms")
    yield Row(f"mean over {len(runs)} runs: ours", fmean(ours), "% rms")
    for name, error in sorted(means.items(), key=lambda each: each[1]):
        yield Row(f"  {name}", error, "% rms")
    yield Row(f"  ours against the best of them, {best}", fmean(ours) / means[best], "x", 1.0)


def _runs(tracks: Path) -> Iterator[tuple[str, list[Second]]]:
    seen = set()
    for path in [*sorted(tracks.rglob("*.csv.gz")), *sorted(tracks.rglob("*.fit"))]:
        seconds = _from_table(path) if path.suffix == ".gz" else _from_fit(path)
        key = tuple(round(second.speed, 1) for second in seconds[:1000])
        if len(seconds) >= SHORTEST and key not in seen:
            seen.add(key)
            yield path.name, seconds


def _from_table(path: Path) -> list[Second]:
    with gzip.open(path, "rt") as table:
        rows = [row for row in csv.DictReader(table) if row["lat"] and row["pod_speed_mps"]]
    began = int(rows[0]["t_unix"])
    fixes = [_fix(int(row["t_unix"]) - began, float(row["lat"]), float(row["lon"])) for row in rows]
    return _seconds(fixes, [float(row["pod_speed_mps"]) for row in rows])


def _from_fit(path: Path) -> list[Second]:
    """Nothing unless a footpod made its speed and its distance."""
    try:
        samples = [each for each in open_track(str(path)).samples() if isinstance(each, Fix)]
    except InvalidFile:
        return []
    whole = [fix for fix in samples if None not in (fix.lat, fix.speed, fix.distance)]
    steps = [(a, b) for a, b in pairwise(whole) if b.at - a.at == 1.0]
    if len(steps) < SHORTEST:
        return []
    by_pod = pstdev((b.distance or 0) - (a.distance or 0) - (b.speed or 0) for a, b in steps)
    by_place = pstdev((b.distance or 0) - (a.distance or 0) - _chord(a, b) for a, b in steps)
    if by_pod >= OWN or by_place <= FOREIGN:
        return []
    return _seconds([_fix(fix.at, fix.lat or 0, fix.lon or 0) for fix in whole], [fix.speed or 0.0 for fix in whole])


def _fix(at: float, lat: float, lon: float) -> Fix:
    return Fix(at, "gps", lat, lon, mode=Mode.FIX_3D)


def _seconds(fixes: Sequence[Fix], pod: Sequence[float]) -> list[Second]:
    """Each second's true speed is what the pod says `LAG` later, over its scale to the way by positions."""
    said = {int(fix.at): speed for fix, speed in zip(fixes, pod, strict=True)}
    running = [(a, b) for a, b in pairwise(fixes) if b.at - a.at == 1.0 and said[int(b.at)] > RUNNING]
    if not running:
        return []
    scale = sum(said[int(b.at)] for _, b in running) / sum(_chord(a, b) for a, b in running)
    return [Second(fix.at, said.get(int(fix.at) + LAG, 0.0) / scale, 0.0, (fix,)) for fix in fixes]


def _chord(a: Fix, b: Fix) -> float:
    return metres_between(a.lat or 0, a.lon or 0, b.lat or 0, b.lon or 0)


def _error(rule: Callable[[], Rule], run: Sequence[Second]) -> float:
    """Root mean square of the error as a share of the speed, %."""
    shown = rule()
    squares, count, last = 0.0, 0, None
    for second in run:
        now = shown.speed(second)
        last = now if now is not None else last
        if last is not None and second.at >= WARM and second.speed > RUNNING:
            squares, count = squares + (last / second.speed - 1) ** 2, count + 1
    return 100 * sqrt(squares / max(count, 1))
