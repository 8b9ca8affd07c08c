"""Players that play what we mix, block by block: what they share, and one that writes a file as if it were a loudspeaker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coach.voice.process import earcons
from coach.voice.process.mixer import Metronome, Mixer, SampleClock, Source, begun
from coach.voice.process.player import NoDevice, Playing
from coach.voice.process.sound import RATE, Sound, little_endian, seconds
from coach.voice.process.wav import wav_header
from coach.voice.settings import VoiceSettings

UNDER_SPEECH = 0.4  # share of a click's loudness while something else is heard
WAV_BLOCK = 441  # samples, 20 ms


@dataclass(slots=True)
class InTheMix:
    """A source of the mixer: over once its last block was asked for, and the card has had the time to play it."""

    source: Source
    mixed: Mixed
    ends: float
    _heard_by: float | None = None

    def is_over(self, now: float) -> bool:
        if self._heard_by is None and self.source.is_over(self.mixed.mixer.position):
            self._heard_by = now + self.mixed.behind
        return self._heard_by is not None and now >= self._heard_by


class Mixed:
    """The part that mixed players share: the mixer, its clock, and when a block was last asked for.

    `behind` is how long (s) after it is asked for a block is heard; `now` tells the time (monotonic s).
    """

    def __init__(self, latency: float, now: Callable[[], float] = time.monotonic) -> None:
        self.mixer, self.latency, self.behind, self._now = Mixer(), latency, latency, now
        self.clock = SampleClock(latency)
        self.alive = now()

    def block(self, frames: int, now: float) -> bytes:
        self.alive = now
        self.clock.asked(self.mixer.position, now)
        return little_endian(self.mixer.render(frames))

    def play(self, sound: Sound, at: float | None, over: bool) -> Playing:
        if at is None:
            return InTheMix(self.mixer.play(sound, None, over), self, self._now() + self.latency + seconds(sound))
        first = self.clock.sample(at)
        source = self.mixer.play(begun(sound, max(0, self.mixer.position - first)), first, over)
        return InTheMix(source, self, at + self.latency + seconds(sound))

    def beat(self, spm: float | None, loudness: float) -> None:
        loud, soft = earcons.click(loudness), earcons.click(loudness * UNDER_SPEECH)
        if spm and (running := self.mixer.metronome) and running.spm == spm:
            running.clicks = loud, soft  # at another loudness it keeps its beat
        else:
            self.mixer.metronome = Metronome(spm, loud, soft) if spm else None

    def rest(self) -> None:
        """Goes on in silence."""


class WavFile(Mixed):
    """A WAV file that behaves like a loudspeaker: it takes blocks in real time, by a clock without jitter.

    Silence takes no space on disk (the file is sparse). A restarted voice process appends to it.
    """

    def __init__(self, settings: VoiceSettings, again: bool = False) -> None:
        super().__init__(0.0)
        try:
            mode = "r+b" if again and Path(settings.file).exists() else "w+b"
            self._file = Path(settings.file).open(mode)  # noqa: SIM115 (closed by close())
        except OSError as error:
            raise NoDevice(f"cannot write {settings.file}: {error.strerror}") from None
        self._size = max(44, self._file.seek(0, os.SEEK_END))
        self._open, self._began = True, time.monotonic()
        self._thread = threading.Thread(target=self._listen, name="wav", daemon=True)
        self._thread.start()

    def is_lost(self) -> bool:
        return not self._thread.is_alive()

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._file.close()

    def _listen(self) -> None:
        while self._open:
            due = self._began + self.mixer.position / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            block = self.block(WAV_BLOCK, due)
            if any(block):
                self._file.seek(self._size)
                self._file.write(block)
            self._size += len(block)
            self._write_header()

    def _write_header(self) -> None:
        """Called after each block, so that the file can be played however this process ends."""
        data = self._size - 44
        self._file.truncate(self._size)
        self._file.seek(0)
        self._file.write(wav_header(data))
        self._file.flush()
