"""Supervises the voice process: kills it when it hangs, restarts it when it dies, falls back to a tone, then to print.

    VOICE ──three strikes──► TONE ──three strikes──► PRINT
      ▲                       │                        │
      └──── once a minute ────┴────────────────────────┘

A strike is a process that died or missed a deadline before anything was heard. A missing or lost sound device is not a
strike: the runner is told once, the run goes on without sound, and the device is tried again with growing pauses, or at once
when one may have come. `returned` is called when there is sound again after some seconds without.

In each of these three ways the booth is in one of five states. `_NEXT` is the whole table; anything not in it changes nothing.

    NEW ──started──► OPENING ──opened──► READY ──warming──► WARMING
                        │ ▲ ▲              │ ▲                │ │
                no device │ └──ended, or the device is lost───┘ │
                        ▼ │                  └─────warmed───────┘
                      SILENT ──opened──► READY

In OPENING, utterances wait for the sound device. In READY and WARMING they are played; WARMING also makes phrases in advance.
In SILENT there is no device, so they are printed or skipped at once. Only an open device ends SILENT, because processes come
and go while the device is tried again. A device that was open and is lost is tried once more before the booth is SILENT.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from math import inf

from coach.voice.process.parent import Message, VoiceProcess
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import Utterance

GRACE = 2.0  # s: an utterance may take this long plus FACTOR times its length
FACTOR = 1.5
READY_WITHIN = 30.0  # s: on a small computer a first block of sound once took 25 s
STRIKES = 3
PROBE_EVERY = 60.0  # s
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 15.0  # s between two attempts to open a sound device, where nobody tells that one came
HANGS = "no sound: the sound device does not answer. The run goes on without sound."
MISSED = 2.0  # s without a sound device after which the runner may have missed something
AFTER_A_STRIKE = 0.1  # s before the next process is started; doubles with each strike
WARM_AT_ONCE = 10  # phrases in one order: it fits into the pipe, and a cue waits only for the phrase being made
SAFETY = 1  # up to this priority no other sound is mixed in
_NEVER = inf


class Way(Enum):
    VOICE = auto()
    TONE = auto()
    PRINT = auto()


class State(Enum):
    NEW = auto()  # no process has been started yet
    OPENING = auto()
    READY = auto()
    WARMING = auto()
    SILENT = auto()


class _Happened(Enum):
    STARTED = auto()  # a process was started
    OPENED = auto()  # it has a sound device
    WARMS = auto()  # it accepted an order to make phrases in advance
    WARMED = auto()  # it has made them
    NO_DEVICE = auto()  # there is no sound device, or it was lost
    ENDED = auto()  # the process was ended
    GAVE_UP = auto()  # voice and tone have failed: only print is left


_NEXT = {
    (State.NEW, _Happened.STARTED): State.OPENING,
    (State.OPENING, _Happened.OPENED): State.READY,
    (State.SILENT, _Happened.OPENED): State.READY,
    (State.READY, _Happened.WARMS): State.WARMING,
    (State.WARMING, _Happened.WARMED): State.READY,
    (State.OPENING, _Happened.NO_DEVICE): State.SILENT,
    (State.READY, _Happened.NO_DEVICE): State.OPENING,
    (State.WARMING, _Happened.NO_DEVICE): State.OPENING,
    (State.READY, _Happened.ENDED): State.OPENING,
    (State.WARMING, _Happened.ENDED): State.OPENING,
    (State.OPENING, _Happened.GAVE_UP): State.SILENT,
}


class Booth:
    """Driven by one thread: call `tend` whenever `wake` is past, and hand it the messages that `answered` received.

    Each utterance comes back once: to `settle` when it was heard or given up, to `again` when it was interrupted.
    """

    def __init__(
        self,
        settings: VoiceSettings,
        voice: str,
        answered: Callable[[VoiceProcess, Message], None],
        show: Callable[[str], None],
        settle: Callable[[Utterance], None],
        again: Callable[[Utterance], None],
        returned: Callable[[], object],
    ) -> None:
        self.current: Utterance | None = None
        self.way = Way.VOICE
        self.process: VoiceProcess | None = None
        self._settings, self._voice, self._answered = settings, voice, answered
        self._show, self._settle, self._again, self._returned = show, settle, again, returned
        self.state = State.NEW
        self._strikes = 0
        self._deadline, self._start_at, self._probe_at = _NEVER, 0.0, _NEVER
        self._pause = SHORTEST_PAUSE
        self._mute_since, self._came_at = _NEVER, -_NEVER  # when the device was missed first, and when one came last
        self._metronome: int | None = None
        self._gain = 1.0
        self._to_warm: list[str] = []
        self._shown: set[str] = set()

    @property
    def takes(self) -> bool:
        """Whether an utterance may be handed over now, even if it is only printed."""
        return self.is_open or self.state is State.SILENT

    @property
    def is_open(self) -> bool:
        """Whether the process has a sound device to play on."""
        return self.state in (State.READY, State.WARMING)

    @property
    def is_mute(self) -> bool:
        """Whether a sound device is missing, or was lost and is not open again."""
        return self._mute_since < _NEVER

    @property
    def wake(self) -> float:
        return min(self._deadline, self._probe_at) if self.process else self._start_at

    def tend(self, now: float) -> None:
        """Does what is due: restarts, deadlines, another attempt to open a device."""
        if self.process is None:
            if now >= self._start_at:
                self._start(now)
        elif now >= self._deadline:
            self._strike(now) if self.is_open else self._without_device(now, HANGS)
        elif now >= self._probe_at and self.current is None:
            self._end()
            self._start_at = now

    def device_came(self, now: float) -> None:
        """A sound device may have been plugged in: it is tried at once."""
        self._came_at = now
        if self.process is None and self.is_mute:
            self._start_at, self._pause = min(self._start_at, now), SHORTEST_PAUSE

    def say(self, utterance: Utterance, now: float) -> None:
        """Plays it, cutting off whatever is playing now."""
        if self.state is State.SILENT or (utterance.worded and self._settings.engine == "none"):
            if self.way is Way.PRINT:
                self._show(utterance.text)
            self._settle(utterance)
            return
        assert self.process
        cut, self.current = self.current, utterance
        length = 4.0 if utterance.is_exact else 1.0 + len(utterance.text) / 8  # s, generous; the process reports it exactly
        self._deadline = max(now, utterance.due) + GRACE + FACTOR * length
        taken = self.process.order("play", **replace(utterance, gain=self._gain).order(over=cut is not None))
        if cut:
            self._again(cut)
        if not taken:
            self._strike(now)

    def answer_key(self, until: float) -> None:
        """Plays a pip beside what is being said, at once or not at all."""
        undisturbed = self.current is None or self.current.priority > SAFETY
        if self.is_open and self.process and undisturbed:
            self.process.order("ack", until=until, gain=self._gain)

    def beat(self, spm: int | None) -> None:
        """Sets the metronome's steps a minute, also for a restarted process; None stops it."""
        self._metronome = spm
        if self.is_open and self.process:
            self.process.order("metronome", spm=spm, gain=self._gain)

    def turn(self, gain: float) -> None:
        """From now on everything is heard at the volume of the config times `gain`; what is being said ends as it began."""
        self._gain = gain
        if self._metronome:
            self.beat(self._metronome)

    def warm(self, texts: list[str]) -> None:
        """Makes these phrases when there is nothing else to do."""
        self._to_warm += texts
        self._warm_on()

    def answered(self, process: VoiceProcess, message: Message, now: float) -> None:
        if process is not self.process:
            return  # from a process that was ended meanwhile
        match message:
            case {"is": "ready"}:
                self._opened(now)
            case {"is": "no device", "why": why}:
                self._without_device(now, f"no sound: {why}. The run goes on without sound.")
            case {"is": "lost"}:
                self._without_device(now, "the sound device is lost; trying to get it back")
            case {"is": "began", "id": number, "ends": ends} if self.current and number == self.current.number:
                self._deadline = ends + GRACE + (FACTOR - 1) * (ends - now)
            case {"is": "ended" | "late" as how, "id": number} if self.current and number == self.current.number:
                self._heard(well=how == "ended")
            case {"is": "note", "text": text}:
                self._tell_once(text)
            case {"is": "warm"}:
                self._became(_Happened.WARMED)
                self._warm_on()
            case {"is": "gone"}:
                self._strike(now)

    def close(self, patience: float) -> None:
        """Ends the process, which may take `patience` s to end by itself."""
        if self.process:
            self.process.close(patience)
            self.process = None

    def _start(self, now: float) -> None:
        if self._probe_at <= now:
            self.way, self._strikes, self._probe_at = Way.VOICE, STRIKES - 1, _NEVER
        self.process = VoiceProcess(self._settings, self._answered)
        words = self.way is Way.VOICE and self._settings.engine != "none"
        self.process.start(self._settings, self._voice, words, again=self.state is not State.NEW)
        self._became(_Happened.STARTED)
        self._deadline, self._came_at = now + READY_WITHIN, -_NEVER

    def _opened(self, now: float) -> None:
        if self.state is State.SILENT:
            self._show("sound is back")
        self._became(_Happened.OPENED)
        self._deadline, self._pause = _NEVER, SHORTEST_PAUSE
        missed, self._mute_since = now - self._mute_since, _NEVER
        if missed >= MISSED:
            self._returned()
        if self._metronome:
            self.beat(self._metronome)
        self._warm_on()

    def _heard(self, well: bool) -> None:
        assert self.current
        heard, self.current, self._deadline = self.current, None, _NEVER
        if well:
            self._strikes = 0
        self._settle(heard)

    def _without_device(self, now: float, told: str) -> None:
        self._became(_Happened.NO_DEVICE)
        self._end()
        self._tell_once(told)
        self._mute_since = min(self._mute_since, now)
        if self._came_at > -_NEVER:  # while it was tried in vain: perhaps a moment too soon
            self._pause = SHORTEST_PAUSE
        self._start_at = now + self._pause
        self._pause = min(LONGEST_PAUSE, 2 * self._pause)

    def _strike(self, now: float) -> None:
        self._end()
        self._strikes += 1
        self._start_at = now + AFTER_A_STRIKE * 2**self._strikes
        if self._strikes < STRIKES:
            return
        self._strikes, self._probe_at = 0, now + PROBE_EVERY
        if self.way is Way.VOICE:
            self.way = Way.TONE
            self._tell_once("the voice failed three times: from now on a tone means that there is something to read here")
        else:
            self.way, self._start_at = Way.PRINT, self._probe_at
            self._became(_Happened.GAVE_UP)
            self._tell_once("no sound can be made: cues are only printed for now")

    def _end(self) -> None:
        """Ends the process; the utterance it was saying waits again."""
        if self.process:
            self.process.kill()
        self._became(_Happened.ENDED)
        self.process, self._deadline = None, _NEVER
        interrupted, self.current = self.current, None
        if interrupted:
            self._again(interrupted)

    def _warm_on(self) -> None:
        if self.state is State.READY and self._to_warm and self.process and self.way is Way.VOICE:
            batch, self._to_warm = self._to_warm[:WARM_AT_ONCE], self._to_warm[WARM_AT_ONCE:]
            if self.process.order("warm", texts=batch):
                self._became(_Happened.WARMS)

    def _became(self, happened: _Happened) -> None:
        self.state = _NEXT.get((self.state, happened), self.state)

    def _tell_once(self, text: str) -> None:
        if text not in self._shown:
            self._shown.add(text)
            self._show(text)
