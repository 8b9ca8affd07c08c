"""A hundred SIGKILLs and a hundred SIGTERMs at random moments of one run, each resumed under another clock.

Nothing written is lost, and every word is the same as without them.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from coach.core.inputs import Input
from coach.runs import store
from coach.runs.journal import JournalReader, SaidCue
from tests.bench.row import Row
from tests.cli.commands import coach, configured
from tests.running.test_live import DEMO, WORKOUT, killed_and_resumed

KILLS = int(os.environ.get("COACH_KILLS", "100"))
CLOCKS = (0, 600, -600, 10_800, -10_800, -40 * 365 * 86_400)  # s by which the computer's clock is set, life by life
CLOCK = """
import os, time
set_by, told = float(os.environ.get("COACH_CLOCK", "0")), time.time
time.time = lambda: told() + set_by
"""


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(CLOCK)
        os.environ["PYTHONPATH"] = os.pathsep.join((folder, os.environ.get("PYTHONPATH", "")))
        track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000\n'
        coach(configured(Path(folder), track), "run", WORKOUT)
        whole = list(JournalReader(store.find_run("last")))
        inputs = [entry for entry in whole if isinstance(entry, Input)]
        cues = [entry for entry in whole if isinstance(entry, SaidCue)]
        for ending in (signal.SIGKILL, signal.SIGTERM):
            result = killed_and_resumed(Path(folder), KILLS, 3, ending, _set_clock)
            yield Row(f"{ending.name} at random moments, each resumed, the clock set", result.kills, "", KILLS, least=True)
            yield Row("  inputs written that were lost", result.lost, "", 0.0)
            yield Row("  inputs that differ from the uninterrupted run's", _different(result.inputs, inputs), "", 0.0)
            yield Row("  cues that differ from the uninterrupted run's", _different(result.cues, cues), "", 0.0)


def _set_clock(life: int) -> None:
    os.environ["COACH_CLOCK"] = str(CLOCKS[life % len(CLOCKS)])


def _different(one: Sequence[object], other: Sequence[object]) -> int:
    return abs(len(one) - len(other)) + sum(a != b for a, b in zip(one, other, strict=False))
