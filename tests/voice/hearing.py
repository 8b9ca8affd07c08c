"""Cues said in rooms of a private sound server, recorded at its output, and written down by a recogniser."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.core.events import Cue
from coach.voice.announcer import Announcer
from coach.voice.server.monitor import LOUD, Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.words import foreseen
from coach.voice.words.phrasing import Words
from coach.workouts import read_workout
from tests.conftest import ROOT
from tests.patience import wait_until
from tests.voice.ears import NULL_SINK, SINKS, Server
from tests.voice.recognise import plain

WORDS = Words.load("en", "metric")
DEMO = read_workout(str(ROOT / "coach/demo/workout.toml"), None)
ROOMS = (*SINKS, "coach3", "coach4", "coach5")  # the cues are spread over them, since each takes its time
DEVICE = 'pcm.{0} {{ type pulse device {0} hint {{ show on description "{0}" }} }}\n'  # for ALSA, and so for PortAudio
QUIET = 0.2  # s without a sound after a cue that was said: words are nearer to each other


@dataclass
class Said:
    """A cue, what was recorded of it, what it was taken for, and how long after the decision it was heard (s)."""

    text: str
    recording: bytes
    delay: float | None
    taken_for: str = ""

    @property
    def is_heard(self) -> bool:
        return is_loud(self.recording)

    @property
    def is_recognised(self) -> bool:
        return plain(self.text) == self.taken_for


def spoken() -> list[Cue]:
    """One of each kind that has words, as the demo says them."""
    passed = {"elapsed": 1206.0, "distance": 3642.0}
    kinds = {cue.kind: cue for cue in foreseen.cues(DEMO, "metric", 30)}
    kinds |= {kind: Cue(0, kind, 2, 0, 0, passed) for kind in ("run_complete", "run_stopped")}
    left = {"seconds_left": 185.0, "metres_left": None}
    kinds["report"] = Cue(0, "report", 2, 0, 0, {"speed": 2.98, "target": 3.05, **left, **passed})
    return list(kinds.values())


def phrases() -> list[str]:
    """All that the recogniser may choose from."""
    return list(dict.fromkeys([*WORDS.of_plan(DEMO), *map(WORDS.text, spoken())]))


def heard(house: Path, folder: Path, latency_ms: int) -> list[Said]:
    """Each cue of `spoken`, in one of ROOMS, through a buffer of so many ms. In `house` no sound server runs yet."""
    (house / ".asoundrc").write_text("".join(map(DEVICE.format, ROOMS)))
    cues = sorted(spoken(), key=lambda cue: len(WORDS.text(cue)))
    shown: list[str] = []
    with ExitStack() as stack:
        stack.callback(Server(*(each for room in ROOMS[len(SINKS) :] for each in ("-L", NULL_SINK.format(room)))).end)
        announcers = [stack.enter_context(greeting(room, shown, latency_ms)) for room in ROOMS]
        shares = [cues[number :: len(ROOMS)] for number in range(len(ROOMS))]
        for announcer, share in zip(announcers, shares, strict=True):
            announcer.warm([WORDS.text(cue) for cue in share])
        for announcer in announcers:
            greeted(announcer, shown)
        ears = [stack.enter_context(closing(Monitor(room, latency_ms=latency_ms // 5))) for room in ROOMS]
        pool = stack.enter_context(ThreadPoolExecutor())
        said = [each for share in pool.map(speak, announcers, ears, shares) for each in share]
    for each, text in zip(said, recognised([each.recording for each in said], folder), strict=True):
        each.taken_for = text
    return said


@contextmanager
def greeting(device: str, shown: list[str], latency_ms: int = 50) -> Iterator[Announcer]:
    """An announcer that says hello: the first sound after opening tells nothing about time."""
    settings = VoiceSettings(player="sounddevice", device=device, latency_ms=latency_ms)
    with Announcer(WORDS, settings, lambda at: at, shown.append) as announcer:
        announcer.say_text("Hello.")
        yield announcer


def greeted(announcer: Announcer, shown: list[str]) -> None:
    announcer.drain(60)
    if any("no sound" in line for line in shown):
        pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")


def speak(announcer: Announcer, ears: Monitor, cues: list[Cue]) -> list[Said]:
    """One after the other. Where one ends is found in the recording: on a busy machine sound comes late, but in order."""
    said = []
    until_quiet(ears, time.monotonic())
    for cue in cues:
        begin, decided = len(ears.samples), time.monotonic()
        announcer.say(now(cue))
        announcer.drain(60)
        done = time.monotonic()
        until_quiet(ears, done)
        onset = ears.onset(decided, done)
        recording = ears.samples[begin:].tobytes()
        said.append(Said(WORDS.text(cue), recording, None if onset is None else onset - decided))
    return said


def now(cue: Cue) -> Cue:
    at = time.monotonic()
    return Cue(at, cue.kind, cue.priority, at + 20, at, cue.facts)


def until_quiet(ears: Monitor, since: float) -> None:
    """Until the recording has come to this moment, and nothing has sounded in it for a while."""
    a_while = round(QUIET * ears.rate)
    wait_until(lambda: ears.hears and ears.began + len(ears.samples) / ears.rate > since + QUIET, "the recorder stands still")
    wait_until(lambda: max(ears.samples[-a_while:]) <= LOUD, "it never ends")


def is_loud(recording: bytes) -> bool:
    return any(abs(sample) > LOUD for sample in array("h", recording))


def recognised(recordings: list[bytes], folder: Path) -> list[str]:
    (folder / "phrases.json").write_text(json.dumps(phrases()))
    for number, recording in enumerate(recordings):
        (folder / f"{number:02}.raw").write_bytes(recording)
    command = [sys.executable, "-m", "tests.voice.recognise", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=600, cwd=ROOT, check=True)
    return list(json.loads(done.stdout))
