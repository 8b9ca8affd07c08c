"""The live screen: draws the latest state of a run twice a second at most, and only the lines that changed.

It draws in a thread of its own, so that a slow connection never delays the run. It leaves the terminal as it found it at the
end, at an error, and while the run is stopped by Ctrl-Z; in the background it draws nothing, and it ends with its terminal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.ui.live.curve import Trail
from coach.ui.live.frame import ALL, NONE, SOME, Line, Look, frame
from coach.ui.state import State
from coach.ui.told import Teller
from coach.ui.views import View
from coach.ui.watching import Press, Sink, Watching

AT_MOST_EVERY = 0.5  # s between two frames
NOTE_FOR = 12.0  # s for which a note stands on the screen
SMALLEST = 40, 8  # columns and lines that a frame needs
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"  # terminals that know these show all changes between them at once


def can_draw(stream: TextIO) -> bool:
    """Whether there is a terminal that can be drawn on."""
    return sys.platform != "win32" and stream.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")


class LiveScreen:
    """A view and a station. What the run notes, and its summary, are written to the view below once the screen is left.

    It `waits` for the key `?` where something stands on the terminal that is to be seen first, as a code for a phone; the key
    leads from there to the screen, to the keys, and back. A run that is not `steered` has no keys, and its words are written
    to the view below as well.
    """

    def __init__(
        self, below: View, teller: Teller, unit: str, stream: TextIO, waits: bool = False, steered: bool = True
    ) -> None:
        self._below, self._teller, self._unit, self._stream = below, teller, unit, stream
        self._terminal = stream.fileno()
        self._ascii = "utf" not in (stream.encoding or "").lower()
        self._lock = threading.RLock()  # of what is written; Ctrl-Z may come while the screen is left
        self._wake = threading.Event()
        self._closing = self._is_shown = False
        self._state: State | None = None
        self._drawn: list[str] = []  # the lines as they stand on the terminal
        self._size = (0, 0)
        self._keys, self._waits, self._waited = False, waits, waits
        self._steered = steered
        self._notes: list[str] = []
        self._cues: list[tuple[Cue, str]] = []  # to be written at the end
        self._noted_at = 0.0

    def __call__(self, watching: Watching, press: Press) -> Any:
        return self._open(watching)

    @contextmanager
    def _open(self, watching: Watching) -> Iterator[Sink]:
        trail = Trail()

        def show(state: State) -> None:
            trail.follow(state)
            self._state = state
            self._wake.set()

        thread = threading.Thread(target=self._draw_all, args=(watching, trail), name="screen", daemon=True)
        with self._minding_the_shell():
            thread.start()
            try:
                yield show
            finally:
                self._closing = True
                self._wake.set()
                thread.join(timeout=1.0)
                self._leave()
        for cue, text in self._cues:
            self._below.cue(cue, text)
        for note in self._notes:
            self._below.note(note)

    # What the run says

    def event(self, event: Event) -> None:
        pass

    def cue(self, cue: Cue, text: str) -> None:
        if self._waits:  # on the screen the last words are in the state
            self._below.cue(cue, text)
        elif not self._steered:
            self._cues.append((cue, text))

    def followed(self, coach: Coach) -> None:
        pass

    def summary(self, summary: dict[str, Any]) -> None:
        self._below.summary(summary)

    def note(self, text: str) -> None:
        if not self._is_shown:
            self._below.note(text)
            return
        self._notes.append(text)
        self._noted_at = self._state.at if self._state else 0.0
        self._wake.set()

    def show_keys(self) -> None:
        """Shows all keys in place of the curve, or the curve again; or what was there first."""
        if self._waits:
            self._waits = False
        elif self._keys and self._waited:
            self._keys, self._waits = False, True
            self._leave()
        else:
            self._keys = not self._keys
        self._wake.set()

    # Drawing

    def _draw_all(self, watching: Watching, trail: Trail) -> None:
        pause = threading.Event()
        while not self._closing:
            self._wake.wait()
            self._wake.clear()
            try:
                self._draw(watching, trail)
            except OSError:
                return  # the terminal was closed: the run goes on without it
            except Exception as bug:  # whatever it is: lines are written from now on
                self._waits = True
                self._leave()
                self._below.note(f"a bug ended the live screen, and the run goes on: {bug!r}")
                return
            pause.wait(AT_MOST_EVERY)

    def _draw(self, watching: Watching, trail: Trail) -> None:
        state = self._state
        if state is None or self._waits or not self._is_ours():
            return
        size = os.get_terminal_size(self._terminal)
        width, height = max(SMALLEST[0], size.columns), max(SMALLEST[1], size.lines)
        note = self._notes[-1] if self._notes and state.at - self._noted_at < NOTE_FOR else ""
        showing = ALL if self._keys else SOME if self._steered else NONE
        look = Look(watching.stater.outline, trail, self._teller.screen, self._unit, width, height, self._ascii, showing, note)
        lines = [_encoded(line) for line in frame(state, self._teller.told(state), look)]
        with self._lock:
            if self._closing or self._waits:
                return
            self._enter((width, height))
            changed = [
                f"\x1b[{row};1H{line}\x1b[K" for row, line in enumerate(lines, 1) if self._drawn[row - 1 : row] != [line]
            ]
            self._drawn = lines
            if changed:
                self._write(BEGIN + "".join(changed) + END)

    def _enter(self, size: tuple[int, int]) -> None:
        """Begins to draw, or draws everything anew in a terminal of another size."""
        if not self._is_shown or size != self._size:
            self._write(ENTER if not self._is_shown else "\x1b[2J")
            self._drawn, self._size, self._is_shown = [], size, True

    def _leave(self) -> None:
        with self._lock, suppress(OSError):
            if self._is_shown:
                self._is_shown = False
                self._write(LEAVE)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _is_ours(self) -> bool:
        """Whether the run is in the foreground of its terminal."""
        try:
            return os.tcgetpgrp(self._terminal) == os.getpgrp()
        except OSError:
            return os.isatty(self._terminal)  # a terminal without a shell

    @contextmanager
    def _minding_the_shell(self) -> Iterator[None]:
        """Signals that stop or end the process leave the screen first; after a stop it is entered again with the next state."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGTERM, signal.SIGHUP)}

        def leave(number: int, where: FrameType | None) -> None:
            self._closing = number != signal.SIGTSTP
            self._leave()
            own = before[signal.Signals(number)]
            if callable(own):
                own(number, where)
            elif own == signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            signal.signal(number, leave)
            self._wake.set()

        for number in before:
            if before[number] != signal.SIG_IGN:
                signal.signal(number, leave)
        try:
            yield
        finally:
            for number, own in before.items():
                signal.signal(number, own)


def _encoded(line: Line) -> str:
    """A line with the terminal's commands for its styles."""
    return "".join(f"\x1b[{style}m{text}\x1b[0m" if style else text for text, style in line)
