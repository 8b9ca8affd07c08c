"""`coach report`: a run as a page to look at."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Callable
from pathlib import Path

import click

from coach.cli.guard import FAILED, fitness_options, guarded, json_option, may_write, settings_of
from coach.cli.past import MOST_COMPARED, compared_runs, metres_of, past_activity, past_run
from coach.config import Config
from coach.errors import InvalidSettings
from coach.runs.activity import Activity
from coach.runs.export import cutting, write_whole
from coach.runs.journal import name_of
from coach.runs.report.texts import Texts

HIDDEN = "200 m"
COMPARED = "progress.html"


@click.command()
@past_run
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file. Default: NAME.html in this folder."
)
@click.option("--all", "form", flag_value="all", help=f"How pacing changes over your last {MOST_COMPARED} runs.")
@click.option("--open", "shows", is_flag=True, help="Open it in the browser.")
@click.option("--terminal", "form", flag_value="terminal", help="Show the curve here instead of writing a page.")
@click.option(
    "--hide-home",
    metavar="200m",
    default=HIDDEN,
    show_default=True,
    help="Do not draw places within this distance of the start and the end; 0 draws all.",
)
@fitness_options
@json_option
@click.pass_obj
@guarded
def report(
    config: Path | None, run: str, workout: str | None, out: Path | None, form: str | None, shows: bool,
    hide_home: str, as_json: bool,
) -> int:  # fmt: skip
    """Write a run as a page to look at and to print. With pace against plan, what was said and why, and a map."""
    settings = settings_of(config)
    if form == "all":
        if run != "last" or workout:
            raise InvalidSettings("coach report --all", None, "compares your last runs", "leave out the run and --workout")
        return _written(out or Path(COMPARED), lambda: _progress(settings), shows, as_json)
    hidden = metres_of("--hide-home", hide_home)
    path, activity = past_activity(settings, run, workout)
    if form == "terminal":
        from coach.runs.report.curve import curve

        for line in curve(activity, settings.unit):
            click.echo(line)
        return 0
    return _written(out or Path(f"{name_of(path)}.html"), lambda: _one_run(activity, settings, hidden), shows, as_json)


def _one_run(activity: Activity, settings: Config, hidden: float) -> str:
    from coach.runs.report.page import page

    if hidden:
        activity.seconds = cutting.hidden_places(activity.seconds, hidden, cutting.secret())
    return page(activity, activity.setup.language, settings.unit, hidden)


def _progress(settings: Config) -> str:
    """Raises InvalidSettings if no run says anything."""
    from coach.runs.progress.page import page

    runs = list(compared_runs(MOST_COMPARED, settings.unit))
    if not runs:
        raise InvalidSettings("report", None, Texts(settings.runner.language)("progress", "none"))
    return page(runs, settings.runner.language, settings.unit)


def _written(out: Path, made: Callable[[], str], shows: bool, as_json: bool) -> int:
    """Writes a page, unless the file is there and is to stay."""
    if not may_write(out):
        return FAILED
    write_whole(out, made().encode())
    click.echo(json.dumps({"kind": "report", "file": str(out)}) if as_json else f"Written to {out}")
    if shows:
        webbrowser.open(out.resolve().as_uri())
    return 0
