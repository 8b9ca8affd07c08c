"""An examiner of schedules that shares nothing with the planner: it reads what was written, and has its own constants.

It takes the rows of `coach schedule --json` (or schedule.json) and yields a line for each rule that is broken. Paces are
judged by Daniels and Gilbert's equations, worked out here once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp, sqrt
from typing import Any

HOURS = {"easy": 0, "moderate": 24, "hard": 48, "very hard": 72}
TAPERS = {"short": (0.6,), "half": (0.8, 0.6), "marathon": (0.85, 0.7, 0.5)}
SAME_PACE = 1.005  # within half a per cent two paces are one
FAST_MOST, HARD_MOST, HARD_PIECE = 0.22, 0.10, 20 * 60


@dataclass(frozen=True)
class Read:
    """A run as it was written: seconds at each speed."""

    day: date
    sort: str
    week: int
    parts: tuple[tuple[float, float], ...]
    marathon: float
    threshold: float
    steady: float

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _ in self.parts)

    def above(self, speed: float) -> float:
        return sum(seconds for seconds, run in self.parts if run * SAME_PACE >= speed)

    @property
    def load(self) -> str:
        fast, hard = self.above(self.marathon), self.above(self.threshold)
        if fast >= 20 * 60 and self.seconds >= 90 * 60:
            return "very hard"
        if hard or fast > 12 * 60:
            return "hard"
        return "moderate" if fast or self.above(self.steady) > 10 * 60 else "easy"


def broken(told: dict[str, Any]) -> Iterator[str]:
    """A line for each broken rule."""
    runner, race = told["runner"], told["race"]
    runs = list(_read(told))
    race_day = date.fromisoformat(race["date"]) if race else None
    yield from _totals(told)
    yield from _days(runs, runner, race_day)
    yield from _spacing(runs, runner, race_day)
    yield from _longest(runs, runner, date.fromisoformat(told["weeks"][0]["starts"]))
    for week in told["weeks"]:
        yield from _shares([run for run in runs if run.week == week["week"]], week["week"])
    yield from _beginners(runs, runner)
    yield from _volumes(told, runs)
    if race and race_day:
        yield from _around_race(runs, race_day, race["metres"])
        yield from _finishes(runs, told, race_day, race["metres"])
        yield from _taper(told, runs, race_day, race["metres"])
    elif any(run.sort in ("fast-finish", "primer") for run in runs):
        yield "a fast finish or a primer without a race"


def _read(told: dict[str, Any]) -> Iterator[Read]:
    vdot = told["runner"]["vdot"]
    marathon = _marathon_speed(vdot)
    threshold = _speed(0.88 * vdot)
    steady = (_speed(0.729 * vdot) + marathon) / 2
    for week in told["weeks"]:
        for run in week["runs"]:
            parts = tuple((each["seconds"], each["speed"]) for each in run["segments"])
            yield Read(date.fromisoformat(run["date"]), run["sort"], week["week"], parts, marathon, threshold, steady)


def _totals(told: dict[str, Any]) -> Iterator[str]:
    begins = date.fromisoformat(told["weeks"][0]["starts"])
    for number, week in enumerate(told["weeks"], 1):
        starts = date.fromisoformat(week["starts"])
        if week["week"] != number or starts != begins + timedelta(days=7 * (number - 1)):
            yield f"week {number} does not follow"
        if week["minutes"] != sum(run["minutes"] for run in week["runs"]):
            yield f"week {number} does not add up"
        for run in week["runs"]:
            if 60 * run["minutes"] != sum(each["seconds"] for each in run["segments"]):
                yield f"{run['date']} does not add up"
            if not starts <= date.fromisoformat(run["date"]) < starts + timedelta(days=7):
                yield f"{run['date']} is not in week {number}"


def _days(runs: list[Read], runner: dict[str, Any], race_day: date | None) -> Iterator[str]:
    if len({run.day for run in runs}) < len(runs):
        yield "two runs on a day"
    for run in runs:
        if run.day.weekday() not in runner["days"] or run.day == race_day:
            yield f"{run.day} is no day for a run"
        is_free = run.day.weekday() >= 5 or run.day.weekday() == runner["long_day"]
        if runner["cap"] and not is_free and run.seconds > 60 * runner["cap"]:
            yield f"{run.day} is longer than its cap"
        if run.seconds > 150 * 60:
            yield f"{run.day} is longer than 150 minutes"
        if run.seconds < 14 * 60:
            yield f"{run.day} is shorter than a run"


def _spacing(runs: list[Read], runner: dict[str, Any], race_day: date | None) -> Iterator[str]:
    """Hours from each hard run to the next that is not easy, over the borders of weeks; and to the long run."""
    is_slow = runner["level"] == "beginner" or runner["age"] >= 50
    events = [(run.day, run.load, run.sort) for run in runs] + ([(race_day, "very hard", "race")] if race_day else [])
    for day, load, sort in events:
        needed = HOURS[load] + (24 if is_slow and load in ("hard", "very hard") else 0)
        for after, other, other_sort in events:
            hours = 24 * (after - day).days
            if hours <= 0 or other_sort == "race":
                continue
            if other != "easy" and hours < needed:
                yield f"{after} ({other}) is {hours} h after {day} ({load}, {sort})"
            if load == "hard" and sort == "progression" and other_sort == "long" and hours < 48:
                yield f"the long run of {after} is {hours} h after {day}"
            if sort == "long" and other in ("hard", "very hard") and hours < 48:
                yield f"{after} ({other}) is {hours} h after the long run of {day}"


def _longest(runs: list[Read], runner: dict[str, Any], start: date) -> Iterator[str]:
    behind = [(start - timedelta(days=1), 60 * runner["longest"])]
    for run in sorted(runs, key=lambda run: run.day):
        window = [seconds for day, seconds in behind if run.day - timedelta(days=30) <= day < run.day]
        if run.seconds > 1.10 * max(window, default=20 * 60 / 1.1) + 1e-6:
            yield f"{run.day}: {run.seconds / 60:.0f} min are more than 110 % of the longest of 30 days"
        behind.append((run.day, run.seconds))


def _shares(runs: list[Read], week: int) -> Iterator[str]:
    total = sum(run.seconds for run in runs)
    fast = sum(run.above(run.marathon) for run in runs)
    hard = sum(run.above(run.threshold) for run in runs)
    if fast > FAST_MOST * total + 1e-6:
        yield f"week {week}: {100 * fast / total:.1f} % fast"
    if hard > HARD_MOST * total + 1e-6:
        yield f"week {week}: {100 * hard / total:.1f} % at threshold or faster"
    for run in runs:
        if any(seconds > HARD_PIECE for seconds, speed in run.parts if speed * SAME_PACE >= run.threshold):
            yield f"{run.day}: more than 20 minutes at threshold in one piece"


def _beginners(runs: list[Read], runner: dict[str, Any]) -> Iterator[str]:
    for run in runs:
        if runner["level"] == "beginner" and run.week <= 4 and run.above(run.threshold):
            yield f"{run.day}: a beginner at threshold in week {run.week}"
        if runner["capped"] and any(speed > SAME_PACE * run.marathon for _, speed in run.parts):
            yield f"{run.day}: faster than marathon pace, on an estimate"


def _volumes(told: dict[str, Any], runs: list[Read]) -> Iterator[str]:
    """Building grows by a tenth at most, to 1.6 times the start; a cut-back is less, in all and in its fast part."""
    most, fastest = told["runner"]["weekly"], 0.0
    sorts = [week["sort"] for week in told["weeks"]]
    for week in told["weeks"]:
        fast = sum(run.above(run.marathon) for run in runs if run.week == week["week"])
        if week["sort"] == "build":
            if week["minutes"] > 1.10 * most or week["minutes"] > 1.6 * told["runner"]["weekly"]:
                yield f"week {week['week']} grows to {week['minutes']}"
            most = max(most if week["week"] > 1 else 0, week["minutes"])
            fastest = max(fastest, fast)
        if week["sort"] == "cut-back":
            if week["minutes"] > 0.85 * most + 1:
                yield f"week {week['week']} does not cut back: {week['minutes']} of {most}"
            if fast > 0.75 * fastest:
                yield f"week {week['week']} has a full dose"
            if week["week"] <= 2 or any(run.sort == "fast-finish" for run in runs if run.week == week["week"]):
                yield f"week {week['week']} is no week to cut back"
    if any(one == other == "cut-back" for one, other in pairwise(sorts)):
        yield "two weeks of cutting back"


def _around_race(runs: list[Read], race_day: date, metres: float) -> Iterator[str]:
    easy_days = round(metres / 3000)
    for run in runs:
        out = (race_day - run.day).days
        if (1 <= out <= 2 or -easy_days <= out < 0) and run.load != "easy":
            yield f"{run.day} is {run.load}, {out} days before the race"
        if 1 <= out <= 5 and run.seconds > 35 * 60:
            yield f"{run.day}: {run.seconds / 60:.0f} min, {out} days before the race"
        if 1 <= out <= 10 and run.seconds > 75 * 60:
            yield f"{run.day}: {run.seconds / 60:.0f} min, {out} days before the race"
        if 3 <= out <= 6 and run.load in ("hard", "very hard") and run.sort != "primer":
            yield f"{run.day} is {run.load} in the week before the race"
    if sum(run.sort == "primer" for run in runs) > 1:
        yield "two primers"


def _finishes(runs: list[Read], told: dict[str, Any], race_day: date, metres: float) -> Iterator[str]:
    start = date.fromisoformat(told["weeks"][0]["starts"])
    for run in runs:
        if run.sort != "fast-finish":
            continue
        out = (race_day - start).days // 7 - (run.day - start).days // 7
        if out not in (7, 5, 3) or metres < 21_000 or told["runner"]["level"] == "beginner":
            yield f"{run.day}: a fast finish {out} weeks before {metres:.0f} m"
        if run.above(run.marathon) > run.seconds / 3 or run.above(run.marathon) > 30 * 60:
            yield f"{run.day}: too much of it is fast"
        if any(other.week == run.week and other is not run and other.load != "easy" for other in runs):
            yield f"{run.day}: another hard run in the week of a fast finish"


def _taper(told: dict[str, Any], runs: list[Read], race_day: date, metres: float) -> Iterator[str]:
    """Volumes as shares of the largest building week, and every run smaller than its like."""
    start = date.fromisoformat(told["weeks"][0]["starts"])
    race_week = (race_day - start).days // 7 + 1
    wanted = "short" if metres <= 15_000 else "half" if metres <= 30_000 or race_week < 10 else "marathon"
    factors = TAPERS[wanted][-race_week:] if race_week < len(TAPERS[wanted]) else TAPERS[wanted]
    building = [week for week in told["weeks"][:race_week] if week["sort"] == "build"]
    if not building:
        return
    peak = max(week["minutes"] for week in building)
    like = {sort: max((run["minutes"] for week in building for run in week["runs"] if run["sort"] in of), default=0)
            for sort, of in (("easy", ("easy",)), ("long", ("long", "fast-finish", "progression")))}  # fmt: skip
    like["easy"] = like["easy"] or like["long"]
    fast = max(sum(run.above(run.marathon) for run in runs if run.week == week["week"]) for week in building)
    for number, factor in zip(range(race_week - len(factors) + 1, race_week + 1), factors, strict=True):
        week = told["weeks"][number - 1]
        if week["minutes"] > factor * peak + 1:
            yield f"week {number}: {week['minutes']} min are no taper of {peak}"
        for run in (run for run in week["runs"] if run["date"] < told["race"]["date"] and like.get(run["sort"])):
            if run["minutes"] > max(15, factor * like[run["sort"]] + 1):
                yield f"week {number}: a run of {run['minutes']} min ({run['sort']}) does not taper"
        if sum(run.above(run.marathon) for run in runs if run.week == number and run.sort != "primer") > factor * fast + 60:
            yield f"week {number}: the fast part does not taper"


def _speed(cost: float) -> float:
    """m/s at ml/kg/min."""
    a, b, c = 0.000104, 0.182258, -4.60 - cost
    return (-b + sqrt(b * b - 4 * a * c)) / (2 * a) / 60


def _marathon_speed(vdot: float) -> float:
    """m/s in training: the race's, and slower below VDOT 42."""
    low, high = 90.0, 700.0  # min
    while high - low > 1e-6:
        minutes = (low + high) / 2
        speed = 42_195 / minutes
        share = 0.8 + 0.1894393 * exp(-0.012778 * minutes) + 0.2989558 * exp(-0.1932605 * minutes)
        is_too_hard = (-4.60 + 0.182258 * speed + 0.000104 * speed**2) / share > vdot
        low, high = (minutes, high) if is_too_hard else (low, minutes)
    pace = low * 60 / 42.195 + 0.9 * max(0.0, 42 - vdot)
    return 1000 / pace
