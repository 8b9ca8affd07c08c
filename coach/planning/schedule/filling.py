"""Decides the minutes of each run of a week; what the long run and the hard runs leave is divided among the easy ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach.planning.one_run.ladders import Efforts, Steps, easy
from coach.planning.schedule.parts import Race, Run

LONG_SHARES = {1: 1.0, 2: 0.6, 3: 0.45, 4: 0.38, 5: 0.33, 6: 0.30}  # share of the week, by the number of runs
LONGEST = 150  # min: a longer run costs more than it gains
LEAST_LONG, LEAST_LONG_SHARE = 20, 0.3  # min, and share of the week: a long run's minimum if time is short
LEAST_EASY_RUN = 15  # min
FAST_SHARE, HARD_SHARE, HARD_AT_ONCE = 0.20, 0.10, 20  # a week's shares at marathon pace, threshold; min at once
NEAR_RACE = ((5, 30), (10, 75))  # (within this many days before a race, no run is longer than this, min)
ALL_DAY = 24 * 60  # min
AFTER_RACE = 45  # min: the longest run in the easy days after a race


@dataclass(frozen=True, slots=True)
class Room:
    """A day, and the most minutes for a run on it."""

    day: date
    most: int


def near_race(day: date, race: Race | None) -> int:
    """The most minutes that a run on this day may take; fewer close to a race."""
    if race is None or day > race.easy_until:
        return ALL_DAY
    if race.out(day) < 0:
        return AFTER_RACE
    return next((most for days, most in NEAR_RACE if race.out(day) <= days), ALL_DAY)


def long_minutes(most: int, minutes: float, count: int, factor: float) -> int:
    """The length of the long run (min) in a week of `count` runs that total `minutes`; times `factor` in a lighter week."""
    return int(factor * min(most, LONG_SHARES[count] * minutes, LONGEST))


def least_long(long: int, minutes: float) -> int:
    return min(long, max(LEAST_LONG, int(LEAST_LONG_SHARE * minutes)))


def shared(minutes: int, rooms: Sequence[Room]) -> list[Run]:
    """Easy runs of `minutes` in total, as equal as the rooms allow."""
    left, runs = minutes, list[Run]()
    waiting = sorted(rooms, key=lambda room: room.most)
    while waiting:
        room = waiting.pop(0)
        size = min(room.most, max(LEAST_EASY_RUN, left // (len(waiting) + 1)))
        left -= size
        runs.append(Run(room.day, "easy", easy(size)))
    return runs


def is_balanced(runs: Sequence[Run], efforts: Efforts, done: int = 0) -> bool:
    """Whether four fifths are easy and threshold comes in small doses; `done` minutes of the week were already run."""
    total = done + sum(run.minutes for run in runs)
    fast = sum(efforts.fast_minutes(run.steps) for run in runs)
    hard = sum(efforts.hard_minutes(run.steps) for run in runs)
    return fast <= FAST_SHARE * total and hard <= HARD_SHARE * total and all(_in_pieces(run.steps, efforts) for run in runs)


def _in_pieces(steps: Steps, efforts: Efforts) -> bool:
    return all(step.minutes <= HARD_AT_ONCE for step in steps if step.pace in efforts.hard)
