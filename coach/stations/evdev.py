"""Linux's input devices: the buttons of Bluetooth headsets and remotes, which come and go, read as bytes from /dev/input.

    ll  s and µs     24 bytes an event on 64-bit systems
    H   type         1: a key; 0 with code 3: events were lost
    H   code         164 play/pause, 200 play, 201 pause, 163 next, 165 previous …
    i   value        0 up, 1 down, 2 repeated while it is held

Source: Linux, Documentation/input and include/uapi/linux/input.h. Never a whole keyboard, unless it is named.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

EVENT = struct.Struct("llHHi")
KEY, SYNC, DROPPED = 1, 0, 3
UP, DOWN = 0, 1
GRAB = 0x40044590  # EVIOCGRAB: its keys reach nobody else
STAMPS = 0x400445A0  # EVIOCSCLOCKID
MONOTONIC = 1  # the clock of time.monotonic
BLUETOOTH = "0005"  # of the kinds of bus
LETTERS = (16, 30, 44, 57)  # q, a, z, space: what has them all is a keyboard
BITS = 8 * struct.calcsize("l")  # of a word in a list of keys

DEVICES = Path("/dev/input")
TOLD = Path("/sys/class/input")  # what the kernel tells of each device: may be read by everybody
FOLDERS = DEVICES, TOLD


class Change(NamedTuple):
    """A key went down or up at `at` (monotonic s; None if the device does not tell); `code` None: events were lost."""

    at: float | None
    code: int | None
    is_down: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A device, as the kernel tells of it."""

    path: Path
    name: str
    bus: str
    keys: frozenset[int]

    @property
    def is_keyboard(self) -> bool:
        return self.keys.issuperset(LETTERS)

    def is_wanted(self, keys: Collection[int], named: Collection[str]) -> bool:
        """Whether it is one of the `named`, or a Bluetooth headset or remote with any of these keys."""
        if any(name.lower() in self.name.lower() for name in named):
            return True
        return self.bus == BLUETOOTH and not self.is_keyboard and not self.keys.isdisjoint(keys)


def nodes(devices: Path = DEVICES, told: Path = TOLD) -> list[Node]:
    """All that are there now."""
    return [node_of(path, told / path.name / "device") for path in sorted(devices.glob("event*"))]


def node_of(path: Path, told: Path) -> Node:
    """Empty fields for what the kernel does not tell."""
    return Node(path, _read(told / "name"), _read(told / "id" / "bustype"), _keys(_read(told / "capabilities" / "key")))


class Buttons:
    """An open device. Raises OSError (PermissionError where the user is not in the group input)."""

    def __init__(self, node: Node, grabs: bool) -> None:
        self.node = node
        self._file = os.open(node.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        self._tells_time = self._order(STAMPS, struct.pack("i", MONOTONIC))
        if grabs:
            self._order(GRAB, 1)

    def fileno(self) -> int:
        return self._file

    def changes(self) -> list[Change]:
        """What happened since. Raises OSError once it is gone."""
        try:
            data = os.read(self._file, EVENT.size * 64)
        except BlockingIOError:
            return []
        if not data:
            raise OSError("it has ended")
        whole = data[: len(data) - len(data) % EVENT.size]
        return [change for event in EVENT.iter_unpack(whole) if (change := self._change(*event))]

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._file)

    def _change(self, seconds: int, micro: int, kind: int, code: int, value: int) -> Change | None:
        at = seconds + micro / 1e6 if self._tells_time else None
        if kind == SYNC and code == DROPPED:
            return Change(at, None, False)
        return Change(at, code, value == DOWN) if kind == KEY and value in (UP, DOWN) else None

    def _order(self, request: int, value: int | bytes) -> bool:
        """False where it is no real device, as a pipe in a test, or another program has grabbed it."""
        try:
            import_module("fcntl").ioctl(self._file, request, value)
        except (OSError, ImportError):
            return False
        return True


def _keys(told: str) -> frozenset[int]:
    """From hexadecimal words, the most significant first."""
    words = [int(word, 16) for word in reversed(told.split())]
    return frozenset(BITS * place + bit for place, word in enumerate(words) for bit in range(BITS) if word >> bit & 1)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
