"""The loop of every run: live runs, replays and tests differ only in where their inputs come from."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.core.session.phases import Phase, Session
from coach.runs.journal import JournalWriter
from coach.runs.summary import Summary
from coach.ui.views import View
from coach.voice.words.phrasing import Words

JOURNALLED = ("struck", "adapted", "heart_high")  # events that the journal keeps: the plan was eased, and why

MOST_TRACES = 20  # tracebacks of different bugs in one run
UNSAVED_FOR = 5.0  # s of trouble with the journal before it is said: shorter trouble ends by itself


def unheard(what: object) -> None:
    """The default for callbacks: does nothing."""


@dataclass(slots=True)
class Loop:
    """Reads inputs, feeds the coach, and hands on what it says: to the voice, the journal and the view.

    Without a journal a bug in the core raises; with one its traceback is written there, the input is skipped, the run goes on.
    `beat` is called after each input with the cadence (steps a minute) to click now, None for none; `aside` says asides
    (asides.py); `loudness` is called with the volume of the run before what is said.
    """

    coach: Coach
    words: Words
    view: View
    say: Callable[[Cue], object] = unheard
    journal: JournalWriter | None = None
    summary: Summary | None = None  # a resumed run continues its own
    beat: Callable[[int | None], object] = unheard
    aside: Callable[[str], object] = unheard
    loudness: Callable[[int], object] = unheard
    _unsaved_since: float | None = None  # inf once it was told
    _bugs: dict[str, int] = field(default_factory=dict)  # how often each came, by where it arose

    def run(self, items: Iterable[Input]) -> Summary:
        """Coaches until the items or the workout end."""
        coach = self.coach
        self.summary = summary = self.summary or Summary(coach)
        for item in items:
            if self.journal:
                self.journal.write_input(item)
                self._watch(self.journal, item.at)
            try:
                cues = coach.feed(item)
            except Exception:  # a bug in the core: the journal keeps the traceback, and the run goes on
                self._report_bug(item)
                continue
            if cues or coach.events:
                self._hand_on(cues)
            summary.follow(cues)
            self.view.followed(coach)
            if self.beat is not unheard:
                self.beat(cadence(coach.session))
            if coach.session.phase is Phase.DONE:
                break
        self._count_bugs(coach.estimate.at)
        return summary

    def _watch(self, journal: JournalWriter, at: float) -> None:
        """Says once that the run is not being saved; not during the moment in which the journal is rewritten."""
        if journal.is_saved:
            self._unsaved_since = self._unsaved_since if self._unsaved_since == inf else None
        elif self._unsaved_since is None:
            self._unsaved_since = at
        elif at - self._unsaved_since >= UNSAVED_FOR:
            self._unsaved_since = inf
            self.aside("not_saved")

    def _hand_on(self, cues: Iterable[Cue]) -> None:
        self.loudness(self.coach.volume.level)
        for event in self.coach.events:
            self.view.event(event)
            if self.journal and event.name in JOURNALLED:
                self.journal.write_event(event)
        for cue in cues:
            self.say(cue)
            text = self.words.text(cue)
            if self.journal:
                self.journal.write_cue(cue, text)
            self.view.cue(cue, text)

    def _report_bug(self, item: Input) -> None:
        """Reports the traceback of a bug once; how often it came again is told at the end."""
        trace = traceback.format_exc()
        if self.journal is None:
            raise
        where = trace[trace.rindex('\n  File "') :].split("\n")[1]  # where it was raised; its message may quote the input
        self._bugs[where] = self._bugs.get(where, 0) + 1
        if self._bugs[where] == 1 and len(self._bugs) <= MOST_TRACES:
            self.journal.write_bug(item.at, trace)
            self.view.note(f"the coach had an error (it is in the journal); the run goes on: {trace.splitlines()[-1]}")

    def _count_bugs(self, at: float) -> None:
        skipped, kinds = sum(self._bugs.values()), f"{len(self._bugs)} kind{'s' * (len(self._bugs) > 1)} of error"
        if skipped > 1 and self.journal:
            told = f"{skipped} inputs were skipped because of {kinds} in the coach"
            self.journal.write_bug(at, told)
            self.view.note(told)


def cadence(session: Session) -> int | None:
    """The cadence (steps a minute) that the metronome should click now; None in a segment without one, and in pauses."""
    return session.segment.cadence if session.phase is Phase.RUNNING else None
