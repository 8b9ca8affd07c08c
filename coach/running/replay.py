"""Coaches past runs again: any recorded track, the demo, or a journal whose words are verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from coach.core.events import Cue
from coach.core.inputs import Input
from coach.running.clock import RunClock
from coach.running.live import Live, running
from coach.running.loop import Loop, unheard
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.ui.views import View
from coach.voice.settings import VoiceSettings

PROGRESS_EVERY = 2000  # inputs between two updates of the progress bar


def replay(
    recording: Recording,
    setup: Setup,
    view: View,
    rate: float | None = None,
    voice: VoiceSettings | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[dict[str, Any], list[Cue]]:
    """Coaches a recording, as fast as possible or at `rate` times real time, spoken with a voice. Returns summary and cues."""
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
        summary = Loop(coach, words, view, say, beat=beat).run(items).as_dict()
    counts, line = recording.left_out()
    view.summary(summary | {"left_out": counts} if counts else summary)
    if line:
        view.note(line)
    return summary, said


def condensed(recording: Recording, setup: Setup, view: View, voice: VoiceSettings) -> list[Cue]:
    """The same without silences: each cue is heard to its end, and the next one follows at once."""
    from coach.voice.announcer import Announcer

    coach, words = setup.coach(), setup.words()
    said: list[Cue] = []

    def moment(at: float) -> float:
        return time.monotonic() + at - coach.estimate.at

    with Announcer(words, voice, moment, view.note) as announcer:

        def say(cue: Cue) -> None:
            said.append(cue)
            announcer.say(replace(cue, until=cue.until + announcer.PATIENCE, by=cue.by + announcer.PATIENCE))
            announcer.drain()

        view.summary(Loop(coach, words, view, say).run(recording.items()).as_dict())
    return said


def _told(recording: Recording, progress: Callable[[int], None]) -> Iterator[Input]:
    for count, item in enumerate(recording.items()):
        if count % PROGRESS_EVERY == 0:
            progress(recording.read())
        yield item


def _both(first: Callable[[Cue], object], second: Callable[[Cue], object]) -> Callable[[Cue], None]:
    def say(cue: Cue) -> None:
        first(cue)
        second(cue)

    return say
