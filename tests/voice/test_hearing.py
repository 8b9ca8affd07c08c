"""Heard, not only sent: a private sound server, a recorder at its output, and a recogniser that writes down the cues.

What this proves: our cues reach the loudspeaker in time and can be told apart. It says nothing about runners.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from coach.core.events import Cue
from coach.voice import rehearsal
from coach.voice.announcer import Announcer
from coach.voice.settings import VoiceSettings
from coach.voice.words import Words
from coach.workouts import read_workout
from tests.voice.recognise import RATE, plain

MISSING = [tool for tool in ("pulseaudio", "pactl", "parec") if shutil.which(tool) is None]
MISSING += [] if importlib.util.find_spec("pocketsphinx") else ["pocketsphinx"]
pytestmark = [
    pytest.mark.edge,
    pytest.mark.skipif(bool(MISSING), reason=f"cannot listen without {', '.join(MISSING)}"),
]
ROOT = Path(__file__).parents[2]
LOUD = 250  # of 32767
SOON = 0.150  # s from the decision to the sound, for phrases that are ready
SHARE = 0.8
SERVER = [
    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"),
    *("-L", "module-native-protocol-unix auth-anonymous=1"),
    *("-L", "module-null-sink sink_name=coach rate=48000 channels=2"),
]


class Ears:
    """Records the sink's monitor; sample 0 is placed on the monotonic clock by the earliest arrival."""

    def __init__(self) -> None:
        command = ["parec", "--latency-msec=5", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"]
        self._recorder = subprocess.Popen([*command, "-d", "coach.monitor"], stdout=subprocess.PIPE)
        self.samples, self.began = array("h"), float("inf")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def between(self, start: float, end: float) -> array:  # type: ignore[type-arg]
        return self.samples[max(0, round((start - self.began) * RATE)) : max(0, round((end - self.began) * RATE))]

    def onset(self, after: float, before: float) -> float | None:
        """When the first loud sample was heard."""
        heard = self.between(after, before)
        first = next((at for at, sample in enumerate(heard) if abs(sample) > LOUD), None)
        return None if first is None else after + first / RATE

    def close(self) -> None:
        self._recorder.kill()
        self._recorder.wait()
        self._thread.join()
        assert self._recorder.stdout
        self._recorder.stdout.close()

    def _listen(self) -> None:
        assert self._recorder.stdout
        rest = b""
        while data := os.read(self._recorder.stdout.fileno(), 4096):
            rest += data
            whole = len(rest) // 2 * 2
            self.samples.frombytes(rest[:whole])
            rest = rest[whole:]
            self.began = min(self.began, time.monotonic() - len(self.samples) / RATE)


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ears]:
    """A sound server of our own, and somebody who listens to it."""
    folder = tempfile.mkdtemp(prefix="coach-ears-")  # short: a socket's path has at most 108 bytes
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, folder)
    for name in ("PULSE_SERVER", "PULSE_LATENCY_MSEC"):
        monkeypatch.delenv(name, raising=False)
    server = subprocess.Popen(SERVER, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while subprocess.run(["pactl", "info"], capture_output=True).returncode:
            if time.monotonic() > until:
                pytest.skip("pulseaudio does not start here")
            time.sleep(0.05)
        listening = Ears()
        yield listening
        listening.close()
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def spoken() -> list[Cue]:
    """One of each kind that has words, as the demo says them."""
    passed = {"elapsed": 1206.0, "distance": 3642.0}
    plan = read_workout(str(ROOT / "coach/demo/workout.toml"), None)
    kinds = {cue.kind: cue for cue in rehearsal.cues(plan, 1000.0, 30)}
    kinds |= {kind: Cue(0, kind, 2, 0, 0, passed) for kind in ("run_complete", "run_stopped")}
    left = {"seconds_left": 185.0, "metres_left": None}
    kinds["report"] = Cue(0, "report", 2, 0, 0, {"speed": 2.98, "target": 3.05, **left, **passed})
    return list(kinds.values())


def now(cue: Cue) -> Cue:
    at = time.monotonic()
    return Cue(at, cue.kind, cue.priority, at + 20, at, cue.facts)


def recognised(recordings: list[bytes], phrases: list[str], folder: Path) -> list[str]:
    (folder / "phrases.json").write_text(json.dumps(phrases))
    for number, recording in enumerate(recordings):
        (folder / f"{number:02}.raw").write_bytes(recording)
    command = [sys.executable, "-m", "tests.voice.recognise", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=120, cwd=ROOT, check=True)
    return list(json.loads(done.stdout))


def test_a_runner_hears_each_cue_in_time_and_can_tell_which(ears: Ears, tmp_path: Path) -> None:
    words = Words.load("en", "metric")
    plan = read_workout(str(ROOT / "coach/demo/workout.toml"), None)
    shown: list[str] = []
    said: list[tuple[str, float, float]] = []
    with Announcer(words, VoiceSettings(player="sounddevice"), lambda at: at, shown.append) as announcer:
        announcer.warm([words.text(cue) for cue in spoken()])
        announcer.say_text("Hello.")  # the first sound after opening tells nothing about time
        announcer.drain(60)
        if shown:
            pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")
        for cue in spoken():
            time.sleep(0.15)
            decided = time.monotonic()
            announcer.say(now(cue))
            announcer.drain(60)
            said.append((words.text(cue), decided, time.monotonic()))
    report(said, ears, [*words.of_plan(plan), *(text for text, *_ in said)], tmp_path)


def report(said: list[tuple[str, float, float]], ears: Ears, phrases: list[str], folder: Path) -> None:
    onsets = [ears.onset(decided, done) for _, decided, done in said]
    late = [onset - decided for onset, (_, decided, _) in zip(onsets, said, strict=True) if onset is not None]
    texts = recognised([ears.between(start, end).tobytes() for _, start, end in said], list(dict.fromkeys(phrases)), folder)
    right = [plain(text) == heard for (text, *_), heard in zip(said, texts, strict=True)]
    figures: dict[str, Any] = {"cues": len(said), "recognised": sum(right), "of a list of": len(set(phrases))}
    print("\n", figures, f"decided to heard: median {median(late) * 1000:.0f} ms, most {max(late) * 1000:.0f} ms")
    for (text, *_), heard, well in zip(said, texts, right, strict=True):
        if not well:
            print(f"  {text!r} was taken for {heard!r}")
    assert len(late) == len(said), "each cue is heard"
    assert sum(right) >= SHARE * len(said)
    assert median(late) < SOON
