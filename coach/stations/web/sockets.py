"""Keeps the server's sockets few and short: uvicorn closes neither a half header nor a silent connection by itself.

A connection asks once and is closed; who has not sent a whole header in time, or does not read what was asked for, has to go.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

PER_ADDRESS, IN_ALL = 8, 32
HEADER_WITHIN = 5.0  # s
READ_WITHIN = 12.0  # s that what was sent may wait to be read: the page itself gives up after as many
END_OF_HEADER = b"\r\n\r\n"


class Sockets:
    """Counts the open sockets. `refused` is called with a reason and an address."""

    def __init__(self, refused: Callable[[str, str], None]) -> None:
        self.refused = refused
        self._open: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        if self._open[address] >= PER_ADDRESS or self._open.total() >= IN_ALL:
            return False
        self._open[address] += 1
        return True

    def give_back(self, address: str) -> None:
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]


class Guarded(asyncio.Protocol):
    """One connection: hands everything on to the server's own protocol, as long as it behaves."""

    def __init__(self, inner: asyncio.Protocol, sockets: Sockets) -> None:
        self._inner, self._sockets = inner, sockets
        self._transport: asyncio.Transport | None = None
        self._address, self._taken = "", False
        self._tail = b""  # of the header, as far as it came
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = str((transport.get_extra_info("peername") or ("?",))[0])
        self._taken = self._sockets.take(self._address)
        if not self._taken:
            self._sockets.refused("sockets", self._address)
            transport.abort()
            return
        self._inner.connection_made(transport)
        self._limit(HEADER_WITHIN)

    def data_received(self, data: bytes) -> None:
        if not self._taken:
            return
        if self._tail is not END_OF_HEADER:
            self._tail = (self._tail + data)[-len(END_OF_HEADER) - len(data) :]
            if END_OF_HEADER in self._tail:
                self._tail = END_OF_HEADER
                self._unlimit()
            else:
                self._tail = self._tail[-len(END_OF_HEADER) :]
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._taken else None

    def connection_lost(self, why: Exception | None) -> None:
        self._unlimit()
        if self._taken:
            self._sockets.give_back(self._address)
            self._inner.connection_lost(why)

    def pause_writing(self) -> None:
        self._inner.pause_writing()
        self._limit(READ_WITHIN)

    def resume_writing(self) -> None:
        self._unlimit()
        self._inner.resume_writing()

    def _limit(self, seconds: float) -> None:
        self._unlimit()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._leave)

    def _unlimit(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _leave(self) -> None:
        assert self._transport
        self._sockets.refused("slow", self._address)
        self._transport.abort()
