"""Reads the messages of FIT files: only the messages and fields asked for, each message unpacked by one struct.

    file         header (size, version, profile, data size (4), ".FIT"), messages, CRC (2); files may follow one another
    message      1 byte: 0x40 definition (with 0x20: also developer fields), 0x80 data with a short time, else data; the
                 low bits are the local type, whose definition describes the data
    definition   0, byte order (1: big-endian), global number (2), count, count * (field, size, base type)
                 and, with developer fields, another count, count * (field, size, developer)
    short time   bits 5 and 6: local type; bits 0 to 4: the last bits of the time, which is less than 32 s after the last

A wrong CRC alone is no reason to refuse a file: truncated ones and ones repaired by hand have it. After Garmin's FIT protocol,
D00001275.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from typing import Any, NamedTuple

TIME = 253  # the field `timestamp` of every message
FEW = 4  # messages in a row that make sense: there the file goes on after damage
SOON = 3600  # s after the last record
HEADERS = (12, 14)  # bytes
_DEFINES = [bytes((head | local,)) for head in (0x40, 0x60) for local in range(16)]  # how a definition begins
TO_THE_END = 1 << 31  # bytes: a size that recorders write before they know it
EMPTY = 256  # bytes of zeros at the end, which no message has
SEARCHED = 1 << 20  # bytes
POLYNOMIAL = 0xA001  # of the CRC-16: x¹⁶ + x¹⁵ + x² + 1, lowest bit first
DESCRIPTION = 206  # global number of the message that describes a developer field
_BYTES = ((DESCRIPTION, 3), (20, 8))  # fields that are no numbers: a name, and a record's packed speed and distance
_DESCRIBED = (0, 1, 2, 3, 6, 7)  # its fields: developer, field, base type, name, scale, offset
_BASES: Mapping[int, tuple[str, Any]] = {  # the low five bits of a base type -> struct's letter, and the "invalid" value
    0: ("B", 0xFF), 1: ("b", 0x7F), 2: ("B", 0xFF), 3: ("h", 0x7FFF), 4: ("H", 0xFFFF), 5: ("i", 0x7FFFFFFF),
    6: ("I", 0xFFFFFFFF), 7: ("s", b""), 8: ("f", None), 9: ("d", None), 10: ("B", 0), 11: ("H", 0), 12: ("I", 0),
    13: ("s", b""), 14: ("q", 2**63 - 1), 15: ("Q", 2**64 - 1), 16: ("Q", 0),
}  # fmt: skip

Wanted = Mapping[int, tuple[int | str, ...]]  # global number -> its fields; a developer field by its name
Values = tuple[Any, ...]  # in the order of Wanted; None for missing values


class _Described(NamedTuple):
    base: int
    name: str
    scale: float
    offset: float


class _Layout(NamedTuple):
    """How to unpack the data of one local type."""

    number: int
    size: int  # bytes
    unpack: Any
    slots: tuple[tuple[int, Any], ...]  # for each unpacked value: its place, and the value that means "invalid"
    scaled: tuple[tuple[int, _Described], ...]  # places of developer fields that have a scale
    width: int  # number of places; 0 if the message is not wanted
    time: int | None  # the place of the timestamp


def _header(data: bytes | bytearray, begin: int) -> tuple[int, int]:
    """Where the messages begin, and how many bytes they have by the header. Its own length may be another, or wrong."""
    length, size = data[begin], int.from_bytes(data[begin + 4 : begin + 8], "little")
    if length in HEADERS:
        return begin + length, size
    likely = (begin + each for each in (length, *HEADERS[::-1]) if each >= HEADERS[0])
    return next(
        (at for at in likely if data[at : at + 1] in _DEFINES and not any(data[at + 1 : at + 2])), begin + HEADERS[-1]
    ), size


def _without_padding(data: bytes | bytearray) -> bytes | bytearray:
    """Without the zeros or ones that a disk or a transfer left behind the CRC of an otherwise whole file."""
    if len(data) < HEADERS[0] or data[8:12] != b".FIT":
        return data
    first, size = _header(data, 0)
    end = first + size + 2
    return data[:end] if size and end < len(data) and not data[end:].strip(b"\0").strip(b"\xff") else data


def has_right_checksum(data: bytes | bytearray) -> bool:
    """Whether the CRC-16 is right of the file, or of each that follow one another; also where there is none at the end told."""
    begin = 0
    while data[begin + 8 : begin + 12] == b".FIT":
        first, size = _header(data, begin)
        end = first + size
        told, begun, begin = data[end : end + 2], begin, end + 2
        if begin != len(data) and data[begin + 8 : begin + 12] != b".FIT":
            return True
        if any(told) and _crc(data[begun:end]) != int.from_bytes(told, "little"):
            return False
    return True


def _crc(data: bytes | bytearray) -> int:
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _CRCS[(crc ^ byte) & 0xFF]
    return crc


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
    return byte


_CRCS = [_crc_of(byte) for byte in range(256)]


class FitMessages:
    """Iterates over `data`, all bytes of a file. Faults: `unread`, bytes that are no messages; `truncated`."""

    def __init__(self, data: bytes | bytearray, wanted: Wanted, faults: Counter[str]) -> None:
        data = self._data = _without_padding(data)
        self._faults = faults
        if (zeros := len(data) - len(data.rstrip(b"\0"))) > EMPTY:  # kept free by a recorder that crashed
            self._data = data[: EMPTY - zeros]
            faults["unread"] += zeros - EMPTY
        self._wanted: dict[int, tuple[int | str, ...]] = {**wanted, DESCRIPTION: _DESCRIBED}
        self._layouts: dict[int, _Layout] = {}
        self._described: dict[tuple[int, int], _Described] = {}
        self._time = 0
        self._last = 0  # the last time that followed the one before it soon, or is the first

    def __iter__(self) -> Iterator[tuple[int, Values]]:
        """The global number and values of each message asked for."""
        begin = 0
        while self._data[begin + 8 : begin + 12] == b".FIT":
            begin, end = self._bounds(begin)
            self._layouts.clear()
            yield from self._messages(begin, end)
            begin = end + 2  # the CRC

    def _bounds(self, begin: int) -> tuple[int, int]:
        """Where the messages begin and end. An interrupted recorder leaves a size that is too small or larger than the file."""
        first, size = _header(self._data, begin)
        end, whole = first + size, len(self._data)
        if whole < end < first + TO_THE_END:
            self._faults["truncated"] = 1
        is_another = self._data[end + 10 : end + 14] == b".FIT"  # behind the CRC
        return first, end if is_another or end <= whole <= end + 2 else whole

    def _messages(self, at: int, end: int) -> Iterator[tuple[int, Values]]:
        """The messages up to the end; after damage those from the next place on where they go on in time."""
        while at < end:
            damaged = yield from self._sound(at, end)
            at = end if damaged is None else self._next_sound(damaged, end)
            if damaged is not None:
                self._faults["unread"] += at - damaged

    def _next_sound(self, damaged: int, end: int) -> int:
        """Where messages begin again that follow the last in time; the end if nowhere."""
        for at in range(damaged + 1, min(end, damaged + SEARCHED)):
            if self._data[at] & 0xC0 != 0x40 and self._is_sound(at, end):
                return at
        return end

    def _is_sound(self, at: int, end: int) -> bool:
        """Some data messages of known kinds follow here, and those that tell a time tell one soon after the last."""
        timed = 0
        for _ in range(FEW):
            head = self._data[at] if at < end else 0xFF
            layout = self._layouts.get(head & 15)
            if layout is None or head & 0xF0 or at + 1 + layout.size > end:
                return False
            if layout.time is not None:
                raw = layout.unpack(self._data, at + 1)
                told = (value for (place, _), value in zip(layout.slots, raw, strict=True) if place == layout.time)
                if not all(0 <= time - self._last <= SOON for time in told):
                    return False
                timed += 1
            at += 1 + layout.size
        return timed > 1

    def _sound(self, at: int, end: int) -> Generator[tuple[int, Values], None, int | None]:
        """The messages up to the end, or up to one that cannot be read: returns where that begins."""
        data, layouts = self._data, self._layouts
        begin = at
        try:
            while at < end:
                head, begin = data[at], at
                if head & 0xC0 == 0x40:
                    at = self._define(at + 1, head)
                    continue
                short = head & 0x80
                layout = layouts[head >> 5 & 3 if short else head & 15]
                at += 1 + layout.size
                if at > end:
                    return begin if end - begin > 2 else None  # two bytes are a CRC where no size told of it
                if not layout.width:
                    continue
                values = self._values(layout, begin + 1, head & 31 if short else None)
                if layout.number == DESCRIPTION:
                    self._describe(values)
                else:
                    yield layout.number, tuple(values)
        except (KeyError, IndexError, struct.error):
            return begin
        return None

    def _define(self, at: int, head: int) -> int:
        """Stores a definition; returns where the next message begins."""
        data = self._data
        order, count = ">" if data[at + 1] else "<", data[at + 4]
        number = int.from_bytes(data[at + 2 : at + 4], "big" if data[at + 1] else "little")
        fields = [(data[each], data[each + 1], data[each + 2]) for each in range(at + 5, at + 5 + 3 * count, 3)]
        at += 5 + 3 * count
        others: list[tuple[int, int, int]] = []
        if head & 0x20:
            others = [(data[each], data[each + 1], data[each + 2]) for each in range(at + 1, at + 1 + 3 * data[at], 3)]
            at += 1 + 3 * data[at]
        self._layouts[head & 15] = self._layout(order, number, fields, others)
        return at

    def _layout(
        self, order: str, number: int, fields: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
    ) -> _Layout:
        wanted = self._wanted.get(number, ())
        rows: list[tuple[int | str, int, int, _Described | None]] = [(name, size, base, None) for name, size, base in fields]
        for field, size, developer in others:
            known = self._described.get((developer, field))
            rows.append((known.name, size, known.base, known) if known else ("", size, 13, None))
        letters, slots, scaled, size = [order], [], [], 0
        for name, length, base, known in rows:
            letter, nothing = _BASES.get(base & 31, ("s", b""))
            each = length if letter == "s" else struct.calcsize("<" + letter)
            size += length
            place = wanted.index(name) if name in wanted else -1
            if (
                place < 0
                or not length
                or length % each
                or (letter == "s") != ((number, name) in _BYTES)
                or (name == TIME and letter != "I")
            ):
                letters.append(f"{length}x")
                continue
            letters.append(f"{length}s" if letter == "s" else f"{letter}{length - each}x")  # of an array only the first value
            slots.append((place, nothing))
            if known and (known.scale, known.offset) != (1.0, 0.0):
                scaled.append((place, known))
        unpack = struct.Struct("".join(letters)).unpack_from
        time = wanted.index(TIME) if TIME in wanted else None
        return _Layout(number, size, unpack, tuple(slots), tuple(scaled), len(wanted), time)

    def _values(self, layout: _Layout, at: int, short: int | None) -> list[Any]:
        values: list[Any] = [None] * layout.width
        for (place, nothing), value in zip(layout.slots, layout.unpack(self._data, at), strict=True):
            if value != nothing and values[place] is None:
                values[place] = value
        for place, known in layout.scaled:
            if isinstance(values[place], int | float):
                values[place] = values[place] / known.scale - known.offset
        if short is not None:
            self._time += (short - self._time) & 31
            if layout.time is not None:
                values[layout.time] = self._time
        elif layout.time is not None and values[layout.time] is not None:
            self._time = values[layout.time]
            if not self._last or 0 <= self._time - self._last <= SOON:
                self._last = self._time
        return values

    def _describe(self, values: list[Any]) -> None:
        developer, field, base, name, scale, offset = values
        if isinstance(name, bytes) and isinstance(base, int) and isinstance(field, int):
            called = name.split(b"\0")[0].decode("utf-8", "replace")
            self._described[developer or 0, field] = _Described(base, called, float(scale or 1), float(offset or 0))
