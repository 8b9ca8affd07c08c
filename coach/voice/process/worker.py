"""The voice process. Speech engines and sound drivers hang and crash; because they run here, only this process does.

It reads JSON lines from stdin and writes them to stdout; `coach.voice.process.parent` is the other end. It ends with stdin.

    in   {"do": "start", "settings": {…}, "voice": "en-us", "words": true, "again": false}      {"do": "quit"}
         {"do": "play", "id": 7, "earcon": "changed" or "", "text": "…" or "", "short": "…" or "", "over": false,
          "at": 120.5 or null, "until": 123.0, "by": 126.5 or null}
         {"do": "warm", "texts": ["…"]}   {"do": "metronome", "spm": 176 or null}   {"do": "ack", "until": 120.3}
         (the orders that are heard may have a "gain", 1.0 without one)
    out  {"is": "ready", "player": "sounddevice"}   or   {"is": "no device", "why": "…"}
         {"is": "began", "id": 7, "ends": 125.1}    {"is": "ended", "id": 7}    {"is": "late", "id": 7}
         {"is": "warm"}   {"is": "lost"}   {"is": "note", "text": "…"}
    or, instead of all these,
    in   {"do": "render", "settings": {…}, "voice": "en-us", "texts": ["…"], "path": "…"}
         {"do": "perform", "settings": {…}, "voice": "en-us", "path": "…", "handed": [[12.0, {an Utterance}]], "whole": true,
          "beats": [[60.0, 176 or null, 1.0]], "ends": 2710.0}
    out  {"is": "rendered", "seconds": 2.5, "wordless": 0, "trouble": null}

Times are on the system's monotonic clock, which both processes share.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from coach.voice.process import earcons
from coach.voice.process.player import NoDevice, Player, Playing
from coach.voice.process.players import open_player
from coach.voice.process.rendering import perform, render
from coach.voice.process.sound import RATE, Sound, scaled, seconds, silence
from coach.voice.process.synth import Synthesiser
from coach.voice.server.ledger import settle_for_the_dead
from coach.voice.settings import FOLDER, VoiceSettings

RESTS_AFTER = 5.0  # s of silence after which the stream rests: an open one costs one and a half percent of a core
HANGS_AFTER = 2.5  # s: a sound server that takes longer to start or stop a stream is frozen
ASLEEP_AFTER = 5.0  # s of silence after which a wireless headset may miss the first syllable
TAIL = 0.2  # s of silence after a phrase: it separates phrases, and headsets do not cut off the last syllable
DYING = 1.0  # s until a coach that has just died has released its files
GAP = 0.08  # s between an earcon and its words
LOOK = 0.02  # s between two checks of what is playing
LOOK_FOR_WIRELESS = 30.0  # s between two checks for a wireless headset: one may be connected during the run

Message = dict[str, Any]


class Voice:
    """The work of the process, in one thread: it makes phrases, plays them, and reports when they were heard.

    A `player` of its own, and the clock it plays by, are for what is written to a file faster than it would be heard.
    """

    def __init__(
        self, start: Message, tell: Callable[..., None], player: Player | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = VoiceSettings(**start["settings"])
        self._tell = tell
        self._synth = Synthesiser(self._settings, start["voice"]) if start["words"] else None
        self._told: str | None = None
        self._to_warm: list[str] = []
        self._sounding: dict[int, Playing] = {}  # by id
        self._last_heard, self._beats = 0.0, False
        self._now, self._rests, self._hurries = now, False, player is None
        self.wordless = 0  # texts for which a tone stood in
        self._busy_at = now()  # when the stream was last needed
        self._wireless, self._looked = False, float("inf" if player else "-inf")
        self._name, self._player = ("file", player) if player else open_player(self._settings, start["again"])
        if self._synth and not start["again"]:
            self._synth.load()
        tell("ready", player=self._name)

    @property
    def pause(self) -> float:
        """Seconds until the next check."""
        if self._to_warm:
            return 0.0
        return LOOK if self._sounding else 0.25

    def look(self) -> bool:
        """Reports what has ended; False if the device is lost."""
        now = self._now()
        for number in [number for number, playing in self._sounding.items() if playing.is_over(now)]:
            del self._sounding[number]
            self._last_heard = now
            self._tell("ended", id=number)
        if self._sounding or self._beats:
            self._busy_at = now
        elif not self._rests and now - max(self._busy_at, self._last_heard) > RESTS_AFTER:
            with self._or_lost():
                self._player.rest()
            self._rests = True
            _give_memory_back()
        if not self._sounding and now - self._looked > LOOK_FOR_WIRELESS:
            self._wireless, self._looked = _is_wireless(self._settings.device), now
        return not self._player.is_lost()

    def play(self, message: Message) -> None:
        sound, at = self._fitting(message), message["at"]
        now = self._now()
        if sound is None or now > message["until"]:
            self._tell("late", id=message["id"])
            return
        if self._sleeps(now if at is None else at):
            sound, at = self._woken(sound, at, now)
        if message["over"]:
            self._sounding.clear()
        with self._or_lost():
            playing = self._player.play(sound, at, message["over"])
        self._sounding[message["id"]] = playing
        self._tell("began", id=message["id"], ends=playing.ends)

    def acknowledge(self, message: Message) -> None:
        """Plays a pip beside everything else; nobody waits for its end."""
        sound, now = scaled(earcons.ack(), self._settings.volume * message.get("gain", 1.0)), self._now()
        if now <= message["until"]:
            with self._or_lost():
                self._player.play(self._woken(sound, None, now)[0] if self._sleeps(now) else sound, None, over=False)
            self._last_heard = now

    def beat(self, message: Message) -> None:
        try:
            with self._or_lost():
                self._player.beat(message["spm"], earcons.CLICK * self._settings.metronome_volume * message.get("gain", 1.0))
            self._beats = message["spm"] is not None
        except NoDevice as cannot:
            self._tell("note", text=str(cannot))

    def warm(self, message: Message) -> None:
        """These phrases are made while no other order waits."""
        self._to_warm += message["texts"]

    def warm_on(self) -> None:
        """Makes one of them, if there is one."""
        if self._to_warm:
            self._phrase(self._to_warm.pop(0), at_once=False)
            if not self._to_warm:
                _give_memory_back()
                self._tell("warm")

    def close(self) -> None:
        self._player.close()

    @contextlib.contextmanager
    def _or_lost(self) -> Iterator[None]:
        """Ends the process if the sound server hangs in this block: nothing else gets it out of there."""

        def give_up() -> None:
            self._tell("lost")
            os._exit(0)

        watch = threading.Timer(HANGS_AFTER, give_up)
        watch.daemon = True
        watch.start()
        self._rests = False
        try:
            yield
        finally:
            watch.cancel()

    def _sleeps(self, at: float) -> bool:
        """Whether the headset will be asleep at `at` (monotonic s), if nothing else is heard until then."""
        return self._wireless and not self._beats and not self._sounding and at - self._last_heard > ASLEEP_AFTER

    def _woken(self, sound: Sound, at: float | None, now: float) -> tuple[Sound, float | None]:
        """The sound with near silence in front. One with an exact time still begins on time; words come a little later."""
        wanted = self._settings.wake_ms / 1000
        lead = wanted if at is None else min(wanted, max(0.0, at - now - LOOK))
        return earcons.wake(lead) + sound, None if at is None else at - round(lead * RATE) / RATE

    def _fitting(self, message: Message) -> Sound | None:
        """The full phrase if it ends in time, otherwise its short form; None if that does not end in time either."""
        by = message["by"]
        for text in dict.fromkeys((message["text"], message["short"] or message["text"])):
            sound = self._sound(message["earcon"], text, message.get("gain", 1.0))
            if by is None or self._ends(sound, message["at"]) <= by:
                return sound + (self._tail() if text else silence(0))
        return None

    def _ends(self, sound: Sound, at: float | None) -> float:
        """When it will have ended, if it begins now or at its time."""
        now = self._now()
        wake = self._settings.wake_ms / 1000 if self._sleeps(now) else 0.0
        return (at or now + wake) + (self._settings.latency_ms + self._settings.delay_ms) / 1000 + seconds(sound)

    def _sound(self, earcon: str, text: str, gain: float) -> Sound:
        sound = earcons.EARCONS[earcon]() if earcon else silence(0)
        if text:
            phrase = self._phrase(text, at_once=self._hurries)
            self.wordless += phrase is None
            sound = sound + silence(GAP if earcon else 0) + (phrase or earcons.tone())
        return scaled(sound, self._settings.volume * gain)

    def _tail(self) -> Sound:
        return earcons.wake(TAIL) if self._wireless else silence(TAIL)

    def _phrase(self, text: str, at_once: bool) -> Sound | None:
        if self._synth is None:
            return None
        sound = self._synth.phrase(text, at_once)
        if self._synth.trouble != self._told:
            self._told = self._synth.trouble
            self._tell("note", text=f"the voice: {self._told}")
        return sound


def main() -> None:
    """Answers on the original stdout; what libraries print there is discarded."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for number in (signal.SIGINT, signal.SIGTERM):  # the run handles these: its last words are still to be said
        signal.signal(number, signal.SIG_IGN)

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
    except Exception as error:  # whatever it is, the parent starts a new process and shows the reason
        tell("note", text=f"the voice process failed: {error!r}")
    os._exit(0)  # a sound library's thread may hang for ever, so do not wait for it


def _obey(orders: queue.SimpleQueue[Message], tell: Callable[..., None]) -> None:
    first = orders.get()
    if first["do"] == "render":
        render(first, tell)
        return
    if first["do"] == "perform":
        perform(first, tell, Voice)
        return
    voice = Voice(first, tell)
    while voice.look():
        try:
            order = orders.get(timeout=voice.pause)
        except queue.Empty:
            voice.warm_on()
            continue
        if order["do"] == "quit":
            voice.close()
            return
        _DUTIES[order["do"]](voice, order)
    tell("lost")


_DUTIES: dict[str, Callable[[Voice, Message], None]] = {
    "play": Voice.play,
    "warm": Voice.warm,
    "ack": Voice.acknowledge,
    "metronome": Voice.beat,
}


def _give_memory_back() -> None:
    """Making phrases takes 20 MB for a moment, which the C library would keep. Others than glibc have nothing to be asked."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _listen(orders: queue.SimpleQueue[Message]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    settle_for_the_dead(DYING)
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)  # nobody else is left to do it
    os._exit(0)


def _is_wireless(device: str) -> bool:
    """Whether sound goes to a Bluetooth device: only those sleep."""
    if "blue" in device:
        return True
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(["pactl", "get-default-sink"], capture_output=True, timeout=1.0, check=False)
        return told.stdout.startswith(b"bluez")
    return False


if __name__ == "__main__":
    main()
