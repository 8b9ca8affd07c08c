"""The server in its thread: it listens in the local network and shows a board. Needs the extra `web`."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from coach.stations.web.access import Access
from coach.stations.web.app import Desk, Site
from coach.stations.web.board import Board
from coach.stations.web.pages import page
from coach.stations.web.refusals import OVER_AFTER, Refusals
from coach.stations.web.sockets import Guarded, Sockets
from devices.api import Unavailable

BACKLOG = 64
BEGINS_WITHIN = 5.0  # s
ENDS_WITHIN = 1.0  # s that a run waits for the pages to be told that it is over
LONGEST_HEADER = 8192  # bytes
NEEDS = "the page needs more packages: pip install 'progression-coach[web]'"


class Server:
    """A context manager: inside it the page is there. Raises Unavailable on entering where that cannot be."""

    def __init__(self, port: int, language: str, desk: Desk, note: Callable[[str], object]) -> None:
        self._listener = _listening(port)
        self.port: int = self._listener.getsockname()[1]
        self.access, self.board = Access(self.port), Board()
        self._refusals = Refusals(note)
        self._site = Site(self.board, self.access, desk, self._refusals, page(language))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Any = None
        self._began = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._server = self._made()
        except ImportError:
            self._listener.close()
            raise Unavailable(NEEDS) from None
        self._thread.start()
        self._began.wait(BEGINS_WITHIN)
        return self

    def __exit__(self, *error: object) -> None:
        if self._loop:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._end)
        self._thread.join(ENDS_WITHIN)

    @property
    def address(self) -> str:
        """Where a phone in the same network finds the page."""
        return f"http://{own_address()}:{self.port}/"

    @property
    def link(self) -> str:
        """The same with the token."""
        return f"{self.address}#{self.access.token}"

    def _made(self) -> Any:
        import uvicorn
        from uvicorn.protocols.http.h11_impl import H11Protocol

        sockets = Sockets(lambda reason, address: self._refusals.count(reason, address, time.monotonic()))
        config = uvicorn.Config(
            self._site.app(),
            http=lambda **given: Guarded(H11Protocol(**given), sockets),  # type: ignore[arg-type,unused-ignore]
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=LONGEST_HEADER,
            timeout_graceful_shutdown=1,
        )
        return uvicorn.Server(config)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.board.attach(self._loop)
        telling = asyncio.create_task(self._tell_refusals())
        self._began.set()
        try:
            await self._server.serve(sockets=[self._listener])
        finally:
            telling.cancel()
            self._refusals.tell_all()

    async def _tell_refusals(self) -> None:
        while True:
            await asyncio.sleep(OVER_AFTER)
            self._refusals.tell(time.monotonic())

    def _end(self) -> None:
        self.board.close()
        self._server.should_exit = True


def _listening(port: int) -> socket.socket:
    """Listens at the port, or at any that is free where another program has it."""
    try:
        return socket.create_server(("", port), backlog=BACKLOG)
    except OSError as taken:
        if taken.errno != errno.EADDRINUSE:
            raise Unavailable(f"port {port}: {(taken.strerror or str(taken)).lower()}") from None
        return socket.create_server(("", 0), backlog=BACKLOG)


def own_address() -> str:
    """This computer's address in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for examples, which nobody has
        except OSError:
            return "127.0.0.1"
        found: str = probe.getsockname()[0]
        return found
