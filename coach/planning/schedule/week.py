"""Plans one week of a schedule: its days, its long run, its progression run, and easy running in the remaining time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coach.planning.one_run.ladders import (
    LADDERS,
    LONG_RUN,
    Efforts,
    Steps,
    easy,
    fast_finish,
    fitted,
    lengthened,
    minutes_of,
    primer,
    recovery_days,
    rung,
    scaled,
    shrunk,
    title,
)
from coach.planning.one_run.progressions import SIZES
from coach.planning.schedule.days import LAST_LONG, days_of, hard_day, is_clear_of_race, primer_day, run_count, spread
from coach.planning.schedule.filling import (
    FAST_SHARE,
    LEAST_EASY_RUN,
    LONGEST,
    Room,
    is_balanced,
    least_long,
    long_minutes,
    near_race,
    shared,
)
from coach.planning.schedule.parts import Event, Race, Run, Runner, longest_allowed, rested
from coach.planning.schedule.weeks import CUT, LONG_RACE, RETURN, Sort, taper_factors

CUT_DOSE, CUT_LONG = 0.65, 0.8  # shares of a progression run and of the long run that a cut-back week keeps
FINISH = {"half": (20, "half"), "marathon": (30, "marathon")}  # the most min, and the effort, of a long run's fast finish
FINISH_SHARE, LEAST_FINISH = 1 / 3, 6  # the largest share of the long run; the least min
TWO_HARD_FROM = 6  # runs a week from which an advanced runner has two hard ones
PRIMER_MOST = 35  # min
SECOND_BELOW = 3  # rungs by which the second hard run of a week is easier


@dataclass
class State:
    """What matters of the weeks before."""

    events: list[Event]
    position: int = 0  # on the ladder
    peak: int = 0  # min: the largest week so far
    fastest: int = 0  # min: the most at marathon pace or faster in a building week
    longest: int = 0  # min: the longest run of the building weeks
    longest_easy: int = 0  # min: their longest easy run
    grown: float = 0.0  # min: the volume that the next building week grows from
    is_primed: bool = False  # the primer before the race is planned


@dataclass(frozen=True)
class Task:
    """What to plan for a week. `factor` is its share of a building week, `wanted` its minutes."""

    starts: date
    sort: Sort
    wanted: float
    factor: float
    finish: tuple[int, str] | None
    runner: Runner
    race: Race | None
    efforts: Efforts

    @property
    def building(self) -> float:
        """The minutes of this week if it were a building week."""
        return self.wanted / self.factor


def factor_of(sort: Sort, number: int, race_week: int | None, race: Race | None) -> float:
    """Week `number` as a share of a building week."""
    if race is None or race_week is None or sort in (Sort.BUILD, Sort.CUT):
        return CUT if sort is Sort.CUT else 1.0
    if sort is Sort.AFTER:
        return RETURN[min(number - race_week, len(RETURN)) - 1]
    factors = taper_factors(race.metres, race_week)
    return factors[number - race_week - 1]


def finish_of(race: Race | None) -> tuple[int, str] | None:
    return FINISH["marathon" if race.metres > LONG_RACE else "half"] if race else None


def make_week(task: Task, state: State) -> tuple[Run, ...]:
    """The week's runs: tries the highest rung first, and takes the first week of which four fifths are easy."""
    frame = _frame(task, state)
    if not frame.days:
        return ()
    return next(runs for runs in _choices(frame, state) if _is_right(runs, task))


def _is_right(runs: Sequence[Run], task: Task) -> bool:
    return is_balanced(runs, task.efforts) and sum(run.minutes for run in runs) <= task.wanted


@dataclass(frozen=True)
class _Frame:
    """The days of a week, and the limits that hold before its hard run is chosen."""

    task: Task
    days: tuple[date, ...]
    count: int
    limit: int  # min: 110 % of the longest run in 30 days
    longest: int  # min: the longest run so far, if this week must have less
    usual: int  # min: an easy run of the largest week so far, scaled to this week
    long_day: date | None
    primer_day: date | None

    def most(self, day: date) -> int:
        return min(self.limit, LONGEST, self.task.runner.time_on(day), near_race(day, self.task.race))

    def most_easy(self, day: date) -> int:
        """The most minutes of an easy run on a day; none is longer than the long run."""
        return min(self.most(day), self.usual, max(LEAST_EASY_RUN, self.long) if self.long_day else LONGEST)

    @property
    def long(self) -> int:
        if self.long_day is None:
            return 0
        factor = CUT_LONG if self.task.sort is Sort.CUT else self.task.factor
        like = min(self.limit, self.longest)
        return min(self.most(self.long_day), max(LEAST_EASY_RUN, long_minutes(like, self.task.building, self.count, factor)))


def _frame(task: Task, state: State) -> _Frame:
    days = days_of(task.starts, task.runner, task.race)
    long_day = next((day for day in days if day.weekday() == task.runner.long_day and _is_long(day, task)), None)
    primed = None if state.is_primed else primer_day(days, task.race, state.events, task.runner)
    limit = longest_allowed(state.events, task.starts, task.starts + timedelta(days=6))
    is_less = task.sort is not Sort.BUILD
    longest = state.longest if is_less and state.longest else LONGEST
    usual = int(task.factor * (state.longest_easy or longest)) if is_less else LONGEST
    return _Frame(task, tuple(days), run_count(days, task.wanted), limit, longest, max(LEAST_EASY_RUN, usual), long_day, primed)


def _is_long(day: date, task: Task) -> bool:
    """Whether the long run may be on this day: not in the week before a race, nor in the easy days after it."""
    race = task.race
    return race is None or race.out(day) >= LAST_LONG or day > race.easy_until


def _choices(frame: _Frame, state: State) -> Iterator[tuple[Run, ...]]:
    """The weeks to choose from, best first; the last one is all easy."""
    for fixed in ([primed] for primed in _primers(frame)):
        yield from _around(frame, state, fixed)
    yield from _around(frame, state, [])


def _around(frame: _Frame, state: State, fixed: list[Run]) -> Iterator[tuple[Run, ...]]:
    """The weeks around the `fixed` runs, each with the hardest other runs that fit."""
    if frame.task.finish and frame.long_day:
        yield from _with_finish(frame, state, fixed)
    for first in _hard_choices(frame, state, fixed):
        if frame.task.runner.level == "advanced" and frame.count >= TWO_HARD_FROM and frame.task.sort is Sort.BUILD:
            yield from (_filled(frame, [*fixed, first, second]) for second in _seconds(frame, state, first))
        yield _filled(frame, [*fixed, first])
    yield _filled(frame, fixed)


def _primers(frame: _Frame) -> Iterator[Run]:
    """The primer before the race, and one without its fastest part."""
    if frame.primer_day is None:
        return
    level = frame.task.runner.level
    most = min(frame.limit, PRIMER_MOST, frame.task.runner.time_on(frame.primer_day))
    full = primer(level)
    for steps in (full, (*full[:-2], full[-1])):
        if fit := fitted(steps, most, 0.5) or shrunk(steps, most):
            yield Run(frame.primer_day, "primer", fit)


def _with_finish(frame: _Frame, state: State, fixed: list[Run]) -> Iterator[tuple[Run, ...]]:
    """Weeks whose only hard run is a long run that ends fast."""
    most, pace = frame.task.finish or (0, "")
    level, size = frame.task.runner.level, SIZES[frame.task.runner.level]
    long, day = frame.long, frame.long_day
    if day is None or not rested(day, state.events, frame.task.runner.slow_to_recover):
        return
    fast = min(most, int(FINISH_SHARE * long), int(FAST_SHARE * frame.task.wanted))
    for minutes in range(fast, LEAST_FINISH - 1, -2):
        if long - minutes - size.warm - size.cool >= minutes:
            yield _filled(frame, [*fixed, Run(day, "fast-finish", fast_finish(level, long, minutes, pace))])


def _hard_choices(frame: _Frame, state: State, fixed: list[Run]) -> Iterator[Run]:
    """The choices for the week's progression run: on its own day, or else as the long run."""
    task, most = frame.task, _most_hard(frame, fixed)
    sizes = sorted({min(most, frame.most(day)) for day in frame.days}, reverse=True)
    top = state.position if task.sort is Sort.BUILD else max(0, state.position - 1)  # no new rung in a reduced week
    for number in range(min(top, len(LADDERS[task.runner.ladder]) - 1), -1, -1):
        full = rung(task.runner.ladder, number)
        smaller = [shrunk(full, size) for size in sizes] if number == 0 else []
        for steps in (*(fitted(full, size) for size in sizes), *smaller):
            dosed = _dosed(steps, task, state) if steps else None
            if dosed and title(dosed) != "Easy" and (run := _placed(frame, state, dosed, fixed)):
                yield replace(run, position=number)


def _most_hard(frame: _Frame, fixed: Sequence[Run]) -> int:
    """The most minutes for a hard run that leaves the long run and the easy runs their minimum."""
    task = frame.task
    others = max(0, frame.count - 1 - len(fixed) - (frame.long_day is not None))
    kept = LEAST_EASY_RUN * others + least_long(frame.long, task.wanted) + sum(run.minutes for run in fixed)
    return min(frame.limit, int(task.building * (task.wanted - kept) / task.wanted))


def _dosed(steps: Steps, task: Task, state: State) -> Steps | None:
    """The run in full in a building week, shortened in any other; None if that would not be less than before."""
    if task.sort is Sort.BUILD:
        return steps
    share = CUT_DOSE if task.sort in (Sort.CUT, Sort.AFTER) else task.factor
    less = scaled(steps, share)
    return less if task.efforts.fast_minutes(less) <= share * state.fastest else None


def _placed(frame: _Frame, state: State, steps: Steps, fixed: list[Run]) -> Run | None:
    task, runner = frame.task, frame.task.runner
    if task.sort is Sort.RACE or (task.sort is Sort.AFTER and task.factor < RETURN[1]):
        return None
    load = task.efforts.load(steps)
    days = [day for day in frame.days if minutes_of(steps) <= frame.most(day) and _clear(day, load, fixed, runner)]
    found = hard_day(days, load, runner.long_day, state.events, task.race, runner)
    if found:
        return Run(found, "progression", steps)
    return _as_long(frame, state, steps, load) if frame.long_day and _clear(frame.long_day, load, fixed, runner) else None


def _as_long(frame: _Frame, state: State, steps: Steps, load: str) -> Run | None:
    """The progression as the long run, for weeks in which no other day is far enough from it."""
    day, runner = frame.long_day, frame.task.runner
    if day is None or minutes_of(steps) > frame.long or not rested(day, state.events, runner.slow_to_recover):
        return None
    if not is_clear_of_race(day, frame.task.race):
        return None
    grown = lengthened(steps, frame.long)
    return Run(day, "progression", grown) if frame.task.efforts.load(grown) == load else None


def _clear(day: date, load: str, fixed: list[Run], runner: Runner) -> bool:
    """Whether a hard run on this day leaves enough rest before the primer."""
    days = recovery_days(load, runner.slow_to_recover)
    return all(run.day - day >= timedelta(days=days) for run in fixed)


def _seconds(frame: _Frame, state: State, first: Run) -> Iterator[Run]:
    task, runner = frame.task, frame.task.runner
    event = Event.of(first, task.efforts)
    for number in range(max(0, state.position - SECOND_BELOW), -1, -1):
        steps = fitted(rung(runner.ladder, number), _most_hard(frame, [first]))
        load = task.efforts.load(steps) if steps else "easy"
        if not steps or frame.long_day is None or load == "easy":
            continue
        days = [day for day in frame.days if day > first.day and minutes_of(steps) <= frame.most(day)]
        found = hard_day(days, load, runner.long_day, [*state.events, event], task.race, runner)
        if found:
            yield Run(found, "progression", steps)


def _filled(frame: _Frame, hard: Sequence[Run]) -> tuple[Run, ...]:
    """The week: its hard runs, the long run, and easy runs in the remaining time."""
    taken = [run.day for run in hard]
    runs, left = list(hard), int(frame.task.wanted) - sum(run.minutes for run in hard)
    if frame.long_day and frame.long_day not in taken and left >= LEAST_EASY_RUN:
        others = max(0, frame.count - len(taken) - 1)
        long = min(frame.long, max(LEAST_EASY_RUN, left - LEAST_EASY_RUN * others))
        runs.append(Run(frame.long_day, "long", easy(long)))
        left -= long
    count = max(0, min(frame.count - len(runs), left // LEAST_EASY_RUN))
    days = spread(frame.days, [run.day for run in runs], count)
    runs += shared(left, [Room(day, frame.most_easy(day)) for day in days])
    left = int(frame.task.wanted) - sum(run.minutes for run in runs)
    if frame.task.sort is Sort.BUILD and left > 0 and hard:
        runs = [_with_rest(frame, run, left) if run is hard[-1] and run.sort == "progression" else run for run in runs]
    return tuple(sorted(runs, key=lambda run: run.day))


def _with_rest(frame: _Frame, run: Run, left: int) -> Run:
    """Adds the `left` minutes that fit in no easy run to the easy part of the hard one, unless that makes it harder."""
    most, load = min(run.minutes + left, frame.most(run.day), max(run.minutes, frame.long)), frame.task.efforts.load
    sizes = (lengthened(run.steps, size) for size in (most, min(most, LONG_RUN - 1)))
    return replace(run, steps=next((steps for steps in sizes if load(steps) == load(run.steps)), run.steps))
