"""A live run: devices, voice, keyboard and journal around the one loop; it also resumes a run that broke off."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.running.clock import RunClock
from coach.running.live import Live, running
from coach.running.loop import Loop
from coach.runs import clocks, shoes, store
from coach.runs.entries import Led
from coach.runs.journal import JournalReader, JournalWriter, SaidCue
from coach.runs.recording import recorded, ticking
from coach.runs.setup import Setup, SourceSpec
from coach.runs.summary import Summary
from coach.ui.views import View
from coach.voice.announcer import LAST_WORDS, Announcer, answering
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from devices import catalogue
from devices.api import Unavailable
from devices.reader import Reader
from devices.tracks import open_track

GAP = 900.0  # s: after a longer break a run goes on where it stopped, not where the clock is


@dataclass(slots=True)
class Started:
    """A run in progress: new, or resumed from its journal with the sound off."""

    setup: Setup
    coach: Coach
    words: Words
    summary: Summary
    at: float = 0.0
    led: Led | None = None  # who led it last, and when by the time since boot
    owed: tuple[Cue, ...] = ()  # decided before the break, never said

    @classmethod
    def fresh(cls, setup: Setup) -> Started:
        coach = setup.coach()
        return cls(setup, coach, setup.words(), Summary(coach))

    @classmethod
    def again(cls, journal: Path) -> Started:
        """Replayed from its journal: the same segment, distance and later cues as if it had never stopped."""
        reader = JournalReader(journal)
        run = cls.fresh(Setup.from_dict(reader.header["run"]))
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


def lead(run: Started, voice: VoiceSettings, view: View, journal: Path, resumed: bool) -> tuple[bool, Summary]:
    """Coach the run to its end: (interrupted by a signal, summary). Raises devices.api.Unavailable before it begins."""
    tracks = [source for source in run.setup.sources if source.kind == "track"]
    if not resumed:
        _try_devices(run.setup, view)
    clock = RunClock(_restart(run, journal, bool(tracks), view) if resumed else 0.0, rate=_rate(tracks))
    live = Live(clock)
    with ExitStack() as stack:
        writer = stack.enter_context(_writer(run, journal, resumed, clock.now(), view))
        announcer = stack.enter_context(Announcer(run.words, voice, clock.monotonic, view.note))
        announcer.warm(run.words.of_plan(run.setup.plan, run.setup.belt_every))
        stack.enter_context(running(_readers(run.setup, clock, live), answering(live.press, announcer)))
        interrupted = stack.enter_context(_signals(live))
        for cue in run.owed:
            writer.write_cue(cue, run.words.text(cue))
            if cue.until >= clock.now():
                announcer.say(cue)
                view.cue(cue, run.words.text(cue))
        items = live.along(_rest(tracks[0], journal if resumed else None)) if tracks else live.inputs(clock.now())
        Loop(run.coach, run.words, view, announcer.say, writer, run.summary, announcer.metronome).run(items)
        announcer.metronome(None)  # also of a track that ended before its plan
        writer.close(run.coach.estimate.at, "complete" if run.summary.as_dict()["complete"] else "quit")
        announcer.drain(LAST_WORDS)
    if not tracks:
        _remember_footpod(run, view)
    return bool(interrupted), run.summary


def _remember_footpod(run: Started, view: View) -> None:
    """Remembers the footpod's scale for the next run in the same shoes."""
    footpod, before = run.coach.footpod, run.setup.settings.estimator.pod_taught
    if footpod is None or footpod.taught - before < shoes.WORTH_KEEPING:
        return
    try:
        shoes.remember(run.setup.shoes, footpod, view.note)
    except OSError as wrong:
        view.note(f"what was learned of the footpod is not remembered: {wrong}")


def _try_devices(setup: Setup, view: View) -> None:
    """At least one device must be there at the start; later they may come and go. Raises Unavailable if none can be opened."""
    missing: list[Unavailable] = []
    for source in setup.sources:
        if source.kind != "track":
            port = catalogue.port(source.kind, source.options)
            try:
                port.open()
            except Unavailable as trouble:
                missing.append(trouble)
            finally:
                port.close()
    if missing and len(missing) == len(setup.sources):
        raise missing[0]
    for each in missing:
        view.note(f"{each}: the run begins without it")


def _rate(tracks: list[SourceSpec]) -> float:
    return float(tracks[0].options.get("rate", 1.0)) if tracks else 1.0


def _restart(run: Started, journal: Path, from_track: bool, view: View) -> float:
    """The run's second at which to go on: the clock ran on during a short break, as the runner did.

    How long the break was is told by the time since boot, which nobody sets. After a boot nobody knows, and the run goes on
    where it stopped; so it does by the file's time, for journals that do not say who led them.
    """
    if from_track:
        return run.at
    if run.led is None:
        gap = time.time() - journal.stat().st_mtime
    elif (since := clocks.gap(run.led, run.at)) is not None:
        gap = since
    else:
        view.note("the computer was started anew since: the run goes on where it stopped")
        return run.at
    return run.at + gap if 0 <= gap <= GAP else run.at


@contextmanager
def _writer(run: Started, journal: Path, resumed: bool, at: float, view: View) -> Iterator[JournalWriter]:
    if resumed:
        writer = JournalWriter.go_on(journal, view.note)
    else:
        writer = JournalWriter.begin(journal, run.setup.as_dict(), view.note, store.next_number())
    writer.write_led(clocks.led_from(at))
    try:
        yield writer
    finally:
        writer.close(run.coach.estimate.at, None)


def _readers(setup: Setup, clock: RunClock, live: Live) -> list[Reader]:
    return [
        Reader(
            source.name,
            catalogue.port(source.kind, source.options),
            clock.now,
            live.put,
            catalogue.talk(source.kind, source.options),
        )
        for source in setup.sources
        if source.kind != "track"
    ]


def _rest(track: SourceSpec, journal: Path | None) -> Iterator[Input]:
    """A track's inputs; after a break those that the journal does not hold yet."""
    items = ticking(recorded(open_track(track.options["port"]).samples()))
    if journal is None:
        yield from items
        return
    following = next(items, None)
    for past in JournalReader(journal):
        if following is not None and past == following:
            following = next(items, None)
    if following is not None:
        yield following
        yield from items


@contextmanager
def _signals(live: Live) -> Iterator[list[int]]:
    """The first INT or TERM ends the run in order, a second INT at once. A dropped connection (HUP) does not end it."""
    caught: list[int] = []

    def stop(number: int, frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)
        live.press("quit")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
