"""Chooses the days of a week to run on, and the hard ones: far from the long run and from earlier hard runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

from coach.planning.one_run.ladders import recovery_days
from coach.planning.schedule.parts import Event, Race, Runner, rested

MOST_RUNS = 6  # runs a week: one day is for rest
SHORTEST_MEAN = 20  # min: a week has fewer runs if their mean would be shorter than this
FROM_LONG = 2  # days between a hard run and the long one, at least
PRIMER = (3, 4, 5)  # days before a race on which the primer may be
LAST_LONG = 6  # days before a race on which the last long run may be
LAST_HARD = 7  # days before a race on which the last hard run in full dose may be


def days_of(starts: date, runner: Runner, race: Race | None) -> list[date]:
    """The runner's days in the week from `starts`, without the day of the race."""
    week = (starts + timedelta(days=number) for number in range(7))
    return [day for day in week if day.weekday() in runner.days and not (race and race.day == day)]


def run_count(days: Sequence[date], minutes: float) -> int:
    return min(len(days), MOST_RUNS, max(1, int(minutes / SHORTEST_MEAN)))


def primer_day(days: Sequence[date], race: Race | None, events: Sequence[Event], runner: Runner) -> date | None:
    """The possible day nearest to four days before the race; None if there is none."""
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
    """The best day for a run of this load: as far from the long run as possible, then early; None if none fits."""
    rest = recovery_days(load, runner.slow_to_recover)
    fit = [
        day for day in days
        if rested(day, events, runner.slow_to_recover) and _far_from_long(day, long_day, rest) and is_clear_of_race(day, race)
    ]  # fmt: skip
    return max(fit, key=lambda day: (_room(day, long_day), -day.toordinal()), default=None)


def is_clear_of_race(day: date, race: Race | None) -> bool:
    """Whether the day is early enough before the race for a hard run, or late enough after it."""
    return race is None or race.out(day) >= LAST_HARD or day > race.easy_until


def spread(days: Sequence[date], taken: Sequence[date], count: int) -> tuple[date, ...]:
    """`count` more days, chosen so that all days are spread as evenly as possible over the week."""
    free = [day for day in days if day not in taken]
    return min(combinations(free, min(count, len(free))), key=lambda chosen: (_unevenness([*taken, *chosen]), chosen))


def _after_long(day: date, race: Race, long_day: int) -> bool:
    gap = (day.weekday() - long_day) % 7
    return gap >= FROM_LONG or race.out(day) + gap < LAST_LONG


def _far_from_long(day: date, long_day: int, rest: int) -> bool:
    """Whether a day is far enough from the long run, also from that of the week before or after."""
    before, after = (long_day - day.weekday()) % 7, (day.weekday() - long_day) % 7
    return before >= max(FROM_LONG, rest) and after >= FROM_LONG


def _room(day: date, long_day: int) -> int:
    """Days to the nearest long run, of this week or the next to it."""
    return min((long_day - day.weekday()) % 7, (day.weekday() - long_day) % 7)


def _unevenness(days: Sequence[date]) -> int:
    return sum(gap**2 for gap in _gaps(days)) if days else 0


def _gaps(days: Sequence[date]) -> list[int]:
    places = sorted(day.weekday() for day in days)
    return [((after - before - 1) % 7) + 1 for before, after in zip(places, [*places[1:], places[0]], strict=True)]
