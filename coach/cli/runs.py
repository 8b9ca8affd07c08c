"""`coach runs`: lists the recorded runs."""

from __future__ import annotations

import json

import click

from coach.cli.guard import guarded, json_option
from coach.core.units import clock_text
from coach.runs import store


@click.command()
@json_option
@guarded
def runs(as_json: bool) -> int:
    """List the recorded runs, newest first."""
    found = store.list_runs()
    for each in found:
        length = clock_text(each.seconds) if each.seconds is not None else "?"
        if as_json:
            row = {"kind": "run", "name": each.path.stem, "started": each.started, "seconds": each.seconds}
            click.echo(json.dumps(row | {"ended": each.ended}))
        else:
            click.echo(f"{each.path.stem:<48} {length:>8}  {'' if each.ended else 'did not end'}")
    if not found:
        click.echo("No runs yet.", err=True)
    return 0
