"""Turns text into sound with pyttsx3 (on espeak-ng), hibari or any command that writes a WAV, and tries others if one fails.

pyttsx3 is used in the only way that never lost a phrase in measurements: save_to_file on one engine in one thread, an extra
runAndWait after creating it, and every result checked. A hang cannot be handled here: the parent process kills this one.
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
from coach.voice.process.hibari import Hibari
from coach.voice.process.shaping import shaped
from coach.voice.process.sound import Sound, squeezed, trimmed
from coach.voice.process.wav import read_wav
from coach.voice.settings import ENGINES, FOLDER, VoiceSettings, engine_for
from devices.plugins import VOICES, plugins

COMMAND_TIME = 10.0  # s that a command may take for one phrase; if the phrase is needed now, the parent process waits less
LOADED_WITHIN = 3.0  # s to wait for an engine before the first phrase: later ones are made while the run waits
LONGEST_PAUSE = 0.3  # s inside a phrase of hibari, which makes up to 0.8: in wind that sounds like the end
REST = 1.0  # s to wait for espeak to become idle: a thousand times what it takes
LIBRARY = "libespeak-ng.so.1"
INSTALL = "sudo apt install espeak-ng libespeak-ng1"


class Engine(Protocol):
    """Writes `text` as a WAV file. Raises OSError, RuntimeError or ValueError if it cannot."""

    def wav(self, text: str, path: Path) -> None: ...


class Pyttsx3:
    """An engine of the library pyttsx3. stdout must be open: with a closed one it never returns."""

    def __init__(self, voice: str, rate: int) -> None:
        find_espeak()
        import pyttsx3
        from pyttsx3.drivers import _espeak

        self._is_playing: Callable[[], int] = _espeak.IsPlaying
        gc.collect()  # init() returns the old engine as long as anything refers to it
        self._engine: Any = pyttsx3.init("espeak")
        self._await_rest()
        self._engine.runAndWait()  # the first call returns before the file is written, so make one in advance
        self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", rate)
        got = self._engine.getProperty("voice").rpartition("/")[2]
        if got != voice:
            raise ValueError(f"espeak has no voice {voice!r}; `espeak-ng --voices` lists them")

    def wav(self, text: str, path: Path) -> None:
        self._await_rest()
        with contextlib.redirect_stdout(io.StringIO()):  # it prints the name of the file
            self._engine.save_to_file(text, str(path))
            self._engine.runAndWait()

    def _await_rest(self) -> None:
        """Waits until espeak is idle. espeak works in its own thread; if it is still busy when a new loop begins,
        pyttsx3 cancels the next phrase, which leaves an empty file.
        """
        until = time.monotonic() + REST
        while self._is_playing() and time.monotonic() < until:
            time.sleep(0.001)


class Command:
    """A program that writes a WAV: an argument list with {text} and {wav}, run without a shell."""

    def __init__(self, template: list[str]) -> None:
        self._template = template

    def wav(self, text: str, path: Path) -> None:
        arguments = [part.replace("{wav}", str(path)).replace("{text}", text) for part in self._template]
        done = subprocess.run(arguments, capture_output=True, timeout=COMMAND_TIME, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {told[-1] if told else 'no message'}")


class Synthesiser:
    """Makes phrases in one voice, or takes them from the cache; trimmed and shaped.

    `fallback` is a voice that is known to exist, used if the chosen one does not. `trouble` is the last thing that went wrong.
    """

    def __init__(self, settings: VoiceSettings, fallback: str, cache: PhraseCache | None = None) -> None:
        self._settings = settings
        self._voice = settings.voice or fallback
        self._fallback = fallback
        self._cache = cache or PhraseCache()
        self._name = engine_for(settings, fallback)
        self._engine: Engine | None = Hibari(settings.voice, settings.rate) if self._name == "hibari" else None
        self.trouble: str | None = None

    def load(self) -> None:
        """Waits a little for an engine that takes long to load."""
        if isinstance(self._engine, Hibari):
            self._engine.is_ready(LOADED_WITHIN)

    def phrase(self, text: str, at_once: bool = False) -> Sound | None:
        """The phrase; None if every way of making it failed. `at_once`: no time to wait for an engine that is still loading."""
        if (known := self._cache.get(*self._key(text))) is not None:
            return known
        troubles = []
        for attempt in self._attempts(at_once):
            try:
                engine = attempt()
                sound = self._made(engine, text)
            except (OSError, RuntimeError, ValueError, ImportError, subprocess.TimeoutExpired) as error:
                troubles.append(str(error))
                self._give_up(troubles[0])  # the first problem is with what the runner asked for
                continue
            if engine is self._engine or self.trouble:
                self._cache.put(sound, *self._key(text))
            return sound
        return None

    def _key(self, text: str) -> tuple[object, ...]:
        """Everything that decides how a phrase sounds."""
        return (self._name, *self._settings.command, self._voice, self._settings.rate, text)

    def _attempts(self, at_once: bool) -> Iterator[Callable[[], Engine]]:
        """What to try: the present engine; a new one; the espeak-ng command, which has more voices; the fallback voice."""
        if at_once and isinstance(self._engine, Hibari) and not self._engine.is_ready():
            yield lambda: _espeak_command(self._fallback, self._settings.rate)
        yield self._own
        yield self._own
        yield lambda: _espeak_command(self._voice, self._settings.rate)
        if self._voice != self._fallback:
            yield lambda: _espeak_command(self._fallback, self._settings.rate)

    def _own(self) -> Engine:
        if self._engine is None:
            if self._name == "command":
                self._engine = Command(self._settings.command)
            elif self._name not in ENGINES:
                self._engine = plugged_in_engine(self._name, self._voice, self._settings.rate)
            else:
                self._engine = Pyttsx3(self._voice, self._settings.rate)
        return self._engine

    def _give_up(self, trouble: str) -> None:
        """The engine is made anew; hibari, which takes long to load, gives way to pyttsx3 for good."""
        self._engine, self.trouble = None, trouble
        if self._name == "hibari":
            self._name, self._voice = "pyttsx3", self._fallback

    def _made(self, engine: Engine, text: str) -> Sound:
        with tempfile.TemporaryDirectory(prefix="coach-voice-", dir=os.environ.get(FOLDER)) as folder:
            path = Path(folder) / "phrase.wav"
            engine.wav(text, path)
            sound = trimmed(read_wav(path))
        return shaped(squeezed(sound, LONGEST_PAUSE) if isinstance(engine, Hibari) else sound)


def plugged_in_engine(name: str, voice: str, rate: int) -> Engine:
    """The engine of a plug-in. Raises BrokenPlugin, a ValueError."""
    plugin = plugins(VOICES)[name]
    made = plugin.load()
    try:
        engine: Engine = made(voice, rate)
    except Exception as bug:  # other people's code may raise anything
        raise plugin.broken(f"{type(bug).__name__}: {bug}") from bug
    if not callable(getattr(engine, "wav", None)):
        raise plugin.broken(f"{plugin.entry.value} makes no engine with wav(text, path)")
    return engine


def find_espeak() -> None:
    """If the system has no espeak-ng, loads the one in the espeakng-loader package, so that pyttsx3's dlopen finds it.

    Without the data path the C library would exit the whole process.
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
