"""What --wav writes beside the recording of a sink: the same cues, in a file and on a sound server in real time.

On a busy machine the server plays late and with gaps, and the file does not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from math import sqrt
from pathlib import Path

from coach.core.events import Cue
from coach.voice.announcer import Announcer
from coach.voice.process.sound import RATE, Sound
from coach.voice.process.wav import read_wav
from coach.voice.rendering import Timeline
from coach.voice.server.monitor import LOUD, Monitor
from tests.bench.returns import SETTINGS, WORDS
from tests.bench.row import Row
from tests.patience import wait_until
from tests.voice.ears import SINKS, Server, alone, missing

STEP = RATE // 50  # samples: 20 ms
KINDS = {"halfway": (0.0, 0.0, 2), "countdown": (0.1, 2.0, 1), "signal_lost": (0.2, 3.2, 2)}  # handed over, due, priority
SAID = [Cue(at, kind, priority, due + 10.0, due) for kind, (at, due, priority) in KINDS.items()]


def measure() -> Iterator[Row]:
    if lacking := missing("pulseaudio", "pactl", "parec"):
        print(f"  no server without {', '.join(lacking)}")
        return
    with alone() as folder:
        server = Server()
        try:
            made, recorded = _written(folder / "heard.wav"), _recorded()
        finally:
            server.end()
    yield Row(f"sounds on the sink, of {len(made)} in the file", len(recorded), "", len(made), least=True)
    pairs = list(zip(made, recorded, strict=False))
    beep, heard = (side[1][0] if len(side) > 1 else 0.0 for side in (made, recorded))
    yield Row("  begin apart from the first beep, at most", max(abs(a[0] - beep - b[0] + heard) for a, b in pairs), "s", 0.1)
    yield Row("  last longer or shorter, at most", max(abs(a[1] - b[1]) for a, b in pairs), "s", 0.15)
    yield Row("  louder or quieter, at most", max(abs(a[2] / b[2] - 1) for a, b in pairs), "", 0.15)


def _written(path: Path) -> list[tuple[float, float, float]]:
    timeline = Timeline(WORDS, SETTINGS)
    for cue in SAID:
        timeline.say(cue)
    timeline.write(str(path), whole=True)
    return bursts(read_wav(path))


def _recorded() -> list[tuple[float, float, float]]:
    with Announcer(WORDS, SETTINGS, lambda at: at) as announcer, closing(Monitor(SINKS[0], RATE)) as ears:
        announcer.say_text("Hello.")
        announcer.drain(60)
        wait_until(lambda: ears.hears)
        time.sleep(1.0)
        now = time.monotonic()
        for cue in SAID:
            announcer.say(replace(cue, at=now + cue.at, due=now + cue.due, until=now + cue.until))
        announcer.drain(60)
        time.sleep(1.0)
        return bursts(ears.between(now, time.monotonic()))


def bursts(sound: Sound) -> list[tuple[float, float, float]]:
    """What is heard between silences of half a second: when it begins, how long it lasts (s), and its RMS."""
    loud = [at for at in range(0, len(sound) - STEP, STEP) if max(map(abs, sound[at : at + STEP])) > LOUD]
    steps = zip([-RATE, *loud], [*loud, len(sound) + RATE], strict=True)
    edges = [(before, at) for before, at in steps if at - before > RATE / 2]
    found = []
    for (_, begin), (end, _) in pairwise(edges):
        part = sound[begin : end + STEP]
        found.append((begin / RATE, len(part) / RATE, sqrt(sum(sample * sample for sample in part) / len(part))))
    return found
