"""`coach export`: writes a run for other programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, fitness_options, guarded, json_option, may_write, settings_of
from coach.cli.past import metres_of, past_activity, past_run
from coach.core.units import clock_text, distance_text, parse_duration
from coach.errors import InvalidSettings
from coach.runs import export as to
from coach.runs import store
from coach.runs.activity import Activity
from coach.runs.export import cutting
from coach.runs.journal import name_of


@click.command()
@past_run
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help=f"The file: {', '.join(to.FORMATS)}.")
@click.option("--from", "since", metavar="5:00", help="Leave out what was run before this time.")
@click.option("--to", "until", metavar="40:00", help="Leave out what was run after this time.")
@click.option("--hide-home", metavar="200m", help="Leave out everything within this distance of the start and the end.")
@click.option("--no-places", is_flag=True, help="Leave out all positions and heights: the only way to hide where you run.")
@fitness_options
@json_option
@click.pass_obj
@guarded
def export(config: Path | None, run: str, workout: str | None, out: Path | None, as_json: bool, **cuts: Any) -> int:
    """Write a run as a FIT, TCX or GPX activity, or as a CSV table. For watches, services and spreadsheets."""
    settings, cut = settings_of(config), Cuts.read(**cuts)
    path = store.find_run(run)
    out = out or Path(f"{name_of(path)}.fit")
    to.check_name(out)
    if out.resolve() == path.resolve():
        raise InvalidSettings(str(out), None, "is the run itself", "name another file")
    if not may_write(out):
        return FAILED
    activity = _with_a_date(past_activity(settings, run, workout)[1], path)
    whole = activity.summary["distance"]
    activity = cut.apply(activity)
    to.export(activity, out)
    _tell(activity, out, whole, settings.unit, as_json)
    return 0


@dataclass(frozen=True, slots=True)
class Cuts:
    """What of a run is left out: seconds of running before and after these, a radius (m) around home, all places."""

    since: float | None
    until: float | None
    radius: float
    no_places: bool

    @classmethod
    def read(cls, since: str | None, until: str | None, hide_home: str | None, no_places: bool) -> Cuts:
        """Raises InvalidSettings for what is no time or distance."""
        return cls(_seconds("--from", since), _seconds("--to", until), metres_of("--hide-home", hide_home or ""), no_places)

    def apply(self, activity: Activity) -> Activity:
        """Raises InvalidSettings if nothing is left."""
        if self.since or self.until:
            activity = cutting.between(activity, self.since or 0.0, self.until or activity.summary["elapsed"] + 1.0)
        if self.radius:
            activity = cutting.without_home(activity, self.radius, cutting.secret())
        return cutting.without_places(activity) if self.no_places else activity


def _seconds(option: str, text: str | None) -> float | None:
    try:
        return parse_duration(text) if text else None
    except ValueError as wrong:
        raise InvalidSettings(option, None, str(wrong)) from None


def _with_a_date(activity: Activity, path: Path) -> Activity:
    if activity.started is None:
        activity.started = path.stat().st_mtime - activity.ended
        click.echo(f"{path.name} does not say when it was run: the date of the file is used", err=True)
    return activity


def _tell(activity: Activity, out: Path, whole: float, unit: str, as_json: bool) -> None:
    elapsed, distance = activity.summary["elapsed"], activity.summary["distance"]
    if as_json:
        click.echo(json.dumps({"kind": "exported", "file": str(out), "elapsed": elapsed, "distance": distance}))
        return
    click.echo(f"{out}: {distance_text(distance, unit)} in {clock_text(elapsed)}")
    if distance < whole - 1.0:
        click.echo(f"  of {distance_text(whole, unit)}: the rest was left out")
    if out.suffix.lower() == ".gpx" and any(each.lat is None for each in activity.seconds):
        click.echo("  GPX has places only: seconds without one are left out; .fit and .tcx keep them")
