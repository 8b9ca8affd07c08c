"""The voice process: speech engines and sound drivers hang and crash, and here only this process with them.

JSON lines come on stdin and go out on stdout; `coach.voice.process` is the other end. The end of stdin is the end.

    in   {"do": "start", "settings": {…}, "voice": "en-us", "words": true, "again": false}      {"do": "quit"}
         {"do": "play", "id": 7, "sound": "words", "text": "…", "at": 120.5 or null, "until": 123.0, "over": false}
         {"do": "warm", "texts": ["…"]}
    out  {"is": "ready", "player": "sounddevice"}   or   {"is": "no device", "why": "…"}
         {"is": "began", "id": 7, "ends": 125.1}    {"is": "ended", "id": 7}    {"is": "late", "id": 7}
         {"is": "warm"}   {"is": "lost"}   {"is": "note", "text": "…"}
    or, as the only order,
    in   {"do": "render", "settings": {…}, "voice": "en-us", "texts": ["…"], "path": "…"}
    out  {"is": "rendered", "seconds": 2.5, "wordless": 0, "trouble": null}

Times are the system's monotonic clock, which both processes share.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coach.voice import earcons
from coach.voice.cache import PhraseCache
from coach.voice.players import NoDevice, open_player
from coach.voice.settings import VoiceSettings
from coach.voice.sound import RATE, Sound, scaled, seconds, silence, write_wav
from coach.voice.synth import Synthesiser

ASLEEP_AFTER = 5.0  # s of silence: then a wireless headset may miss the first syllable
TAIL = 0.15  # s of silence that belong to a phrase, so that two are two
PAUSE = 0.7  # s between phrases in a file
LOOK = 0.02  # s between two looks at what sounds
LOOK_FOR_WIRELESS = 30.0  # s: a headset may be connected during the run

Message = dict[str, Any]


class Voice:
    """What the process does, in one thread: make phrases, let them be heard, tell when they were."""

    def __init__(self, start: Message, tell: Callable[..., None]) -> None:
        self._settings = VoiceSettings(**start["settings"])
        self._tell = tell
        self._synth = Synthesiser(self._settings, start["voice"]) if start["words"] else None
        self._told: str | None = None
        self._sounding: dict[int, float] = {}  # id -> when it will have been heard
        self._last_heard = 0.0
        self._wireless, self._looked = False, float("-inf")
        self._name, self._player = open_player(self._settings, start["again"])
        tell("ready", player=self._name)

    @property
    def pause(self) -> float:
        """s that may pass until the next look."""
        return LOOK if self._sounding else 0.25

    def look(self) -> bool:
        """Tell what has ended; False when the device is lost."""
        now = time.monotonic()
        for number in [number for number, ends in self._sounding.items() if now >= ends]:
            del self._sounding[number]
            self._last_heard = now
            self._tell("ended", id=number)
        if not self._sounding and now - self._looked > LOOK_FOR_WIRELESS:
            self._wireless, self._looked = _is_wireless(self._settings.device), now
        return not self._player.is_lost()

    def play(self, message: Message) -> None:
        sound = self._sound(message["sound"], message["text"])
        now, at = time.monotonic(), message["at"]
        if now > message["until"]:
            self._tell("late", id=message["id"])
            return
        if self._wireless and now - self._last_heard > ASLEEP_AFTER and not self._sounding:
            sound, at = self._woken(sound, at, now)
        if message["over"]:
            self._sounding.clear()
        ends = self._player.play(sound, at, message["over"])
        self._sounding[message["id"]] = ends
        self._tell("began", id=message["id"], ends=ends)

    def warm(self, message: Message) -> None:
        for text in message["texts"]:
            self._phrase(text)
        self._tell("warm")

    def close(self) -> None:
        self._player.close()

    def _woken(self, sound: Sound, at: float | None, now: float) -> tuple[Sound, float | None]:
        """With near silence before it: what has its moment keeps it, words come a little later."""
        wanted = self._settings.wake_ms / 1000
        lead = wanted if at is None else min(wanted, max(0.0, at - now - LOOK))
        return earcons.wake(lead) + sound, None if at is None else at - round(lead * RATE) / RATE

    def _sound(self, kind: str, text: str) -> Sound:
        sound = self._phrase(text) if kind == "words" else earcons.EARCONS[kind]()
        if sound is None:
            sound = earcons.tone()
        return scaled(sound, self._settings.volume) + (silence(TAIL) if kind == "words" else silence(0))

    def _phrase(self, text: str) -> Sound | None:
        if self._synth is None:
            return None
        sound = self._synth.phrase(text)
        if self._synth.trouble != self._told:
            self._told = self._synth.trouble
            self._tell("note", text=f"the voice: {self._told}")
        return sound


def main() -> None:
    """Answers on the stdout we were given; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's business: its last words are still to be said

    def tell(kind: str, **facts: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            answers.write(json.dumps({"is": kind, **facts}) + "\n")
            answers.flush()

    orders: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    try:
        _obey(orders, tell)
    except NoDevice as missing:
        tell("no device", why=str(missing))
    except Exception as error:  # whatever it is, the other end starts a fresh process, and says why
        tell("note", text=f"the voice process failed: {error!r}")
    os._exit(0)  # a sound library's own thread may hang for ever: nothing is left that we would wait for


def _obey(orders: queue.SimpleQueue[Message], tell: Callable[..., None]) -> None:
    first = orders.get()
    if first["do"] == "render":
        _render(first, tell)
        return
    voice = Voice(first, tell)
    while voice.look():
        try:
            order = orders.get(timeout=voice.pause)
        except queue.Empty:
            continue
        match order["do"]:
            case "play":
                voice.play(order)
            case "warm":
                voice.warm(order)
            case "quit":
                voice.close()
                return
    tell("lost")


def _render(order: Message, tell: Callable[..., None]) -> None:
    """All texts into one file, one after the other, each made anew."""
    settings = VoiceSettings(**order["settings"])
    whole, wordless = silence(PAUSE / 2), 0
    with tempfile.TemporaryDirectory(prefix="coach-voice-") as folder:
        synth = Synthesiser(settings, order["voice"], PhraseCache(Path(folder))) if settings.engine != "none" else None
        for text in order["texts"]:
            phrase = synth.phrase(text) if synth else None
            wordless += phrase is None
            whole += scaled(phrase or earcons.tone(), settings.volume) + silence(PAUSE)
    write_wav(Path(order["path"]), whole)
    tell("rendered", seconds=seconds(whole), wordless=wordless, trouble=synth.trouble if synth else None)


def _listen(orders: queue.SimpleQueue[Message]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    os._exit(0)


def _is_wireless(device: str) -> bool:
    """Whether sound goes to a Bluetooth device: only such a one sleeps."""
    if "blue" in device:
        return True
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(["pactl", "get-default-sink"], capture_output=True, timeout=1.0, check=False)
        return told.stdout.startswith(b"bluez")
    return False


if __name__ == "__main__":
    main()
