"""A run told afterwards: what the report and the exports of four hours cost, and whether those of real recordings are sound.

Recorded: every shared track that can be read, with a workout; its FIT file must keep the rules of `tests/runs/fit_rules.py`.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coach.runs.export import FORMATS, content
from coach.runs.journal import JournalWriter
from coach.runs.recording import open_recording
from coach.runs.relive import relive
from coach.runs.setup import Setup
from coach.workouts import read_workout
from devices.api import InvalidFile
from devices.sample import Fix, Mode, Pulse
from tests.bench.row import Row
from tests.cli.commands import COACH, configured
from tests.conftest import ROOT
from tests.runs.fit_rules import broken

HOURS = 4
WORKOUT = "30m 6:00/km, 3h ramp 5:50-5:00/km, 30m 6:00/km"
MEGABYTE = 1e6
LIMITS = {".html": (3.0, 3.0, 200.0)} | dict.fromkeys(FORMATS, (2.0, None, 100.0))  # s of CPU, MB, MB of memory


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        config, journal = configured(Path(folder)), Path(folder, "long.jsonl")
        _write(journal)
        for kind, (seconds, size, memory) in LIMITS.items():
            out = Path(folder, f"long{kind}")
            spent, most = _run(config, "report" if kind == ".html" else "export", journal, "-o", out)
            yield Row(f"{kind} of a journal of {HOURS} h: from start to end", spent, "s", seconds)
            yield Row("  size", out.stat().st_size / MEGABYTE, "MB", size)
            yield Row("  memory", most, "MB", memory)
    yield from _recorded()


def _run(config: Path, *arguments: str | Path) -> tuple[float, float]:
    """Seconds of CPU and the most memory (MB) of a command."""
    process = subprocess.Popen([*COACH, "--config", str(config), *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _recorded() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    setup, count, wrong = Setup(read_workout(WORKOUT, None)), 0, 0
    for path in sorted(tracks.glob("*/*")):
        try:
            activity = relive(open_recording(path), setup, "km")
        except InvalidFile:
            continue
        if not activity.seconds:
            continue
        activity.started = activity.started or 1.7e9
        count += 1
        if rules := broken(content(activity, ".fit")):
            wrong += 1
            print(f"  {path.name}: {'; '.join(rules)}")
    if not count:
        print(f"  no recordings in {tracks}: set COACH_TRACKS")
        return
    yield Row("recordings written as FIT", count, "")
    yield Row("  that break a rule of an activity", wrong, "", 0.0)


def _write(path: Path) -> None:
    """A wavering runner on a winding road, with a heart."""
    writer, way = JournalWriter.begin(path, Setup(read_workout(WORKOUT, None)).as_dict(), print), 0.0
    for at in range(HOURS * 3600):
        speed = 3.0 + 0.3 * math.sin(at / 60) + 0.2 * math.sin(at / 7)
        way += speed
        lat, lon, alt = 47.0 + way / 111_195, 8.0 + math.sin(way / 3000) / 100, 400.0 + 20 * math.sin(way / 900)
        writer.write_input(Fix(float(at), "gps", lat, lon, alt, speed, 0.1, utc=1.7e9 + at, mode=Mode.FIX_3D))
        writer.write_input(Pulse(at + 0.2, "strap", round(140 + 10 * math.sin(at / 500))))
    writer.close(HOURS * 3600.0, "quit")
