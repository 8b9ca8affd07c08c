"""`coach status`: how the run that is under way stands, in text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from coach.cli.guard import guarded, json_option, settings_of
from coach.core.units import clock_text
from coach.stations.asking import ask, state_of
from coach.ui.state import State
from coach.ui.told import Teller


@click.command()
@click.option("--run", metavar="NAME", help="Which run, if several are under way. Default: the newest.")
@json_option
@click.pass_obj
@guarded
def status(config: Path | None, run: str | None, as_json: bool) -> int:
    """Show the run that is under way: pace, target, segment, what comes next and the last words."""
    answer = ask({"status": True}, run)
    if as_json:
        click.echo(json.dumps({"kind": "state", "run": answer["run"], **answer["state"]}))
        return 0
    state = state_of(answer["state"])
    for line in told(state, Teller(settings_of(config).runner.language, state.units)):
        click.echo(line)
    return 0


def told(state: State, teller: Teller) -> Iterator[str]:
    """Some lines, each about one thing."""
    it = teller.told(state)
    yield _line(state.name, it.phase, it.elapsed, it.distance)
    yield _line(f"{it.pace}{it.unit}", it.off, f"{it.target} ({it.band})" if it.band else it.target, it.ahead)
    yield _line(it.segment, it.left, it.next)
    yield _line(it.signal, state.source or "", it.heart)
    if it.warning:
        yield it.warning
    yield from (f"{clock_text(each.at):>8}  {each.text}" for each in state.said)


def _line(*parts: str) -> str:
    return "  ·  ".join(part for part in parts if part)
