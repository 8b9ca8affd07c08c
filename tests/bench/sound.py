"""From a cue decided to its sound, how many cues a recogniser tells apart, and how well beeps keep to their moments.

The figures of the cues are those of the hearing test, which has the server, the recorder and the recogniser. The beeps are
heard at a null sink's monitor; their mean holds the recorder's own delay, their scatter does not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, stdev

from coach.voice.settings import VoiceSettings
from tests.bench.row import Row
from tests.conftest import ROOT
from tests.voice.ears import PIPEWIRE, PipeWire, Server, alone, missing
from tests.voice.timing import answered_keys, click_intervals, lateness

HEARD = re.compile(r"(\d+) of (\d+) cues recognised .*: median (\d+) ms, most (\d+) ms")


BEEPS, KEYS = 40, 12
SPM, CLICKED = 176, 15.0  # steps a minute; s of them
SETTINGS = VoiceSettings(player="sounddevice")


def measure() -> Iterator[Row]:
    yield from _cues()
    yield from _beeps("PulseAudio", lambda folder: Server(), "pulseaudio", "parec")
    yield from _beeps("PipeWire", PipeWire, *PIPEWIRE, "dbus-daemon", "parec")


def _beeps(name: str, start: Callable[[Path], Server | PipeWire], *tools: str) -> Iterator[Row]:
    if lacking := missing(*tools):
        print(f"  no beeps on {name} without {', '.join(lacking)}")
        return
    with alone() as folder:
        server = start(folder)
        try:
            late = [1000 * each for each in lateness(BEEPS, SETTINGS)]
            answers = [1000 * each for each in answered_keys(KEYS, SETTINGS)]
            clicks = [1000 * each for each in click_intervals(SPM, CLICKED, SETTINGS)]
        finally:
            server.end()
    yield Row(f"beeps of {BEEPS} that were heard, {name}", len(late), "", BEEPS, least=True)
    yield Row("  onset less schedule, mean", mean(late), "ms")
    yield Row("  sd", stdev(late), "ms", 5.0)
    yield Row("key pressed to its pip, most", max(answers), "ms", 300.0)
    yield Row(f"metronome at {SPM}: interval less {60_000 / SPM:.2f} ms, mean", mean(clicks) - 60_000 / SPM, "ms")
    yield Row("  sd", stdev(clicks), "ms", 5.0)


def _cues() -> Iterator[Row]:
    command = [sys.executable, "-m", "pytest", "-s", "tests/voice/test_hearing.py", "-k", "runner_hears"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    heard = HEARD.search(told)
    if heard is None:
        print(f"  not heard here: {told.strip().splitlines()[-1]}")
        return
    recognised, of, median, most = (int(figure) for figure in heard.groups())
    yield Row("cue decided to its sound, phrase ready, median", median, "ms", 150.0)
    yield Row("  at most", most, "ms")
    yield Row("cues of the demo that are told apart", 100 * recognised / of, "%", 80.0, least=True)
