"""Cuts an activity before it leaves the computer: a part of it, without the places near home, or without any place."""

from __future__ import annotations

import math
import os
from bisect import bisect_left
from dataclasses import replace

from coach.core.geometry import EQUATOR, metres_between
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.activity import Activity, Part, Second, part

SECRET = 16  # bytes
LEAST_SHIFT, MOST_SHIFT = 0.2, 0.6  # of the radius: how far the middle of a hidden zone lies from home


def between(activity: Activity, first: float, last: float) -> Activity:
    """What was run from second `first` to second `last` of running; time and distance begin anew. Raises InvalidSettings."""
    begin, end = (bisect_left(activity.seconds, moment, key=lambda each: each.elapsed) for moment in (first, last))
    kept = activity.seconds[begin:end]
    if not kept:
        raise InvalidSettings("--from, --to", None, "nothing of the run lies between them")
    elapsed, metres = kept[0].elapsed, kept[0].distance
    seconds = [each._replace(elapsed=each.elapsed - elapsed, distance=each.distance - metres) for each in kept]
    length, way, at = seconds[-1].elapsed, seconds[-1].distance, seconds[-1].at
    return replace(
        activity,
        seconds=seconds,
        segments=[(number, cut) for number, each in activity.segments if (cut := _clipped(each, elapsed, seconds))],
        laps=[cut for each in activity.laps if (cut := _clipped(each, elapsed, seconds))],
        pauses=[pause for pause in activity.pauses if pause[0] >= seconds[0].at and pause[1] <= at],
        decisions=[each for each in activity.decisions if seconds[0].at <= each.at <= at],
        events=[each for each in activity.events if seconds[0].at <= each.at <= at],
        summary=activity.summary | {"at": at, "elapsed": length, "distance": way, "complete": False},
    )


def without_home(activity: Activity, radius: float, secret: bytes) -> Activity:
    """Without its places within `radius` metres of where it began and ended, and without the running before and after them.

    Where the run passes there in between, its places are left out. The zone's middle is not home: it is moved by a distance and
    direction that follow from `secret`, the same in every run, because a middle that moved would show itself on average. It
    does not hide a home from somebody who knows the neighbourhood. Raises InvalidSettings if all of the run lies there.
    """
    seconds = hidden_places(activity.seconds, radius, secret)
    shown = [each.elapsed for each in seconds if each.lat is not None]
    if not shown and any(each.lat is not None for each in activity.seconds):
        raise InvalidSettings("--hide-home", None, "the whole run is within that distance", "export it with --no-places")
    return between(replace(activity, seconds=seconds), shown[0], shown[-1] + 1e-6) if shown else activity


def hidden_places(seconds: list[Second], radius: float, secret: bytes) -> list[Second]:
    """The seconds, without the places in the zones around the first and the last of them (`without_home`)."""
    placed = [each for each in seconds if each.lat is not None]
    homes = [_shifted(each, radius, secret) for each in (*placed[:1], *placed[-1:])]

    def is_hidden(second: Second) -> bool:
        return second.lat is not None and any(metres_between(second.lat, second.lon or 0.0, *home) < radius for home in homes)

    return [each.without_place() if is_hidden(each) else each for each in seconds]


def without_places(activity: Activity) -> Activity:
    """Without any position or height."""
    return replace(activity, seconds=[each.without_place() for each in activity.seconds])


def secret() -> bytes:
    """This computer's secret for hidden zones, made when it is first needed; only its owner can read it."""
    path = store.folder().parent / "hidden-zone"
    try:
        kept = path.read_bytes()
    except OSError:
        kept = b""
    if len(kept) == SECRET:
        return kept
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = os.urandom(SECRET)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(made)
    return made


def _clipped(each: Part, since: float, seconds: list[Second]) -> Part | None:
    """The part of a piece that lies in these seconds, whose time begins `since` s of running later; None if there is none."""
    began, ended = max(0.0, each.began - since), min(seconds[-1].elapsed, each.ended - since)
    if ended <= began:
        return None
    metres, beyond = (_distance_at(seconds, moment) for moment in (began, ended))
    return part(seconds, each.name, began, ended, metres, beyond - metres)


def _distance_at(seconds: list[Second], elapsed: float) -> float:
    index = bisect_left(seconds, elapsed, key=lambda each: each.elapsed)
    if index == 0:
        return 0.0
    before, after = seconds[index - 1], seconds[min(index, len(seconds) - 1)]
    step = after.elapsed - before.elapsed
    share = (elapsed - before.elapsed) / step if step > 0 else 0.0
    return before.distance + (after.distance - before.distance) * share


def _shifted(home: Second, radius: float, secret: bytes) -> tuple[float, float]:
    """A place near home, in degrees."""
    turn, far = (int.from_bytes(each, "big") / 2**32 for each in (secret[:4], secret[4:8]))
    metres = radius * (LEAST_SHIFT + (MOST_SHIFT - LEAST_SHIFT) * far)
    lat, lon = home.lat or 0.0, home.lon or 0.0
    degree = math.radians(1.0) * EQUATOR
    north, east = metres * math.cos(2 * math.pi * turn), metres * math.sin(2 * math.pi * turn)
    return lat + north / degree, lon + east / degree / max(0.01, math.cos(math.radians(lat)))
