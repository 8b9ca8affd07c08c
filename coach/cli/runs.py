"""`coach runs`: lists the recorded runs."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import OK, guarded, json_option
from coach.config import load
from coach.core.units import clock_text, distance_text
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.history import totals_of
from coach.runs.journal import is_led
from coach.runs.report.texts import Texts
from coach.ui.table import aligned
from devices.api import InvalidFile

DAY = 86_400.0  # s
DAYS = {"d": 1, "m": 30, "y": 365}
FIRST_DAY = 1_767_225_600.0  # Unix time of 2026: no run of this program is older
UNKNOWN: Mapping[str, Any] = {"elapsed": None, "distance": None, "score": None}


@click.command()
@click.option(
    "--keep", metavar="2y", help="Delete runs older than this (90d, 6m, 2y), after you agree. Nothing else deletes runs."
)
@click.option("--yes", is_flag=True, help="With --keep: do not ask.")
@json_option
@click.pass_obj
@guarded
def runs(config: Path | None, keep: str | None, yes: bool, as_json: bool) -> int:
    """List the recorded runs, newest first."""
    settings = load(config)
    unit, texts = settings.unit, Texts(settings.runner.language)
    if keep:
        return _delete(_days(keep), yes, texts)
    found = [(run, _totals(run)) for run in store.list_runs()]
    if not found:
        click.echo(texts("runs", "none"), err=True)
    elif as_json:
        for run, totals in found:
            row = {"kind": "run", "name": run.name, "started": run.started, "seconds": run.seconds, "ended": run.ended}
            click.echo(json.dumps(row | {name: totals.get(name) for name in UNKNOWN}))
    else:
        for line in aligned(_rows(found, unit, texts)):
            click.echo(line)
    return 0


def _days(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) ?([dmy])", text.strip())
    if not match:
        raise InvalidSettings("--keep", None, f'{text!r} is not an age; write "90d", "6m" or "2y"')
    return int(match[1]) * DAYS[match[2]]


def _delete(days: int, yes: bool, texts: Texts) -> int:
    """Deletes the runs older than that. One from before this program existed was dated by a clock that was wrong: it stays."""
    limit = time.time() - days * DAY
    old = [run for run in store.list_runs() if FIRST_DAY <= run.started < limit and not is_led(run.path)]
    if not old:
        click.echo(texts("runs", "none_older"), err=True)
        return OK
    for run in old:
        click.echo(run.name)
    if not yes and not (sys.stdin is not None and sys.stdin.isatty()):
        raise InvalidSettings("--keep", None, f"would delete {len(old)} runs", "add --yes if you mean it")
    if not yes and not click.confirm(texts("runs", "sure", count=len(old)), err=True):
        return OK
    for run in old:
        run.path.unlink(missing_ok=True)
    click.echo(texts("runs", "deleted", count=len(old)), err=True)
    return OK


def _totals(run: store.KeptRun) -> Mapping[str, Any]:
    try:
        return totals_of(run)
    except (InvalidFile, InvalidSettings):
        return UNKNOWN


def _rows(found: list[tuple[store.KeptRun, Mapping[str, Any]]], unit: str, texts: Texts) -> Iterator[tuple[str, ...]]:
    yield texts("runs", "run"), *(texts("columns", name) for name in ("way", "time", "score")), ""
    for run, totals in found:
        way, time, score = (totals.get(name) for name in ("distance", "elapsed", "score"))
        yield (
            run.name,
            "?" if way is None else distance_text(way, unit),
            "?" if time is None else clock_text(time),
            "–" if score is None else str(score),
            "" if run.ended else texts("runs", "early"),
        )
