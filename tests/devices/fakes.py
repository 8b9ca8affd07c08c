"""Real parts that play a device: pseudo-terminals that are plugged in, pulled out and set to a speed."""

from __future__ import annotations

import itertools
import os
import queue
import select
import tempfile
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devices.api import Port
from devices.sample import Link, Rx
from tests.patience import PATIENCE

_numbers = itertools.count()  # so that the names of plugs are in the order in which they were plugged in

UNREAD = 5.0  # s after which a program that reads nothing is taken to have gone


class Plug:
    """A device at the other end of a pseudo-terminal; `path` is the port the program opens.

    It is a link that goes with the device: the pseudo-terminal's own name may be another test's in the next moment, and who
    looks there for a device that was pulled out would take that one.
    """

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._folder = tempfile.TemporaryDirectory(prefix=f"plug-{next(_numbers):05}-")
        self.path = f"{self._folder.name}/tty"
        os.symlink(os.ttyname(self._slave), self.path)
        self._in_hand = threading.Lock()  # nobody sends while it is being pulled out

    def send(self, data: bytes) -> None:
        """Pulled out it sends nothing, like the device it plays; and what nobody reads for long is lost, as on a wire."""
        with self._in_hand:
            while data and self._master >= 0 and select.select([], [self._master], [], UNREAD)[1]:
                data = data[os.write(self._master, data) :]

    def written(self, within: float = 0.05) -> bytes:
        """What the program wrote, as soon as there is something."""
        ready, _, _ = select.select([self._master], [], [], within)
        return os.read(self._master, 4096) if ready else b""

    @property
    def speed(self) -> int:
        """The speed at which the program listens, as a constant of termios."""
        return int(termios.tcgetattr(self._master)[5])

    def pull(self) -> None:
        self._folder.cleanup()
        with self._in_hand:
            for end in (self._master, self._slave):
                if end >= 0:
                    os.close(end)
            self._master = self._slave = -1

    def let_go(self) -> None:
        """Leaves the port to the program alone: pulling it out is then an end of its line."""
        os.close(self._slave)
        self._slave = -1


def read_until(port: Port, done: Callable[[bytes], bool]) -> bytes:
    """What the port gives until that is enough."""
    deadline, data = time.monotonic() + PATIENCE, b""
    while not done(data):
        assert time.monotonic() < deadline, data
        data += port.read()
    return data


@contextmanager
def plugged_in() -> Iterator[Plug]:
    plug = Plug()
    try:
        yield plug
    finally:
        plug.pull()


@contextmanager
def repeating(action: Callable[[], None], every: float = 0.02) -> Iterator[None]:
    """Does `action` again and again in a thread, as a receiver speaks by itself."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every):
            action()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class Arrivals:
    """The queue a reader puts into, with what was taken from it."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Rx | Link] = queue.SimpleQueue()
        self.links: list[Link] = []
        self.data = b""

    def put(self, arrival: Rx | Link) -> None:
        self._queue.put(arrival)

    def until(self, true: Callable[[Arrivals], bool]) -> None:
        """Takes what arrives until `true`; fails when that does not come about."""
        deadline = time.monotonic() + PATIENCE
        while not true(self):
            try:
                arrival = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"it did not come about: {self.links}, {self.data!r}") from None
            if isinstance(arrival, Link):
                self.links.append(arrival)
            else:
                self.data += arrival.data

    def until_link(self, up: bool, why: str = "") -> None:
        self.until(lambda seen: bool(seen.links) and seen.links[-1].up is up and why in seen.links[-1].why)

    def until_data(self, data: bytes) -> None:
        self.until(lambda seen: data in seen.data)


def link_to(link: Path, plug: Plug) -> None:
    """Points `link` at the plug's port, in one step, as udev does."""
    beside = link.with_suffix(".new")
    beside.symlink_to(plug.path)
    beside.replace(link)
