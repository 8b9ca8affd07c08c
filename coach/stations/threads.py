"""The thread of a station: what goes wrong in it is told in one line, and ends the station alone; it is roused by others."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress


def station_thread(name: str, work: Callable[[], None], note: Callable[[str], object]) -> threading.Thread:
    """A thread that does the work of the station called `name`; it is not started yet."""

    def run() -> None:
        try:
            work()
        except Exception as bug:  # whatever it is: a run needs no station
            note(f"{name} ended by a bug, and the run goes on: {bug!r}")

    return threading.Thread(target=run, name=name, daemon=True)


class Rouser:
    """Ends the wait of a thread at its selector; `rouse` may be called in any thread."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._heard, self._said = socket.socketpair()
        for end in (self._heard, self._said):
            end.setblocking(False)
        selector.register(self._heard, selectors.EVENT_READ)

    def rouse(self) -> None:
        with suppress(OSError):  # it is full: the thread will wake anyway
            self._said.send(b"\0")

    def heard(self, ready: object) -> bool:
        """Whether `ready`, of the selector, is only that somebody roused the thread."""
        if ready is not self._heard:
            return False
        with suppress(OSError):
            self._heard.recv(4096)
        return True

    def close(self) -> None:
        for end in (self._heard, self._said):
            end.close()
