"""Writes sound to a WAV file, faster than it would be heard: texts one after the other, or all that is heard in a run.

A run is performed by the same voice, mixer and order of urgency as one that is heard; only the clock is its own. Silence takes
no space on disk, because the file is sparse.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any, Protocol

from coach.voice.process import earcons
from coach.voice.process.cache import PhraseCache
from coach.voice.process.mixed import Mixed
from coach.voice.process.player import Player
from coach.voice.process.sound import RATE, little_endian, scaled, seconds, silence
from coach.voice.process.synth import Synthesiser
from coach.voice.process.wav import wav_header, write_wav
from coach.voice.settings import FOLDER, VoiceSettings
from coach.voice.waiting import Utterance, Waiting

PAUSE = 0.7  # s between phrases where silences are cut short
LOOK = 0.02  # s of the run between two checks of what is playing

Message = dict[str, Any]
Tell = Callable[..., None]


class Performer(Protocol):
    """What is needed of the voice of a run."""

    wordless: int

    def look(self) -> bool: ...
    def play(self, message: Message) -> None: ...
    def beat(self, message: Message) -> None: ...


def render(order: Message, tell: Tell) -> None:
    """Writes all texts to one file, one after the other, without using the cache."""
    settings = VoiceSettings(**order["settings"])
    whole, wordless = silence(PAUSE / 2), 0
    with tempfile.TemporaryDirectory(prefix="coach-voice-", dir=os.environ.get(FOLDER)) as folder:
        synth = Synthesiser(settings, order["voice"], PhraseCache(Path(folder))) if settings.engine != "none" else None
        for text in order["texts"]:
            phrase = synth.phrase(text) if synth else None
            wordless += phrase is None
            whole += scaled(phrase or earcons.tone(), settings.volume) + silence(PAUSE)
    write_wav(Path(order["path"]), whole)
    tell("rendered", seconds=seconds(whole), wordless=wordless, trouble=synth.trouble if synth else None)


def perform(order: Message, tell: Tell, voice: Callable[[Message, Tell, Player, Callable[[], float]], Performer]) -> None:
    """Writes what is heard in a run whose utterances were handed over at known seconds."""
    with File(Path(order["path"]), order["whole"]) as file:
        told: deque[tuple[str, Message]] = deque()
        words = order["settings"]["engine"] != "none"
        start = {"settings": order["settings"], "voice": order["voice"], "words": words, "again": False}
        run = Run(file, told, voice(start, lambda kind, **facts: told.append((kind, facts)), file, lambda: file.at))
        run.through(
            [(at, Utterance(**utterance)) for at, utterance in order["handed"]],
            [(at, spm, gain) for at, spm, gain in order["beats"]],
        )
        file.until(max(file.at, order["ends"]), is_heard=False)
    tell("rendered", seconds=file.seconds, wordless=run.voice.wordless, trouble=run.trouble, unheard=run.unheard)


class File(Mixed):
    """A player with a clock of its own, `at` (s), which goes on only by `until`. A context manager."""

    def __init__(self, path: Path, whole: bool) -> None:
        self.at = 0.0
        super().__init__(0.0, lambda: self.at)
        self.clock.asked(0, 0.0)
        self._whole, self._quiet, self._frames = whole, 0, 0
        self._file = path.open("wb")

    def __enter__(self) -> File:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.seek(0)
        self._file.write(wav_header(2 * self._frames))
        self._file.truncate(44 + 2 * self._frames)
        self._file.close()

    @property
    def seconds(self) -> float:
        return self._frames / RATE

    def until(self, moment: float, is_heard: bool) -> None:
        """Writes what is heard until then, or that nothing is."""
        frames = max(0, round(moment * RATE) - self.mixer.position)
        if is_heard or self.mixer.metronome:
            self._file.seek(44 + 2 * self._frames)
            for begin in range(0, frames, RATE):
                self._file.write(little_endian(self.mixer.render(min(RATE, frames - begin))))
            self._quiet = 0
        else:
            self.mixer.position += frames
            frames = frames if self._whole else max(0, min(frames, round(PAUSE * RATE) - self._quiet))
            self._quiet += frames
        self._frames += frames
        self.at = moment

    def is_lost(self) -> bool:
        return False

    def close(self) -> None:
        """Closed at the end of the block."""


class Run:
    """Does what the announcer does, on the file's clock."""

    def __init__(self, file: File, told: deque[tuple[str, Message]], voice: Performer) -> None:
        self.voice, self.trouble = voice, ""
        self.unheard: list[int] = []  # the numbers of those that were cut off or came too late
        self._file, self._told = file, told
        self._waiting = Waiting()
        self._current: Utterance | None = None

    def through(self, handed: list[tuple[float, Utterance]], beats: list[tuple[float, int | None, float]]) -> None:
        to_come, to_beat = deque(handed), deque(beats)
        while True:
            now = self._file.at
            following = min(to_come[0][0] if to_come else inf, to_beat[0][0] if to_beat else inf, self._waiting.wake(now))
            moment = min(following, now + LOOK if self._current else inf)
            if moment == inf:
                return
            self._file.until(max(now, moment), is_heard=self._current is not None)
            self._listen()
            while to_beat and to_beat[0][0] <= self._file.at:
                _, spm, gain = to_beat.popleft()
                self.voice.beat({"spm": spm, "gain": gain})
            while to_come and to_come[0][0] <= self._file.at:
                self._waiting.add(to_come.popleft()[1])
            self._speak()

    def _speak(self) -> None:
        self.unheard += [late.number for late in self._waiting.late(self._file.at)]
        while following := self._waiting.following(self._file.at, self._current):
            cut, self._current = self._current, following
            self.voice.play(following.order(over=cut is not None))
            if cut:
                self._waiting.add(cut)
                self.unheard.append(cut.number)
            self._listen()

    def _listen(self) -> None:
        """What the voice reports."""
        self.voice.look()
        while self._told:
            match self._told.popleft():
                case "ended" | "late" as how, {"id": number} if self._current and number == self._current.number:
                    self._current = None
                    self.unheard += [number] if how == "late" else []
                case "note", {"text": text}:
                    self.trouble = self.trouble or text
