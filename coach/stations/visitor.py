"""One connection to the socket of a run: lines come in, lines go out, and nobody is waited for."""

from __future__ import annotations

import socket

LONGEST_LINE = 1024  # bytes of a request
MOST_WAITING = 1 << 16  # bytes of answers to a visitor who asks and does not read
BUFFER = 1 << 14  # bytes that the system keeps for a visitor: a few states, so that what is read is not long past
BLOCKED_FOR = 3.0  # s without reading after which a visitor has to go
IDLE_FOR = 30.0  # s without a request after which one who follows nothing has to go


class Visitor:
    """`follows` is set for one who is shown each state. Times are monotonic seconds."""

    def __init__(self, connection: socket.socket, now: float) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        self.connection = connection
        self.follows = False
        self._asked = now
        self._unread: float | None = None  # since when it did not read
        self._came, self._waiting = b"", b""

    @property
    def is_behind(self) -> bool:
        """Whether something waits to be read by it."""
        return bool(self._waiting)

    def requests(self, now: float) -> list[bytes] | None:
        """The lines that came; None if it left, or sent a line that is too long."""
        try:
            came = self.connection.recv(4096)
        except BlockingIOError:
            return []
        except OSError:
            return None
        *lines, self._came = (self._came + came).split(b"\n")
        if not came or max(map(len, (*lines, self._came))) > LONGEST_LINE:
            return None
        if lines:
            self._asked = now
        return lines

    def give(self, line: bytes, now: float) -> bool:
        """Sends a line, or keeps it until it is read; False if it has to go."""
        self._waiting += line
        return self.send_on(now) and len(self._waiting) <= MOST_WAITING

    def send_on(self, now: float) -> bool:
        """Sends what waits, as much as it takes; False if it left."""
        try:
            sent = self.connection.send(self._waiting) if self._waiting else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            return False
        self._waiting = self._waiting[sent:]
        if not self._waiting:
            self._unread = None
        elif sent or self._unread is None:
            self._unread = now
        return True

    def is_over(self, now: float) -> bool:
        """Whether it did not read, or did not ask, for too long."""
        if self._unread is not None:
            return now - self._unread > BLOCKED_FOR
        return not self.follows and now - self._asked > IDLE_FOR
