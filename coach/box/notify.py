"""Tells systemd that the run is ready, that its loop lives, and where the runner is, by the datagrams of sd_notify(3)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from coach.ui.state import State
from coach.ui.told import Teller
from coach.ui.watching import Press, Sink, Watching

SOCKET = "NOTIFY_SOCKET"


class Notify:
    """A station: whoever opens it is ready, and each state is a beat of the watchdog. Without systemd nothing happens."""

    def __init__(self, teller: Teller, environment: Mapping[str, str] = os.environ) -> None:
        self._teller, self._address = teller, environment.get(SOCKET, "")

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        if not self._address:
            yield _nothing
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.setblocking(False)

            def send(line: str) -> None:
                with suppress(OSError):  # its queue is full, or it is gone: the next second tells again
                    systemd.sendto(line.encode(), address)

            send("READY=1")
            yield lambda state: send(f"WATCHDOG=1\nSTATUS={self._status(state)}")
            send("STOPPING=1")

    def _status(self, state: State) -> str:
        told = self._teller.told(state)
        parts = (told.phase, told.segment, f"{told.pace}{told.unit}", told.left, told.signal, told.warning)
        return ", ".join(filter(None, parts))


def _nothing(state: State) -> None:
    """The sink where nobody listens."""
