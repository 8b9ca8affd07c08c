"""Every recording through `coach replay --json --rate max` with a workout: a summary, or one clear line and exit 2."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from coach.cli.main import main
from tests.bench.row import Row
from tests.conftest import ROOT

WORKOUT = ROOT / "tests" / "runs" / "continuous" / "workout.toml"


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    if not (tracks / "MANIFEST.tsv").exists():
        print(f"  no recordings in {tracks}: set COACH_TRACKS")
        return
    with (tracks / "MANIFEST.tsv").open() as manifest:
        files = [row["file"] for row in csv.DictReader(manifest, delimiter="\t")]
    ends = Counter(_replayed(tracks / file) for file in files)
    yield Row("files replayed", len(files), "")
    yield Row("  with a summary", ends["summary"], "")
    yield Row("  refused in one line, exit 2", ends["refused"], "")
    yield Row("  anything else", ends["else"], "", 0.0)


def _replayed(path: Path) -> str:
    done = CliRunner().invoke(main, ["replay", str(path), "--workout", str(WORKOUT), "--json", "--rate", "max"])
    if isinstance(done.exception, SystemExit | None):
        if done.exit_code == 0 and '"kind": "summary"' in done.stdout.splitlines()[-1]:
            return "summary"
        if done.exit_code == 2 and not done.stdout and done.stderr.count("\n") == 1:
            return "refused"
    print(f"  {path}: {done.exit_code} {done.exception!r} {done.output[-300:]}")
    return "else"
