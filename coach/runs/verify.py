"""Feeds a journal to the coach again and compares what it says: every recorded run is a regression test."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from coach.core.inputs import Input
from coach.runs.journal import JournalReader, SaidCue
from coach.runs.setup import Setup


def verify(path: Path) -> tuple[int, str | None]:
    """Returns how many cues were the same, and the first difference, if any."""
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
    for count, (then, now) in enumerate(zip_longest(said, again)):
        if then != now:
            return count, f"the journal says {_told_as(then)}, but now it is {_told_as(now)}"
    return len(said), None


def _told_as(cue: SaidCue | None) -> str:
    return f"{cue.text!r} at {cue.at:.1f} s" if cue else "nothing"
