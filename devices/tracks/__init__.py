"""Reads recorded tracks as samples with their own times: GPX, TCX, FIT and raw logs, recognised by their content."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import BinaryIO, cast

from devices.api import InvalidFile, check_regular
from devices.sample import Fix, Link, Mode, Sample, Stride
from devices.tracks.timeline import Timeline

HEAD = 64 << 10  # bytes from which the format is recognised
LARGEST_PACKED, LARGEST_RATIO = 20 << 20, 200  # of a gzip file, unpacked: bytes, and times its own size
PEEKED = 5000  # samples without a position or speed, after which the file counts as having none

Read = Callable[["Track"], Iterator[Sample | Link]]


class Track:
    """A recorded file. Iterate `samples` once; `faults` counts what was bad, `recorded_distance` (m) is what the
    recorder itself counted, known once the samples are exhausted and where it says so.
    """

    def __init__(self, path: str, file: BinaryIO, size: int, format: str) -> None:
        self.path, self.size, self.format = path, size, format
        self.bytes_read = 0
        self.faults: dict[str, int] = {}
        self.recorded_distance: float | None = None
        self.timeline = Timeline(self.faults)
        self._file = file
        self._samples: Iterable[Sample | Link] = ()

    def samples(self) -> Iterator[Sample | Link]:
        """In order of time, `at` in seconds since the first; a damaged end counts in `faults`."""
        with self._file:
            yield from self._samples

    def read(self, size: int = -1) -> bytes:
        """The file's bytes; counts them."""
        data = self._file.read(size)
        self.bytes_read += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        """Closes the file, for callers that do not use `samples`."""
        self._file.close()

    def wrong(self, what: str, line: int | None = None) -> InvalidFile:
        return InvalidFile(self.path, what, line)

    def count(self, fault: str) -> None:
        self.faults[fault] = self.faults.get(fault, 0) + 1

    def peek(self, samples: Iterator[Sample | Link]) -> None:
        """Reads up to the first useful sample. Raises InvalidFile if there is none."""
        seen: list[Sample | Link] = []
        try:
            for sample in islice(samples, PEEKED):
                seen.append(sample)
                if _tells_something(sample):
                    self._samples = chain(seen, samples)
                    return
            raise self.wrong("has no position, speed or distance, so there is nothing to replay")
        except InvalidFile:
            self._file.close()
            raise


# The beginning of a file -> its format's name and reader ("module:function"); the first match counts.
_FORMATS: list[tuple[re.Pattern[bytes], str, str]] = [
    (re.compile(rb".{8}\.FIT", re.DOTALL), "fit", "devices.tracks.fit:read"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?s:.{0,2000}?)<(?:\w+:)?gpx\b"), "gpx", "devices.tracks.gpx:read"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\w+:)?gpx\b"), "gpx", "devices.tracks.gpx:read"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?s:.{0,2000}?)TrainingCenterDatabase\b"), "tcx", "devices.tracks.tcx:read"),
    (re.compile(rb"(?:\xff\xfe|\xfe\xff)(?s:.{0,2000}?)g\x00?p\x00?x"), "gpx", "devices.tracks.gpx:read"),
    (re.compile(rb'\s*\{"class":"'), "gpsd", "devices.tracks.nmea_log:read_gpsd"),
    (re.compile(rb"(?s:.{0,4000}?)\xb5\x62[\x01-\x0d\x10\x13\x21\x27]"), "ubx", "devices.tracks.nmea_log:read"),
    (re.compile(rb"(?s:.*?)\$(?:G[A-Z]|B[DE]|Q[ZL]|I[NI])[A-Z]{3},"), "nmea", "devices.tracks.nmea_log:read"),
]
_REFUSED: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(rb"\s*\{"), "is JSON, and none of our journals: its first line is damaged, or it is something else"),
    (re.compile(rb"\s*<"), "is XML, but neither GPX nor TCX"),
    (re.compile(rb"PK\x03\x04"), "is a zip archive: unpack it first"),
]


def open_track(path: str) -> Track:
    """Opens a recording. Raises InvalidFile with a one-line message if there is none in the file."""
    track, reader = opened(path)
    module, _, name = reader.partition(":")
    track.peek(_in_order(cast(Read, getattr(import_module(module), name))(track)))
    return track


def opened(path: str) -> tuple[Track, str]:
    """A file whose format is recognised, with its reader, before it is read. Raises InvalidFile."""
    try:
        check_regular(path)
        size = os.stat(path).st_size
        file: BinaryIO = open(path, "rb")  # noqa: SIM115 - the track closes it
        head = file.read(HEAD)
        if head[:2] == b"\x1f\x8b":
            file = _unpacked(path, file, size)
            head = file.read(HEAD)
    except OSError as trouble:
        raise InvalidFile(path, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}") from None
    if not head:
        file.close()
        raise InvalidFile(path, "is empty")
    for begins, called, reader in _FORMATS:
        if begins.match(head):
            file.seek(0)
            return Track(path, file, size, called), reader
    file.close()
    why = next((told for begins, told in _REFUSED if begins.match(head)), None)
    raise InvalidFile(path, why or "is not a track in a known format: give a GPX, TCX or FIT file, an NMEA log or a journal")


def _in_order(samples: Iterator[Sample | Link]) -> Iterator[Sample | Link]:
    """The samples with times that never go back, whatever the reader gave."""
    last = 0.0
    for sample in samples:
        if sample.at >= last:
            last = sample.at
            yield sample


def _tells_something(sample: Sample | Link) -> bool:
    match sample:
        case Fix(mode=mode, distance=distance):
            return mode >= Mode.FIX_2D or distance is not None
        case Stride(speed=speed, distance=distance):
            return speed is not None or distance is not None
    return False


def _unpacked(path: str, file: BinaryIO, size: int) -> BinaryIO:
    """A gzip file, unpacked in memory. Recordings are small: one that unpacks to much more is an attack."""
    most = min(LARGEST_PACKED, LARGEST_RATIO * max(size, 1024))
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            data = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise InvalidFile(path, "is a damaged gzip file") from None
    finally:
        file.close()
    if len(data) > most:
        raise InvalidFile(path, "unpacks to more than 20 MB, too large for a recording")
    return io.BytesIO(data)
