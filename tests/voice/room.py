"""A room in which an announcer speaks into a file as if it were a loudspeaker, and ears for it."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

from coach.core.events import Cue
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.voice.announcer import Announcer
from coach.voice.process.sound import RATE, Sound, little_endian, scaled
from coach.voice.process.synth import Synthesiser
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from devices.sample import Stride
from tests.patience import PATIENCE

WORDS = Words.load("en", "metric")


def cue(kind: str, life: float = PATIENCE, due: float = 0.0, priority: int = 2, **facts: Any) -> Cue:
    now = time.monotonic()
    return Cue(now, kind, priority, now + due + life, now + due, facts)


def short_run(seconds: int) -> tuple[Recording, Setup]:
    """A run that begins with words, is silent, and ends with beeps and words."""
    plan = Plan("", (Segment("Easy", Kind.EASY, Duration(seconds)),))
    items = [Stride(float(at), "pod", 3.0) for at in range(seconds + 2)]
    return Recording(lambda: iter(items), None, 0, lambda: 0), Setup(plan)


class Room:
    def __init__(self, folder: Path, words: Words = WORDS, **settings: Any) -> None:
        self.settings = VoiceSettings(player="wav", file=str(folder / "heard.wav"), **settings)
        self.shown: list[str] = []
        self.announcer = Announcer(words, self.settings, lambda at: at, self.shown.append)

    @property
    def heard(self) -> bytes:
        path = Path(self.settings.file)
        return path.read_bytes()[44:] if path.exists() else b""

    @property
    def samples(self) -> Sound:
        heard = self.heard
        return array("h", heard[: len(heard) // 2 * 2])

    def began(self, watched: float) -> float:
        """When (monotonic s) the first sample was heard, by the most timely of the blocks written in the next `watched` s."""
        until, found = time.monotonic() + watched, inf
        while (now := time.monotonic()) < until:
            found = min(found, now - len(self.heard) / 2 / RATE)
            time.sleep(0.02)
        return found

    def sound_of(self, text: str) -> bytes:
        """As it is in the cache after it was said."""
        sound = Synthesiser(self.settings, WORDS.voice).phrase(text)
        assert sound
        return self.played(sound)

    def played(self, sound: Sound) -> bytes:
        return little_endian(scaled(sound, self.settings.volume))

    def until(self, true: Callable[[], object]) -> None:
        give_up = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < give_up, f"it never came; shown: {self.shown}"
            time.sleep(0.01)

    def until_ready(self) -> int:
        self.until(lambda: self.announcer._booth.is_open)
        process = self.announcer.voice_process
        assert process
        return process

    def until_speaking(self, at_least: int = 1) -> int:
        """The voice process, when something of the current cue is in the file."""
        before = len(self.heard.rstrip(b"\0"))
        self.until(lambda: len(self.heard.rstrip(b"\0")) > before + at_least and self.announcer.voice_process)
        process = self.announcer.voice_process
        assert process
        return process
