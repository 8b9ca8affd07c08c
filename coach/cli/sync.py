"""`coach sync`: sends runs to a service."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coach.cli.guard import FAILED, OK, guarded, run_names, settings_of
from coach.runs.sync.keys import keep_key
from coach.runs.sync.send import send_runs


@click.command()
@click.argument("service", type=click.Choice(["intervals"]))
@click.argument("run", required=False, shell_complete=run_names)
@click.option("--login", is_flag=True, help="Store your API key, which is in the site's settings.")
@click.pass_obj
@guarded
def sync(config: Path | None, service: str, run: str | None, login: bool) -> int:
    """Send runs to intervals.icu, each exactly once. Without RUN: all of the last two weeks that were not sent yet."""
    settings = settings_of(config)
    if login:
        return _login(service)
    return OK if send_runs(service, settings.sync.address, settings.after.radius, run, settings.unit, click.echo) else FAILED


def _login(service: str) -> int:
    if sys.stdin is not None and sys.stdin.isatty():
        key = click.prompt("Your API key", hide_input=True, err=True)
    else:
        key = sys.stdin.readline() if sys.stdin else ""
    click.echo(f"stored in {keep_key(service, key)}")
    return OK
