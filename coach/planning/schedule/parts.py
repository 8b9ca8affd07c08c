"""The parts of a schedule: the runner, the race, the runs and their weeks, and the runs that were really run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import floor

from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.ladders import LADDERS, OLDER, Efforts, Steps, easy, minutes_of, recovery_days, title
from coach.planning.schedule.weeks import Sort, easy_days_after

WINDOW = 30  # days over which the longest run counts
GROW = 1.10  # factor on the longest run: no run is longer (Frandsen 2025: beyond it runners were injured more often)
SHORTEST = 20  # min: the first run after a month without running
LADDER_WEEKS = (("advanced", 300), ("intermediate", 120), ("beginner", 0))  # min a week needed for a ladder
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = 5
EASY_BEFORE = 2  # days before a race with easy runs only


@dataclass(frozen=True, slots=True)
class Runner:
    """The runner for whom a schedule is made. In minutes: `weekly`, a usual week (mean of four); `longest`, the longest run of
    the last 30 days; `cap`, the most on a weekday. Days count from 0, Monday.
    """

    level: str
    fitness: Fitness
    days: frozenset[int]
    long_day: int
    weekly: int
    longest: int
    cap: int | None = None
    age: int = 0

    @property
    def slow_to_recover(self) -> bool:
        return self.level == "beginner" or self.age >= OLDER

    @property
    def ladder(self) -> str:
        """The level whose ladder fits: the runner's own, or a lower one for a runner who runs too little for it."""
        levels = list(LADDERS)  # easiest first
        own = levels.index(self.level)
        return next(level for level, least in LADDER_WEEKS if self.weekly >= least and levels.index(level) <= own)

    def time_on(self, day: date) -> int:
        """The minutes available on a day; the cap applies neither at weekends nor on the day of the long run."""
        free = self.cap is None or day.weekday() >= SATURDAY or day.weekday() == self.long_day
        return 24 * 60 if free or self.cap is None else self.cap


@dataclass(frozen=True, slots=True)
class Race:
    day: date
    metres: float
    name: str

    def out(self, day: date) -> int:
        """Days from `day` to the race; negative after it."""
        return (self.day - day).days

    @property
    def easy_until(self) -> date:
        return self.day + timedelta(days=easy_days_after(self.metres))

    def is_near(self, day: date) -> bool:
        """Whether the day is so near before or after the race that only easy running is allowed."""
        return -(self.easy_until - self.day).days <= self.out(day) <= EASY_BEFORE


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the schedule; `position` is the runner's place on the ladder when it was planned."""

    day: date
    sort: str  # easy long progression fast-finish primer
    steps: Steps
    position: int | None = None

    @property
    def minutes(self) -> int:
        return minutes_of(self.steps)

    @property
    def title(self) -> str:
        return {"long": "Long", "fast-finish": "Long fast finish", "primer": "Primer"}.get(self.sort) or title(self.steps)

    @property
    def demoted(self) -> Run:
        """The same run, all of it easy."""
        return replace(self, sort="long" if self.sort in ("long", "fast-finish") else "easy", steps=easy(self.minutes))


@dataclass(frozen=True, slots=True)
class Done:
    """A run that was really run: `load` as in ladders.Efforts, `score` 0 to 100 or None if it had no targets."""

    day: date
    minutes: int
    load: str
    name: str = ""
    score: int | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Week:
    number: int
    starts: date
    sort: Sort
    runs: tuple[Run, ...]

    @property
    def minutes(self) -> int:
        return sum(run.minutes for run in self.runs)

    def holds(self, day: date) -> bool:
        return self.starts <= day < self.starts + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`scale` is the share of the first plan's volume after planning again; `planned_on` is the day of planning."""

    runner: Runner
    race: Race | None
    weeks: tuple[Week, ...]
    why: tuple[str, ...]
    planned_on: date
    scale: float = 1.0

    @property
    def start(self) -> date:
        return self.weeks[0].starts

    @property
    def runs(self) -> list[Run]:
        return [run for week in self.weeks for run in week.runs]

    def name_of(self, run: Run) -> str:
        """The name of a run, "Thirds, week 3", by which its journal is found."""
        return f"{run.title}, week {(run.day - self.start).days // 7 + 1}"


@dataclass(frozen=True, slots=True)
class Event:
    """A past or earlier planned run, as it limits later ones."""

    day: date
    minutes: int
    load: str

    @classmethod
    def of(cls, run: Run, efforts: Efforts) -> Event:
        return cls(run.day, run.minutes, efforts.load(run.steps))


def longest_allowed(events: Iterable[Event], first: date, last: date | None = None) -> int:
    """The longest run allowed (min) on any day from `first` to `last` (default: `first`); only runs before `first` count."""
    since = (last or first) - timedelta(days=WINDOW)
    longest = max((event.minutes for event in events if since <= event.day < first), default=0)
    return floor(GROW * longest + 1e-9) if longest else SHORTEST


def rested(day: date, events: Sequence[Event], slow_to_recover: bool) -> bool:
    """Whether the day is long enough after all hard runs for another run that is not easy."""
    return all(
        day - event.day >= timedelta(days=recovery_days(event.load, slow_to_recover))
        for event in events
        if event.load != "easy" and event.day < day
    )
