"""`coach report`: a run as a page to look at."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import click

from coach.cli.guard import FAILED, fitness_options, guarded, json_option, may_write, settings_of
from coach.cli.past import metres_of, past_activity, past_run
from coach.runs.export import cutting, write_whole
from coach.runs.journal import name_of

HIDDEN = "200 m"


@click.command()
@past_run
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file. Default: NAME.html in this folder."
)
@click.option("--open", "shows", is_flag=True, help="Open it in the browser.")
@click.option("--terminal", is_flag=True, help="Show the curve here instead of writing a page.")
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
    config: Path | None, run: str, workout: str | None, out: Path | None, shows: bool, terminal: bool, hide_home: str,
    as_json: bool,
) -> int:  # fmt: skip
    """Write a run as a page to look at and to print. With pace against plan, what was said and why, and a map."""
    settings = settings_of(config)
    hidden = metres_of("--hide-home", hide_home)
    path, activity = past_activity(settings, run, workout)
    if terminal:
        from coach.runs.report.curve import curve

        for line in curve(activity, settings.unit):
            click.echo(line)
        return 0
    out = out or Path(f"{name_of(path)}.html")
    if not may_write(out):
        return FAILED
    from coach.runs.report.page import page

    if hidden:
        activity.seconds = cutting.hidden_places(activity.seconds, hidden, cutting.secret())
    write_whole(out, page(activity, activity.setup.language, settings.unit, hidden).encode())
    click.echo(json.dumps({"kind": "report", "file": str(out)}) if as_json else f"Written to {out}")
    if shows:
        webbrowser.open(out.resolve().as_uri())
    return 0
