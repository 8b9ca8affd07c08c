"""The commands that make workouts: `coach plan`, `race`, `schedule`, `convert`, and the paces they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from coach.cli.guard import guarded, json_option

heat_option = click.option("--heat", type=float, metavar="CELSIUS", help="What the weather feels like: paces become slower.")


@click.command()
@click.argument("kind", type=click.Choice(["continuous", "segmented", "finish-fast"]))
@click.option("--style", help="segmented: thirds, cut-down, stepped; finish-fast: finish, long.")
@click.option("--total", help="How long or how far, warm-up and cool-down included: 50min, 10km.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--race", help='A race result, such as "10k 50:00". Default: the config\'s.')
@click.option("--from", "first", help="By hand: the pace at first, such as 6:00.")
@click.option("--to", "last", help="By hand: the pace at last.")
@click.option("--steps", type=click.IntRange(1, 50), default=1, help="By hand: so many steps; 1 is a ramp.", show_default=True)
@click.option("--warmup", help="By hand: a warm-up by feel before it, such as 10min.")
@click.option("--cooldown", help="By hand: a cool-down by feel after it.")
@click.option("--easy", is_flag=True, help="The easy twin: as long, and nothing of it hard.")
@heat_option
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the workout to this file.")
@json_option
@click.pass_obj
@guarded
def plan(config: Path | None, kind: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Make a progression run: paces from your fitness, size from your level; or by hand."""
    from coach.cli.plan import plan

    return plan(config, kind, asked, out, as_json)


@click.command()
@click.argument("source", metavar="IN")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.pass_obj
@guarded
def convert(config: Path | None, source: str, out: Path, as_json: bool) -> int:
    """Read a workout IN any format, or in words ("10m, 20m ramp 6:00-4:45/km Pace, 5m"), and write it as OUT."""
    from coach.cli.plan import convert

    return convert(config, source, out, as_json)


@click.command()
@click.option("--race", help='A result or a time trial, such as "10k 50:00". Default: what the config tells of you.')
@click.option("--race2", help="A second result, over another distance.")
@click.option("--easy-pace", help="Without a race: the pace of your easy runs, such as 7:00/km.")
@click.option("--talk-pace", help="The fastest pace at which you still talk in sentences.")
@click.option("--heart-pace", help='A steady pace and its heart rate: "6:30/km at 152".')
@click.option("--weekly", help="How far you run in a week, such as 40km: for the marathon.")
@heat_option
@json_option
@click.pass_obj
@guarded
def paces(config: Path | None, heat: float | None, as_json: bool, **asked: str | None) -> int:
    """Your named paces, how they feel, your heart rate's ceilings, and the races to expect."""
    from coach.cli.paces import paces

    return paces(config, asked, heat, as_json)


@click.command()
@click.argument("distance")
@click.argument("time")
@click.option("--split", type=float, help="Per cent of the time that the second half is quicker; below 0 slower.")
@click.option("--course", type=click.Path(path_type=Path, dir_okay=False), help="A GPX file: the paces follow its hills.")
@click.option("--laps", type=click.IntRange(1, 500), help="The course is so many rounds of the file; default: it is found.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the workout to this file.")
@json_option
@click.pass_obj
@guarded
def race(config: Path | None, distance: str, time: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Plan a race over DISTANCE (5k, 10k, half, marathon, 12 km) in TIME (50:00), to the second."""
    from coach.cli.plan import race

    return race(config, distance, time, asked, out, as_json)


@click.command()
@click.option("--weeks", type=int, help="4 to 12. Default: to the race, or 8.")
@click.option("--days", default="tue,thu,sat,sun", show_default=True, help="The days on which you run.")
@click.option("--long", help="The day of the long run. Default: the last of them.")
@click.option("--weekly", type=int, metavar="MIN", help="Minutes of a usual week. Default: from the journals.")
@click.option("--longest", type=int, metavar="MIN", help="Minutes of your longest run of 30 days. Default: from the journals.")
@click.option("--cap", type=int, metavar="MIN", help="The most you have from Monday to Friday.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--race", help='Your fitness, such as "10k 50:00". Default: what the config tells of you.')
@click.option("--race-date", help="A race to train for: 2027-03-14.")
@click.option("--race-distance", help="5k, 10k, half, marathon, 12 km.")
@click.option("--start", help="The first day. Default: the next Monday.")
@click.option("--today", help="Plan as if it were this day.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Write workouts, plan and calendar there.")
@click.option("--again", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER", help="Plan the rest anew.")
@json_option
@click.pass_obj
@guarded
def schedule(config: Path | None, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Weeks of running with a progression run in each: towards a race, or towards fitness."""
    from coach.cli.schedule import schedule

    return schedule(config, asked, out, as_json)


COMMANDS = (plan, convert, paces, race, schedule)
