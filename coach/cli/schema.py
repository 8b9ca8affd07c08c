"""`coach schema`: the config's JSON schema, for editors."""

from __future__ import annotations

import json

import click

from coach import config
from coach.cli.guard import guarded
from coach.ui import state as states


@click.command()
@click.option("--state", is_flag=True, help="The schema of a run's state, as `coach status --json` prints it.")
@guarded
def schema(state: bool) -> int:
    """Print the config's JSON schema, for editors."""
    click.echo(json.dumps(states.schema() if state else config.schema(), indent=2))
    return 0
