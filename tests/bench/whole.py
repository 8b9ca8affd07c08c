"""Every word whole on a busy machine: `coach say` and the demo beside eight busy loops, heard at a null sink's monitor.

What was heard is held against what was sent: the file of the same command with --wav, whose phrases lie in the same cache. A
sound is whole if its loudness rises and falls as it was sent (correlation of the RMS of steps of 5 ms) and neither end is cut.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from math import sqrt
from operator import mul
from pathlib import Path
from statistics import mean

from coach.voice.process.sound import RATE, Sound
from coach.voice.process.wav import read_wav
from coach.voice.server.monitor import Monitor
from coach.voice.words.phrasing import Words
from tests.bench.hearing import forty
from tests.bench.returns import told
from tests.bench.row import Row
from tests.cli.commands import COACH
from tests.patience import wait_until
from tests.voice.ears import NULL_SINK, PIPEWIRE, SINKS, PipeWire, Server, alone, missing
from tests.voice.hearing import ROOMS

LOAD, SAYS, DEMOS = 8, 20, 10  # of LOAD, busy loops make up what is missing
STEP = RATE // 200  # samples, 5 ms
PAUSE = 40  # steps: a longer silence parts two sounds
LAST = (84, 164)  # steps that the last tone of a countdown lasts: to go on, and to end
AROUND = 6  # steps of silence around a sound that belong to it
END = 20  # steps at an end of a sound, whose energy must be there
SOUND = 30.0  # RMS of a step, of 32767: anything quieter counts as silence
COARSE = 4  # steps of a first search, much less than a syllable
WAITED = 60.0  # s until the first sound on a busy machine
SOONER, LATER = 2.0, 6.0  # s that a silence is shorter and longer at most than in the file: elsewhere, like words are others
ALIKE, CUT = 0.9, 0.5  # least correlation; least share of the energy at an end
TIMEOUT = 400.0  # s


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound that was sent: how alike what was heard is, and how much of its beginning and end was heard."""

    alike: float
    head: float
    tail: float

    @property
    def is_whole(self) -> bool:
        return self.alike >= ALIKE and min(self.head, self.tail) >= CUT


def measure() -> Iterator[Row]:
    if lacking := missing("pulseaudio", "pactl", "parec"):
        print(f"  no server without {', '.join(lacking)}")
        return
    servers: dict[str, Callable[[Path], Server | PipeWire]] = {"PulseAudio": lambda folder: Server()}
    if not missing(*PIPEWIRE, "dbus-daemon"):
        servers["PipeWire"] = PipeWire
    for name, start in servers.items():
        for player in ("simpleaudio", "sounddevice"):
            if find_spec(player):
                yield from _heard_on(name, start, player)


def _heard_on(name: str, start: Callable[[Path], Server | PipeWire], player: str) -> Iterator[Row]:
    texts = [Words.load("en", "metric").text(cue) for cue in forty()[:SAYS]]
    runs: dict[str, list[tuple[str, ...]]] = {"coach say": [("say", text) for text in texts], "demo": [("demo",)] * DEMOS}
    with tempfile.TemporaryDirectory() as where, alone() as folder:
        config = Path(where, "config.toml")
        config.write_text(f'[voice]\nengine = "pyttsx3"\nplayer = "{player}"\nduck = false\n')  # the others are coaches too
        server = start(folder)
        try:
            for room in ROOMS[len(SINKS) :]:
                told("load-module", *NULL_SINK.format(room).split())
            for what, commands in runs.items():
                sent = {command: _sent(config, command) for command in dict.fromkeys(commands)}
                with _load() as load, ThreadPoolExecutor(len(ROOMS)) as rooms:
                    shares = [(room, commands[number :: len(ROOMS)]) for number, room in enumerate(ROOMS)]
                    recorded = [each for share in rooms.map(lambda share: _recorded(config, *share), shares) for each in share]
                yield from _rows(f"{name}, {player}: {what}", sent, recorded)
                yield Row("  threads that ran or waited for a core, mean", mean(load), "")
        finally:
            server.end()


@contextmanager
def _load() -> Iterator[list[float]]:
    """Busy loops beside whatever else runs on this machine; the list is filled with the load meanwhile, once a second."""
    more = max(0, LOAD - round(mean(_running(3))))
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(more)]
    measured, ended = list[float](), threading.Event()

    def watch() -> None:
        while not ended.wait(1.0):
            measured.extend(_running(1))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield measured
    finally:
        ended.set()
        watcher.join()
        for loop in loops:
            loop.kill()
            loop.wait()


def _running(seconds: int) -> list[float]:
    """How many threads of this machine run or wait for a core, ten times a second; this one is not counted."""
    counted = []
    for _ in range(10 * seconds):
        counted.append(int(Path("/proc/loadavg").read_text().split()[3].partition("/")[0]) - 1.0)
        time.sleep(0.1)
    return counted


def _sent(config: Path, command: tuple[str, ...]) -> Sound:
    path = config.with_name("sent.wav")
    subprocess.run([*COACH, "--config", str(config), *command, "--wav", str(path)], capture_output=True, check=True)
    return read_wav(path)


def _recorded(config: Path, room: str, commands: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int, Sound]]:
    """Each command, its exit code, and what was heard at the sink."""
    environment, recorded = {**os.environ, "PULSE_SINK": room}, []
    for command in commands:
        with closing(Monitor(room, RATE)) as ears:
            wait_until(lambda ears=ears: ears.hears)  # type: ignore[misc]
            done = subprocess.run(
                [*COACH, "--config", str(config), *command], capture_output=True, env=environment, timeout=TIMEOUT, check=False
            )
            time.sleep(1.0)
            recorded.append((command, done.returncode, ears.samples))
    return recorded


def _rows(what: str, sent: dict[tuple[str, ...], Sound], recorded: list[tuple[tuple[str, ...], int, Sound]]) -> Iterator[Row]:
    heard = [(code, list(compared(sent[command], sound))) for command, code, sound in recorded]
    sounds = [each for _, run in heard for each in run]
    whole = sum(code == 0 and all(each.is_whole for each in run) for code, run in heard)
    yield Row(f"{what} whole, of {len(heard)}", whole, "", len(heard), least=True)
    yield Row(f"  sounds whole, of {len(sounds)}", sum(each.is_whole for each in sounds), "", len(sounds), least=True)
    yield Row("  correlation of loudness, least", min(each.alike for each in sounds), "", ALIKE, least=True)
    yield Row("  energy heard at an end, least", min(min(each.head, each.tail) for each in sounds), "", CUT, least=True)


def compared(sent: Sound, heard: Sound) -> Iterator[Heard]:
    """Each sound that was sent, in turn, beside what is likest where it should be: about as long after the last whole one."""
    ours, theirs, after, ended = _loudness(sent), _loudness(heard), 0, 0
    for begin, end in _sounds(ours):
        since = begin - ended
        first = after + max(0, since - _steps(SOONER)) if ended else 0
        before = after + since + _steps(LATER if ended else WAITED)
        one, until = _beside(ours[begin:end], theirs, first, before)
        for tone in LAST:
            if not one.is_whole and end - begin > tone:  # in a file the words follow a countdown's last tone at once
                last, go = _beside(ours[begin : begin + tone], theirs, first, before)
                words, later = _beside(ours[begin + tone : end], theirs, go, before + tone)
                if last.is_whole and words.is_whole:
                    one, until = words, later
        yield one
        if one.is_whole:
            after, ended = until, end


def _steps(seconds: float) -> int:
    return round(seconds * RATE / STEP)


def _beside(sound: list[float], theirs: list[float], first: int, before: int) -> tuple[Heard, int]:
    """How it was heard between two steps, and where it ended, if it was whole."""
    sound = [0.0] * AROUND + sound + [0.0] * AROUND
    at = _place(sound, theirs, max(0, first - AROUND), before)
    if at is None:
        return Heard(0.0, 0.0, 0.0), first
    found = theirs[at : at + len(sound)]
    head, tail = slice(AROUND, AROUND + END), slice(-AROUND - END, -AROUND)
    one = Heard(_correlation(sound, found), _share(found[head], sound[head]), _share(found[tail], sound[tail]))
    return one, at + len(sound) - 2 * AROUND if one.is_whole else first


def _place(sound: list[float], theirs: list[float], first: int, before: int) -> int | None:
    """Where (step) it is heard; None if nothing is heard between the two."""

    def fits(place: int) -> float:
        return _correlation(sound, theirs[place : place + len(sound)])

    last = min(len(theirs) - len(sound), before)
    likest = None
    for place in range(first, last, COARSE):
        if theirs[place + AROUND] < SOUND and theirs[place + 2 * AROUND] < SOUND:
            continue  # nothing begins here
        if (alike := fits(place)) >= ALIKE - 0.2:
            near = range(max(first, place - COARSE), min(last, place + 2 * AROUND))
            place = max(near, key=fits)
            alike = fits(place)
        if likest is None or alike > likest[0]:
            likest = (alike, place)
        if alike >= ALIKE:
            break
    return likest and likest[1]


def _loudness(sound: Sound) -> list[float]:
    """RMS of the 20 ms around each step, so that it matters little where in a step a sound begins."""
    parts = (sound[at : at + STEP] for at in range(0, len(sound) - STEP, STEP))
    power = [_product(part, part) / STEP for part in parts]
    return [sqrt(sum(power[max(0, at - 1) : at + 3]) / 4) for at in range(len(power))]


def _sounds(loudness: list[float]) -> Iterator[tuple[int, int]]:
    """From where to where (steps) something is heard, between silences."""
    loud = [at for at, rms in enumerate(loudness) if rms > SOUND]
    silences = [(before + 1, at) for before, at in pairwise(loud) if at - before > PAUSE]
    edges = [loud[0], *(edge for silence in silences for edge in silence), loud[-1] + 1]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _correlation(one: list[float], other: list[float]) -> float:
    mine, its, count = sum(one), sum(other), len(one)
    spread = (_product(one, one) - mine * mine / count) * (_product(other, other) - its * its / count)
    return (_product(one, other) - mine * its / count) / (sqrt(max(0.0, spread)) or 1.0)


def _share(heard: list[float], sent: list[float]) -> float:
    return min(1.0, _product(heard, heard) / (_product(sent, sent) or 1.0))


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(mul, one, other)))
