"""The journal of a run: one line for everything that happened, written before the coach sees it.

It is the replay file, the crash-recovery file and the bug report. The first line holds the program's version
and all that decides what the run says. A line that a power cut tore is cut off; a full card stops no run.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coach import __version__
from coach.core.events import Cue, Event
from coach.core.inputs import Input
from coach.runs.entries import Bug, End, Entry, Happened, SaidCue, read, seal, unseal, write
from devices.api import InvalidFile, Unavailable

__all__ = ["Bug", "End", "JournalReader", "JournalWriter", "SaidCue", "is_journal", "is_led"]

FORMAT = 1
BEGINNING = b'{"k":"run","format":'
LONGEST_LINE = 4 << 20  # bytes: a plan of a thousand segments has a tenth of this
SYNC_EVERY = 1.0  # s between two fdatasyncs: what a power cut may cost
RETRY_EVERY = 2.0  # s between two tries to write to a card that refused
KEPT = 64 << 20  # bytes kept in memory meanwhile: more than a day of running

Trouble = Callable[[str], object]


class JournalReader:
    """Iterates the entries of a journal. `damaged` counts lines that could not be read; a torn tail is one."""

    def __init__(self, path: Path) -> None:
        """Raises InvalidFile if `path` is not a journal, or is one of a later version."""
        self._path = path
        self.damaged = 0
        try:
            with path.open("rb") as file:
                self.header = unseal(file.readline(LONGEST_LINE)) or {}
        except (OSError, ValueError) as trouble:
            raise InvalidFile(str(path), f"cannot be read: {trouble}") from None
        if self.header.get("k") != "run":
            raise InvalidFile(str(path), "is not a journal, or its first line is damaged", 1)
        if self.header.get("format") != FORMAT:
            raise InvalidFile(str(path), f"was written by version {self.header.get('version')}: replay it with that", 1)

    def __iter__(self) -> Iterator[Entry]:
        self.damaged = 0
        with self._path.open("rb") as file:
            file.readline(LONGEST_LINE)
            while line := file.readline(LONGEST_LINE):
                entry = _entry(line)
                if entry is None:
                    self.damaged += 1
                else:
                    yield entry


class JournalWriter:
    """Appends. Nothing here raises during a run: what cannot be written is kept, tried again, and told once."""

    def __init__(self, path: Path, file: int | None, trouble: Trouble) -> None:
        self._path, self._file, self._trouble = path, file, trouble
        self._kept = b""  # what the card did not take yet
        self._retry_at = 0.0
        self._told = False
        self._dirty = threading.Event()
        self._closed = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal sync", daemon=True)
        self._syncer.start()

    @classmethod
    def begin(cls, path: Path, run: dict[str, Any], trouble: Trouble) -> JournalWriter:
        """A new journal, readable only by its owner: it says where they run."""
        file = None
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
            _lock(path, file)
        except OSError as refused:
            trouble(f"the journal cannot be written ({refused.strerror}): this run will not be kept")
        writer = cls(path, file, trouble)
        header = {"k": "run", "format": FORMAT, "version": __version__, "started": time.time(), "run": run}
        writer._append(seal(header))
        return writer

    @classmethod
    def go_on(cls, path: Path, run: dict[str, Any], trouble: Trouble) -> JournalWriter:
        """The journal of a run that broke off, without its torn tail. Raises Unavailable while another coach writes it."""
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            _lock(path, file)
            os.ftruncate(file, _sound_length(path))
        except OSError:
            os.close(file)
            raise
        return cls(path, file, trouble)

    def write_input(self, item: Input) -> None:
        self._append(write(item))

    def write_cue(self, cue: Cue, text: str) -> None:
        self._append(write(SaidCue.of(cue, text)))

    def write_event(self, event: Event) -> None:
        self._append(write(Happened(event.at, event.name, dict(event.facts))))

    def write_bug(self, at: float, trace: str) -> None:
        self._append(write(Bug(at, trace)))

    def close(self, at: float, why: str | None) -> None:
        """Ends the run; without a `why` it stays one that broke off. Closing again does nothing."""
        if self._closed.is_set():
            return
        if why is not None:
            self._retry_at = 0.0
            self._append(write(End(at, why)))
        self._closed.set()
        self._dirty.set()
        self._syncer.join(timeout=5.0)  # a card that hangs must not hold the runner up
        if self._file is not None and not self._syncer.is_alive():
            os.close(self._file)
            self._file = None

    def _append(self, line: bytes) -> None:
        if self._kept or self._file is None:
            self._keep(line)
            line = b""
            if self._file is None or time.monotonic() < self._retry_at:
                return
        waiting, self._kept = self._kept + line, b""
        try:
            while waiting:
                waiting = waiting[os.write(self._file, waiting) :]  # a full card takes part of a line, without a word
            self._dirty.set()
        except OSError as refused:
            self._kept, self._retry_at = waiting, time.monotonic() + RETRY_EVERY
            self._tell(f"the journal cannot be written ({refused.strerror}): free some space, it is tried again")

    def _keep(self, line: bytes) -> None:
        if len(self._kept) + len(line) <= KEPT:
            self._kept += line

    def _tell(self, trouble: str) -> None:
        if not self._told:
            self._told = True
            self._trouble(trouble)

    def _sync(self) -> None:
        """Runs in a thread of its own: a memory card may take seconds, and the loop cannot wait."""
        while not self._closed.is_set():
            self._dirty.wait()
            self._dirty.clear()
            if self._file is not None:
                with contextlib.suppress(OSError):  # what write reports is told there
                    os.fdatasync(self._file)
            self._closed.wait(SYNC_EVERY)
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.fdatasync(self._file)


def is_journal(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(BEGINNING)) == BEGINNING
    except OSError:
        return False


def is_led(path: Path) -> bool:
    """Another coach is writing this journal now."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def last_entry(path: Path) -> Entry | None:
    """The last undamaged entry, read from the end of the file."""
    with path.open("rb") as file:
        for reach in (1 << 16, LONGEST_LINE):
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - reach))
            for line in reversed(file.read().split(b"\n")):
                if (entry := _entry(line)) is not None:
                    return entry
            if reach >= size:
                break
    return None


def _entry(line: bytes) -> Entry | None:
    try:
        plain = unseal(line)
        return read(plain) if plain and plain["k"] != "run" else None
    except (ValueError, KeyError, TypeError):
        return None


def _sound_length(path: Path) -> int:
    """The number of bytes up to the end of the last whole line."""
    length = position = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            position += len(line)
            if line.endswith(b"\n") and unseal(line) is not None:
                length = position
    return length


def _lock(path: Path, file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unavailable(f"the run {path.stem} is being led by another coach", "stop that one first") from None
