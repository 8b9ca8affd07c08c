"""`coach schedule`: weeks of runs, shown and written to a folder, or planned again from what was run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, fitness_options, guarded, json_option, may_write, settings_of
from coach.config import Config
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness, race_distance
from coach.planning.one_run.ladders import shorthand
from coach.planning.schedule.again import replan
from coach.planning.schedule.generate import latest_start
from coach.planning.schedule.generate import schedule as made_schedule
from coach.planning.schedule.parts import WEEKDAYS, Done, Race, Run, Runner, Schedule
from coach.runs.history import runs_since
from coach.workouts import schedules as schedule_files
from coach.workouts.schedules import EARLIEST, LATEST

FOUR_WEEKS, MONTH = 28, 30  # days of journals for the mean week, for the longest run


@click.command()
@click.option("--weeks", type=int, help="4 to 12. Default: up to the race, or 8.")
@click.option("--days", default="tue,thu,sat,sun", show_default=True, help="The days on which you run.")
@click.option("--long", help="The day of the long run. Default: the last of your days.")
@click.option("--weekly", type=int, metavar="MIN", help="Minutes of a usual week. Default: from the journals.")
@click.option(
    "--longest", type=int, metavar="MIN", help="Minutes of your longest run in the last 30 days. Default: from the journals."
)
@click.option("--cap", type=int, metavar="MIN", help="The most minutes you have on a weekday.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--race-date", help="The day of a race to train for, such as 2027-03-14.")
@click.option("--race-distance", help="The distance of that race: 5k, 10k, half, marathon, or such as 12 km.")
@click.option("--start", help="The first day. Default: the next Monday, or as late as the race allows.")
@click.option("--today", help="Plan as if it were this day.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Write workouts, plan and calendar to this folder."
)
@click.option(
    "--again",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Plan the remaining weeks of this folder again.",
)
@fitness_options
@json_option
@click.pass_obj
@guarded
def schedule(config: Path | None, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Make a schedule of weeks with a progression run in each. It leads to a race, or to better fitness."""
    settings = settings_of(config)
    try:
        today = _date("--today", asked["today"]) if asked["today"] else date.today()
        if asked["again"]:
            out = asked["again"]
            old = schedule_files.read(asked["again"])
            found = replan(old, runs_since(old.start, old.runner.fitness), today)
        else:
            runner = _runner(settings, asked, today)
            race = _race(asked)
            found = made_schedule(runner, _start(asked, today, race), asked["weeks"], race)
    except ValueError as wrong:
        if isinstance(wrong, InvalidSettings):
            raise
        raise InvalidSettings("coach schedule", None, str(wrong)) from None
    if out and not asked["again"] and not may_write(out / schedule_files.STATE):
        return FAILED
    written = schedule_files.write(found, out) if out else []
    if as_json:
        click.echo(json.dumps(schedule_files.as_dict(found) | {"folder": str(out) if out else None}))
        return 0
    for line in _told(found):
        click.echo(line)
    if out:
        click.echo(f"Written to {out}: {len(written) - 3} workouts, plan.md, plan.ics.")
        click.echo(f"After a week: coach schedule --again {out}")
    return 0


def _runner(settings: Config, asked: dict[str, Any], today: date) -> Runner:
    fitness = settings.fitness
    if fitness is None:
        raise ValueError('your fitness is not known: type --race "10k 50:00", or put it under [runner] in the config')
    days = [_weekday("--days", name) for name in re.split(r"[,\s]+", asked["days"].strip())]
    long_day = _weekday("--long", asked["long"]) if asked["long"] else max(days)
    weekly, longest = _volume(asked, fitness, today)
    level = asked["level"] or settings.runner.level
    return Runner(level, fitness, frozenset(days), long_day, weekly, longest, asked["cap"], settings.runner.age)


def _start(asked: dict[str, Any], today: date, race: Race | None) -> date:
    """As typed; else the next Monday, or later where the race is further away than a schedule is long."""
    if asked["start"]:
        return _date("--start", asked["start"])
    monday = today + timedelta(days=-today.weekday() % 7)
    start = latest_start(monday, race) if race else monday
    if start > monday:
        click.echo(f"The race is far away: the schedule starts on {start}. Until then run as you do now.", err=True)
    return start


def _volume(asked: dict[str, Any], fitness: Fitness, today: date) -> tuple[int, int]:
    """Minutes of a usual week and of the longest run: as typed, or from the journals."""
    if asked["weekly"] and asked["longest"]:
        return asked["weekly"], asked["longest"]
    done = runs_since(today - timedelta(days=MONTH), fitness)
    weekly = asked["weekly"] or _mean_week(done, today)
    longest = asked["longest"] or max((run.minutes for run in done), default=0)
    if not (weekly and longest):
        missing = " and ".join(name for name, minutes in (("--weekly", weekly), ("--longest", longest)) if not minutes)
        told = "give the minutes of a usual week and of your longest run in a month: --weekly 190 --longest 75"
        raise ValueError(f"{missing} cannot be taken from the journals, which hold no recent run; {told}")
    return weekly, longest


def _mean_week(done: list[Done], today: date) -> int:
    recent = [run.minutes for run in done if run.day >= today - timedelta(days=FOUR_WEEKS)]
    return round(sum(recent) * 7 / FOUR_WEEKS)


def _race(asked: dict[str, Any]) -> Race | None:
    if not (asked["race_date"] or asked["race_distance"]):
        return None
    if not (asked["race_date"] and asked["race_distance"]):
        raise ValueError("a race needs a date and a distance: --race-date 2027-03-14 --race-distance half")
    name = asked["race_distance"].strip().lower()
    return Race(_date("--race-date", asked["race_date"]), race_distance(name), name)


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option} {text!r} is not a date: write it as 2027-03-14") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{option} {text!r} is not between 1970 and 2199")
    return day


def _weekday(option: str, text: str) -> int:
    name = text.strip().lower()[:3]
    if name not in WEEKDAYS:
        raise ValueError(f"{option}: {text!r} is not a weekday: write {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(name)


def _told(found: Schedule) -> Iterator[str]:
    for week in found.weeks:
        runs = [(run.day, _short(run)) for run in week.runs]
        if found.race and week.holds(found.race.day):
            runs.append((found.race.day, f"RACE {found.race.name}"))
        told = ", ".join(f"{WEEKDAYS[day.weekday()].capitalize()} {text}" for day, text in sorted(runs))
        starts = f"{week.starts.day} {week.starts:%b}"
        yield f"{week.number:>2} {starts:>6}  {week.sort.value:<8} {week.minutes:>4} min  {told}"
    yield ""
    yield from found.why


def _short(run: Run) -> str:
    """ "45 thirds 12E 12S 8M"."""
    return f"{run.minutes} {run.title.lower()}" + (f" {shorthand(run.steps)}" if len(run.steps) > 1 else "")
