"""On which days of a week one runs, and on which of them hard: far from the long run and from all that was hard before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

from coach.planning.one_run.ladders import recovery_days
from coach.planning.schedule.parts import Event, Race, Runner, rested

MOST_RUNS = 6  # a week: one day is for rest
SHORTEST_MEAN = 20  # min: a week too small for so many runs of this length has fewer
FROM_LONG = 2  # days between a hard run and the long one
PRIMER = (3, 4, 5)  # days before a race
LAST_LONG = 6  # days before a race: the last long run
LAST_HARD = 7  # days before a race: the last full run


def days_of(starts: date, runner: Runner, race: Race | None) -> list[date]:
    """The runner's days of the week from `starts`, without the race's."""
    week = (starts + timedelta(days=number) for number in range(7))
    return [day for day in week if day.weekday() in runner.days and not (race and race.day == day)]


def run_count(days: Sequence[date], minutes: float) -> int:
    return min(len(days), MOST_RUNS, max(1, int(minutes / SHORTEST_MEAN)))


def primer_day(days: Sequence[date], race: Race | None, events: Sequence[Event], runner: Runner) -> date | None:
    """The one nearest to four days before the race."""
    if race is None:
        return None
    fit = [
        day for day in days
        if race.out(day) in PRIMER and rested(day, events, runner.slow_to_recover) and _after_long(day, race, runner.long_day)
    ]  # fmt: skip
    return min(fit, key=lambda day: abs(race.out(day) - 4), default=None)


def hard_day(
    days: Sequence[date], load: str, long_day: int, events: Sequence[Event], race: Race | None, runner: Runner
) -> date | None:
    """The best day for a run of this load: as far from the long run as can be, and early; None where there is none."""
    rest = recovery_days(load, runner.slow_to_recover)
    fit = [
        day for day in days
        if rested(day, events, runner.slow_to_recover) and _far_from_long(day, long_day, rest) and is_before_race(day, race)
    ]  # fmt: skip
    return max(fit, key=lambda day: (_room(day, long_day), -day.toordinal()), default=None)


def is_before_race(day: date, race: Race | None) -> bool:
    """Long enough for a hard run; or after all that has to follow a race."""
    return race is None or race.out(day) >= LAST_HARD or day > race.easy_until


def spread(days: Sequence[date], taken: Sequence[date], count: int) -> tuple[date, ...]:
    """`count` more days, so that all of them lie as evenly in the week as can be."""
    free = [day for day in days if day not in taken]
    return min(combinations(free, min(count, len(free))), key=lambda chosen: (_unevenness([*taken, *chosen]), chosen))


def _after_long(day: date, race: Race, long_day: int) -> bool:
    gap = (day.weekday() - long_day) % 7
    return gap >= FROM_LONG or race.out(day) + gap < LAST_LONG


def _far_from_long(day: date, long_day: int, rest: int) -> bool:
    """Also across the border of the week: the days go round."""
    before, after = (long_day - day.weekday()) % 7, (day.weekday() - long_day) % 7
    return before >= max(FROM_LONG, rest) and after >= FROM_LONG


def _room(day: date, long_day: int) -> int:
    """Days to the nearest long run."""
    return min((long_day - day.weekday()) % 7, (day.weekday() - long_day) % 7)


def _unevenness(days: Sequence[date]) -> int:
    return sum(gap**2 for gap in _gaps(days)) if days else 0


def _gaps(days: Sequence[date]) -> list[int]:
    places = sorted(day.weekday() for day in days)
    return [((after - before - 1) % 7) + 1 for before, after in zip(places, [*places[1:], places[0]], strict=True)]
