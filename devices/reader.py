"""The reader thread of a device: opens the port, reads, stamps and hands on; if the device goes away, it opens it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from devices.api import Port, Talk
from devices.sample import Link, Rx

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 1.0  # s between attempts to open; the pause doubles each time
SILENT = 5.0  # s without a byte: receivers send once a second
REFUSED = "refuses"  # begins the `why` of a Link that tells which settings a device refused
JOIN = 1.0  # s that stop() waits


class Reader:
    """Carries bytes from `port` to `put`, stamped by `now`; says when the device comes and goes."""

    def __init__(
        self,
        source: str,
        port: Port,
        now: Callable[[], float],
        put: Callable[[Rx | Link], object],
        talk: Talk | None = None,
    ) -> None:
        self._source, self._port, self._now, self._put, self._talk = source, port, now, put, talk
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {source}", daemon=True)
        self._told: tuple[bool, str] | None = None
        self._pause = FIRST_PAUSE
        self._refused = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops within a second; if the port hangs in the kernel, the daemon thread is abandoned."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(JOIN)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._port.open()
                self._read()
            except OSError as gone:  # includes Unavailable and LinkLost
                self._tell(False, str(gone))
            except Exception as bug:  # a bug in a driver stops its device, not the run
                self._tell(False, f"fault in the driver: {bug!r}")
            finally:
                self._port.close()
            self._stopping.wait(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _read(self) -> None:
        self._tell(True)
        self._refused = ""
        heard_at = self._now()
        if self._talk:
            self._write(self._talk.begin(heard_at))
        while not self._stopping.is_set():
            data = self._port.read()
            now = self._now()
            if self._talk:
                self._write(self._talk.heard(now, data))
                self._tell_refused(getattr(self._talk, "refused", ()))
            if data:
                heard_at, self._pause = now, FIRST_PAUSE
                self._tell(True)
                self._put(Rx(now, self._source, data))
            elif now - heard_at > SILENT:
                self._tell(False, "silent")

    def _write(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._port.write(piece)

    def _tell_refused(self, settings: Iterable[str]) -> None:
        """Reports once what the device does not do of what it was asked, as a Link that is still up."""
        refused = ", ".join(dict.fromkeys(settings))
        if refused != self._refused:
            self._refused = refused
            self._put(Link(self._now(), self._source, True, f"{REFUSED} {refused}"))

    def _tell(self, up: bool, why: str = "") -> None:
        """Reports each change once."""
        if self._told != (up, why):
            self._told = (up, why)
            self._put(Link(self._now(), self._source, up, why))
