"""Sends a run: exactly once, whatever the network, the server and this computer do meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from coach.core.units import clock_text
from coach.errors import InvalidSettings
from coach.runs import load, store
from coach.runs.activity import Activity
from coach.runs.export import content, cutting
from coach.runs.journal import name_of
from coach.runs.sync.http import WHOLE, Answer
from coach.runs.sync.intervals import Intervals
from coach.runs.sync.keys import key_of
from coach.runs.sync.queue import Entry, Queue

STOP = (401, 403, 404)  # the key or the address is wrong: nothing else will go through either
REJECTED = (400, 413, 415, 422)  # the service does not want this file
FIRST_WAIT, LONGEST_WAIT = 30.0, 6 * 3600.0  # s until the next try, twice as long each time
IN_FLIGHT = WHOLE  # s for which an upload that broke off may still arrive: until then asking the server proves nothing
NO_ID = "without an id"
CHECK = "make sure of the key: coach sync intervals --login"
RECENT = 14 * 86_400.0  # s: older runs are sent only by name
SHORTEST = 60.0  # s of running: a shorter one was a test


def send_runs(
    name: str, address: str, hidden: float, run: str | None, unit: str, tell: Callable[[str], object]
) -> bool:  # fmt: skip
    """Sends a run, or all of the last two weeks that were not sent; whether all of them are at the service now.

    What lies within `hidden` metres of home is left out.

    Raises InvalidSettings, also where the service refuses the key, and InvalidFile.
    """
    queue, service = Queue(name), Intervals(key_of(name), address)
    paths = [store.find_run(run)] if run else [each.path for each in reversed(store.list_runs()) if _is_recent(each)]
    waiting = [path for path in paths if run or queue.entry(name_of(path)).state in ("new", "sending")]
    sent = True
    with queue.only_sender():
        for path in waiting:
            activity = load(str(path), unit=unit)
            if not activity.seconds or activity.seconds[-1].elapsed < SHORTEST:
                if run:
                    raise InvalidSettings(run, None, f"is shorter than {clock_text(SHORTEST)}: nothing to send")
                continue
            if hidden:
                activity = cutting.without_home(activity, hidden, cutting.secret())
            sent = send(name_of(path), activity, service, queue, tell) and sent
    return sent


def _is_recent(run: store.KeptRun) -> bool:
    return run.ended and time.time() - run.started < RECENT


def send(run: str, activity: Activity, service: Intervals, queue: Queue, tell: Callable[[str], object]) -> bool:
    """Whether the run is at the service now. Raises InvalidSettings if no other run can be sent either."""
    entry = queue.entry(run)
    if entry.state in ("sent", "rejected"):
        tell(f"{run}: {'was sent before' if entry.state == 'sent' else f'was rejected: {entry.answer}'}")
        return entry.state == "sent"
    if (wait := entry.later - time.time()) > 0:
        tell(f"{run}: kept for later, not before {clock_text(wait)} from now")
        return False
    data = content(activity, ".fit")
    named = datetime.fromtimestamp(activity.start, UTC).strftime("%Y%m%dT%H%M%SZ")
    entry = replace(entry, external_id=entry.external_id or f"coach-{named}-{sha256(data).hexdigest()[:12]}")
    if entry.state == "sending":
        found = service.find(entry.external_id, activity.start, activity.summary["distance"])
        if found.status != 200:
            return _later(entry, found, queue, tell)
        if found.content:
            return _sent(entry, found.content, queue, tell)
    entry = replace(entry, state="sending", tries=entry.tries + 1, later=time.time() + IN_FLIGHT)
    queue.put(entry)
    return _heed(entry, service.upload(activity.plan.name[:80], entry.external_id, f"{run}.fit", data), queue, tell)


def _heed(entry: Entry, answer: Answer, queue: Queue, tell: Callable[[str], object]) -> bool:
    if 200 <= answer.status < 300 and _id(answer.content):
        return _sent(entry, answer.content, queue, tell)
    if answer.status in REJECTED:
        queue.put(replace(entry, state="rejected", answer=f"{answer.status} {answer.told}".strip()))
        tell(f"{entry.run}: the service rejected it: {answer.told or answer.status}")
        return False
    return _later(entry, answer, queue, tell)


def _sent(entry: Entry, found: Any, queue: Queue, tell: Callable[[str], object]) -> bool:
    queue.put(replace(entry, state="sent", answer=_id(found) or NO_ID, later=0.0))
    tell(f"{entry.run}: sent")
    return True


def _later(entry: Entry, answer: Answer, queue: Queue, tell: Callable[[str], object]) -> bool:
    """Kept, to be tried again; it stays `sending`, so that the server is asked first."""
    if answer.status in STOP:
        queue.put(replace(entry, later=0.0))
        raise InvalidSettings(entry.run, None, f"the service refused: {answer.status} {answer.told}".strip(), CHECK)
    if 300 <= answer.status < 400:
        queue.put(replace(entry, later=0.0))
        raise InvalidSettings(entry.run, None, f"the service has moved ({answer.status})", "see [sync] address in the config")
    wait = answer.retry_after if answer.retry_after is not None else FIRST_WAIT * 2 ** min(entry.tries, 20)
    wait = min(LONGEST_WAIT, wait)
    queue.put(replace(entry, later=time.time() + wait))
    why = answer.told or (f"it answered {answer.status}" if answer.status else "it did not answer")
    tell(f"{entry.run}: kept for later ({why})")
    return False


def _id(found: Any) -> str:
    """The id of an activity in an answer; empty if there is none."""
    value = found.get("id") if isinstance(found, dict) else None
    return str(value)[:80] if value else ""
