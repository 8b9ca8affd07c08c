"""The rules of a FIT activity that readers do not check: order, sums, pauses, and laps that meet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import fitdecode

Messages = dict[str, list[dict[str, Any]]]


def messages(data: bytes) -> Messages:
    """All messages by name, each as its fields. Raises fitdecode.FitError if a checksum is wrong."""
    found: Messages = {}
    with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as fit:
        for frame in fit:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                found.setdefault(frame.name, []).append({field.name: field.value for field in frame.fields})
    return found


def broken(data: bytes) -> list[str]:
    """The rules that an activity breaks, a line each."""
    return list(broken_in(messages(data)))


def broken_in(found: Messages) -> Iterator[str]:
    """The rules that these messages break."""
    if any(len(found.get(name, ())) != 1 for name in ("file_id", "session", "activity")):
        yield "file_id, session and activity are there once"
        return
    [session], [activity], laps, records = found["session"], found["activity"], found.get("lap", []), found.get("record", [])
    times = [record["timestamp"] for record in records]
    rules = {
        "there are records": bool(records),
        "records come in order": all(before < now for before, now in pairwise(times)),
        "laps are counted": session["num_laps"] == len(laps) > 0,
        "laps meet": all(before["timestamp"] == now["start_time"] for before, now in pairwise(laps)),
        "a lap has a step": len(laps) <= len(found.get("workout_step", [])) or all("wkt_step_index" in lap for lap in laps),
        "no timer is longer than its lap": all(
            lap["total_elapsed_time"] >= lap["total_timer_time"] for lap in (*laps, session)
        ),
        "timers agree": session["total_timer_time"] == activity["total_timer_time"],
    }
    for name in ("total_timer_time", "total_distance"):
        rules[f"{name} of the laps is the session's"] = abs(sum(lap[name] for lap in laps) - session[name]) < 1e-6
    yield from (rule for rule, holds in rules.items() if not holds)
    yield from _pauses(found, times)


def _pauses(found: Messages, times: list[Any]) -> Iterator[str]:
    events = [(event["event_type"], event["timestamp"]) for event in found.get("event", [])]
    kinds = [kind for kind, _ in events]
    if kinds != ["start", "stop_all"] * (len(kinds) // 2) or not kinds:
        yield "the timer starts and stops in turn"
    for (kind, stopped), (_, begun) in pairwise(events):
        if kind == "stop_all" and any(stopped < moment < begun for moment in times):
            yield "no record while the timer stands"
