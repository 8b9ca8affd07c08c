"""Tells what could not be used of a recording: counts by reason, and one line if it is more than a hundredth."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devices.tracks import Track

LeftOut = tuple[dict[str, int], str | None]  # the counts, empty if nothing was left out; the line to print
WORTH_TELLING = 0.01  # share of all points, sentences or bytes from which a line is printed
_POINTS = {  # reasons to leave out a point, or an epoch of a log
    "repeated": "at the same moment as another",
    "stray": "with a time that does not fit the others",
    "untimed": "without a time",
    "no place": "without a position",
    "other": "of a second receiver",
}
_LINES = {
    "checksum": "with a bad checksum",
    "short": "with fields missing",
    "json": "that are not JSON",
    "overlong": "far too long",
}
_USED = ("set back", "set ahead", "unchecked")  # counted, and not left out
IMPOSSIBLE = "impossible"
_BYTES = {"unread": "cannot be read", "noise": "are noise"}


def left_out(track: Track) -> LeftOut:
    """What was left out of a track whose samples have been read."""
    faults = {fault: times for fault, times in track.faults.items() if times and fault not in _USED}
    told = [
        _counted("points", _POINTS, faults, track.points),
        _counted("sentences", _LINES, faults, track.points),
        *(
            f"{faults[fault]} of its {track.size} bytes {why}"
            for fault, why in _BYTES.items()
            if _is_much(faults, fault, track.size)
        ),
        f"{faults[IMPOSSIBLE]} impossible values left out" if _is_much(faults, IMPOSSIBLE, track.points) else "",
        "it ends in the middle" if "truncated" in faults else "",
        "its checksum is wrong, so what it says may be wrong" if "altered" in faults else "",
        "a transfer took it for text and put a byte before each line end; these were taken out" if "as text" in faults else "",
    ]
    said = "; ".join(each for each in told if each)
    line = f"{os.path.basename(track.path)} is damaged, and the rest of it was used: {said}." if said else None
    return ({"points": track.points, **faults} if faults else {}), line


def _is_much(faults: dict[str, int], fault: str, of: int) -> bool:
    return faults.get(fault, 0) > WORTH_TELLING * of


def _counted(what: str, reasons: dict[str, str], faults: dict[str, int], of: int) -> str:
    found = {why: faults[fault] for fault, why in reasons.items() if fault in faults}
    if sum(found.values()) <= WORTH_TELLING * of:
        return ""
    by_reason = ", ".join(f"{times} {why}" for why, times in found.items())
    return (
        f"{sum(found.values())} of {of} points left out ({by_reason})" if what == "points" else f"{what} left out: {by_reason}"
    )
