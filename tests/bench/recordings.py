"""Every recording through `coach replay --json --rate max` with a workout: a summary, or one clear line and exit 2.

And what is said of signals that come and go: of a footpod only to those who wear one, and of losses no more than three an hour.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from coach.cli.main import main
from tests.bench.row import Row
from tests.conftest import ROOT

WORKOUT = ROOT / "tests" / "runs" / "continuous" / "workout.toml"
Cues = list[tuple[str, float]]

WITH_POD = ("footpod", "pod_only")  # in the names of folders
HOUR = 3600.0  # s


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    if not (tracks / "MANIFEST.tsv").exists():
        print(f"  no recordings in {tracks}: set COACH_TRACKS")
        return
    with (tracks / "MANIFEST.tsv").open() as manifest:
        files = [row["file"] for row in csv.DictReader(manifest, delimiter="\t")]
    told = {file: _replayed(tracks / file) for file in files}
    ends = Counter(end for end, _ in told.values())
    without = [cues for file, (_, cues) in told.items() if not any(name in file for name in WITH_POD)]
    yield Row("files replayed", len(files), "")
    yield Row("  with a summary", ends["summary"], "")
    yield Row("  refused in one line, exit 2", ends["refused"], "")
    yield Row("  anything else", ends["else"], "", 0.0)
    pods = sum(kind.startswith("footpod_") for cues in without for kind, _ in cues)
    yield Row("words about a footpod in files without one", pods, "", 0.0)
    yield Row("losses of signal told in an hour, at most", max(_most_lost(cues) for _, cues in told.values()), "", 3.0)


def _most_lost(cues: Cues) -> int:
    """The most losses told within an hour, however short the recording."""
    lost = [at for kind, at in cues if kind == "signal_lost"]
    return max((sum(at - HOUR < other <= at for other in lost) for at in lost), default=0)


def _replayed(path: Path) -> tuple[str, Cues]:
    """How it ended, and the cues with their times (s)."""
    done = CliRunner().invoke(main, ["replay", str(path), "--workout", str(WORKOUT), "--json", "--rate", "max"])
    if isinstance(done.exception, SystemExit | None):
        if done.exit_code == 0 and '"kind": "summary"' in done.stdout.splitlines()[-1]:
            lines = (json.loads(line) for line in done.stdout.splitlines())
            return "summary", [(line["cue"], line["at"]) for line in lines if line["kind"] == "cue"]
        if done.exit_code == 2 and not done.stdout and done.stderr.count("\n") == 1:
            return "refused", []
    print(f"  {path}: {done.exit_code} {done.exception!r} {done.output[-300:]}")
    return "else", []
