"""The journal of a run: a line for everything that happened, written before the coach sees it.

It serves for replays, for recovery after a crash, and as a bug report. The first line has the program's version and
everything that decides what the coach says. A line that a power cut left incomplete is cut off; a full or removed card
does not stop a run (`growing_file.py`).
"""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from coach import __version__
from coach.core.events import Cue, Event
from coach.core.inputs import Input
from coach.errors import check_regular
from coach.runs.entries import Bug, End, Entry, Happened, Led, SaidCue, read, seal, unseal, write
from coach.runs.growing_file import GrowingFile, Tell
from coach.runs.locks import is_locked
from devices.api import InvalidFile

__all__ = ["Bug", "End", "JournalReader", "JournalWriter", "SaidCue", "is_journal", "is_led"]

FORMAT = 1
PACKED = ".gz"  # what is added to the name of a journal that was compacted
GZIP = b"\x1f\x8b"
BEGINNING = b'{"k":"run","format":'
LATEST = 4_102_444_800.0  # Unix time of the year 2100: a later time was written by hand, or by a wrong clock
LONGEST_LINE = 4 << 20  # bytes: a plan of a thousand segments has a tenth of this


class JournalReader:
    """Iterates the entries of a journal. `damaged` counts lines that could not be read, including an incomplete last one."""

    def __init__(self, path: Path) -> None:
        """Raises InvalidFile if `path` is not a journal, or is one of a later version."""
        self._path = path
        self.damaged = 0
        try:
            check_regular(path)
            with opened(path) as file:
                self.header = unseal(file.readline(LONGEST_LINE)) or {}
        except (OSError, ValueError, EOFError, zlib.error) as trouble:
            told = (getattr(trouble, "strerror", None) or str(trouble)).lower()
            raise InvalidFile(str(path), f"cannot be read: {told}") from None
        if self.header.get("k") != "run":
            raise InvalidFile(str(path), "is not a journal, or its first line is damaged", 1)
        if self.header.get("format") != FORMAT:
            raise InvalidFile(str(path), f"was written by version {self.header.get('version')}: replay it with that version", 1)

    @property
    def run(self) -> Any:
        """The setup in the first line, for Setup.from_dict."""
        return self.header.get("run")

    @property
    def started(self) -> float | None:
        """When the run began, Unix time by the computer's clock; None if that cannot be true."""
        started = self.header.get("started")
        return started if isinstance(started, float) and 0.0 <= started < LATEST else None

    def __iter__(self) -> Iterator[Entry]:
        self.damaged = 0
        with opened(self._path) as file:
            file.readline(LONGEST_LINE)
            for line in _lines(file):
                entry = _entry(line)
                if entry is None:
                    self.damaged += 1
                else:
                    yield entry


class JournalWriter:
    """Appends entries. It never raises during a run: what cannot be written is kept and tried again, with a message."""

    def __init__(self, file: GrowingFile) -> None:
        self._file = file
        self._is_closed = False

    @classmethod
    def begin(cls, path: Path, run: dict[str, Any], tell: Tell, number: int = 0) -> JournalWriter:
        """A new journal, the `number`th of its folder; readable only by its owner, because it says where the runner was."""
        writer = cls(GrowingFile.create(path, tell))
        header = {"k": "run", "format": FORMAT, "version": __version__, "started": time.time(), "number": number, "run": run}
        writer._file.append(seal(header))
        return writer

    @classmethod
    def go_on(cls, path: Path, tell: Tell) -> JournalWriter:
        """Continues an interrupted run, less an incomplete last line. Raises Unavailable while another coach leads it."""
        return cls(GrowingFile.extend(path, _sound_length(path), tell))

    @property
    def is_saved(self) -> bool:
        """Whether entries reach the card; False while it is full, gone or read-only."""
        return self._file.is_saved

    def write_input(self, item: Input) -> None:
        self._file.append(write(item))

    def write_cue(self, cue: Cue, text: str) -> None:
        self._file.append(write(SaidCue.of(cue, text)))

    def write_event(self, event: Event) -> None:
        self._file.append(write(Happened(event.at, event.name, dict(event.facts))))

    def write_led(self, led: Led) -> None:
        self._file.append(write(led))

    def write_bug(self, at: float, trace: str) -> None:
        self._file.append(write(Bug(at, trace)))

    def close(self, at: float, why: str | None) -> None:
        """Ends the run; without `why` it can still be resumed. Closing again does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        if why is not None:
            self._file.append(write(End(at, why)))
        self._file.close()


def is_journal(path: Path) -> bool:
    try:
        check_regular(path)
        with opened(path) as file:
            return file.read(len(BEGINNING)) == BEGINNING
    except (OSError, ValueError, EOFError, zlib.error):
        return False


def opened(path: Path) -> IO[bytes]:
    """A journal as it was written, or one that was compacted."""
    file = path.open("rb")
    is_packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    if not is_packed:
        return file
    file.close()
    return cast(IO[bytes], gzip.open(path, "rb"))


def name_of(path: Path) -> str:
    """The name of a run, from its file."""
    return Path(path.name.removesuffix(PACKED)).stem


def compact(path: Path) -> Path:
    """The journal of a run that ended, packed; `path` is gone once its content stands on the disk in the new file."""
    packed, fresh = path.with_name(path.name + PACKED), path.with_name(path.name + PACKED + ".part")
    content = path.read_bytes()
    with fresh.open("wb") as file:
        file.write(gzip.compress(content, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    if gzip.decompress(fresh.read_bytes()) != content:
        raise OSError(0, "the packed journal is not what was written")
    fresh.replace(packed)
    path.unlink()
    return packed


def is_led(path: Path) -> bool:
    """Whether another coach is writing this journal now."""
    return is_locked(path)


def last_entries(path: Path, count: int) -> list[Entry]:
    """The last undamaged entries, the very last first, read from the end of the file."""
    found: list[Entry] = []
    with opened(path) as file:
        if isinstance(file, gzip.GzipFile):  # its end cannot be read alone
            whole = deque((entry for line in _lines(file) if (entry := _entry(line)) is not None), maxlen=count)
            return list(reversed(whole))
        for reach in (1 << 16, LONGEST_LINE):
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - reach))
            whole = (entry for line in reversed(file.read().split(b"\n")) if (entry := _entry(line)) is not None)
            found = list(islice(whole, count))
            if len(found) == count or reach >= size:
                break
    return found


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Each line; a packed file that is cut off or damaged ends there, as one that is not packed does."""
    while True:
        try:
            line = file.readline(LONGEST_LINE)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield b"damaged"
            return
        if not line:
            return
        yield line


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
