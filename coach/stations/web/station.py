"""The page as a station of one run: open as long as the run lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
            yield server.board.put


def announce(server: Server, note: Callable[[str], object]) -> None:
    """Tells where the page is; on a terminal as a QR code too."""
    if sys.stderr is not None and sys.stderr.isatty():
        terminal = for_tables(sys.stderr)
        terminal.write("\n".join(["", *lines(server.link), ""]))
        terminal.flush()
    note(f"the page for your phone: {server.link}, or {server.address} with the numbers {server.access.numbers}")
