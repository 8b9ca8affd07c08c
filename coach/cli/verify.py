"""`coach verify`: replays a run's journal and compares every word."""

from __future__ import annotations

import json

import click

from coach.cli.guard import FAILED, guarded, json_option, run_names
from coach.runs import store
from coach.runs.journal import name_of
from coach.runs.verify import Changes, changes
from coach.runs.verify import verify as compare


@click.command()
@click.argument("run", metavar="[RUN]", default="last", shell_complete=run_names)
@json_option
@guarded
def verify(run: str, as_json: bool) -> int:
    """Replay a run's journal and compare every word. RUN is a name from `coach runs` or a file. Default: the last."""
    path = store.find_run(run)
    count, difference = compare(path)
    if as_json:
        click.echo(json.dumps({"kind": "verified", "cues": count, "same": difference is None, "difference": difference}))
    elif difference is None:
        click.echo(f"{name_of(path)}: {count} cues, all of them the same again")
    else:
        click.echo(f"{name_of(path)}: after {count} cues that are the same, {difference}", err=True)
        click.echo(_told(changes(path)), err=True)
    return 0 if difference is None else FAILED


def _told(found: Changes) -> str:
    counted = (
        f"in all, {found.same} are the same, {found.reworded} have other words, {found.gone} are gone, {found.new} are new"
    )
    if found.damaged:
        return f"{counted}: {found.damaged} damaged lines of the journal may be why"
    return f"{counted}: no line of the journal is damaged, so another version of this program wrote it, or it has a bug"
