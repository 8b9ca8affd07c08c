"""`coach progress`: how pacing changes from run to run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from coach.cli.guard import FAILED, OK, guarded, json_option, settings_of
from coach.cli.past import MOST_COMPARED, compared_runs
from coach.runs.progress import told
from coach.runs.progress.trends import trends
from coach.runs.report.texts import Texts


@click.command()
@click.option(
    "--runs",
    "count",
    default=MOST_COMPARED,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many of the newest runs to compare.",
)
@json_option
@click.pass_obj
@guarded
def progress(config: Path | None, count: int, as_json: bool) -> int:
    """Show how your pacing changes from run to run. With errors, drift, the effect of corrections, what to train."""
    settings = settings_of(config)
    texts, unit = Texts(settings.runner.language), settings.unit
    found = list(compared_runs(count, unit))
    if not found:
        click.echo(texts("progress", "none"), err=True)
        return FAILED
    days, measured = [day for day, _ in found], [each for _, each in found]
    compared = trends(measured)
    if as_json:
        for day, each in found:
            click.echo(json.dumps({"kind": "measured", "started": day, **each}))
        for trend in compared.values():
            click.echo(json.dumps({"kind": "trend"} | asdict(trend) | {"verdict": trend.verdict}))
        return OK
    for line in told.text(compared, days, unit, texts):
        click.echo(line)
    return OK
