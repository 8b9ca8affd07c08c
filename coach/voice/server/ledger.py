"""The ledger of lowered volumes: written before other players are lowered, so that any surviving process can restore them.

A debt is a volume still to be restored. Each coach has a file, locked while it lives: an unlocked file belongs to a coach
that died, and the next coach pays its debts. A stream that ended while it was lowered stays a debt, because a server that
remembers volumes would start it quiet the next time.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from platformdirs import user_state_path

from coach.voice.server import pulse
from coach.voice.server.pulse import Stream, Volumes

SAME = 330  # of 65536: volumes that differ by less are equal; PipeWire rounds by less than that
FORGIVEN_AFTER = 7 * 86_400.0  # s: a debt to a player that was not seen for a week is dropped


@dataclass(frozen=True, slots=True)
class Debt:
    """A stream's volumes before and after they were lowered; `since` is wall-clock time (s).

    It is `doubted` once a stream of the same name was seen that is not quiet.
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
        """Whether the stream is as quiet as we left it."""
        return _alike(stream.volumes, self.lowered)

    def pay(self, stream: Stream) -> bool:
        """Restores the stream; True once the debt is settled, which it is too if somebody else has set the volume.

        A stream that does not look lowered is set all the same, because the server may only be slow to report it.
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
    """The debts once these streams are lowered too, and the new ones among them, to be written down first.

    A stream that came back as quiet as we left it is an old debt under a new index.
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
    """Restores what can be restored; returns the remaining debts."""
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
    """The debts that remain for a stream that ended, given the streams of its name. A server may take a moment to lower one."""
    if not streams:
        return [debt]
    quiet = next((stream for stream in streams if debt.is_quiet(stream)), None)
    if quiet:
        return [] if debt.pay(quiet) else [debt]
    return [] if debt.doubted else [replace(debt, doubted=True)]


class Ledger:
    """The file of one coach; it exists only while there are debts."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()
        self._file: int | None = None
        self._path: Path | None = None

    def write(self, debts: list[Debt]) -> None:
        """Raises OSError if it cannot be written; then nothing may be lowered."""
        if not debts:
            self.tear_up()
            return
        if self._file is None:
            self._file, self._path = self._open()
        line = json.dumps([asdict(debt) for debt in debts]).encode() + b"\n"
        os.pwrite(self._file, line, 0)  # the rest of an older, longer line behind it is not read
        os.ftruncate(self._file, len(line))

    def tear_up(self) -> None:
        if self._file is not None and self._path:
            self._path.unlink(missing_ok=True)
            self.leave()

    def leave(self) -> None:
        """Closes the file as it is: its debts are for the next coach."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> tuple[int, Path]:
        """Opens a new file and locks it; tries again if another coach took it for a dead one's before it was locked."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = self._folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            import fcntl  # here, because only systems that have it have sound servers that lower others

            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_nlink:
                return file, path
            os.close(file)


def abandoned(folder: Path | None = None) -> list[Debt]:
    """Takes over the debts of dead coaches and removes their files."""
    debts: list[Debt] = []
    with contextlib.suppress(OSError):
        for path in sorted((folder or default_folder()).glob("*.json")):
            with _taken(path) as line:
                debts += _read(line)
    return [debt for debt in debts if time.time() - debt.since < FORGIVEN_AFTER]


def settle_for_the_dead(patience: float) -> None:
    """Pays the debts of a coach that is dying, waiting at most `patience` s for its end."""
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
    """Yields the first line of a dead coach's file, then removes the file; yields nothing for a living coach."""
    import fcntl

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
