"""The folder of journals, and the runs in it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.errors import InvalidSettings, suggestion
from coach.runs.clocks import gap
from coach.runs.entries import TOTALS, End, Happened, Led
from coach.runs.journal import PACKED, JournalReader, compact, is_journal, is_led, last_entries, name_of
from devices.api import InvalidFile

WEEK = 7 * 86_400.0  # s


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A journal: `started` is Unix time by the computer's clock, `seconds` the length, `ended` whether it came to its end.

    `number` counts the runs of this folder, independently of the clock. `totals` are elapsed (s), distance (m) and score, as
    the run ended with them; None if it did not end, or is of an earlier version.
    """

    path: Path
    started: float
    seconds: float | None
    ended: bool
    number: int
    totals: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        return name_of(self.path)


def folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("progression-coach") / "runs"


def list_runs() -> list[KeptRun]:
    """All runs, newest first. Other files are ignored. Runs of versions without numbers come last, by their time."""
    plain = list(folder().glob("*.jsonl"))
    packed = [path for path in folder().glob(f"*.jsonl{PACKED}") if path.with_suffix("") not in plain]
    runs = [_run(path) for path in (*plain, *packed) if is_journal(path)]
    return sorted((run for run in runs if run), key=lambda run: (run.number, run.started), reverse=True)


def find_run(name: str) -> Path:
    """The journal of a name from `coach runs`, of "last", or of a file. Raises InvalidSettings."""
    if "/" in name or Path(name).suffix:
        return Path(name)
    runs = list_runs()
    names = {run.name: run.path for run in runs}
    if name == "last" and runs:
        return runs[0].path
    if name == "last":
        raise InvalidSettings("", None, "there are no runs yet", "`coach run` begins one")
    if name not in names:
        hint = suggestion(name, [*names][:5]) if names else "there are no runs yet"
        raise InvalidSettings(name, None, "is not a run that `coach runs` lists", hint)
    return names[name]


def new_path(plan_name: str) -> Path:
    """A new name: when the run began and what was planned. The folder is made its owner's alone."""
    with suppress(OSError):  # the journal tells what is wrong; a card may have no permissions
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        folder().chmod(0o700)  # an earlier version, or a copy, may have left it open to others
    plain = re.sub(r"[^a-z0-9]+", "-", plan_name.lower()).strip("-")[:32] or "run"
    stem = f"{datetime.now():%Y-%m-%dT%H-%M-%S}-{plain}"
    path = folder() / f"{stem}.jsonl"
    count = 1
    while path.exists():
        count += 1
        path = folder() / f"{stem}-{count}.jsonl"
    return path


def next_number() -> int:
    """The number of the next run."""
    return max((run.number for run in list_runs()), default=0) + 1


def unfinished() -> KeptRun | None:
    """The last run, if it was interrupted and no coach is continuing it now."""
    runs = list_runs()
    if not runs or runs[0].ended or is_led(runs[0].path):
        return None
    return runs[0]


def compact_old(now: float) -> int:
    """Packs the journals of runs that ended more than a week ago; how many. One that cannot be packed stays as it is."""
    count = 0
    for run in list_runs():
        if run.ended and run.path.suffix != PACKED and run.started < now - WEEK and not is_led(run.path):
            with suppress(OSError):
                compact(run.path)
                count += 1
    return count


def ago(run: KeptRun) -> float | None:
    """Seconds since a run was interrupted: by the time since boot, or after a restart by the clock, if that is plausible."""
    led = [entry for entry in JournalReader(run.path) if isinstance(entry, Led)]
    if led and (since := gap(led[-1], run.seconds or 0.0)) is not None:
        return since
    by_the_day = time.time() - run.path.stat().st_mtime
    return by_the_day if by_the_day >= 0 else None


def broken_off(name: str) -> KeptRun:
    """The interrupted run of that name. Raises InvalidSettings if it ended, or still goes on in another coach program."""
    path = find_run(name)
    run = _run(path)
    if run is None or run.ended:
        raise InvalidSettings(name, None, "has ended: only an interrupted run can be resumed", "`coach runs` lists them")
    if is_led(path):
        raise InvalidSettings(name, None, "is still going on in another coach program", "stop that one first")
    return run


def _run(path: Path) -> KeptRun | None:
    try:
        journal = JournalReader(path)
        last, before = [*last_entries(path, 2), None, None][:2]
    except (InvalidFile, OSError):
        return None
    number = journal.header.get("number")
    return KeptRun(
        path,
        journal.started if journal.started is not None else time.time(),
        last.at if last else None,
        isinstance(last, End),
        number if isinstance(number, int) else 0,
        before.facts if isinstance(before, Happened) and before.name == TOTALS else None,
    )
