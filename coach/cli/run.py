"""`coach run`: a live run, from the devices of the config; or the one that broke off, continued."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from coach.cli.guard import (
    INTERRUPTED,
    estimates_option,
    fitness_options,
    guarded,
    json_option,
    plain_option,
    run_names,
    settings_of,
    workout_files,
)
from coach.cli.leading import fresh, led
from coach.cli.prepare import plan_for, screen_for, view_for
from coach.config import Config
from coach.core.units import clock_text
from coach.errors import InvalidSettings
from coach.running.resuming import Started
from coach.runs import store
from coach.ui.views import Lasting, View
from coach.ui.watching import Station

LAST = "last"
OFFERED_WITHIN = 900.0  # s: a run that broke off less than this long ago is offered to whoever begins another
BY_NAME_AFTER = 86_400.0  # s: nobody goes on with yesterday's run by mistake


@click.command()
@click.argument("workout", required=False, shell_complete=workout_files)
@click.option("--resume", is_flag=False, flag_value=LAST, metavar="[NAME]", shell_complete=run_names,
              help="Continue an interrupted run. Default: the last one.")  # fmt: skip
@click.option("--wait/--no-wait", default=None,
              help="Wait for the devices and the first steps. In a service this is the default.")  # fmt: skip
@click.option(
    "--web", is_flag=True, help="Show the run on a page for a phone on the same network, and accept key presses from it."
)
@fitness_options
@json_option
@estimates_option
@plain_option
@click.pass_obj
@guarded
def run(
    config: Path | None,
    workout: str | None,
    resume: str | None,
    wait: bool | None,
    web: bool,
    as_json: bool,
    estimates: bool,
    plain: bool,
) -> int:
    """Run with the coach, live. WORKOUT is a file, words ("10m, 20m 5:30/km Pace, 5m") or "today"."""
    settings = settings_of(config)
    lines = view_for(settings, as_json, estimates)
    screen = screen_for(settings, lines, plain, waits=web)  # the code for the phone stands on the terminal
    view = Lasting(screen or lines)
    unfinished = _to_resume(resume, view)
    if unfinished:
        started, journal = Started.again(unfinished), unfinished
    else:
        plan, start = plan_for(settings, workout), _start(settings, wait)
        started, journal = fresh(settings, plan, start, view.note), store.new_path(plan.name)
    stations = [*([_page(started, view)] if web else []), *([screen] if screen else [])]
    if web and screen:
        view.note("? shows the run here")
    return INTERRUPTED if led(settings, started, view, journal, unfinished is not None, stations) else 0


def _page(run: Started, view: View) -> Station:
    from coach.stations.opening import Harmless
    from coach.stations.web.station import PageStation

    return Harmless("the page", PageStation(run.setup.language, run.setup.units, view.note), view.note)


def _start(settings: Config, wait: bool | None) -> str:
    """When the run starts: as typed, else as the config says, else with the first steps if nobody sits at a terminal."""
    start = settings.coach.start
    if wait is None:
        return "moving" if start == "now" and "start" not in settings.coach.model_fields_set and in_service() else start
    if not wait:
        return "now"
    return "moving" if start == "now" else start


def in_service() -> bool:
    """Whether systemd runs this as a service: it names the journal that stderr goes to, by device and inode."""
    try:
        told = os.fstat(2)
    except OSError:
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{told.st_dev}:{told.st_ino}"


def _to_resume(wanted: str | None, view: View) -> Path | None:
    """The journal of an unfinished run to continue. Raises InvalidSettings where the one that is wanted cannot go on."""
    if wanted not in (None, LAST):
        return store.broken_off(wanted).path
    last = store.unfinished()
    if last is None:
        if wanted:
            raise InvalidSettings("coach run", None, "there is no interrupted run to resume", "`coach runs` lists all")
        return None
    ago = store.ago(last)
    since = f"{clock_text(ago)} ago" if ago is not None else "before the computer was started"
    told = f"The run {last.name} did not end; it broke off {since}."
    if wanted and (ago is None or ago <= BY_NAME_AFTER):
        return last.path
    if wanted:
        raise InvalidSettings("coach run", None, told, f"if that is the one, name it: coach run --resume {last.name}")
    if in_service() and ago is not None and ago <= OFFERED_WITHIN:  # it was started again after a crash
        return last.path
    if sys.stdin is not None and sys.stdin.isatty() and ago is not None and ago <= OFFERED_WITHIN:
        return last.path if click.confirm(f"{told} Go on with it?", default=True, err=True) else None
    view.note(f"{told} `coach run --resume` goes on with it.")
    return None
