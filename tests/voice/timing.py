"""Beeps at moments that are known, heard at a sink's monitor: how late each was."""

from __future__ import annotations

import time
from contextlib import closing

from coach.voice.latency import beeping
from coach.voice.monitor import Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.turns import AHEAD
from tests.voice.ears import SINKS, wait_until

EVERY = 0.437  # s: a period that no block of any sound server is a part of
NEAR = 0.2  # s around its moment in which a beep is looked for
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
