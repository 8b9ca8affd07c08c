"""Decides what each week of a schedule is for and its volume: building, cut-back, taper, race, or recovery after it.

Volume grows by seven per cent in each building week, to at most 1.6 times the start; after a cut-back it continues from the
last building week. These are habits, not evidence; what protects the runner is the limit on the longest run (guards.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from math import ceil

from coach.planning.fitness.paces import HALF

GROWTH, MOST_GROWN = 1.07, 1.6  # factors: from one building week to the next; over the whole schedule at most
CUT = 0.78  # a cut-back week, as a share of the building week before
CUT_EVERY, CUT_SOONER = 4, 3  # weeks: every fourth is a cut-back; for beginners and from fifty on every third
FAST_FINISH_WEEKS = (7, 5, 3)  # weeks before a half or full marathon in which the long run ends fast
TAPER = {1: (0.6,), 2: (0.8, 0.6), 3: (0.85, 0.7, 0.5)}  # weeks of taper -> shares of the peak, after Bosquet (2007)
SHORT_RACE, LONG_RACE = 15_000.0, 30_000.0  # m: up to the first, one week of taper; from the second on, three; else two
LONG_TAPER_FROM = 10  # weeks to the race: with fewer, a marathon too has only two weeks of taper
RETURN = (0.5, 0.65, 0.8, 0.9, 1.0)  # shares of the peak, week by week after a race
KM_A_DAY = 3.0  # km of the race for each day of easy running after it


class Sort(StrEnum):
    """What a week is for."""

    BUILD = "build"
    CUT = "cut-back"
    TAPER = "taper"
    RACE = "race"
    AFTER = "after"


def easy_days_after(metres: float) -> int:
    return ceil(metres / 1000 / KM_A_DAY - 0.1)


def taper_factors(metres: float, race_week: int) -> tuple[float, ...]:
    """The shares of the peak for the last weeks, with the week of the race (`race_week` counts from 1)."""
    wanted = 1 if metres <= SHORT_RACE else 3 if metres > LONG_RACE and race_week >= LONG_TAPER_FROM else 2
    return TAPER[min(wanted, race_week)]


def fast_finish_weeks(metres: float, race_week: int, level: str) -> frozenset[int]:
    """The weeks (from 1) whose long run ends fast; never the first."""
    if level == "beginner" or metres < HALF - 100:
        return frozenset()
    return frozenset(race_week - out for out in FAST_FINISH_WEEKS if race_week - out > 1)


@lru_cache(maxsize=256)
def sorts(weeks: int, race_week: int | None, taper: int, fast_finish: frozenset[int], sooner: bool) -> tuple[Sort, ...]:
    """What each week is for. `taper` includes the week of the race."""
    first_taper = (race_week - taper + 1) if race_week else weeks + 1
    building = first_taper - 1
    last = building - 1 if race_week else building  # the week before a taper is no cut-back, because the taper is one already
    free = [week for week in range(3, last + 1) if week not in fast_finish]
    cuts = _cuts(building, free, CUT_SOONER if sooner else CUT_EVERY)
    row = [Sort.CUT if week in cuts else Sort.BUILD for week in range(1, building + 1)]
    if race_week:
        row += [Sort.TAPER] * (taper - 1) + [Sort.RACE] + [Sort.AFTER] * (weeks - race_week)
    return tuple(row)


def levels(row: Sequence[Sort], start: float) -> list[float]:
    """The minutes of building and cut-back weeks, from the runner's usual `start`; 0 for others, which depend on the peak."""
    found, built = list[float](), start
    for place, sort in enumerate(row):
        if sort is Sort.BUILD:
            built = min(start * MOST_GROWN, built * GROWTH) if place else start
        found.append(built if sort is Sort.BUILD else CUT * built if sort is Sort.CUT else 0.0)
    return found


def _cuts(building: int, free: list[int], every: int) -> frozenset[int]:
    """The cut-back weeks among the free ones, chosen to be as near as possible to one in `every` weeks."""
    choices = (frozenset(chosen) for count in range(len(free) + 1) for chosen in combinations(free, count))
    return min(choices, key=lambda chosen: (_unevenness(chosen, building, every), sorted(chosen)))


def _unevenness(cuts: frozenset[int], building: int, every: int) -> int:
    cost, streak = 0, 0
    for week in range(1, building + 1):
        if week not in cuts:
            streak += 1
            continue
        cost += (streak - every + 1) ** 2
        streak = 0
    return cost + 2 * max(0, streak - every + 1) ** 2
