"""From a cue decided to its sound, how many cues a recogniser tells apart, and how well beeps keep to their moments.

The cues are heard as in the hearing test. The beeps are heard at a null sink's monitor; their mean holds the recorder's own
delay, their scatter does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, median, stdev
from tempfile import TemporaryDirectory

from coach.voice.settings import VoiceSettings
from tests.bench.row import Row
from tests.voice.ears import PIPEWIRE, PipeWire, Server, alone, missing
from tests.voice.hearing import heard
from tests.voice.timing import answered_keys, click_intervals, lateness

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
    yield Row("  onset less schedule, mean", mean(late), "ms", 50.0)
    yield Row("  sd", stdev(late), "ms", 5.0)
    yield Row("key pressed to its pip, most", max(answers), "ms", 300.0)
    yield Row(f"metronome at {SPM}: interval less {60_000 / SPM:.2f} ms, mean", mean(clicks) - 60_000 / SPM, "ms")
    yield Row("  sd", stdev(clicks), "ms", 5.0)


def _cues() -> Iterator[Row]:
    if lacking := missing("pulseaudio", "pactl", "parec"):
        print(f"  no cues without {', '.join(lacking)}")
        return
    with alone() as house, TemporaryDirectory() as folder:
        said = heard(house, Path(folder), SETTINGS.latency_ms)
    delays = [1000 * each.delay for each in said if each.delay is not None]
    yield Row("cue decided to its sound, phrase ready, median", median(delays), "ms", 150.0)
    yield Row("  at most", max(delays), "ms")
    told_apart = sum(each.is_recognised for each in said)
    yield Row(f"cues of the demo that are told apart, of {len(said)}", 100 * told_apart / len(said), "%", 80.0, least=True)
