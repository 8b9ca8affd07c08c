"""Continues a run that was interrupted: replays its journal without sound, then goes on from where the runner is now.

The length of the break is measured by clocks that nobody sets: the time since boot if the computer was not restarted, else
the time that the receiver gets from its satellites. If neither is known, the run continues where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.core.session.phases import Phase
from coach.core.speech.facts import where_facts
from coach.running.asides import Asides
from coach.running.clock import RunClock
from coach.runs import clocks
from coach.runs.entries import Led
from coach.runs.journal import JournalReader, SaidCue
from coach.runs.setup import Setup
from coach.runs.summary import Summary
from coach.ui.views import View
from coach.voice.words.phrasing import Words
from devices import catalogue
from devices.sample import Fix, Rx

GAP = 900.0  # s: after a longer break the run continues at the second where it stopped, instead of by the clock


@dataclass(slots=True)
class Started:
    """A run in progress: new, or resumed from its journal with the sound off."""

    setup: Setup
    coach: Coach
    words: Words
    summary: Summary
    at: float = 0.0
    led: Led | None = None  # which process led it last, and when, by the time since boot
    owed: tuple[Cue, ...] = ()  # decided before the break, never said

    @classmethod
    def fresh(cls, setup: Setup) -> Started:
        coach = setup.coach()
        return cls(setup, coach, setup.words(), Summary(coach))

    @classmethod
    def again(cls, journal: Path) -> Started:
        """The run replayed from its journal: with the same segment, distance and later cues as if it had never stopped."""
        reader = JournalReader(journal)
        run = cls.fresh(Setup.from_dict(reader.run))
        said, cues = 0, []
        for entry in reader:
            if isinstance(entry, SaidCue):
                said += 1
            elif isinstance(entry, Led):
                run.led = entry
            elif isinstance(entry, Input):
                cues += (given := run.coach.feed(entry))
                run.summary.follow(given)
                run.at = entry.at
        run.owed = tuple(cues[said:])
        return run


@dataclass(frozen=True, slots=True)
class Break:
    """Where a run continues: its second, whether the length of the break is unknown, and the receiver's time before it."""

    at: float
    is_guess: bool = False
    before: Moment | None = None


def after_break(run: Started, journal: Path, view: View) -> Break:
    """Where to continue: after a short break by the clock, because the runner ran on."""
    if any(source.kind == "track" for source in run.setup.sources):
        return Break(run.at)
    if run.led is None or not run.led.boot:  # an earlier version, or a system without an id for each boot
        gap: float | None = time.time() - journal.stat().st_mtime
    else:
        gap = clocks.gap(run.led, run.at)
    if gap is not None:
        return Break(run.at + gap) if 0 <= gap <= GAP else Break(run.at, is_guess=True)
    receiver = ReceiverTime(run.setup)
    for entry in JournalReader(journal):
        receiver.hear(entry)
    if receiver.latest is None:
        view.note("the computer was restarted meanwhile: the run continues where it stopped")
    return Break(run.at, is_guess=receiver.latest is None, before=receiver.latest)


def going_on(items: Iterator[Input], run: Started, gap: Break, clock: RunClock, asides: Asides) -> Iterator[Input]:
    """The inputs after a break. Says where the run is, and sets the clock if only the receiver knows how long the break was."""
    receiver = ReceiverTime(run.setup) if gap.before else None
    for count, item in enumerate(items):
        yield item
        if count == 0 and run.coach.session.phase not in (Phase.READY, Phase.DONE):
            asides.tell("going_on", **where_facts(run.coach.session), stopped=gap.is_guess)
        if receiver is not None and gap.before is not None:
            receiver.hear(item)
            if receiver.latest is not None:
                missed = receiver.latest.since(gap.before)
                receiver = None
                if 0 <= missed <= GAP:
                    clock.advance(missed)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by the receiver's time and by the run's clock, s."""

    utc: float
    at: float

    def since(self, earlier: Moment) -> float:
        """Seconds between two moments that the run's clock did not count."""
        return (self.utc - earlier.utc) - (self.at - earlier.at)


class ReceiverTime:
    """Listens for the time that a receiver gets from its satellites."""

    def __init__(self, setup: Setup) -> None:
        sources = (source for source in setup.sources if source.kind != "track")
        self._decoders = {each.name: catalogue.decoder(each.kind, each.name, each.options) for each in sources}
        self.latest: Moment | None = None

    def hear(self, entry: object) -> None:
        if isinstance(entry, Rx) and (decoder := self._decoders.get(entry.source)):
            for sample in decoder.feed(entry.at, entry.data):
                if isinstance(sample, Fix) and sample.utc is not None:
                    self.latest = Moment(sample.utc, sample.at)
