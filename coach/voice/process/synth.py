"""Text to sound: pyttsx3 (espeak-ng underneath), or any command that writes a WAV; and what to try when one fails.

pyttsx3 is used in the one way that never lost a phrase in measurements: save_to_file on one engine in one thread, one
throw-away runAndWait after its creation, every result checked. A hang cannot be cured here: whoever waits ends the process.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from coach.voice.process.cache import PhraseCache
from coach.voice.process.sound import Sound, levelled, read_wav, trimmed
from coach.voice.settings import ENGINES, VoiceSettings
from devices.plugins import VOICES, plugins

COMMAND_TIME = 10.0  # s for a command to make one phrase; the process that waits is ended sooner than that if it must speak
REST = 1.0  # s, a thousand times what it takes
LIBRARY = "libespeak-ng.so.1"
INSTALL = "sudo apt install espeak-ng libespeak-ng1"


class Engine(Protocol):
    """Writes `text` as a WAV file. Raises OSError, RuntimeError or ValueError where it cannot."""

    def wav(self, text: str, path: Path) -> None: ...


class Pyttsx3:
    """One engine of the library. Its stdout must be open: with a closed one it never returns."""

    def __init__(self, voice: str, rate: int) -> None:
        find_espeak()
        import pyttsx3
        from pyttsx3.drivers import _espeak

        self._is_playing: Callable[[], int] = _espeak.IsPlaying
        gc.collect()  # init() hands out the old engine again while anything refers to it
        self._engine: Any = pyttsx3.init("espeak")
        self._await_rest()
        self._engine.runAndWait()  # the first one returns before the file is written: throw it away, once
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", rate)
        got = self._engine.getProperty("voice").rpartition("/")[2]
        if got != voice:
            raise ValueError(f"espeak has no voice {voice!r}; `espeak-ng --voices` lists them")

    def wav(self, text: str, path: Path) -> None:
        self._await_rest()
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it saved
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()

    def _await_rest(self) -> None:
        """espeak obeys in a thread of its own. Where it is still busy with a setting or the phrase before when a loop begins,
        the library takes note to cancel, and cancels what comes next: an empty file.
        """
        until = time.monotonic() + REST
        while self._is_playing() and time.monotonic() < until:
            time.sleep(0.001)


class Command:
    """A program that writes a WAV: an argument list with {text} and {wav} in it, run without a shell."""

    def __init__(self, template: list[str]) -> None:
        self._template = template

    def wav(self, text: str, path: Path) -> None:
        arguments = [part.replace("{wav}", str(path)).replace("{text}", text) for part in self._template]
        done = subprocess.run(arguments, capture_output=True, timeout=COMMAND_TIME, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {told[-1] if told else 'no message'}")


class Synthesiser:
    """Phrases in one voice, from the cache or made now, trimmed and levelled.

    `fallback` is a voice that is known to exist, for when the chosen one is not. `trouble` says what went wrong
    the last time something did.
    """

    def __init__(self, settings: VoiceSettings, fallback: str, cache: PhraseCache | None = None) -> None:
        self._settings = settings
        self._voice = settings.voice or fallback
        self._fallback = fallback
        self._cache = cache or PhraseCache()
        self._engine: Engine | None = None
        self.trouble: str | None = None

    def phrase(self, text: str) -> Sound | None:
        """The phrase, or None where every way to make it failed."""
        key = (self._settings.engine, *self._settings.command, self._voice, self._settings.rate, text)
        if (known := self._cache.get(*key)) is not None:
            return known
        troubles = []
        for attempt in self._attempts():
            try:
                sound = self._made(attempt(), text)
            except (OSError, RuntimeError, ValueError, ImportError, subprocess.TimeoutExpired) as error:
                troubles.append(str(error))
                self._engine, self.trouble = None, troubles[0]  # the first is about what the runner asked for
                continue
            self._cache.put(sound, *key)
            return sound
        return None

    def _attempts(self) -> Iterator[Callable[[], Engine]]:
        """The engine at hand; a fresh one; the espeak-ng command, which knows more voices; the language's own voice."""
        yield self._own
        yield self._own
        yield lambda: _espeak_command(self._voice, self._settings.rate)
        if self._voice != self._fallback:
            yield lambda: _espeak_command(self._fallback, self._settings.rate)

    def _own(self) -> Engine:
        if self._engine is None:
            if self._settings.engine == "command":
                self._engine = Command(self._settings.command)
            elif self._settings.engine not in ENGINES:
                self._engine = plugged_in_engine(self._settings.engine, self._voice, self._settings.rate)
            else:
                self._engine = Pyttsx3(self._voice, self._settings.rate)
        return self._engine

    def _made(self, engine: Engine, text: str) -> Sound:
        with tempfile.TemporaryDirectory(prefix="coach-voice-") as folder:
            path = Path(folder) / "phrase.wav"
            engine.wav(text, path)
            return levelled(trimmed(read_wav(path)))


def plugged_in_engine(name: str, voice: str, rate: int) -> Engine:
    """The engine of a plug-in. Raises BrokenPlugin, a ValueError."""
    plugin = plugins(VOICES)[name]
    made = plugin.load()
    try:
        engine: Engine = made(voice, rate)
    except Exception as bug:  # code of others may fail in every way
        raise plugin.broken(f"{type(bug).__name__}: {bug}") from bug
    if not callable(getattr(engine, "wav", None)):
        raise plugin.broken(f"{plugin.entry.value} makes no engine with wav(text, path)")
    return engine


def find_espeak() -> None:
    """Where the system has no espeak-ng, bring the one of the espeakng-loader wheel; pyttsx3's dlopen then finds it.

    Without the data path the C library would end the whole process.
    """
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        try:
            import espeakng_loader
        except ImportError:
            raise RuntimeError(f"no espeak-ng on this system: {INSTALL}") from None
        os.environ["ESPEAK_DATA_PATH"] = str(espeakng_loader.get_data_path())
        ctypes.CDLL(str(espeakng_loader.get_library_path()))


def _espeak_command(voice: str, rate: int) -> Command:
    return Command(["espeak-ng", "-v", voice, "-s", str(rate), "-w", "{wav}", "--", "{text}"])
