"""`coach verify`: replays a run's journal and compares every word."""

from __future__ import annotations

import json

import click

from coach.cli.guard import FAILED, guarded, json_option, run_names
from coach.runs import store
from coach.runs.journal import name_of
from coach.runs.verify import verify as compare


@click.command()
@click.argument("run", metavar="[RUN]", default="last", shell_complete=run_names)
@json_option
@guarded
def verify(run: str, as_json: bool) -> int:
    """Feed a run's journal again and compare every word. RUN is a name from `coach runs`, or a file; the last."""
    path = store.find_run(run)
    count, difference = compare(path)
    if as_json:
        click.echo(json.dumps({"kind": "verified", "cues": count, "same": difference is None, "difference": difference}))
    elif difference is None:
        click.echo(f"{name_of(path)}: {count} cues, all of them the same again")
    else:
        click.echo(f"{name_of(path)}: {count} cues were the same, then {difference}", err=True)
    return 0 if difference is None else FAILED
