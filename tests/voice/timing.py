"""Sounds at moments that are known, heard at a sink's monitor: how late each was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise

from coach.voice.announcer import Announcer
from coach.voice.latency import beeping
from coach.voice.server.monitor import Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import AHEAD
from coach.voice.words.phrasing import Words
from tests.patience import wait_until
from tests.voice.ears import SINKS

EVERY = 0.637  # s: a period that no block of any sound server is a part of
NEAR = 0.3  # s around its moment in which a beep is looked for
RECORDED_AT = 48_000


def lateness(count: int, settings: VoiceSettings) -> list[float]:
    """Onset less schedule (s) of so many beeps; those that were not heard are left out."""
    with closing(Monitor(SINKS[0], RECORDED_AT)) as ears, beeping(settings) as beep:
        wait_until(lambda: ears.hears)
        first = time.monotonic() + 1.0
        moments = [first + number * EVERY for number in range(count)]
        for moment in moments:
            time.sleep(max(0.0, moment - AHEAD - time.monotonic()))
            beep(moment)
        wait_until(lambda: len(ears.samples) / RECORDED_AT + ears.began > moments[-1] + NEAR)
        onsets = [ears.onset(moment - NEAR, moment + NEAR) for moment in moments]
    return [onset - moment for onset, moment in zip(onsets, moments, strict=True) if onset is not None]


def answered_keys(count: int, settings: VoiceSettings) -> list[float]:
    """s from a key to its pip."""
    with _speaking(settings) as (announcer, ears):
        taken = []
        for _ in range(count):
            time.sleep(EVERY)
            pressed = time.monotonic()
            announcer.answer_key()
            wait_until(lambda at=pressed: ears.onset(at, at + 1.0))  # type: ignore[misc]
            taken.append((ears.onset(pressed, pressed + 1.0) or 0.0) - pressed)
    return taken


def click_intervals(spm: int, lasts: float, settings: VoiceSettings) -> list[float]:
    """s from click to click."""
    with _speaking(settings) as (announcer, ears):
        begun = len(ears.samples)
        announcer.metronome(spm)
        wait_until(lambda: len(ears.samples) - begun > lasts * ears.rate)
        announcer.metronome(None)
        heard = ears.samples[begun:]
    loud = [at for at, sample in enumerate(heard) if abs(sample) > 1000]
    clicks = [loud[0], *(after for before, after in pairwise(loud) if after - before > ears.rate // 10)]
    return [(after - before) / ears.rate for before, after in pairwise(clicks)]


@contextmanager
def _speaking(settings: VoiceSettings) -> Iterator[tuple[Announcer, Monitor]]:
    """An announcer that has said something, and ears that hear."""
    with closing(Monitor(SINKS[0], RECORDED_AT)) as ears, Announcer(Words.load("en", "metric"), settings, float) as announcer:
        announcer.say_text("Hello.")
        announcer.drain(60)
        wait_until(lambda: ears.hears)
        time.sleep(EVERY)
        yield announcer, ears
