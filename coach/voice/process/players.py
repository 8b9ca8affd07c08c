"""The players: a table row for each. All but simpleaudio play what we mix, on a stream that stays open and rests in silence."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from coach.voice.process.mixed import Mixed, WavFile
from coach.voice.process.player import NoDevice, Player, Playing
from coach.voice.process.priority import going_first
from coach.voice.process.sound import RATE, Sound, little_endian, seconds
from coach.voice.settings import VoiceSettings

STEADY = 5  # blocks the sound card must ask for before a stream counts as running
STEADY_WITHIN = 3.0  # s: an idle sound server takes up to 1.9 s to ask for its first block
OPEN_WITHIN = 10.0  # s: a suspended sound server asks for none; when it goes on, this device is there at once
STILL = 1.5  # s without a request for a block: a suspended or frozen sound server reports no error, it just stops
SPARE = 0.1  # s before its moment at which a sound is placed, however unsteady the stream still is
MOST_BEHIND = 2.0  # s: no sound card or headset is further behind, so a greater delay is an error of its driver


class SoundDevice(Mixed):
    """PortAudio through `sounddevice`: its thread asks for blocks. It stays open for the whole run, and rests in silence."""

    def __init__(self, settings: VoiceSettings) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as error:  # OSError: the package is there, PortAudio is not
            raise NoDevice(f"{error}: sudo apt install libportaudio2") from None
        super().__init__(settings.latency_ms / 1000)
        self._ended = self._rests = False
        self._woken = -inf  # when the stream last began anew (monotonic s)
        self._error: type[Exception] = sounddevice.PortAudioError
        try:
            with going_first():
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
        if not self._await_steady(OPEN_WITHIN):
            raise NoDevice("the sound server takes no sound: is its output suspended?")

    def play(self, sound: Sound, at: float | None, over: bool) -> Playing:
        """After a rest words begin with the first block; what has an exact time waits until blocks come at a steady pace."""
        if at is not None and self._rests:
            self._wake()
            self._await_steady(at - time.monotonic() - SPARE)
        playing = super().play(sound, at, over)
        self._wake()
        return playing

    def beat(self, spm: float | None, loudness: float) -> None:
        super().beat(spm, loudness)
        self._wake()

    def rest(self) -> None:
        if not self._rests:
            self._rests = True
            self._stream.abort()

    def is_lost(self) -> bool:
        asked = max(self.alive, self._woken + STEADY_WITHIN - STILL)  # a server that was idle may stop once more as it begins
        return self._ended or (not self._rests and time.monotonic() - asked > STILL)

    def close(self) -> None:
        self._stream.close()

    def _wake(self) -> None:
        if self._rests:
            self.clock.forget()
            self._woken = time.monotonic()
            self._rests = False
            try:
                with going_first():
                    self._stream.start()
            except self._error:  # the sound server went away meanwhile
                self._ended = True

    def _asked(self, out: Any, frames: int, times: Any, status: Any) -> None:
        self.behind = max(self.latency, min(MOST_BEHIND, times.outputBufferDacTime - times.currentTime))
        out[:] = self.block(frames, time.monotonic())

    def _finished(self) -> None:
        self._ended = not self._rests

    def _await_steady(self, within: float) -> bool:
        until = time.monotonic() + within
        first = self.mixer.position
        asked = 0
        while asked < STEADY and time.monotonic() < until:
            time.sleep(0.01)
            if self.mixer.position != first:
                first, asked = self.mixer.position, asked + 1
        self.alive = time.monotonic()
        return asked >= STEADY


@dataclass(slots=True)
class BySimpleAudio:
    """It is over when simpleaudio says so, which is after the card has played it."""

    handle: Any
    ends: float

    def is_over(self, now: float) -> bool:
        return not self.handle.is_playing()


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

    def play(self, sound: Sound, at: float | None, over: bool) -> Playing:
        if at is not None:
            time.sleep(max(0.0, at - time.monotonic()))
        if self._playing and over:
            self._playing.stop()
        self._play(sound)
        return BySimpleAudio(self._playing, time.monotonic() + seconds(sound))

    def beat(self, spm: float | None, loudness: float) -> None:
        if spm:
            raise NoDevice('the metronome needs player = "sounddevice": sudo apt install libportaudio2')

    def rest(self) -> None:
        """It always does: it opens the card for each sound."""

    def is_lost(self) -> bool:
        return False  # simpleaudio does not report it

    def close(self) -> None:
        if self._playing:
            self._playing.stop()

    def _play(self, sound: Sound) -> None:
        with going_first():
            self._playing = self._module.play_buffer(little_endian(sound), 1, 2, RATE)


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
