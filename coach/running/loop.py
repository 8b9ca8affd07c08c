"""The loop: live, replay and test are led by it, and differ only in where their inputs come from."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.core.session.phases import Phase, Session
from coach.runs.journal import JournalWriter
from coach.runs.summary import Summary
from coach.ui.views import View
from coach.voice.words.phrasing import Words

JOURNALLED = ("struck", "adapted", "heart_high")  # events: that the plan gave way, and why


def unheard(what: object) -> None:
    """Nobody listens."""


def conduct(
    items: Iterable[Input],
    coach: Coach,
    words: Words,
    view: View,
    say: Callable[[Cue], object] = unheard,
    journal: JournalWriter | None = None,
    summary: Summary | None = None,
    beat: Callable[[int | None], object] = unheard,
) -> Summary:
    """The loop. Live, replay and test differ only in where `items` come from. A bug costs one input, not the run.

    `beat` is told after each input what cadence (steps a minute) is to be heard now, None for none.
    """
    summary = summary or Summary(coach)
    for item in items:
        if journal:
            journal.write_input(item)
        try:
            cues = coach.feed(item)
        except Exception:  # a bug in the core: told in the journal, and the runner is coached on
            _report_bug(item, view, journal)
            continue
        for event in coach.events:
            view.event(event)
            if journal and event.name in JOURNALLED:
                journal.write_event(event)
        for cue in cues:
            say(cue)
            _note_down(cue, words.text(cue), view, journal)
        summary.follow(cues)
        view.followed(coach)
        beat(cadence(coach.session))
        if coach.finished:
            break
    return summary


def _note_down(cue: Cue, text: str, view: View, journal: JournalWriter | None) -> None:
    if journal:
        journal.write_cue(cue, text)
    view.cue(cue, text)


def cadence(session: Session) -> int | None:
    """Steps a minute that a metronome should click now; None where the segment has none, and in pauses."""
    return session.segment.cadence if session.phase is Phase.RUNNING else None


def _report_bug(item: Input, view: View, journal: JournalWriter | None) -> None:
    trace = traceback.format_exc()
    if journal is None:
        raise
    journal.write_bug(item.at, trace)
    view.note(f"a bug in the coach was written to the journal; the run goes on: {trace.splitlines()[-1]}")
