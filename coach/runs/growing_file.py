"""A file that grows by whole lines and survives trouble: a full or removed card, or being deleted or truncated meanwhile.

Appending never waits for the card and never raises. Three things are kept in memory, within limits:

    the backlog    lines not yet written to the card; tried again every RETRY_EVERY seconds
    the copy       every line so far, compressed to about a tenth; a lost file is rewritten from it
    the length     how long the file must be: if it is shorter, or no longer in its folder, it was lost
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from coach.runs.locks import lock
from devices.api import Unavailable

SYNC_EVERY = 1.0  # s between two fdatasyncs: the most that a power cut may cost
RETRY_EVERY = 2.0  # s between two attempts to write to a card that refused
BACKLOG_AT_MOST = 32 << 20  # bytes: beyond this the file is rewritten from the copy instead
COPY_AT_MOST = 64 << 20  # bytes, compressed (weeks of running): beyond this a lost file is not rewritten
AT_ONCE = 1 << 18  # bytes of a backlog written in one call
CLOSES_WITHIN = 1.0  # s: a card that hangs must not delay the runner

Tell = Callable[[str], object]

_AS_BYTES = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)  # each system has its own
_sync: Callable[[int], object] = getattr(os, "fdatasync", os.fsync)


class GrowingFile:
    """Append from one thread; another one writes to the card. `tell` is called once for each change for worse or better."""

    def __init__(self, path: Path, file: int | None, before: Iterator[bytes], tell: Tell) -> None:
        """`file` is open for appending and locked, or None where it could not be created; `before` is its content."""
        self._path, self._file, self._tell = path, file, tell
        self._copy = _Copy()
        self._length = 0  # bytes written to the card
        for piece in before:
            self._copy.add(piece)
            self._length += len(piece)
        self._backlog: deque[bytes] = deque()
        self._waiting = 0  # bytes in the backlog
        self._retry_at = 0.0
        self.is_saved = True  # whether appended lines reach the card, as last told
        self._lock = threading.Lock()  # held only briefly: the file, the backlog and the copy change together
        self._dirty = threading.Event()
        self._closed = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="journal", daemon=True)
        self._keeper.start()

    @classmethod
    def create(cls, path: Path, tell: Tell) -> GrowingFile:
        """A new file, readable only by its owner. Raises Unavailable while another coach writes it."""
        try:
            return cls(path, _created(path), iter(()), tell)
        except OSError as refused:
            if path.exists():
                raise Unavailable(
                    f"another coach program is writing the run {path.stem}", "start this one again: it then gets another name"
                ) from None
            growing = cls(path, None, iter(()), tell)
            growing._lost(f"the journal cannot be written ({refused.strerror}); it is tried again")
            return growing

    @classmethod
    def extend(cls, path: Path, length: int, tell: Tell) -> GrowingFile:
        """Continues a file after its first `length` bytes. Raises Unavailable while another coach writes it, and OSError."""
        file = os.open(path, os.O_RDWR | os.O_APPEND | _AS_BYTES)
        try:
            _lock(path, file)
            os.ftruncate(file, length)
        except OSError:
            os.close(file)
            raise
        return cls(path, file, _pieces(path), tell)

    def append(self, line: bytes) -> None:
        with self._lock:
            self._copy.add(line)
            self._backlog.append(line)
            self._waiting += len(line)
            if self._file is not None and time.monotonic() >= self._retry_at:
                self._hand_over()
        self._dirty.set()

    def close(self) -> None:
        """Lines that do not reach the card within CLOSES_WITHIN s are lost, with a message. Closing twice is fine."""
        if self._closed.is_set():
            return
        self._retry_at = 0.0
        self._closed.set()
        self._dirty.set()
        self._keeper.join(timeout=CLOSES_WITHIN)
        with self._lock:
            if self._waiting or self._file is None:
                self._tell("the end of this run is missing in its journal: it could not be written to the card")
            if self._file is not None and not self._keeper.is_alive():
                os.close(self._file)
                self._file = None

    def _hand_over(self) -> None:
        """Writes as much of the backlog as the card takes. The lock is held."""
        assert self._file is not None
        try:
            while self._backlog:
                piece = self._next_piece()
                while piece:
                    taken = os.write(self._file, piece)  # a full card takes part of a line, without an error
                    piece = piece[taken:]
                    self._length += taken
                    self._waiting -= taken
                    self._backlog[0] = piece
                self._backlog.popleft()
        except OSError as refused:
            self._retry_at = time.monotonic() + RETRY_EVERY
            if self._waiting > BACKLOG_AT_MOST:
                self._give_up_file()
            self._lost(f"the journal cannot be written ({refused.strerror}): free some space; it is tried again")
            return
        self._regained()

    def _next_piece(self) -> bytes:
        """Joins lines of the backlog up to AT_ONCE bytes, as its new first entry."""
        lines, size = [self._backlog.popleft()], 0
        while self._backlog and (size := size + len(lines[-1])) < AT_ONCE:
            lines.append(self._backlog.popleft())
        self._backlog.appendleft(b"".join(lines))
        return self._backlog[0]

    def _give_up_file(self) -> None:
        """The file is no longer ours; all of it will be rewritten from the copy."""
        if self._file is not None:
            os.close(self._file)
        self._file, self._waiting = None, 0
        self._backlog.clear()

    def _keep(self) -> None:
        """Runs in its own thread, because a memory card may take seconds and the loop must not wait."""
        while not self._closed.is_set():
            self._dirty.wait(RETRY_EVERY)
            self._dirty.clear()
            self._look_after()
            self._closed.wait(SYNC_EVERY)
        self._look_after()

    def _look_after(self) -> None:
        file = self._file
        if file is not None and self._is_gone(file):
            with self._lock:
                self._give_up_file()
            self._lost("the journal was deleted or cut short: it is written anew")
        if self._file is None and (self._closed.is_set() or time.monotonic() >= self._retry_at):
            self._write_anew()
        with self._lock:
            if self._file is not None and self._waiting and time.monotonic() >= self._retry_at:
                self._hand_over()
        if self._file is not None:
            with contextlib.suppress(OSError):  # what write reports is told there
                _sync(self._file)

    def _is_gone(self, file: int) -> bool:
        """Whether the file was deleted, or a part of its content is gone."""
        length = self._length  # read before the check, because it grows meanwhile
        try:
            named, ours = os.stat(self._path), os.fstat(file)
        except OSError:
            return True
        return (named.st_ino, named.st_dev) != (ours.st_ino, ours.st_dev) or ours.st_size < length

    def _write_anew(self) -> None:
        """Rewrites the file from the copy, under another name until it is complete. New lines wait in the backlog."""
        with self._lock:
            if not self._copy.is_whole:
                return
            pieces, self._waiting = self._copy.pieces(), 0
            self._backlog.clear()
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            fresh.unlink(missing_ok=True)
            file = _created(fresh)
            length = 0
            for piece in pieces:
                while piece:
                    taken = os.write(file, piece)
                    piece, length = piece[taken:], length + taken
            os.fsync(file)
            os.replace(fresh, self._path)
        except OSError as refused:
            self._retry_at = time.monotonic() + RETRY_EVERY
            self._lost(f"the journal cannot be written ({refused.strerror}); it is tried again")
            return
        with self._lock:
            self._file, self._length = file, length
            self._hand_over()

    def _lost(self, what: str) -> None:
        if self.is_saved:
            self.is_saved = False
            self._tell(what)

    def _regained(self) -> None:
        if not self.is_saved:
            self.is_saved = True
            self._tell("the journal is being written again; nothing was lost")


class _Copy:
    """Every byte so far, compressed."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(1)
        self._packed: list[bytes] = []
        self._size = 0

    @property
    def is_whole(self) -> bool:
        return self._size <= COPY_AT_MOST

    def add(self, line: bytes) -> None:
        if self.is_whole and (packed := self._packer.compress(line)):
            self._packed.append(packed)
            self._size += len(packed)

    def pieces(self) -> Iterator[bytes]:
        """All bytes, as they are at this moment."""
        packed = [*self._packed, self._packer.copy().flush()]
        unpacker = zlib.decompressobj()
        return (unpacker.decompress(piece) for piece in packed)


def _created(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | _AS_BYTES, 0o600)
    try:
        _lock(path, file)
    except OSError:
        os.close(file)
        raise
    return file


def _lock(path: Path, file: int) -> None:
    if not lock(file):
        raise Unavailable(f"the run {path.stem} is still going on in another coach program", "stop that one first")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            yield piece
