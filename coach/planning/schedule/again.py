"""Plans the rest of a schedule again, from the runs that were really run. Missed runs are dropped; later weeks get easier.

The rest of this week stays, as far as the guards allow it after what was run; planning begins with the next week. After a rung
that went well the next rung follows; one that did not is repeated, and after two in a row that did not, the rung below
follows. If everything was run as planned, nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from coach.planning.one_run.ladders import Efforts
from coach.planning.schedule.generate import SKIPPED, generate, reasons, shape
from coach.planning.schedule.guards import guarded
from coach.planning.schedule.parts import Done, Event, Run, Schedule, Week
from coach.planning.schedule.week import State
from coach.planning.schedule.weeks import Sort

GOOD = 70  # score, of 100: with a lower one the rung is run again
STRIKES = 2  # rungs in a row that did not go well, after which the rung below follows
MONTH = 4  # weeks over which the usual volume is averaged
LEAST_SCALE = 0.5  # share of the plan's volume after a month without running


def replan(old: Schedule, log: Sequence[Done], today: date) -> Schedule:
    """`log` has every run since the schedule began. Raises ValueError if the schedule is over."""
    ends = old.weeks[-1].starts + timedelta(days=7)
    if today >= ends:
        raise ValueError(f"this schedule ended on {ends - timedelta(days=1)}: make a new one")
    past, current, first = _parts(old, today)
    events = [Event(old.start - timedelta(days=1), old.runner.longest, "easy"), *(_event(done) for done in log)]
    kept = [guarded([_rest(old, week, log, today)], events, old.race, old.runner)[0] for week in current]
    state = _state(old, [*past, *current], log, events, kept)
    scale = _scale(old, log, today)
    row, _ = shape(old.runner, old.start, len(old.weeks), old.race)
    known = list(state.events)
    made = generate(old.runner, old.start, row, old.race, state, first, scale)
    new = guarded(made, known, old.race, old.runner)
    shown = [_joined(week, rest, today) for week, rest in zip(current, kept, strict=True)]
    return replace(old, weeks=(*past, *shown, *new), why=_why(old, row, log, scale), planned_on=today, scale=scale)


def _parts(old: Schedule, today: date) -> tuple[list[Week], list[Week], int]:
    """The weeks that are over, the week that has begun (if any), and the number of the next one."""
    past = [week for week in old.weeks if week.starts + timedelta(days=7) <= today]
    current = [week for week in old.weeks if week.starts < today < week.starts + timedelta(days=7)]
    return past, current, len(past) + len(current) + 1


def _event(done: Done) -> Event:
    return Event(done.day, done.minutes, done.load)


def _rest(old: Schedule, week: Week, log: Sequence[Done], today: date) -> Week:
    """The week that has begun, without its past runs, and without runs that were already run on another day."""
    names = [done.name for done in log if week.holds(done.day)]
    runs = []
    for run in week.runs:
        if old.name_of(run) in names:
            names.remove(old.name_of(run))
        elif run.day >= today:
            runs.append(run)
    return replace(week, runs=tuple(runs))


def _joined(week: Week, rest: Week, today: date) -> Week:
    return replace(week, runs=(*(run for run in week.runs if run.day < today), *rest.runs))


def _state(old: Schedule, weeks: Sequence[Week], log: Sequence[Done], events: list[Event], kept: Sequence[Week]) -> State:
    efforts = Efforts(old.runner.fitness)
    ahead = [run for week in kept for run in week.runs]
    race = [Event(old.race.day, 0, "very hard")] if old.race and any(week.holds(old.race.day) for week in weeks) else []
    building = [week for week in weeks if week.sort is Sort.BUILD]
    run = [_minutes(week, log) + sum(rest.minutes for rest in kept if rest.number == week.number) for week in building]
    fast = [sum(efforts.fast_minutes(each.steps) for each in week.runs) for week in building]
    every = [each for week in building for each in week.runs]
    biggest = max(run, default=0)
    return State(
        events=[*events, *(Event.of(run, efforts) for run in ahead), *race],
        position=_position(old, building, log, ahead),
        peak=biggest,
        fastest=max(fast, default=0),
        longest=max((each.minutes for each in every if each.sort != "primer"), default=0),
        longest_easy=max((each.minutes for each in every if each.sort == "easy"), default=0),
        grown=biggest or old.runner.weekly,
        is_primed=any(each.sort == "primer" for week in weeks for each in week.runs),
    )


def _minutes(week: Week, log: Sequence[Done]) -> int:
    return sum(done.minutes for done in log if week.holds(done.day))


def _position(old: Schedule, building: Sequence[Week], log: Sequence[Done], ahead: Sequence[Run]) -> int:
    """The position on the ladder after what was run; runs still to come this week are assumed to go well."""
    position = strikes = 0
    for week in building:
        rungs = [run for run in week.runs if run.position is not None]
        first = max(rungs, key=lambda run: run.position or 0, default=None)
        done = _match(old, first, week, log) if first else None
        if first is None or (done is None and first not in ahead):
            continue
        if done is None or (done.complete and (done.score is None or done.score >= GOOD)):
            position = min(position + 1, max(run.position or 0 for run in rungs) + SKIPPED + 1)
            strikes = 0
        elif (strikes := strikes + 1) >= STRIKES:
            position, strikes = max(0, position - 1), 0
    return position


def _match(old: Schedule, run: Run, week: Week, log: Sequence[Done]) -> Done | None:
    """The log's entry for a run, found by name and week, because it may have been run on another day."""
    return next((done for done in log if done.name == old.name_of(run) and week.holds(done.day)), None)


def _scale(old: Schedule, log: Sequence[Done], today: date) -> float:
    """The usual volume of four weeks, relative to that when the schedule was last planned."""
    missed = planned = 0.0
    weeks = [week for week in old.weeks if week.starts < today][-MONTH:]
    for week in weeks:
        due = sum(run.minutes for run in week.runs if old.planned_on <= run.day < today)
        done = sum(each.minutes for each in log if week.holds(each.day) and each.day >= old.planned_on)
        missed += max(0.0, due - done)
        planned += week.minutes
    if not planned:
        return old.scale
    return old.scale * max(LEAST_SCALE, 1 - missed / (planned / len(weeks) * MONTH))


def _why(old: Schedule, row: Sequence[Sort], log: Sequence[Done], scale: float) -> tuple[str, ...]:
    told = "1 run was" if len(log) == 1 else f"{len(log)} runs were"
    counted = f"{told} counted since {old.start}; missed runs are not made up for."
    less = [f"The coming weeks have {100 * scale:.0f} % of the first plan's volume."] if scale < 1 else []
    return (counted, *less, *reasons(old.runner, old.race, row, old.start))
