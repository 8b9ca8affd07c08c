"""The runs in the journals: day, minutes and effort of each, and how well it met its plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from coach.core.inputs import Input
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.ladders import Efforts
from coach.planning.schedule.parts import Done
from coach.runs.journal import JournalReader
from coach.runs.setup import Setup
from coach.runs.store import list_runs
from coach.runs.summary import Summary
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


def _done(path: Path, started: float, efforts: Efforts) -> Done:
    journal = JournalReader(path)
    coach = Setup.from_dict(journal.run).coach()
    summary = Summary(coach)
    for entry in journal:
        if isinstance(entry, Input):
            summary.follow(coach.feed(entry))
    told = summary.as_dict()
    segments = [each["actual"] | {"score": each["score"]} for each in told["segments"]]
    load = efforts.load_of((each["elapsed"] / 60, each["speed"]) for each in segments if each["speed"])
    day = datetime.fromtimestamp(started).date()
    return Done(day, round(told["elapsed"] / 60), load, coach.plan.name, _score(segments), told["complete"])


def _score(segments: list[dict[str, Any]]) -> int | None:
    """The score of the whole run: the mean of its segments, weighted by time."""
    judged = [(each["elapsed"], each["score"]) for each in segments if each["score"] is not None]
    seconds = sum(elapsed for elapsed, _ in judged)
    return round(sum(elapsed * score for elapsed, score in judged) / seconds) if seconds else None
