"""A live run: devices, voice, keyboard and journal around the loop; also continues a run that was interrupted."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from coach.core.events import Event
from coach.core.inputs import Input
from coach.core.session.phases import Phase
from coach.core.speech.facts import where_facts
from coach.running.asides import Asides
from coach.running.clock import RunClock
from coach.running.live import Live, running, telling_refusals
from coach.running.loop import Loop
from coach.running.resuming import Break, Started, after_break, going_on
from coach.runs import clocks, shoes, store
from coach.runs.entries import TOTALS
from coach.runs.journal import JournalReader, JournalWriter
from coach.runs.recording import recorded, ticking
from coach.runs.setup import Setup, SourceSpec
from coach.runs.summary import Summary, totals
from coach.ui.views import View
from coach.ui.watching import Station, Watching
from coach.voice.announcer import LAST_WORDS, Announcer
from coach.voice.settings import VoiceSettings
from devices import catalogue
from devices.api import Unavailable
from devices.reader import Reader
from devices.tracks import open_track

INTERRUPTED = 130  # the exit code of a run that a signal ended
SAVED_WITHIN = 0.8  # s for the word that the run is kept
LEAVES_WITHIN = 1.3  # s after SIGTERM, whatever hangs: a computer that shuts down does not wait


def lead(
    run: Started, voice: VoiceSettings, shown: View, journal: Path, resumed: bool, stations: Sequence[Station] = ()
) -> tuple[bool, Summary]:
    """Coaches the run to its end; returns (interrupted by a signal, summary). Raises Unavailable before it begins.

    It is seen and steered from the `stations` while it lasts.
    """
    view = Watching(shown, run.coach)
    tracks = [source for source in run.setup.sources if source.kind == "track"]
    if not resumed:
        _try_devices(run.setup, view)
        _tell_waiting(run.setup, view)
    gap = after_break(run, journal, view) if resumed else Break(0.0)
    clock = RunClock(gap.at, rate=_rate(tracks))
    live = Live(clock)
    with ExitStack() as stack:
        signals = stack.enter_context(_signals(live))
        writer = stack.enter_context(_writer(run, journal, resumed, clock.now(), view))
        announcer = stack.enter_context(Announcer(run.words, voice, clock.monotonic, view.note))
        announcer.warm(run.words.of_plan(run.setup.plan, run.setup.belt_every))
        asides = Asides(announcer.say, view, run.words, clock.now)
        announcer.returned = lambda: _tell_where(run, asides)
        view.steer, view.answer, view.speak = asides.quitting_twice(live.press), announcer.answer_key, announcer.say_text
        view.is_saved, press = lambda: writer.is_saved, announcer.answering(view.steer)
        stack.enter_context(running(_readers(run.setup, clock, live), view.pressing(press), live))
        meant = announcer.answering(live.press)  # nobody ends a run by mistake from a station: each asks in its own way
        view.sinks += [stack.enter_context(station(view, meant)) for station in stations]
        _say_owed(run, writer, announcer, view, clock.now())
        played = live.along(_rest(tracks[0], journal if resumed else None)) if tracks else None
        items = played or telling_refusals(live.inputs(clock.now()), view.note)
        items = going_on(items, run, gap, clock, asides) if resumed else items
        _loop(run, writer, announcer, asides, view).run(items)
        _end(run, writer, announcer, asides, signals)
    if not tracks:
        _remember_footpod(run, view)
    return bool(signals), run.summary


def _loop(run: Started, writer: JournalWriter, announcer: Announcer, asides: Asides, view: View) -> Loop:
    heard = announcer.say, writer, run.summary, announcer.metronome, asides.tell, announcer.volume
    return Loop(run.coach, run.words, view, *heard)


def _say_owed(run: Started, writer: JournalWriter, announcer: Announcer, view: View, now: float) -> None:
    """What was decided before a break and never said, unless it is too late for it; at the volume of before."""
    announcer.volume(run.coach.volume.level)
    for cue in run.owed:
        writer.write_cue(cue, run.words.text(cue))
        if cue.until >= now:
            announcer.say(cue)
            view.cue(cue, run.words.text(cue))


def _tell_where(run: Started, asides: Asides) -> None:
    """The runner may have missed a change while there was no sound. Called in the voice's thread, so it only reads."""
    if run.coach.session.phase is Phase.RUNNING:
        asides.tell("sound_back", **where_facts(run.coach.session))


def _end(run: Started, writer: JournalWriter, announcer: Announcer, asides: Asides, signals: list[int]) -> None:
    """Closes the journal first, so that it is complete whatever hangs later. A run ended by SIGTERM can be resumed."""
    announcer.metronome(None)  # also if a track ended before its plan
    never_began = run.coach.session.phase is Phase.READY
    if signal.SIGTERM in signals and not run.coach.finished and not never_began:
        writer.close(run.coach.estimate.at, None)
        asides.tell("kept")
        announcer.drain(SAVED_WITHIN)
        announcer.hush()
        asides.note("the run is kept: `coach run --resume` continues it")
        return
    told = run.summary.as_dict()
    writer.write_event(Event(told["at"], TOTALS, totals(told)))
    writer.close(told["at"], "complete" if told["complete"] else "quit")
    announcer.drain(LAST_WORDS)


def _remember_footpod(run: Started, view: View) -> None:
    """Remembers the footpod's scale for the next run in the same shoes."""
    footpod, before = run.coach.footpod, run.setup.settings.estimator.pod_taught
    if footpod is None or footpod.taught - before < shoes.WORTH_KEEPING:
        return
    try:
        shoes.remember(run.setup.shoes, footpod, view.note)
    except OSError as wrong:
        view.note(f"what was learned about the footpod could not be saved: {wrong}")


def _try_devices(setup: Setup, view: View) -> None:
    """Checks that at least one device can be opened at the start; later they may come and go. Raises Unavailable.

    A run that waits for its runner waits for the devices too.
    """
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
    waits = setup.settings.start != "now"
    if missing and len(missing) == len(setup.sources) and not waits:
        raise missing[0]
    for each in missing:
        view.note(f"{each}: {'waiting for it' if waits else 'the run begins without it'}")


def _tell_waiting(setup: Setup, view: View) -> None:
    if setup.settings.start != "now":
        sign = "the first steps" if setup.settings.start == "moving" else "the key p"
        view.note(f"the run waits for a pace and for {sign}; p starts it at once, q ends it")


def _rate(tracks: list[SourceSpec]) -> float:
    return float(tracks[0].options.get("rate", 1.0)) if tracks else 1.0


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
    """A track's inputs; after a break, those that the journal does not have yet."""
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
    """INT ends the run, a second signal ends it at once; TERM interrupts it. A dropped connection (HUP) does not end it."""
    caught: list[int] = []

    def stop(number: int, frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)
        if number == signal.SIGTERM:
            last = threading.Timer(LEAVES_WITHIN, os._exit, (INTERRUPTED,))
            last.daemon = True
            last.start()
            live.end()
        else:
            live.press("quit")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    if hangs_up := getattr(signal, "SIGHUP", None):
        before[hangs_up] = signal.signal(hangs_up, signal.SIG_IGN)
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
