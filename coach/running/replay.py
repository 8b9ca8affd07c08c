"""Coaches past runs again: any recorded track, the demo, or a journal whose words are verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.running.clock import RunClock
from coach.running.live import Live, running
from coach.running.loop import Loop, unheard
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.ui.views import View
from coach.ui.watching import Press, Station, Watching
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words

if TYPE_CHECKING:
    from coach.voice.announcer import Announcer
    from coach.voice.rendering import Timeline

What = TypeVar("What")
PROGRESS_EVERY = 2000  # inputs between two updates of the progress bar


def replay(
    recording: Recording,
    setup: Setup,
    view: View,
    rate: float | None = None,
    voice: VoiceSettings | None = None,
    progress: Callable[[int], None] | None = None,
    timeline: Timeline | None = None,
    stations: Sequence[Station] = (),
) -> tuple[dict[str, Any], list[Cue]]:
    """Coaches a recording, as fast as possible or at `rate` times real time, spoken with a voice. Returns summary and cues.

    `timeline` takes all that is heard, to be written to a file. At a rate it is seen and steered from the `stations`.
    """
    coach, words, said = setup.coach(), setup.words(), list[Cue]()
    items = recording.items() if progress is None else _told(recording, progress)
    with ExitStack() as stack:
        say: Callable[[Cue], object] = said.append
        beat: Callable[[int | None], object] = unheard
        loudness: Callable[[int], object] = unheard
        seen: View = view
        if rate is not None:
            live = Live(clock := RunClock(rate=rate))
            press: Press = live.press
            items = live.along(items)
            if voice:
                announcer = stack.enter_context(_speaking(words, voice, clock, view))
                say, beat, press = _both(said.append, announcer.say), announcer.metronome, announcer.answering(press)
                loudness = announcer.volume
            seen = stack.enter_context(_seen(view, coach, press, live, stations))
        if timeline:
            say, beat = _both(say, timeline.say), _both(beat, lambda spm: timeline.metronome(coach.estimate.at, spm))
            loudness = _both(loudness, timeline.volume)
        summary = Loop(coach, words, seen, say, beat=beat, loudness=loudness).run(items).as_dict()
    _tell(view, summary, *recording.left_out())
    return summary, said


@contextmanager
def _speaking(words: Words, voice: VoiceSettings, clock: RunClock, view: View) -> Iterator[Announcer]:
    """A voice, which may finish its last words."""
    from coach.voice.announcer import LAST_WORDS, Announcer

    with Announcer(words, voice, clock.monotonic, view.note) as announcer:
        yield announcer
        announcer.drain(LAST_WORDS)


@contextmanager
def _seen(view: View, coach: Coach, press: Press, live: Live, stations: Sequence[Station]) -> Iterator[View]:
    """The view as it is seen and steered from the stations, and by the keyboard."""
    watching = Watching(view, coach)
    with ExitStack() as stack:
        stack.enter_context(running((), watching.pressing(press), live))
        watching.sinks += [stack.enter_context(station(watching, press)) for station in stations]
        yield watching


def _tell(view: View, summary: dict[str, Any], left_out: dict[str, int], line: str | None) -> None:
    view.summary(summary | {"left_out": left_out} if left_out else summary)
    if line:
        view.note(line)


def condensed(
    recording: Recording,
    setup: Setup,
    view: View,
    voice: VoiceSettings,
    timeline: Timeline,
    stations: Sequence[Station] = (),
) -> None:
    """The same without silences: each cue is heard to its end, and the next one follows at once. Nobody can steer it."""
    from coach.voice.announcer import Announcer

    coach, words = setup.coach(), setup.words()
    watching = Watching(view, coach)

    def moment(at: float) -> float:
        return time.monotonic() + at - coach.estimate.at

    with Announcer(words, voice, moment, view.note) as announcer, ExitStack() as stack:
        watching.sinks += [stack.enter_context(station(watching, unheard)) for station in stations]

        def say(cue: Cue) -> None:
            timeline.say(cue)
            announcer.say(replace(cue, until=cue.until + announcer.PATIENCE, by=cue.by + announcer.PATIENCE))
            if stations:
                watching.expect(cue, words.text(cue))
            announcer.drain()

        def beat(spm: int | None) -> None:
            timeline.metronome(coach.estimate.at, spm)

        loop = Loop(coach, words, watching, say, beat=beat, loudness=_both(announcer.volume, timeline.volume))
        summary = loop.run(recording.items()).as_dict()
    view.summary(summary)


def _told(recording: Recording, progress: Callable[[int], None]) -> Iterator[Input]:
    for count, item in enumerate(recording.items()):
        if count % PROGRESS_EVERY == 0:
            progress(recording.read())
        yield item


def _both(first: Callable[[What], object], second: Callable[[What], object]) -> Callable[[What], None]:
    def both(what: What) -> None:
        first(what)
        second(what)

    return both
