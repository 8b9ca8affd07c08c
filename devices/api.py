"""The two things a driver author writes: a Decoder (bytes in, samples out) and, rarely, a Port (where bytes come from)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from devices.sample import Sample


class Unavailable(OSError):
    """A port that cannot be opened now. `str()` is the problem, `hint` is what to do about it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


class LinkLost(OSError):
    """An open port that went away; `str()` says why in a few words ("unplugged")."""


class InvalidFile(ValueError):
    """An invalid recording: `path`, `line` (1-based, or None) and the problem, in one line."""

    def __init__(self, path: str, what: str, line: int | None = None) -> None:
        self.path, self.what, self.line = path, what, line
        super().__init__(f"{path}:{line}: {what}" if line else f"{path}: {what}")


class Decoder(Protocol):
    """Does no input or output: the same bytes, cut anywhere, give the same samples. Bad data is counted and never raises."""

    def feed(self, at: float, data: bytes) -> list[Sample]:
        """Samples completed by `data`, which arrived at `at` seconds."""

    def tick(self, at: float) -> list[Sample]:
        """Samples completed by silence until `at` (needed while the last sentence of an epoch is unknown)."""

    @property
    def faults(self) -> Mapping[str, int]:
        """Bad data counted by reason: ``{"checksum": 3, "overlong": 1}``."""


class Talk(Protocol):
    """The dialogue a device needs before and while it sends data. One object serves every opening of the port.

    If it has a list `refused`, the reader tells which of the settings asked for are in it, such as "rate".
    """

    def begin(self, at: float) -> list[bytes]:
        """What to write, each piece in one go, now that the port is open (`at` in s)."""

    def heard(self, at: float, data: bytes) -> list[bytes]:
        """What to write next, after `data` arrived or after a read that timed out."""


class Port(Protocol):
    """Where bytes come from: opened, read and closed by one reader thread."""

    name: str

    def open(self) -> None:
        """Raises Unavailable."""

    def read(self) -> bytes:
        """The bytes that arrived within at most 0.5 s; empty if there were none. Raises LinkLost."""

    def write(self, data: bytes) -> None:
        """Raises LinkLost."""

    def close(self) -> None:
        """Never raises."""


def suggestion(word: object, known: Iterable[str]) -> str:
    """A hint for an unknown word: the most similar valid one, or all of them."""
    names = list(known)
    near = get_close_matches(str(word), names, 1)
    return f'did you mean "{near[0]}"?' if near else f"it is one of {', '.join(names)}"


def check_regular(path: Path | str) -> None:
    """Raises OSError for a pipe or a device, which may never end or never begin, and for what cannot be looked at."""
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # reading a folder raises an error of its own
        raise OSError(0, "it is a pipe or a device, not a file: copy it into a file first")
