"""The players: a table row for each. All but simpleaudio play what we mix, on a stream that is always open."""

from __future__ import annotations

import os
import struct
import threading
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from coach.voice.process import earcons
from coach.voice.process.mixer import Metronome, Mixer, SampleClock, begun
from coach.voice.process.sound import RATE, Sound, little_endian, seconds
from coach.voice.settings import VoiceSettings

STEADY = 5  # blocks the sound card must ask for before a stream counts as running
STEADY_WITHIN = 3.0  # s: an idle sound server takes up to 1.9 s to ask for its first block
STILL = 1.5  # s without a request for a block: a suspended or frozen sound server reports no error, it just stops
UNDER_SPEECH = 0.4  # share of a click's loudness while something else is heard
WAV_BLOCK = 441  # samples, 20 ms


class NoDevice(Exception):
    """No sound can be played; the message says why and what to type."""


class Player(Protocol):
    def play(self, sound: Sound, at: float | None, over: bool) -> float:
        """Plays from monotonic time `at` on, or at once; `over` cuts off what is playing then. Returns when it will have ended.

        A sound that is too late for `at` begins in the middle, where it should be by now.
        """

    def beat(self, spm: float | None, loudness: float) -> None:
        """Clicks `spm` times a minute, mixed with everything else; None stops. Raises NoDevice if this player cannot."""

    def is_lost(self) -> bool:
        """Whether the device is gone, or has stopped asking for sound."""

    def close(self) -> None: ...


class Mixed:
    """The part that mixed players share: the mixer, its clock, and when a block was last asked for."""

    def __init__(self, latency: float) -> None:
        self.mixer, self.latency = Mixer(), latency
        self.clock = SampleClock(latency)
        self.alive = time.monotonic()

    def block(self, frames: int, now: float) -> bytes:
        self.alive = now
        self.clock.asked(self.mixer.position, now)
        return little_endian(self.mixer.render(frames))

    def play(self, sound: Sound, at: float | None, over: bool) -> float:
        if at is None:
            self.mixer.play(sound, None, over)
            return time.monotonic() + self.latency + seconds(sound)
        first = self.clock.sample(at)
        self.mixer.play(begun(sound, max(0, self.mixer.position - first)), first, over)
        return at + self.latency + seconds(sound)

    def beat(self, spm: float | None, loudness: float) -> None:
        soft = earcons.click(loudness * UNDER_SPEECH)
        self.mixer.metronome = Metronome(spm, earcons.click(loudness), soft) if spm else None


class SoundDevice(Mixed):
    """PortAudio through `sounddevice`: its thread asks for blocks, and it stays open for the whole run."""

    def __init__(self, settings: VoiceSettings) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as error:  # OSError: the package is there, PortAudio is not
            raise NoDevice(f"{error}: sudo apt install libportaudio2") from None
        super().__init__(settings.latency_ms / 1000)
        self._ended = False
        try:
            self._stream: Any = sounddevice.RawOutputStream(
                samplerate=RATE,
                channels=1,
                dtype="int16",
                device=settings.device,
                latency=self.latency,
                callback=self._asked,
                finished_callback=self._finished,
            )
            self._stream.start()
        except (ValueError, sounddevice.PortAudioError) as error:
            raise NoDevice(f"{error}; `python -m sounddevice` lists the devices") from None
        self._await_steady()

    def is_lost(self) -> bool:
        return self._ended or time.monotonic() - self.alive > STILL

    def close(self) -> None:
        self._stream.close()

    def _asked(self, out: Any, frames: int, times: Any, status: Any) -> None:
        out[:] = self.block(frames, time.monotonic())

    def _finished(self) -> None:
        self._ended = True

    def _await_steady(self) -> None:
        until = time.monotonic() + STEADY_WITHIN
        first = self.mixer.position
        asked = 0
        while asked < STEADY and time.monotonic() < until:
            time.sleep(0.01)
            if self.mixer.position != first:
                first, asked = self.mixer.position, asked + 1
        self.alive = time.monotonic()


class SimpleAudio:
    """simpleaudio: plays one sound at a time. It crashes unless the process was started with PYTHONMALLOC=malloc."""

    def __init__(self, settings: VoiceSettings) -> None:
        try:
            import simpleaudio
        except ImportError:
            raise NoDevice('simpleaudio is not installed: pip install "progression-coach[simpleaudio]"') from None
        self._module: Any = simpleaudio
        self._playing: Any = None
        try:
            self._play(array("h", [0] * (RATE // 20)))
        except Exception as error:  # its own error class cannot be imported in every version
            raise NoDevice(f"simpleaudio cannot play: {error}") from None

    def play(self, sound: Sound, at: float | None, over: bool) -> float:
        if at is not None:
            time.sleep(max(0.0, at - time.monotonic()))
        if self._playing and over:
            self._playing.stop()
        self._play(sound)
        return time.monotonic() + seconds(sound)

    def beat(self, spm: float | None, loudness: float) -> None:
        if spm:
            raise NoDevice('the metronome needs player = "sounddevice": sudo apt install libportaudio2')

    def is_lost(self) -> bool:
        return False  # simpleaudio does not report it

    def close(self) -> None:
        if self._playing:
            self._playing.stop()

    def _play(self, sound: Sound) -> None:
        self._playing = self._module.play_buffer(little_endian(sound), 1, 2, RATE)


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
        self._file.write(struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + data, b"WAVEfmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16,
                                     b"data", data))  # fmt: skip
        self._file.flush()


def open_player(settings: VoiceSettings, again: bool) -> tuple[str, Player]:
    """The name of the player in the settings, and the player; `auto` takes the first that opens. Raises NoDevice."""
    if settings.player != "auto":
        return settings.player, PLAYERS[settings.player](settings, again)
    try:
        return "sounddevice", SoundDevice(settings)
    except NoDevice as missing:
        try:
            return "simpleaudio", SimpleAudio(settings)
        except NoDevice:
            raise missing from None


PLAYERS: dict[str, Callable[[VoiceSettings, bool], Player]] = {
    "sounddevice": lambda settings, again: SoundDevice(settings),
    "simpleaudio": lambda settings, again: SimpleAudio(settings),
    "wav": WavFile,
}
