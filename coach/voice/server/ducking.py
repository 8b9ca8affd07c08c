"""Lowers the volume of other players while the coach speaks, and restores it exactly afterwards.

They are never stopped or muted. It runs in its own thread in the coach's process, with a time limit on each call, so it
delays nothing. The volumes always come back: at a normal end the coach restores them, if the coach is killed the voice
process does, and if both are killed the next coach does.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

from coach.voice.server import ledger, pulse
from coach.voice.server.ledger import Debt, Ledger
from coach.voice.settings import VoiceSettings

HOLD = 1.5  # s of silence before volumes are restored, so that they stay low between two sentences
TRY_AGAIN = 0.3  # s after a server did not answer in time, as on a busy computer, while the coach still speaks
FIRST_LOOK, LONGEST_LOOK = 2.0, 15.0  # s between two checks for a player that ended while it was lowered; doubles each time
RESTORED_WITHIN = 3.0  # s that restoring may add to the end of a run
LOUD = ("auto", "sounddevice", "simpleaudio")  # our players that can be heard


def wanted(settings: VoiceSettings) -> bool:
    return settings.duck and settings.duck_db < 0 and settings.player in LOUD


class Ducking:
    """`own` returns the id of the voice process, which is never lowered."""

    def __init__(self, settings: VoiceSettings, own: Callable[[], int | None], folder: Path | None = None) -> None:
        self._decibels, self._own, self._folder = settings.duck_db, own, folder
        self._ledger = Ledger(folder)
        self._voices: set[int] = set()
        self._debts: list[Debt] = []
        self._unset: list[Debt] = []  # those of them that the server has not answered for
        self._speaks = False
        self._look_at, self._pause = 0.0, FIRST_LOOK  # when to lower again, or to restore
        self._works = wanted(settings) and pulse.is_there()
        self._inbox: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._told = False
        self._thread = threading.Thread(target=self._run, name="ducking", daemon=True)

    def start(self) -> None:
        if self._works:
            atexit.register(self.close)
            self._thread.start()

    def speaking(self, is_so: bool) -> None:
        """Tells whether something is being said now; returns at once."""
        if self._works and is_so != self._told:
            self._told = is_so
            self._inbox.put(is_so)

    def close(self, within: float = RESTORED_WITHIN) -> None:
        """Restores all volumes, taking at most `within` s; those that could not be restored stay in the ledger."""
        if self._thread.is_alive():
            self._inbox.put(None)
            self._thread.join(within)
        atexit.unregister(self.close)

    # Everything below runs in its own thread

    def _run(self) -> None:
        self._guarded(self._inherit)
        while self._obey():
            pass
        self._guarded(self._restore)
        self._ledger.leave()

    def _obey(self) -> bool:
        """Does what was asked last or is due; False at the end. What was asked while the server hung is out of date by now."""
        idle = self._look_at == inf or not (self._debts or self._speaks)
        try:
            told = self._inbox.get(timeout=None if idle else max(0.0, self._look_at - time.monotonic()))
            while not self._inbox.empty():
                told = self._inbox.get()
        except queue.Empty:
            self._guarded(self._lower if self._speaks else self._restore)
            return True
        self._speaks = bool(told)
        if told:
            self._pause = FIRST_LOOK
            self._guarded(self._lower)
        else:
            self._look_at = time.monotonic() + HOLD
        return told is not None

    def _guarded(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(pulse.Unanswered, OSError):  # without a sound server, or with a full disk, nothing is lowered
            act()

    def _inherit(self) -> None:
        """Takes over the volumes that dead coaches left lowered."""
        self._debts = ledger.abandoned(self._folder)
        self._ledger.write(self._debts)
        self._restore()

    def _lower(self) -> None:
        """Writes the volumes down, then lowers them; not those of our own name, which the server would remember as quiet.

        What the server does not answer in time is asked for again while the coach speaks.
        """
        self._look_at = time.monotonic() + pulse.PACTL_TIME + TRY_AGAIN
        streams = pulse.streams()
        if (voice := self._own()) is not None:
            self._voices.add(voice)
        ours = {stream.name for stream in streams if stream.process in self._voices}
        others = [stream for stream in streams if stream.name not in ours]
        debts, fresh = ledger.lower(others, self._debts, self._decibels)
        self._ledger.write(debts)
        self._debts = debts
        asked = [*(debt for debt in self._unset if any(debt.is_of(stream) for stream in others)), *fresh]
        self._unset = [debt for debt in asked if not _is_lowered(debt)]
        if not self._unset:
            self._look_at = inf

    def _restore(self) -> None:
        self._unset = []
        self._look_at = time.monotonic() + self._pause
        self._pause = min(LONGEST_LOOK, 2 * self._pause)
        if self._debts:
            self._debts = ledger.pay(pulse.streams(), self._debts)
            self._ledger.write(self._debts)


def _is_lowered(debt: Debt) -> bool:
    try:
        pulse.set_volumes(debt.index, debt.lowered)
    except pulse.Unanswered:
        return False
    return True
