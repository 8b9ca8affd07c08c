"""The announcer: takes cues from the loop without ever delaying it, and has each one heard in time or not at all.

Nothing flows back: the run is the same whether the voice works, hangs or is missing.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from math import inf
from typing import Self

from coach.core.events import Cue
from coach.voice.booth import Booth
from coach.voice.process.parent import Message, VoiceProcess
from coach.voice.server.arrivals import Arrivals
from coach.voice.server.ducking import RESTORED_WITHIN, Ducking
from coach.voice.settings import VoiceSettings
from coach.voice.utterances import utterance_of
from coach.voice.waiting import EXACT, Utterance, Waiting, gain_of
from coach.voice.words.phrasing import Words

ANSWERED_WITHIN = 0.3  # s after a key press: a later pip would be mistaken for something else
SAID_BY_HAND = 2, 60.0  # priority of a text that is not a cue, and the s within which it must begin
SOON = 1.0  # s until a sound that marks an exact moment, if it is asked for by hand
LAST_WORDS = 12.0  # s that the voice may take to finish after a run
PATIENT = 1.0  # s that the voice process has to end by itself
HUSHED_WITHIN = 0.4  # s for each of its parts where nobody may be waited for
MOST_WARMED = 500  # phrases made before the start, so that a plan of a thousand segments does not keep a small computer busy


class Announcer:
    """A context manager: inside it, there is a voice.

    `monotonic` converts a second of the run to the system's monotonic time; `show` prints a problem, once.
    """

    PATIENCE = 60.0  # s added to a cue's life if its time is not real, as in the condensed demo

    def __init__(
        self,
        words: Words,
        settings: VoiceSettings,
        monotonic: Callable[[float], float],
        show: Callable[[str], None] | None = None,
    ) -> None:
        self._words, self._settings, self._monotonic = words, settings, monotonic
        self._show = show or _show_nothing
        self._is_off = settings.player == "none"
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._waiting = Waiting()
        self._spm: int | None = None
        self._level = 0
        self._low_until = 0.0  # until then (monotonic s) others stay low though nothing is being said
        self._taught: Counter[str] = Counter()  # how often each sound was said in this run
        self.returned: Callable[[], object] = _nothing  # called when there is sound again after some seconds without
        self._booth = Booth(
            settings, words.voice, self._answered, self._show, self._settle, self._again, lambda: self.returned()
        )
        self._arrivals = Arrivals(lambda: self._inbox.put(lambda: self._booth.device_came(time.monotonic())))
        self._ducking = Ducking(settings, lambda: self.voice_process)
        self._quiet = threading.Condition()
        self._open = 0  # utterances handed over but not yet heard or given up
        self._patience = PATIENT  # s that the voice has to end by itself
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def __enter__(self) -> Self:
        if not self._is_off:
            self._ducking.start()
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def say(self, cue: Cue) -> None:
        """Hand a cue over; returns at once and never raises."""
        if self._is_off:
            return
        try:
            utterance = utterance_of(cue, self._words, self._settings, next(self._numbers), self._monotonic, self._taught)
        except Exception as error:  # failing words must not end the run
            self._show(f"a cue could not be said: {error!r}")
            return
        if utterance.earcon or utterance.worded:
            self._hand_over(utterance)

    def say_text(self, text: str, earcon: str = "") -> None:
        """Say a text that is not a cue, as soon as nothing more urgent waits; after a sound, if one is named."""
        if not self._is_off and text.strip():
            priority, life = SAID_BY_HAND
            due = time.monotonic() + (SOON if earcon in EXACT else 0.0)
            self._hand_over(Utterance(next(self._numbers), text, priority, due, due + life, earcon))

    def answer_key(self) -> None:
        """Plays a pip at once, so that the runner knows the key was pressed. Safe in any thread."""
        if not self._is_off:
            until = time.monotonic() + ANSWERED_WITHIN
            self._inbox.put(lambda: self._booth.answer_key(until))

    def answering(self, press: Callable[[str], None]) -> Callable[[str], None]:
        """`press`, with each key also answered by a pip at once."""

        def pressed(key: str) -> None:
            self.answer_key()
            press(key)

        return pressed

    def metronome(self, spm: int | None) -> None:
        """Click `spm` times a minute from now on, also while the voice speaks or restarts; None stops the clicks."""
        if not self._is_off and spm != self._spm:
            self._spm = spm
            self._inbox.put(lambda: self._booth.beat(spm))

    def volume(self, level: int) -> None:
        """Play everything at this level from now on, in steps below the volume of the config: 0, -1, …."""
        if not self._is_off and level != self._level:
            self._level = level
            self._inbox.put(lambda: self._booth.turn(gain_of(level)))

    def warm(self, texts: list[str]) -> None:
        """Make these phrases before they are needed."""
        if not self._is_off and not self._settings.sounds_only:
            self._inbox.put(lambda: self._booth.warm(texts[:MOST_WARMED]))

    def drain(self, timeout: float | None = None) -> None:
        """Wait at most `timeout` s until everything handed over has been heard or given up."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._open == 0, timeout)

    def hush(self) -> None:
        """Let `close` wait for nobody: the computer is going down, and its sound server may hang."""
        self._patience = 0.0

    def close(self) -> None:
        """Stop the voice; utterances still waiting are not said."""
        if self._thread.is_alive():
            self._inbox.put(None)
            self._thread.join(None if self._patience else HUSHED_WITHIN)
            self._ducking.close(RESTORED_WITHIN if self._patience else HUSHED_WITHIN)

    @property
    def voice_process(self) -> int | None:
        """The process id of the voice, or None; for supervision, and for tests that kill it."""
        process = self._booth.process
        return process.pid if process else None

    def _hand_over(self, utterance: Utterance) -> None:
        with self._quiet:
            self._open += 1
        self._inbox.put(lambda: self._waiting.add(utterance))

    # Everything below runs in the announcer's own thread

    def _run(self) -> None:
        while True:
            try:
                task = self._inbox.get(timeout=self._wait())
                if task is None:
                    break
                task()
            except queue.Empty:
                pass
            except Exception as error:
                self._give_up(error)
            try:
                self._step(time.monotonic())
            except Exception as error:
                self._give_up(error)
        self._arrivals.wanted(False)
        self._booth.close(self._patience)
        self._nothing_open()

    def _wait(self) -> float:
        now = time.monotonic()
        low = self._low_until if self._low_until > now else inf
        return min(60.0, max(0.0, min(self._booth.wake, self._waiting.wake(now), low) - now))

    def _step(self, now: float) -> None:
        self._booth.tend(now)
        for late in self._waiting.late(now):
            self._settle(late)
        while self._booth.takes and (following := self._waiting.following(now, self._booth.current)):
            self._booth.say(following, now)
        if self._booth.current:
            self._low_until = max(self._low_until, self._booth.current.low_until)
        self._ducking.speaking(self._booth.current is not None or now < self._low_until)
        self._arrivals.wanted(self._booth.is_mute)

    def _answered(self, process: VoiceProcess, message: Message) -> None:
        """Called in the reader thread of the voice process."""
        self._inbox.put(lambda: self._booth.answered(process, message, time.monotonic()))

    def _again(self, utterance: Utterance) -> None:
        """An interrupted utterance waits again, until its `until` has passed."""
        self._waiting.add(utterance)

    def _settle(self, utterance: Utterance) -> None:
        with self._quiet:
            self._open -= 1
            self._quiet.notify_all()

    def _give_up(self, error: Exception) -> None:
        """After a bug of ours: show it, drop what was waiting, and go on with the next cue."""
        self._waiting.clear()
        self._booth.current = None
        self._nothing_open()
        self._show(f"the voice: {error!r}")

    def _nothing_open(self) -> None:
        with self._quiet:
            self._open = 0
            self._quiet.notify_all()


def _nothing() -> None:
    """The default for `returned`."""


def _show_nothing(text: str) -> None:
    """The default for `show`: discards the text."""
