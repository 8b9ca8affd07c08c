"""Feeds a journal to the coach again and compares what it says: every recorded run is a regression test."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from coach.core.inputs import Input
from coach.runs.journal import JournalReader, SaidCue
from coach.runs.setup import Setup


class Changes(NamedTuple):
    """How many of a journal's cues are said again: word for word, in other words at the same moment, or not at all.

    `new` were not said then; `damaged` counts the journal's lines that cannot be read.
    """

    same: int
    reworded: int
    gone: int
    new: int
    damaged: int


def verify(path: Path) -> tuple[int, str | None]:
    """Returns how many cues were the same, and the first difference, if any."""
    said, again, _ = _compared(path)
    for count, (then, now) in enumerate(zip_longest(said, again)):
        if then != now:
            return count, f"the journal says {_told_as(then)}, but now it is {_told_as(now)}"
    return len(said), None


def changes(path: Path) -> Changes:
    """What is otherwise, counted: another version of the program chooses other words and moments."""
    said, again, damaged = _compared(path)
    then, now = ({(cue.at, cue.kind): cue.text for cue in cues} for cues in (said, again))
    both = then.keys() & now.keys()
    same = sum(then[each] == now[each] for each in both)
    return Changes(same, len(both) - same, len(then) - len(both), len(now) - len(both), damaged)


def _compared(path: Path) -> tuple[list[SaidCue], list[SaidCue], int]:
    """What was said, what would be said now, and how many lines are damaged."""
    journal = JournalReader(path)
    setup = Setup.from_dict(journal.run)
    coach, words = setup.coach(), setup.words()
    said: list[SaidCue] = []
    again: list[SaidCue] = []
    for entry in journal:
        if isinstance(entry, SaidCue):
            said.append(entry)
        elif isinstance(entry, Input):
            again += [SaidCue.of(cue, words.text(cue)) for cue in coach.feed(entry)]
    return said, again, journal.damaged


def _told_as(cue: SaidCue | None) -> str:
    return f"{cue.text!r} at {cue.at:.1f} s" if cue else "nothing"
