"""The workout that is planned for a day at intervals.icu; the last answer is kept, for who has no network at the start."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from coach.core.plan.segments import Plan
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.runs import store
from coach.runs.sync.intervals import Intervals
from coach.runs.sync.keys import key_of
from coach.runs.sync.options import TODAY, Sync
from coach.workouts.icu_doc import plan_of


def planned(options: Sync, fitness: Fitness | None, tell: Callable[[str], None], day: date | None = None) -> Plan:
    """The run planned for today. Raises InvalidSettings if there is none, more than one, or nobody can be asked."""
    day = day or date.today()
    kept = store.folder().parent / "sync" / "intervals" / f"planned-{day}.json"
    answer = Intervals(key_of("intervals"), options.address).planned(day)
    if answer.status == 200 and isinstance(answer.content, list):
        _keep(kept, answer.content)
        return _chosen(answer.content, fitness, tell)
    why = answer.told or f"it answered {answer.status}"
    try:
        events = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        raise InvalidSettings(TODAY, None, f"intervals.icu cannot be asked: {why}") from None
    tell(f"intervals.icu cannot be asked ({why}): its last answer of today is used")
    return _chosen(events, fitness, tell)


def _chosen(events: list[Any], fitness: Fitness | None, tell: Callable[[str], None]) -> Plan:
    runs = [each for each in events if isinstance(each, dict) and each.get("type") == "Run" and each.get("workout_doc")]
    if not runs:
        raise InvalidSettings(TODAY, None, "no run is planned for today at intervals.icu")
    if len(runs) > 1:
        names = ", ".join(str(each.get("name")) for each in runs)
        raise InvalidSettings(
            TODAY, None, f"{len(runs)} runs are planned for today: {names}", "delete the others there, or name a file"
        )
    return plan_of(runs[0], fitness, tell)


def _keep(path: Path, events: list[Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in path.parent.glob("planned-*.json"):
        old.unlink(missing_ok=True)
    path.write_text(json.dumps(events), "utf-8")
