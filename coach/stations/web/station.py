"""The page as a station: open as long as one run lasts, or the host of one run after the other."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from coach.stations.web.pages import texts_of
from coach.stations.web.qr import lines
from coach.stations.web.server import Server
from coach.ui.terminal import for_tables
from coach.ui.told import Teller
from coach.ui.watching import Press, Sink, Watching

PORT = 8642


@dataclass(frozen=True, slots=True)
class OneRun:
    """The desk of a page that shows one run."""

    press_key: Press

    def press(self, key: str) -> bool:
        self.press_key(key)
        return True

    def choose(self, workout: str) -> bool:
        return False


class Lobby:
    """The desk of a page from which runs are chosen: takes one of `offered` (identifiers) while nobody runs, then keys."""

    def __init__(self) -> None:
        self.offered: frozenset[str] = frozenset()
        self._chosen: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._press: Press | None = None
        self._is_taken = False

    def press(self, key: str) -> bool:
        press = self._press
        if press is None:
            return False
        press(key)
        return True

    def choose(self, workout: str) -> bool:
        if self._is_taken or workout not in self.offered:
            return False
        self._is_taken = True
        self._chosen.put(workout)
        return True

    def chosen(self, within: float) -> str | None:
        """The workout that was chosen within some seconds; from then on nothing else is, until `free`."""
        try:
            return self._chosen.get(timeout=within)
        except queue.Empty:
            return None

    def free(self) -> None:
        self._is_taken = False

    @contextmanager
    def taking(self, press: Press) -> Iterator[None]:
        self._press = press
        try:
            yield
        finally:
            self._press = None


@dataclass(frozen=True, slots=True)
class Guest:
    """A run as the guest of a page that outlives it."""

    server: Server
    lobby: Lobby
    language: str
    units: str

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        self.server.board.begin(watching.stater.outline, Teller(self.language, self.units))
        with self.lobby.taking(press):
            yield self.server.board.put


@dataclass(frozen=True, slots=True)
class PageStation:
    """Shows the run in this language and system of units at `port`, or at another where that is taken."""

    language: str
    units: str
    note: Callable[[str], object]
    port: int = PORT

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        """Raises Unavailable."""
        with Server(self.port, self.language, OneRun(press), self.note) as server:
            server.board.begin(watching.stater.outline, Teller(self.language, self.units))
            announce(server, self.note)
            if not _has_terminal():
                watching.speak(spoken(server.access.numbers, self.language))
            yield server.board.put


def announce(server: Server, note: Callable[[str], object]) -> None:
    """Tells where the page is; on a terminal as a QR code too."""
    if _has_terminal():
        terminal = for_tables(sys.stderr)
        terminal.write("\n".join(["", *lines(server.link), ""]))
        terminal.flush()
    note(f"the page for your phone: {server.link}, or {server.address} with the numbers {server.access.numbers}")


def spoken(numbers: str, language: str) -> str:
    """How the numbers are said to who has no screen: digit by digit, as they are typed."""
    return f"{texts_of(language)['numbers']}: {', '.join(' '.join(number) for number in numbers.split())}."


def _has_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
