"""Coaches past runs again: any recorded track, the demo, or a journal whose words are verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from coach.core.events import Cue
from coach.core.inputs import Input
from coach.running.clock import RunClock
from coach.running.live import Live, running
from coach.running.loop import Loop, unheard
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.ui.views import View
from coach.voice.settings import VoiceSettings

if TYPE_CHECKING:
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
) -> tuple[dict[str, Any], list[Cue]]:
    """Coaches a recording, as fast as possible or at `rate` times real time, spoken with a voice. Returns summary and cues.

    `timeline` takes all that is heard, to be written to a file.
    """
    coach, words = setup.coach(), setup.words()
    said: list[Cue] = []
    items = recording.items() if progress is None else _told(recording, progress)
    with ExitStack() as stack:
        say: Callable[[Cue], object] = said.append
        beat: Callable[[int | None], object] = unheard
        if rate is not None:
            clock = RunClock(rate=rate)
            live = Live(clock)
            press: Callable[[str], None] = live.press
            items = live.along(items)
            if voice:
                from coach.voice.announcer import LAST_WORDS, Announcer, answering

                announcer = stack.enter_context(Announcer(words, voice, clock.monotonic, view.note))
                say, beat, press = _both(said.append, announcer.say), announcer.metronome, answering(live.press, announcer)
                stack.callback(announcer.drain, LAST_WORDS)
            stack.enter_context(running((), press))
        if timeline:
            say, beat = _both(say, timeline.say), _both(beat, lambda spm: timeline.metronome(coach.estimate.at, spm))
        summary = Loop(coach, words, view, say, beat=beat).run(items).as_dict()
    _tell(view, summary, *recording.left_out())
    return summary, said


def _tell(view: View, summary: dict[str, Any], left_out: dict[str, int], line: str | None) -> None:
    view.summary(summary | {"left_out": left_out} if left_out else summary)
    if line:
        view.note(line)


def condensed(recording: Recording, setup: Setup, view: View, voice: VoiceSettings, timeline: Timeline) -> None:
    """The same without silences: each cue is heard to its end, and the next one follows at once."""
    from coach.voice.announcer import Announcer

    coach, words = setup.coach(), setup.words()

    def moment(at: float) -> float:
        return time.monotonic() + at - coach.estimate.at

    with Announcer(words, voice, moment, view.note) as announcer:

        def say(cue: Cue) -> None:
            timeline.say(cue)
            announcer.say(replace(cue, until=cue.until + announcer.PATIENCE, by=cue.by + announcer.PATIENCE))
            announcer.drain()

        def beat(spm: int | None) -> None:
            timeline.metronome(coach.estimate.at, spm)

        view.summary(Loop(coach, words, view, say, beat=beat).run(recording.items()).as_dict())


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
