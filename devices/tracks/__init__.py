"""Reads recorded tracks as samples with their own times: GPX, TCX, FIT and raw logs, recognised by their content."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import cast

from devices.api import InvalidFile, check_regular
from devices.sample import Fix, Link, Mode, Sample, Stride
from devices.tracks.packed import Readable, Unpacked
from devices.tracks.zipped import ZIP, Zipped

HEAD = 64 << 10  # bytes from which the format is recognised
GZIP = b"\x1f\x8b"
DEEPEST = 3  # times that a file may be packed
PEEKED = 5000  # samples without a position or speed, after which the file counts as having none

Read = Callable[["Track"], Iterator[Sample | Link]]


class Track:
    """A recorded file. Iterate `samples` once; then `faults` counts what was bad, and `recorded_distance` (m) is what the
    recorder itself counted, where it says so.
    """

    def __init__(self, path: str, file: Readable, size: int, format: str) -> None:
        self.path, self.size, self.format = path, size, format
        self.bytes_read = 0
        self.points = 0  # number of points read, including those left out
        self.faults: Counter[str] = Counter()
        self.recorded_distance: float | None = None
        self._file = file
        self._samples: Iterable[Sample | Link] = ()

    def samples(self) -> Iterator[Sample | Link]:
        """In order of time, `at` in seconds since the first; a damaged end counts in `faults`."""
        try:
            yield from self._samples
        finally:
            self._file.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the file, which are counted."""
        data = self._file.read(size)
        self.bytes_read += len(data)
        if isinstance(self._file, Unpacked | Zipped) and self._file.damaged:
            self.faults["truncated"] = 1
        return data

    def rewind(self) -> None:
        self.bytes_read = 0
        if isinstance(self._file, Unpacked | Zipped):
            self._file.rewind()
        else:
            self._file.seek(0)

    def close(self) -> None:
        """Closes the file, for callers that do not use `samples`."""
        self._file.close()

    def wrong(self, what: str, line: int | None = None) -> InvalidFile:
        return InvalidFile(self.path, what, line)

    def peek(self, samples: Iterator[Sample | Link]) -> None:
        """Reads up to the sample after the first useful one: a file whose points all have the same time is refused before
        anything of it is used. Raises InvalidFile if there is none."""
        seen: list[Sample | Link] = []
        for sample in islice(samples, PEEKED):
            seen.append(sample)
            if _tells_something(sample):
                self._samples = chain(seen, [*islice(samples, 1)], samples)
                return
        if self.format in ("nmea", "ubx", "gpsd"):
            raise self.wrong("has positions, but none that the receiver calls a fix, so there is nothing to replay")
        raise self.wrong("has no position, speed or distance, so there is nothing to replay")


# The beginning of a file -> its format's name and reader ("module:function"); the first match counts. What stands before XML
# does not matter: white space, comments, headers of a download.
_FORMATS: list[tuple[re.Pattern[bytes], str, str]] = [
    (re.compile(rb".{8,24}?\.FIT", re.DOTALL), "fit", "devices.tracks.fit:read"),
    (re.compile(rb"(?s:.*?)<(?:\w+:)?(?i:gpx)[\s>]"), "gpx", "devices.tracks.gpx:read"),
    (re.compile(rb"(?s:.*?)<(?:\w+:)?(?i:TrainingCenterDatabase)\b"), "tcx", "devices.tracks.tcx:read"),
    (re.compile(rb'(?s:.*?)"class"\s*:\s*"TPV"'), "gpsd", "devices.tracks.nmea_log:read_gpsd"),
    (re.compile(rb"(?s:.{0,4000}?)\xb5\x62[\x01-\x0d\x10\x13\x21\x27]"), "ubx", "devices.tracks.nmea_log:read"),
    (re.compile(rb"(?s:.*?)\$(?:G[A-Z]|B[DE]|Q[ZL]|I[NI])[A-Z]{3},"), "nmea", "devices.tracks.nmea_log:read"),
    (re.compile(rb'\s*\{"class":"'), "gpsd", "devices.tracks.nmea_log:read_gpsd"),
]
_UNKNOWN = "is not a track in a known format: give a GPX, TCX or FIT file, an NMEA log or a journal"
_REFUSED: list[tuple[re.Pattern[bytes], str]] = [
    (re.compile(rb"\s*\{"), "is JSON, but not one of our journals, or its first line is damaged"),
    (re.compile(rb"\s*<"), "is XML, but neither GPX nor TCX"),
    (re.compile(rb"PK\x05\x06"), "is an empty zip archive"),
]


def open_track(path: str) -> Track:
    """Opens a recording. Raises InvalidFile with a one-line message if there is none in the file."""
    track, reader = opened(path)
    module, _, name = reader.partition(":")
    try:
        track.peek(_in_order(cast(Read, getattr(import_module(module), name))(track)))
    except InvalidFile:
        track.close()
        raise
    return track


def opened(path: str) -> tuple[Track, str]:
    """A file whose format is recognised, with its reader, before it is read. Raises InvalidFile."""
    file, size = _opened(path)
    try:
        head = file.read(HEAD)
        for beginning in (head, head.replace(b"\0", b"")):  # text in UTF-16 or UTF-32 has NULs between its letters
            for begins, called, reader in _FORMATS:
                if begins.match(beginning):
                    track = Track(path, file, size, called)
                    track.rewind()
                    return track, reader
        if isinstance(file, Unpacked | Zipped) and file.damaged:
            raise InvalidFile(path, f"is a damaged {'zip' if isinstance(file, Zipped) else 'gzip'} file")
        why = next((told for begins, told in _REFUSED if begins.match(head)), _UNKNOWN if head else "is empty")
        raise InvalidFile(path, why)
    except OSError as trouble:
        file.close()
        raise _unreadable(path, trouble) from None
    except InvalidFile:
        file.close()
        raise


def _opened(path: str) -> tuple[Readable, int]:
    """The file, unpacked while it is read if it is packed; and its size on disk."""
    try:
        check_regular(path)
        size = os.stat(path).st_size
        file: Readable = open(path, "rb")  # noqa: SIM115 - the track closes it
    except OSError as trouble:
        raise _unreadable(path, trouble) from None
    try:
        for _ in range(DEEPEST):
            begins = file.read(len(ZIP))
            file.seek(0)
            if begins == ZIP:
                file = Zipped(path, file, size)
            elif begins.startswith(GZIP):
                file = Unpacked(path, file, size)
            else:
                break
    except OSError as trouble:
        file.close()
        raise _unreadable(path, trouble) from None
    except InvalidFile:
        file.close()
        raise
    return file, size


def _unreadable(path: str, trouble: OSError) -> InvalidFile:
    return InvalidFile(path, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}")


def _in_order(samples: Iterator[Sample | Link]) -> Iterator[Sample | Link]:
    """The samples, with times that never go back."""
    last = 0.0
    for sample in samples:
        if sample.at >= last:
            last = sample.at
            yield sample


def _tells_something(sample: Sample | Link) -> bool:
    match sample:
        case Fix(mode=mode, distance=distance):
            return mode > Mode.NONE or distance is not None
        case Stride(speed=speed, distance=distance):
            return speed is not None or distance is not None
    return False
