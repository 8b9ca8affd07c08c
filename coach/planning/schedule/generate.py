"""Generates a schedule: four to twelve weeks of easy running with a progression run in each, towards a race or fitness.

Weeks are generated one after the other, each from the state that the earlier ones leave, then checked and repaired by the
guards. It is pure: the first day is an argument, and the same arguments give the same schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from coach.core.units import distance_text, pace_text
from coach.planning.one_run.ladders import LADDERS, Efforts
from coach.planning.schedule.filling import AFTER_RACE, ALL_DAY
from coach.planning.schedule.guards import guarded
from coach.planning.schedule.parts import GROW, WEEKDAYS, Event, Race, Runner, Schedule, Week
from coach.planning.schedule.week import State, Task, factor_of, finish_of, make_week
from coach.planning.schedule.weeks import Sort, fast_finish_weeks, levels, sorts, taper_factors

LEAST_WEEKS, MOST_WEEKS, USUAL_WEEKS = 4, 12, 8
LEAST_WEEKLY, LEAST_LONGEST = 45, 20  # min: runners who run less need a beginners' programme first
MOST_WEEKLY, MOST_LONGEST, LEAST_CAP = 1_200, 360, 20  # min
SKIPPED = 1  # rungs of the ladder in a row that may be skipped because they do not fit into a day


def schedule(runner: Runner, start: date, weeks: int | None = None, race: Race | None = None) -> Schedule:
    """Raises ValueError with a one-line message for a request that cannot be planned."""
    check_runner(runner)
    count = _count(start, weeks, race)
    row, _ = shape(runner, start, count, race)
    usual = Event(start - timedelta(days=1), runner.longest, "easy")
    made = generate(runner, start, row, race, State([usual], grown=runner.weekly))
    return Schedule(runner, race, guarded(made, [usual], race, runner), tuple(reasons(runner, race, row, start)), start)


def shape(runner: Runner, start: date, count: int, race: Race | None) -> tuple[tuple[Sort, ...], frozenset[int]]:
    """What each week is for, and the numbers (from 1) of the weeks whose long run ends fast."""
    week = _race_week(start, race)
    fast = fast_finish_weeks(race.metres, week, runner.level) if race and week else frozenset()
    taper = len(taper_factors(race.metres, week)) if race and week else 0
    fast = frozenset(number for number in fast if week and number <= week - taper)
    return sorts(count, week, taper, fast, runner.slow_to_recover), fast


def generate(
    runner: Runner, start: date, row: Sequence[Sort], race: Race | None, state: State, first: int = 1, scale: float = 1.0
) -> list[Week]:
    """The weeks from number `first` on; `state` is what the weeks before them left."""
    race_week, efforts = _race_week(start, race), Efforts(runner.fitness)
    _, fast = shape(runner, start, len(row), race)
    wanted, found = levels(row, scale * runner.weekly), list[Week]()
    for number in range(first, len(row) + 1):
        sort = row[number - 1]
        factor = factor_of(sort, number, race_week, race)
        minutes = _wanted(sort, wanted[number - 1], factor, state, runner)
        finish = finish_of(race) if number in fast else None
        starts = start + timedelta(days=7 * (number - 1))
        runs = make_week(Task(starts, sort, minutes, factor, finish, runner, race, efforts), state)
        week = Week(number, starts, sort, runs)
        found.append(week)
        _remember(state, week, efforts, race)
    return found


def reasons(runner: Runner, race: Race | None, row: Sequence[Sort], start: date) -> list[str]:
    """A sentence that explains each decision in the schedule."""
    paces = ", ".join(f"{name} {pace_text(runner.fitness.speed(name))}" for name in ("easy", "marathon", "threshold"))
    told = [
        f"Your fitness is VDOT {runner.fitness.vdot:.1f}: {paces}.",
        "No run is longer than 110 % of the longest in the 30 days before it: beyond that, runners were injured more often.",
        "One progression run a week, one rung higher in each building week; four fifths of every week, or more, are easy.",
    ]
    if runner.ladder != runner.level:
        told.append(f"With {runner.weekly} minutes a week the progression runs are those of level {runner.ladder}.")
    cuts = [str(number) for number, sort in enumerate(row, 1) if sort is Sort.CUT]
    if cuts:
        told.append(f"Week {' and '.join(cuts)} cuts back by a fifth, and its progression run is shortened.")
    if race and (week := _race_week(start, race)):
        factors = ", ".join(f"{100 * factor:.0f} %" for factor in taper_factors(race.metres, week))
        told.append(f"Before the {race.name} ({distance_text(race.metres)}) volume goes down: {factors} of the largest week.")
        told.append(f"After the race all running is easy until {race.easy_until}, at most {AFTER_RACE} minutes a day.")
    return told


def _wanted(sort: Sort, level: float, factor: float, state: State, runner: Runner) -> float:
    """The minutes wanted for a week: when building at most 10 % above the largest so far; after the peak, a share of it."""
    if sort in (Sort.BUILD, Sort.CUT):
        return min(level, (GROW if sort is Sort.BUILD else factor) * state.grown)
    return factor * (state.peak or runner.weekly)


def _remember(state: State, week: Week, efforts: Efforts, race: Race | None) -> None:
    state.events += [Event.of(run, efforts) for run in week.runs]
    if race and week.holds(race.day):
        state.events.append(Event(race.day, 0, "very hard"))
    state.is_primed = state.is_primed or any(run.sort == "primer" for run in week.runs)
    if week.sort is not Sort.BUILD:
        return
    state.fastest = max(state.fastest, sum(efforts.fast_minutes(run.steps) for run in week.runs))
    state.peak = max(state.peak, week.minutes)
    state.grown = max(state.grown if week.number > 1 else 0.0, week.minutes)
    state.longest = max([state.longest, *(run.minutes for run in week.runs if run.sort != "primer")])
    state.longest_easy = max([state.longest_easy, *(run.minutes for run in week.runs if run.sort == "easy")])
    rungs = [run.position for run in week.runs if run.position is not None]
    if rungs:
        state.position = min(state.position + 1, max(rungs) + SKIPPED + 1)


def _race_week(start: date, race: Race | None) -> int | None:
    return (race.day - start).days // 7 + 1 if race else None


def _count(start: date, weeks: int | None, race: Race | None) -> int:
    """The number of weeks: up to the race, or as asked for."""
    week = _race_week(start, race)
    if race and week is not None and not 1 <= week <= MOST_WEEKS:
        first = race.day - timedelta(days=7 * MOST_WEEKS - 1)
        told = "is before the start" if week < 1 else f"is {week} weeks away"
        raise ValueError(f"the race on {race.day} {told}; a schedule has at most {MOST_WEEKS} weeks: start on {first} or later")
    count = weeks or max(LEAST_WEEKS, week or USUAL_WEEKS)
    if not LEAST_WEEKS <= count <= MOST_WEEKS:
        raise ValueError(f"a schedule has {LEAST_WEEKS} to {MOST_WEEKS} weeks, not {count}")
    if week and count < week:
        raise ValueError(f"the race is in week {week}, after the {count} weeks asked for: leave out --weeks")
    return count


def latest_start(start: date, race: Race) -> date:
    """The first day of the longest possible schedule up to the race: `start`, or later if that is too early."""
    week = _race_week(start, race) or 0
    return start + timedelta(days=7 * max(0, week - MOST_WEEKS))


def check_runner(runner: Runner) -> None:
    if len(runner.days) < 2:
        raise ValueError("a schedule needs at least two days a week: --days tue,sun")
    if runner.long_day not in runner.days:
        days = ", ".join(WEEKDAYS[day] for day in sorted(runner.days))
        raise ValueError(f"the long run's day, {WEEKDAYS[runner.long_day]}, is not one of your days: {days}")
    bounds = (
        ("--weekly", runner.weekly, LEAST_WEEKLY, MOST_WEEKLY),
        ("--longest", runner.longest, LEAST_LONGEST, MOST_LONGEST),
        ("--cap", LEAST_CAP if runner.cap is None else runner.cap, LEAST_CAP, ALL_DAY),
    )
    for name, minutes, least, most in bounds:
        if not least <= minutes <= most:
            raise ValueError(f"{name} {minutes} is out of bounds: give {least} to {most} minutes")
    if runner.longest > runner.weekly:
        raise ValueError(f"the longest run, {runner.longest} minutes, is longer than the week, {runner.weekly}: correct one")
    if runner.level not in LADDERS:
        raise ValueError(f"{runner.level!r} is not a level: choose one of {', '.join(LADDERS)}")
