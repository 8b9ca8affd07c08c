"""Reads a gzip file as a stream: a damaged one up to the damage; one that unpacks to far too much is refused."""

from __future__ import annotations

import zlib
from typing import Protocol

from devices.api import InvalidFile

LARGEST_RATIO = 200  # the most that a file may unpack to, over its own size; recordings reach 60
ALWAYS = 20 << 20  # bytes to which any file may unpack
CHUNK = 32 << 10  # bytes
GZIP = 31  # zlib's `wbits` for a gzip header and the largest window


class Readable(Protocol):
    """A file, or what a packed one unpacks to."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, where: int, /) -> object: ...
    def close(self) -> None: ...


class Unpacked:
    """Reads like a file. `damaged` is True if the data end early, or stop being gzip at some point."""

    def __init__(self, path: str, file: Readable, size: int) -> None:
        """`file` may be unpacked itself: some sites pack what a watch had packed. `size` is that on disk, bytes."""
        self._path, self._file = path, file
        self._most = max(ALWAYS, LARGEST_RATIO * size)
        self._begin()

    def _begin(self) -> None:
        self._file.seek(0)
        self._unpack = zlib.decompressobj(GZIP)
        self._ready = b""
        self._given = 0
        self._damaged = self._ended = False

    @property
    def damaged(self) -> bool:
        return self._damaged or bool(getattr(self._file, "damaged", False))

    def rewind(self) -> None:
        self._begin()

    def seek(self, where: int) -> None:
        """Only to the beginning, 0."""
        self._begin()

    def read(self, size: int = -1) -> bytes:
        """Returns `size` bytes, fewer at the end. Raises InvalidFile if the file unpacks to far too much."""
        pieces, length = [self._ready], len(self._ready)
        while not self._ended and (size < 0 or length < size):
            piece = self._more()
            pieces.append(piece)
            length += len(piece)
            self._given += len(piece)
            if self._given > self._most:
                raise InvalidFile(self._path, f"unpacks to more than {LARGEST_RATIO} times its size, too large for a recording")
        data = b"".join(pieces)
        size = len(data) if size < 0 else size
        self._ready = data[size:]
        return data[:size]

    def close(self) -> None:
        self._file.close()

    def _more(self) -> bytes:
        packed = self._unpack.unconsumed_tail or self._unpack.unused_data or self._file.read(CHUNK)
        try:
            if self._unpack.eof:
                if not packed.strip(b"\0"):
                    self._ended = True
                    return b""
                self._unpack = zlib.decompressobj(GZIP)  # gzip files may follow one another
            if not packed:
                self._ended = self._damaged = True
                return self._unpack.flush()
            return self._unpack.decompress(packed, CHUNK)
        except zlib.error:
            self._ended = self._damaged = True
            return b""
