"""`coach show`: what happened in a run, and what the coach's words achieved."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coach.cli.guard import fitness_options, guarded, json_option, settings_of
from coach.cli.past import past_activity, past_run
from coach.runs import show as told


@click.command()
@past_run
@fitness_options
@json_option
@click.pass_obj
@guarded
def show(config: Path | None, run: str, workout: str | None, as_json: bool) -> int:
    """Show what happened in a run: segments, splits, laps and score. Also what each correction achieved."""
    settings = settings_of(config)
    _, activity = past_activity(settings, run, workout)
    if as_json:
        for row in told.lines(activity, settings.unit):
            click.echo(json.dumps(row))
        return 0
    for line in told.text(activity, settings.unit, settings.runner.language):
        click.echo(line)
    return 0
