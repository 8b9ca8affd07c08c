"""`coach runs`: lists the recorded runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import guarded, json_option
from coach.config import load
from coach.core.units import clock_text, distance_text
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.history import totals_of
from coach.ui.table import aligned
from devices.api import InvalidFile

UNKNOWN: Mapping[str, Any] = {"elapsed": None, "distance": None, "score": None}


@click.command()
@json_option
@click.pass_obj
@guarded
def runs(config: Path | None, as_json: bool) -> int:
    """List the recorded runs, newest first."""
    unit = load(config).unit
    found = [(run, _totals(run)) for run in store.list_runs()]
    if not found:
        click.echo("No runs yet.", err=True)
    elif as_json:
        for run, totals in found:
            row = {"kind": "run", "name": run.path.stem, "started": run.started, "seconds": run.seconds, "ended": run.ended}
            click.echo(json.dumps(row | {name: totals.get(name) for name in UNKNOWN}))
    else:
        for line in aligned(_rows(found, unit)):
            click.echo(line)
    return 0


def _totals(run: store.KeptRun) -> Mapping[str, Any]:
    try:
        return totals_of(run)
    except (InvalidFile, InvalidSettings):
        return UNKNOWN


def _rows(found: list[tuple[store.KeptRun, Mapping[str, Any]]], unit: str) -> Iterator[tuple[str, ...]]:
    yield "run", "way", "time", "score", ""
    for run, totals in found:
        way, time, score = (totals.get(name) for name in ("distance", "elapsed", "score"))
        yield (
            run.path.stem,
            "?" if way is None else distance_text(way, unit),
            "?" if time is None else clock_text(time),
            "–" if score is None else str(score),
            "" if run.ended else "did not end",
        )
