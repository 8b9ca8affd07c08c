"""Schedules of random runners before an examiner that shares no code with the planner, and how long one takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from coach.planning.schedule.generate import schedule
from coach.workouts.schedules import as_dict
from tests.bench.row import Row
from tests.planning.schedule.examiner import broken
from tests.planning.schedule.runners import runners

RUNNERS = 3_000


def measure(seed: int = 1) -> Iterator[Row]:
    faults, runs, weeks, hard, spent = list[str](), 0, 0, 0, 0.0
    for asked in runners(RUNNERS, seed):
        began = time.perf_counter()
        told = as_dict(schedule(*asked))
        spent += time.perf_counter() - began
        faults += broken(told)
        weeks += len(told["weeks"])
        runs += sum(len(week["runs"]) for week in told["weeks"])
        hard += sum(run["sort"] in ("progression", "fast-finish", "primer") for week in told["weeks"] for run in week["runs"])
    for line in faults[:10]:
        print(f"  {line}")
    yield Row("schedules of random runners", RUNNERS, "")
    yield Row("  weeks, and runs in them", runs, f"in {weeks}")
    yield Row("  weeks with a progression run", 100 * hard / weeks, "%")
    yield Row("  broken rules", len(faults), "", 0)
    yield Row("  time for one", 1000 * spent / RUNNERS, "ms")
