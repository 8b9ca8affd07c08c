"""Heard, not only sent: a private sound server, a recorder at its output, and a recogniser that writes down the cues.

What this proves: our cues reach the loudspeaker in time and can be told apart. It says nothing about runners.
"""

import importlib.util
import json
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from coach.core.events import Cue
from coach.voice.announcer import Announcer
from coach.voice.server.monitor import LOUD, Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.words import foreseen
from coach.voice.words.phrasing import Words
from coach.workouts import read_workout
from tests.voice.ears import SINKS, Server, missing, wait_until
from tests.voice.recognise import plain

MISSING = missing("pulseaudio", "pactl", "parec")
MISSING += [] if importlib.util.find_spec("pocketsphinx") else ["pocketsphinx"]
pytestmark = [
    pytest.mark.edge,
    pytest.mark.skipif(bool(MISSING), reason=f"cannot listen without {', '.join(MISSING)}"),
]
ROOT = Path(__file__).parents[2]
WORDS = Words.load("en", "metric")
DEMO = read_workout(str(ROOT / "coach/demo/workout.toml"), None)
SOON = 0.150  # s from the decision to the sound, for phrases that are ready
SHARE = 0.8


def spoken() -> list[Cue]:
    """One of each kind that has words, as the demo says them."""
    passed = {"elapsed": 1206.0, "distance": 3642.0}
    kinds = {cue.kind: cue for cue in foreseen.cues(DEMO, "metric", 30)}
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


def announcer_in(sink: str, monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> Announcer:
    monkeypatch.setenv("PULSE_SINK", sink)
    announcer = Announcer(WORDS, VoiceSettings(player="sounddevice"), lambda at: at, shown.append)
    announcer.__enter__()
    wait_until(lambda: announcer.voice_process)  # it has taken its environment
    announcer.say_text("Hello.")  # the first sound after opening tells nothing about time
    return announcer


def greeted(announcer: Announcer, shown: list[str]) -> None:
    announcer.drain(60)
    if shown:
        announcer.close()
        pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")


@dataclass
class Said:
    """A cue that was said between two moments, in one room."""

    text: str
    ears: Monitor
    decided: float
    done: float

    @property
    def recording(self) -> bytes:
        return bytes(self.ears.between(self.decided, self.done).tobytes())

    @property
    def delay(self) -> float | None:
        onset = self.ears.onset(self.decided, self.done)
        return None if onset is None else onset - self.decided


def speak(announcer: Announcer, ears: Monitor, cues: list[Cue], said: list[Said]) -> None:
    for cue in cues:
        time.sleep(0.15)
        decided = time.monotonic()
        announcer.say(now(cue))
        announcer.drain(60)
        said.append(Said(WORDS.text(cue), ears, decided, time.monotonic()))


def test_a_runner_hears_each_cue_in_time_and_can_tell_which(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Said] = []
    cues = sorted(spoken(), key=lambda cue: len(WORDS.text(cue)))
    shown: list[str] = []
    announcers = [announcer_in(sink, monkeypatch, shown) for sink in SINKS]
    for announcer in announcers:
        announcer.warm([WORDS.text(cue) for cue in cues])
        greeted(announcer, shown)
    rooms = [Monitor(sink) for sink in SINKS]
    threads = [
        threading.Thread(target=speak, args=(announcer, ears, cues[number :: len(SINKS)], said))
        for number, (announcer, ears) in enumerate(zip(announcers, rooms, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for announcer in announcers:
        announcer.close()
    for room in rooms:
        room.close()
    report(said, [*WORDS.of_plan(DEMO), *(each.text for each in said)], tmp_path)


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_a_sound_server_that_dies_or_freezes_is_survived(
    server: Server, fault: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, nobody is held up, and once there is a server again cues are heard again."""
    shown: list[str] = []
    announcer = announcer_in(SINKS[0], monkeypatch, shown)
    greeted(announcer, shown)
    before = announcer.voice_process
    server.process.send_signal(fault)
    wait_until(lambda: shown and announcer.voice_process != before)
    server.end()
    again = Server()
    ears = Monitor(SINKS[0])
    halfway = next(cue for cue in spoken() if cue.kind == "halfway")

    def is_heard() -> bool:
        announcer.say(now(halfway))
        announcer.drain(5)
        return any(abs(sample) > LOUD for sample in ears.samples)

    try:
        wait_until(is_heard)
        assert shown[0] == "the sound device is lost; trying to get it back"
    finally:
        for each in (announcer, ears):
            each.close()
        again.end()


def report(said: list[Said], phrases: list[str], folder: Path) -> None:
    delays = [each.delay for each in said if each.delay is not None]
    texts = recognised([each.recording for each in said], list(dict.fromkeys(phrases)), folder)
    right = [plain(each.text) == heard for each, heard in zip(said, texts, strict=True)]
    figures = f"{sum(right)} of {len(said)} cues recognised among {len(set(phrases))}"
    print(f"\n{figures}; decided to heard: median {median(delays) * 1000:.0f} ms, most {max(delays) * 1000:.0f} ms")
    for each, heard, well in zip(said, texts, right, strict=True):
        if not well:
            print(f"  {each.text!r} was taken for {heard!r}")
    assert len(delays) == len(said), "each cue is heard"
    assert sum(right) >= SHARE * len(said)
    assert median(delays) < SOON
