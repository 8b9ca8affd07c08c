"""`coach run`: a live run, from the devices of the config; or the one that broke off, continued."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coach.cli.guard import (
    INTERRUPTED,
    estimates_option,
    fitness_options,
    guarded,
    json_option,
    run_names,
    settings_of,
    workout_files,
)
from coach.cli.prepare import plan_for, setup_for, sources_for, view_for
from coach.core.units import clock_text
from coach.errors import InvalidSettings
from coach.running.outdoors import lead
from coach.running.resuming import Started
from coach.runs import store
from coach.ui.views import Lasting, View

LAST = "last"
OFFERED_WITHIN = 900.0  # s: a run that broke off less than this long ago is offered to whoever begins another
BY_NAME_AFTER = 86_400.0  # s: nobody goes on with yesterday's run by mistake


@click.command()
@click.argument("workout", required=False, shell_complete=workout_files)
@click.option("--resume", is_flag=False, flag_value=LAST, metavar="[NAME]", shell_complete=run_names,
              help="Go on with a run that did not end; the last.")  # fmt: skip
@fitness_options
@json_option
@estimates_option
@click.pass_obj
@guarded
def run(config: Path | None, workout: str | None, resume: str | None, as_json: bool, estimates: bool) -> int:
    """Be coached live, from the devices in the config. WORKOUT is a file, or words: "10m, 20m 5:30/km Pace, 5m"."""
    settings = settings_of(config)
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


def _to_resume(wanted: str | None, view: View) -> Path | None:
    """The journal of an unfinished run to continue. Raises InvalidSettings where the one that is wanted cannot go on."""
    if wanted not in (None, LAST):
        return store.broken_off(wanted).path
    last = store.unfinished()
    if last is None:
        if wanted:
            raise InvalidSettings("coach run", None, "there is nothing to resume: the last run ended; `coach runs` lists all")
        return None
    ago = store.ago(last)
    since = f"{clock_text(ago)} ago" if ago is not None else "before the computer was started"
    told = f"The run {last.path.stem} did not end; it broke off {since}."
    if wanted and (ago is None or ago <= BY_NAME_AFTER):
        return last.path
    if wanted:
        raise InvalidSettings("coach run", None, told, f"if that is the one, name it: coach run --resume {last.path.stem}")
    if sys.stdin is not None and sys.stdin.isatty() and ago is not None and ago <= OFFERED_WITHIN:
        return last.path if click.confirm(f"{told} Go on with it?", default=True, err=True) else None
    view.note(f"{told} `coach run --resume` goes on with it.")
    return None
