"""`coach run`: a live run, from the devices of the config; or the one that broke off, continued."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from coach.cli.guard import INTERRUPTED, estimates_option, guarded, json_option
from coach.cli.prepare import plan_for, setup_for, sources_for, view_for
from coach.config import load
from coach.core.units import clock_text
from coach.errors import InvalidSettings
from coach.running.outdoors import Started, lead
from coach.runs import store
from coach.ui.views import Lasting, View

OFFERED_WITHIN = 900.0  # s: a run that broke off less than this long ago is continued without asking first


@click.command()
@click.argument("workout", required=False)
@click.option("--resume", is_flag=True, help="Go on with the last run that did not end.")
@json_option
@estimates_option
@click.pass_obj
@guarded
def run(config: Path | None, workout: str | None, resume: bool, as_json: bool, estimates: bool) -> int:
    """Be coached live, from the devices in the config. WORKOUT is a file, or words: "10m, 20m 5:30/km Pace, 5m"."""
    settings = load(config)
    view = Lasting(view_for(settings, as_json, estimates))
    unfinished = _to_resume(resume, view)
    if unfinished:
        started, journal = Started.again(unfinished), unfinished
    else:
        plan = plan_for(settings, workout)
        started = Started.fresh(setup_for(settings, plan, sources_for(settings, view.note)))
        journal = store.new_path(plan.name)
    interrupted, summary = lead(started, settings.voice, view, journal, resumed=unfinished is not None)
    view.summary(summary.as_dict())
    return INTERRUPTED if interrupted else 0


def _to_resume(wanted: bool, view: View) -> Path | None:
    """The journal of an unfinished run to continue; asks first if it broke off a while ago."""
    last = store.unfinished()
    if last is None:
        if wanted:
            raise InvalidSettings("coach run", None, "there is nothing to resume: every run ended; `coach runs` lists them")
        return None
    ago = max(0.0, time.time() - last.path.stat().st_mtime)
    asking = sys.stdin.isatty()
    told = f"The run {last.path.stem} did not end; it broke off {clock_text(ago)} ago."
    if wanted and (ago <= OFFERED_WITHIN or not asking):
        return last.path
    if asking and (wanted or ago <= OFFERED_WITHIN):
        return last.path if click.confirm(f"{told} Go on with it?", default=ago <= OFFERED_WITHIN, err=True) else None
    view.note(f"{told} `coach run --resume` goes on with it.")
    return None
