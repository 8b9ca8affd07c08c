"""Fifty kills at random moments of one run, each resumed: nothing written is lost, and every word is the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from coach.core.inputs import Input
from coach.runs import store
from coach.runs.journal import JournalReader, SaidCue
from tests.bench.row import Row
from tests.cli.commands import coach, configured
from tests.running.test_live import DEMO, WORKOUT, killed_and_resumed

KILLS = 50


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000\n'
        coach(configured(Path(folder), track), "run", WORKOUT)
        whole = list(JournalReader(store.find_run("last")))
        result = killed_and_resumed(Path(folder), KILLS, seed=3)
    inputs = [entry for entry in whole if isinstance(entry, Input)]
    cues = [entry for entry in whole if isinstance(entry, SaidCue)]
    yield Row("kills at random moments, each resumed", result.kills, "", KILLS, least=True)
    yield Row("inputs written that were lost", result.lost, "", 0.0)
    yield Row("inputs that differ from the uninterrupted run's", _different(result.inputs, inputs), "", 0.0)
    yield Row("cues that differ from the uninterrupted run's", _different(result.cues, cues), "", 0.0)


def _different(one: Sequence[object], other: Sequence[object]) -> int:
    return abs(len(one) - len(other)) + sum(a != b for a, b in zip(one, other, strict=False))
