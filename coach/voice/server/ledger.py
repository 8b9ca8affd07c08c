"""What the coach owes other players: their volumes, written down before they are lowered, and paid back by whoever is left.

A file for each coach, locked while it lives: whose lock is free, that coach is dead, and another pays for it.
A stream that ended while it was lowered is owed still: where the server remembers volumes it comes back quiet.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from platformdirs import user_state_path

from coach.voice.server import pulse
from coach.voice.server.pulse import Stream, Volumes

SAME = 330  # of 65536: so near is the volume we set; PipeWire's roundings are nearer
FORGIVEN_AFTER = 7 * 86_400.0  # s: a player that was not seen for a week is left as it is


@dataclass(frozen=True, slots=True)
class Debt:
    """A stream's volumes as they were and as they were lowered; `since` is the wall clock's.

    It is `doubted` once a stream of its name was seen that is not quiet.
    """

    index: int
    name: str
    original: Volumes
    lowered: Volumes
    since: float
    doubted: bool = False

    def is_of(self, stream: Stream) -> bool:
        return (stream.index, stream.name) == (self.index, self.name)

    def is_quiet(self, stream: Stream) -> bool:
        """As we left it."""
        return _alike(stream.volumes, self.lowered)

    def pay(self, stream: Stream) -> bool:
        """Whether nothing is owed any more: it is as it was, or somebody else has set it.

        Where it seems not to be lowered yet, the server is only slow to tell.
        """
        if not self.is_quiet(stream) and not _alike(stream.volumes, self.original):
            return True
        same = len(stream.volumes) == len(self.original)
        volumes = self.original if same else (max(self.original),) * len(stream.volumes)
        with contextlib.suppress(pulse.Unanswered):
            pulse.set_volumes(stream.index, volumes)
            return True
        return False


def lower(streams: Iterable[Stream], debts: list[Debt], decibels: float) -> tuple[list[Debt], list[Debt]]:
    """All debts when these streams are lowered too, and those of them that are new: first written down, then done.

    A stream that came back as quiet as we left it is an old debt at another place.
    """
    fresh: list[Debt] = []
    for stream in streams:
        if any(debt.is_of(stream) for debt in debts):
            continue
        old = next((debt for debt in debts if debt.name == stream.name and debt.is_quiet(stream)), None)
        if old:
            debts = [replace(each, index=stream.index) if each is old else each for each in debts]
            continue
        quiet = tuple(round(volume * 10 ** (decibels / 60)) for volume in stream.volumes)
        fresh.append(Debt(stream.index, stream.name, stream.volumes, quiet, time.time()))
    return [*debts, *fresh], fresh


def pay(streams: list[Stream], debts: list[Debt]) -> list[Debt]:
    """Give back what can be given back; what is still owed."""
    known = {debt.index: debt.name for debt in debts}
    strangers = [stream for stream in streams if known.get(stream.index) != stream.name]
    left = []
    for debt in debts:
        own = next((stream for stream in streams if debt.is_of(stream)), None)
        if own:
            left += [] if debt.pay(own) else [debt]
        else:
            left += _returned(debt, [stream for stream in strangers if stream.name == debt.name])
    return left


def _returned(debt: Debt, streams: list[Stream]) -> list[Debt]:
    """What is owed still when these have the name of a stream that ended. A server may take a moment to make one quiet."""
    if not streams:
        return [debt]
    quiet = next((stream for stream in streams if debt.is_quiet(stream)), None)
    if quiet:
        return [] if debt.pay(quiet) else [debt]
    return [] if debt.doubted else [replace(debt, doubted=True)]


class Ledger:
    """One coach's file; it is there only while something is owed."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()
        self._file: int | None = None
        self._path: Path | None = None

    def write(self, debts: list[Debt]) -> None:
        """Raises OSError where nothing can be written: then nothing must be lowered."""
        if not debts:
            self.tear_up()
            return
        if self._file is None:
            self._file, self._path = self._open()
        line = json.dumps([asdict(debt) for debt in debts]).encode() + b"\n"
        os.pwrite(self._file, line, 0)  # what an older, longer one leaves behind the line is not read
        os.ftruncate(self._file, len(line))

    def tear_up(self) -> None:
        if self._file is not None and self._path:
            self._path.unlink(missing_ok=True)
            self.leave()

    def leave(self) -> None:
        """Close it as it is: what is owed is for the next coach."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> tuple[int, Path]:
        """A new file with our lock; tried again where another took it for a dead coach's before it was locked."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = self._folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_nlink:
                return file, path
            os.close(file)


def abandoned(folder: Path | None = None) -> list[Debt]:
    """What dead coaches owe, taken over: their files are gone with this call."""
    debts: list[Debt] = []
    with contextlib.suppress(OSError):
        for path in sorted((folder or default_folder()).glob("*.json")):
            with _taken(path) as line:
                debts += _read(line)
    return [debt for debt in debts if time.time() - debt.since < FORGIVEN_AFTER]


def settle_for_the_dead(patience: float) -> None:
    """Pay what a coach that just died owes, waiting for its death so many seconds."""
    until = time.monotonic() + patience
    while any(default_folder().glob("*.json")) and time.monotonic() < until:
        if debts := abandoned():
            ledger = Ledger()
            with contextlib.suppress(pulse.Unanswered):
                debts = pay(pulse.streams(), debts)
            ledger.write(debts)
            ledger.leave()
            return
        time.sleep(0.02)


def default_folder() -> Path:
    return user_state_path("progression-coach") / "lowered"


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[str]:
    """The first line of a dead coach's file, which is then removed; of a living one's nothing."""
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        yield ""
        return
    try:
        yield os.pread(file, 1 << 20, 0).decode(errors="replace").partition("\n")[0]
        path.unlink(missing_ok=True)
    finally:
        os.close(file)


def _alike(volumes: Volumes, others: Volumes) -> bool:
    return abs(max(volumes) - max(others)) <= SAME


def _read(line: str) -> list[Debt]:
    try:
        rows = json.loads(line) if line else []
        return [Debt(row["index"], row["name"], tuple(row["original"]), tuple(row["lowered"]), row["since"]) for row in rows]
    except (ValueError, KeyError, TypeError):
        return []
