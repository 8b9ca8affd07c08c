"""A schedule as files in a folder: a workout for each run, a plan to read, a calendar, and `schedule.json` to plan again from.

What is read back is the json file alone; everything else is made from it.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from coach.core.plan.segments import Kind
from coach.core.units import LONGEST_WAY
from coach.errors import InvalidSettings, read_at_most
from coach.planning.fitness.paces import LEAST, MOST, NAMES, Fitness
from coach.planning.one_run.ladders import LADDERS, Efforts, Step, shorthand
from coach.planning.schedule.generate import MOST_LONGEST, MOST_WEEKS, check_runner
from coach.planning.schedule.parts import Race, Run, Runner, Schedule, Week
from coach.planning.schedule.weeks import Sort
from coach.toml import LARGEST
from coach.workouts import write_workout

STATE = "schedule.json"
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)  # dates that a schedule may have
LEAST_SCALE = 0.1  # the least factor on the volume after planning again; its inverse is the largest
MOST_RUNGS = 100  # of a ladder
SORTS = ("easy", "long", "progression", "fast-finish", "primer")  # of runs
FORMAT = 1
SAFETY = (
    "These are suggestions, not medical advice. With pain that changes your stride, fever, two short nights or a resting heart "
    "rate ten beats up, run the easy twin: as long, and all of it easy. A run you missed is gone."
)


def as_dict(schedule: Schedule) -> dict[str, Any]:
    """The whole schedule: the runner, the weeks, and every run with its segments in seconds and m/s."""
    runner, race, efforts = schedule.runner, schedule.race, Efforts(schedule.runner.fitness)
    return {
        "kind": "schedule",
        "format": FORMAT,
        "planned_on": schedule.planned_on.isoformat(),
        "scale": schedule.scale,
        "runner": {
            "level": runner.level, "vdot": runner.fitness.vdot, "origin": runner.fitness.origin,
            "estimate": runner.fitness.estimate, "capped": runner.fitness.capped, "days": sorted(runner.days),
            "long_day": runner.long_day, "weekly": runner.weekly, "longest": runner.longest, "cap": runner.cap,
            "age": runner.age,
        },
        "race": {"date": race.day.isoformat(), "metres": race.metres, "name": race.name} if race else None,
        "weeks": [_week(week, schedule, efforts) for week in schedule.weeks],
        "why": list(schedule.why),
    }  # fmt: skip


def file_name(run: Run) -> str:
    return f"{run.day}-{run.title.lower().replace(' ', '-')}.toml"


def read(folder: Path) -> Schedule:
    """Raises InvalidSettings if the folder has no schedule."""
    path = folder / STATE
    try:
        told = json.loads(read_at_most(path, LARGEST))
        if told["format"] != FORMAT:
            raise InvalidSettings(str(path), None, "was written by another version", "make a new schedule")
        schedule = _schedule(told)
        _check(schedule)
        return schedule
    except OSError:
        raise InvalidSettings(str(folder), None, f"has no {STATE}", "make a schedule first: coach schedule -o FOLDER") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as wrong:
        if isinstance(wrong, InvalidSettings):
            raise
        raise InvalidSettings(str(path), None, "is damaged", "make a new schedule: coach schedule -o FOLDER") from None


def write(schedule: Schedule, folder: Path) -> list[Path]:
    """Writes the files, and replaces those of an earlier schedule there. Raises InvalidSettings."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        written = [_written(run, schedule, folder) for run in schedule.runs]
        for name, content in ((STATE, state_text(schedule)), ("plan.md", readable(schedule))):
            (folder / name).write_text(content, encoding="utf-8")
            written.append(folder / name)
        (folder / "plan.ics").write_bytes(calendar(schedule))
    except OSError as trouble:
        told = f"cannot be written: {(trouble.strerror or str(trouble)).lower()}"
        raise InvalidSettings(str(trouble.filename or folder), None, told) from None
    return [*written, folder / "plan.ics"]


def state_text(schedule: Schedule) -> str:
    return json.dumps(as_dict(schedule), indent=1) + "\n"


def described(run: Run) -> str:
    """ "Thirds, 45 min: 12E 12S 8M"."""
    inside = shorthand(run.steps)
    return f"{run.title}, {run.minutes} min" + (f": {inside}" if len(run.steps) > 1 else "")


def readable(schedule: Schedule) -> str:
    """The plan for people, as Markdown."""
    lines = ["# Your schedule", "", *(f"{line}  " for line in schedule.why), ""]
    for week in schedule.weeks:
        lines += [f"## Week {week.number}, from {_day(week.starts)}: {week.sort}, {week.minutes} min", ""]
        lines += [f"- {_day(run.day)}: {described(run)} (`{file_name(run)}`)" for run in week.runs]
        if schedule.race and week.holds(schedule.race.day):
            lines.append(f"- **{_day(schedule.race.day)}: {schedule.race.name}**")
        lines.append("")
    legend = "R very easy, E easy, E+ easy but brisk, S steady, M marathon, H half-marathon, T threshold effort; minutes."
    return "\n".join([*lines, legend, "", SAFETY, ""])


def calendar(schedule: Schedule) -> bytes:
    """An iCalendar file (RFC 5545) of all-day events: the time of day is up to you."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//progression-coach//schedule//EN")
    made.add("version", "2.0")
    entries = [(run.day, described(run), f"coach run {file_name(run)}") for run in schedule.runs]
    if schedule.race:
        entries.append((schedule.race.day, f"Race: {schedule.race.name}", ""))
    for day, summary, description in entries:
        event = Event()
        event.add("uid", f"{day}@schedule-{schedule.start}.progression-coach")
        event.add("dtstamp", datetime.combine(schedule.planned_on, time(), UTC))
        event.add("dtstart", day)
        event.add("summary", summary)
        if description:
            event.add("description", description)
        made.add_component(event)
    return bytes(made.to_ical())


def _written(run: Run, schedule: Schedule, folder: Path) -> Path:
    path = folder / file_name(run)
    plan = Efforts(schedule.runner.fitness).plan(schedule.name_of(run), run.steps)
    write_workout(plan, path, schedule.runner.fitness)
    return path


def _clear(folder: Path) -> None:
    """Removes only the files that the schedule in the folder lists; of a damaged one nobody knows which are its own."""
    if not (folder / STATE).exists():
        return
    try:
        old = read(folder)
    except InvalidSettings:
        return
    for run in old.runs:
        (folder / file_name(run)).unlink(missing_ok=True)


def _week(week: Week, schedule: Schedule, efforts: Efforts) -> dict[str, Any]:
    runs = [_run(run, schedule, efforts) for run in week.runs]
    row = {"week": week.number, "starts": week.starts.isoformat(), "sort": week.sort.value, "minutes": week.minutes}
    return row | {"runs": runs}


def _run(run: Run, schedule: Schedule, efforts: Efforts) -> dict[str, Any]:
    segments = [
        {"kind": step.kind.value, "pace": step.pace, "seconds": 60 * step.minutes, "speed": round(efforts.speeds[step.pace], 6)}
        for step in run.steps
    ]
    row = {"date": run.day.isoformat(), "sort": run.sort, "name": schedule.name_of(run), "file": file_name(run)}
    return row | {"minutes": run.minutes, "rung": run.position, "segments": segments}


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _schedule(told: dict[str, Any]) -> Schedule:
    who, race = dict(told["runner"]), told["race"]
    fitness = Fitness(who.pop("vdot"), who.pop("origin"), who.pop("estimate"), who.pop("capped"))
    runner = Runner(fitness=fitness, days=frozenset(who.pop("days")), **who)
    weeks = tuple(
        Week(each["week"], date.fromisoformat(each["starts"]), Sort(each["sort"]), tuple(map(_run_of, each["runs"])))
        for each in told["weeks"]
    )
    raced = Race(date.fromisoformat(race["date"]), race["metres"], race["name"]) if race else None
    return Schedule(runner, raced, weeks, tuple(told["why"]), date.fromisoformat(told["planned_on"]), told["scale"])


def _check(schedule: Schedule) -> None:
    """Raises ValueError for values that this program never writes, because planning with them could take for ever."""
    runner, race, weeks = schedule.runner, schedule.race, schedule.weeks
    if not LEAST <= runner.fitness.vdot <= MOST:
        raise ValueError(f'"vdot" = {runner.fitness.vdot:g} must be {LEAST:g} to {MOST:g}')
    if runner.level not in LADDERS:
        raise ValueError(f'"level" = {runner.level!r} must be one of {", ".join(LADDERS)}')
    minutes = (runner.weekly, runner.longest, runner.age)
    if not {runner.long_day, *runner.days} <= set(range(7)) or any(type(each) is not int for each in minutes):
        raise ValueError("the days, the minutes or the age of the runner are invalid")
    check_runner(runner)
    if race and not 0 < race.metres <= LONGEST_WAY:
        raise ValueError(f"the race distance, {race.metres:g} m, must be more than 0 and at most {LONGEST_WAY / 1000:g} km")
    days = [schedule.planned_on, *(run.day for run in schedule.runs), *([race.day] if race else [])]
    if not all(EARLIEST <= day <= LATEST for day in days) or not LEAST_SCALE <= schedule.scale <= 1 / LEAST_SCALE:
        raise ValueError("a date or the volume is out of bounds")
    if not weeks or [(week.number, week.starts) for week in weeks] != [
        (number, schedule.start + timedelta(days=7 * number - 7)) for number in range(1, min(len(weeks), MOST_WEEKS) + 1)
    ]:
        raise ValueError("its weeks do not follow one another")
    for run in schedule.runs:
        _check_run(run)


def _check_run(run: Run) -> None:
    minutes = [step.minutes for step in run.steps]
    if run.sort not in SORTS or not minutes or not all(type(each) is int and 0 < each <= MOST_LONGEST for each in minutes):
        raise ValueError("a run has no steps, or a step has no length")
    if any(step.pace not in NAMES for step in run.steps) or not (run.position is None or 0 <= run.position < MOST_RUNGS):
        raise ValueError("a step has no pace, or a run no place on the ladder")


def _run_of(row: dict[str, Any]) -> Run:
    steps = tuple(Step(each["seconds"] // 60, each["pace"], Kind(each["kind"])) for each in row["segments"])
    return Run(date.fromisoformat(row["date"]), row["sort"], steps, row["rung"])
