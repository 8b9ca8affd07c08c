"""`coach press`: presses a key of the run that is under way, from another terminal, a script or a button."""

from __future__ import annotations

import click

from coach.cli.guard import FAILED, OK, guarded
from coach.core.inputs import KEYS
from coach.errors import InvalidSettings, suggestion
from coach.stations.asking import ask
from coach.stations.phrases import key_of


@click.command()
@click.argument("key", nargs=-1, required=True)
@click.option("--run", metavar="NAME", help="Which run, if several are under way. Default: the newest.")
@guarded
def press(key: tuple[str, ...], run: str | None) -> int:
    """Press KEY in the run that is under way: pause, lap, skip, back, report. Words work too, such as "how am I doing"."""
    typed = " ".join(key)
    meant = key_of(typed)
    if meant is None:
        raise InvalidSettings("coach press", None, f"{typed!r} is not a key", suggestion(typed, KEYS))
    answer = ask({"press": meant}, run)
    if answer.get("ok"):
        return OK
    click.echo(f"coach press: {answer.get('error')}", err=True)
    return FAILED
