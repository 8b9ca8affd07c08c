"""Reads the one recording in a zip archive, as sites and phones send it; an archive of several is refused by their names."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, cast

from devices.api import InvalidFile
from devices.tracks.packed import ALWAYS, LARGEST_RATIO, Readable

ZIP = b"PK\x03\x04"
MOST_LISTED = 5  # names
_NOT_A_FILE = ("__MACOSX/", ".")  # how the names begin that a computer of Apple's adds


class Zipped:
    """Reads like a file. `damaged` is True if the data end early or are not what was packed."""

    def __init__(self, path: str, file: Readable, size: int) -> None:
        """`size` is that on disk, bytes. Raises InvalidFile if the archive does not hold exactly one file."""
        self._path, self._file = path, file
        self._most = max(ALWAYS, LARGEST_RATIO * size)
        self.damaged = False
        try:
            if not hasattr(file, "fileno"):
                raise InvalidFile(path, "is a zip archive that was packed again: unpack it first")
            self._archive = zipfile.ZipFile(cast(IO[bytes], file))
            self._name = self._only(self._archive.infolist())
            self._inner: IO[bytes] = self._archive.open(self._name)
        except InvalidFile:
            raise
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as broken:
            told = " ".join(str(broken).split())[:80]
            raise InvalidFile(path, f"is a zip archive that cannot be read ({told}): unpack it first") from None

    def _only(self, members: list[zipfile.ZipInfo]) -> str:
        names = [each.filename for each in members if not each.is_dir() and not _is_extra(each.filename)]
        if len(names) == 1:
            return names[0]
        shown = ", ".join("".join(sign for sign in name if sign.isprintable())[:60] for name in names[:MOST_LISTED])
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        told = f"of {len(names)} files: unpack it, and give one of {shown}{more}" if names else "without a file in it"
        raise InvalidFile(self._path, f"is a zip archive {told}")

    def seek(self, where: int) -> None:
        """Only to the beginning, 0."""
        self._inner = self._archive.open(self._name)
        self.damaged = False

    def rewind(self) -> None:
        self.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Returns `size` bytes, fewer at the end. Raises InvalidFile if the file unpacks to far too much."""
        try:
            data = self._inner.read(self._most + 1 if size < 0 else size)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
            self.damaged = True
            return b""
        if self._inner.tell() > self._most:
            raise InvalidFile(self._path, f"unpacks to more than {LARGEST_RATIO} times its size, too large for a recording")
        return data

    def close(self) -> None:
        self._file.close()


def _is_extra(name: str) -> bool:
    return name.startswith(_NOT_A_FILE) or name.rpartition("/")[2].startswith(".")
