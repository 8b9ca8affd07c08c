"""The runs in the journals: day, minutes and effort of each, and how well it met its plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from coach.core.inputs import Input
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.ladders import Efforts
from coach.planning.schedule.parts import Done
from coach.runs.journal import JournalReader
from coach.runs.setup import Setup
from coach.runs.store import KeptRun, list_runs
from coach.runs.summary import Summary, totals, whole_score
from devices.api import InvalidFile

SHORTEST = 5  # min: a shorter one was a test, not a run


def runs_since(day: date, fitness: Fitness) -> list[Done]:
    """The runs since `day`, oldest first. Journals that this version cannot read are left out."""
    kept = [run for run in list_runs() if datetime.fromtimestamp(run.started).date() >= day]
    return list(_readable(((run.path, run.started) for run in reversed(kept)), Efforts(fitness)))


def _readable(runs: Iterator[tuple[Path, float]], efforts: Efforts) -> Iterator[Done]:
    for path, started in runs:
        try:
            done = _done(path, started, efforts)
        except (InvalidFile, ValueError, KeyError):
            continue
        if done.minutes >= SHORTEST:
            yield done


def totals_of(run: KeptRun) -> Mapping[str, Any]:
    """Elapsed (s), distance (m) and score of a run; one that did not end is replayed. Raises InvalidFile or InvalidSettings."""
    if run.totals is not None:
        return run.totals
    return totals(_summed(run.path)[1])


def _summed(path: Path) -> tuple[str, dict[str, Any]]:
    """The plan's name and the summary of a journal's run, replayed. Raises InvalidFile or InvalidSettings."""
    journal = JournalReader(path)
    coach = Setup.from_dict(journal.run).coach()
    summary = Summary(coach)
    for entry in journal:
        if isinstance(entry, Input):
            summary.follow(coach.feed(entry))
    return coach.plan.name, summary.as_dict()


def _done(path: Path, started: float, efforts: Efforts) -> Done:
    name, told = _summed(path)
    run = [each["actual"] for each in told["segments"]]
    load = efforts.load_of((each["elapsed"] / 60, each["speed"]) for each in run if each["speed"])
    day = datetime.fromtimestamp(started).date()
    return Done(day, round(told["elapsed"] / 60), load, name, whole_score(told["segments"]), told["complete"])
