"""`coach schema`: the config's JSON schema, for editors."""

from __future__ import annotations

import json

import click

from coach import config
from coach.cli.guard import guarded


@click.command()
@guarded
def schema() -> int:
    """Print the config's JSON schema, for editors."""
    click.echo(json.dumps(config.schema(), indent=2))
    return 0
