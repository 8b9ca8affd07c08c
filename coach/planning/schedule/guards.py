"""The guards of a schedule: limits that no week may exceed. A run that does is shortened or replaced by its easy twin.

Planning already keeps to them; they matter where a week was planned before something else was run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from coach.planning.one_run.ladders import Efforts, easy, fitted, shrunk
from coach.planning.schedule.filling import is_balanced
from coach.planning.schedule.parts import Event, Race, Run, Runner, Week, longest_allowed, rested


def guarded(weeks: Sequence[Week], events: Sequence[Event], race: Race | None, runner: Runner) -> tuple[Week, ...]:
    """The weeks with every run cut to the limits, given the runs before. In order: a run that is cut limits later ones too."""
    efforts = Efforts(runner.fitness)
    behind = [*events, *_raced(race)]
    found = []
    for week in weeks:
        runs: list[Run] = []
        for run in week.runs:
            kept = _kept(run, behind, race, runner, efforts)
            runs.append(kept)
            behind.append(Event.of(kept, efforts))
        done = sum(event.minutes for event in events if week.holds(event.day))
        calm = _calmed(runs, efforts, done)
        behind[len(behind) - len(runs) :] = [Event.of(run, efforts) for run in calm]
        found.append(replace(week, runs=tuple(calm)))
    return tuple(found)


def _raced(race: Race | None) -> Iterator[Event]:
    """The race as an event to recover from; it does not count for how long later runs may be."""
    if race:
        yield Event(race.day, 0, "very hard")


def _kept(run: Run, behind: Sequence[Event], race: Race | None, runner: Runner, efforts: Efforts) -> Run:
    most = min(longest_allowed(behind, run.day), runner.time_on(run.day))
    if run.minutes > most:
        run = replace(run, steps=fitted(run.steps, most, 0.0) or shrunk(run.steps, most) or easy(most))
    is_hard = efforts.load(run.steps) != "easy"
    too_soon = not rested(run.day, behind, runner.slow_to_recover)
    near = race is not None and race.is_near(run.day)
    return run.demoted if is_hard and (too_soon or near) else run


def _calmed(runs: Sequence[Run], efforts: Efforts, done: int) -> list[Run]:
    """Replaces the hardest run by its easy twin until four fifths of the week are easy."""
    runs = list(runs)
    while not is_balanced(runs, efforts, done):
        place = max(range(len(runs)), key=lambda at: efforts.fast_minutes(runs[at].steps))
        runs[place] = runs[place].demoted
    return runs
