"""`coach progress`: how pacing changes from run to run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from coach.cli.guard import FAILED, OK, guarded, json_option, settings_of
from coach.cli.prepare import tell
from coach.errors import InvalidSettings
from coach.runs import load, store
from coach.runs.progress import told
from coach.runs.progress.measures import Measures, measures
from coach.runs.progress.trends import trends
from devices.api import InvalidFile

MOST = 20  # runs: older ones say little of the runner of today


@click.command()
@click.option(
    "--runs",
    "count",
    default=MOST,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many of the newest runs to compare.",
)
@json_option
@click.pass_obj
@guarded
def progress(config: Path | None, count: int, as_json: bool) -> int:
    """Show how your pacing changes from run to run. With errors, drift, the effect of corrections, what to train."""
    unit = settings_of(config).unit
    found = list(_measured(count, unit))
    if not found:
        click.echo("No run yet has a target pace and at least a minute of measured pace.", err=True)
        return FAILED
    days, measured = [day for day, _ in found], [each for _, each in found]
    compared = trends(measured)
    if as_json:
        for day, each in found:
            click.echo(json.dumps({"kind": "measured", "started": day, **each}))
        for trend in compared.values():
            click.echo(json.dumps({"kind": "trend"} | asdict(trend) | {"verdict": trend.verdict}))
        return OK
    for line in told.text(compared, days, unit):
        click.echo(line)
    return OK


def _measured(count: int, unit: str) -> Iterator[tuple[float, Measures]]:
    """When each run began, and what it says; the oldest first. What cannot be read is told and left out."""
    for run in reversed(store.list_runs()[:count]):
        try:
            found = measures(load(str(run.path), unit=unit), unit)
        except (InvalidFile, InvalidSettings) as wrong:
            tell(f"{run.name} is left out: {wrong}")
            continue
        if "error" in found:
            yield run.started, found
