"""Writes FIT files: a header, then definitions (which fields follow, how wide) and messages, then a CRC.

Numbers of messages and fields, base types and values that stand for "unknown" are those of the FIT protocol, version 2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

EPOCH = 631_065_600  # Unix time (s) at which FIT's time begins
HEADER = 14  # bytes
PROTOCOL = 0x20  # 2.0, the first with developer fields
PROFILE = 2132  # of the field tables, 21.32
MOST_KINDS = 16  # local numbers that messages may have

# The base type of each name: its number in a definition, its letter for struct, and the value that means "unknown"
_TYPES: dict[str, tuple[int, str, int]] = {
    "enum": (0x00, "B", 0xFF),
    "u8": (0x02, "B", 0xFF),
    "s16": (0x83, "h", 0x7FFF),
    "u16": (0x84, "H", 0xFFFF),
    "s32": (0x85, "i", 0x7FFFFFFF),
    "u32": (0x86, "I", 0xFFFFFFFF),
    "u32z": (0x8C, "I", 0),
}
_STRING, _FLOAT, _BYTE = 0x07, 0x88, 0x0D
_NAN = struct.unpack("<f", b"\xff\xff\xff\xff")[0]  # an unknown f32


class FitFile:
    """A file in the making: `message` defines a kind of message, whose `add` appends one; `whole` closes the file."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._kinds = 0

    def message(self, number: int, fields: Mapping[int, str], developer: Mapping[int, str] | None = None) -> Message:
        """A kind of message: the type of each of its fields by number, in order.

        Types are enum, u8, u16, u32, u32z, s16, s32, f32, "string:32" (bytes, with the closing zero) and "bytes:16".
        `developer` fields are those described by field_description messages with developer index 0.
        """
        if self._kinds == MOST_KINDS:
            raise ValueError(f"a FIT file has at most {MOST_KINDS} kinds of message at a time")
        self._kinds += 1
        return Message(self._body, self._kinds - 1, number, fields, developer or {})

    def whole(self) -> bytes:
        header = struct.pack("<BBHI4s", HEADER, PROTOCOL, PROFILE, len(self._body), b".FIT")
        content = header + struct.pack("<H", crc(header)) + self._body
        return content + struct.pack("<H", crc(content))


class Message:
    """One kind of message of a FitFile; its definition is written before the first of them."""

    def __init__(
        self, body: bytearray, local: int, number: int, fields: Mapping[int, str], developer: Mapping[int, str]
    ) -> None:  # fmt: skip
        self._body = body
        kinds = [_kind(name) for name in (*fields.values(), *developer.values())]
        self._unknown = [unknown for _, _, unknown in kinds]
        self._struct = struct.Struct("<B" + "".join(letter for _, letter, _ in kinds))
        self._header = local
        sizes = [struct.calcsize("<" + letter) for _, letter, _ in kinds]
        own = [(field, size, base) for field, size, (base, _, _) in zip(fields, sizes, kinds, strict=False)]
        theirs = [(field, size, 0) for field, size in zip(developer, sizes[len(fields) :], strict=True)]
        definition = struct.pack("<BBBHB", 0x40 | (0x20 if developer else 0) | local, 0, 0, number, len(own))
        definition += b"".join(bytes(field) for field in own)
        if developer:
            definition += bytes([len(theirs)]) + b"".join(bytes(field) for field in theirs)
        self._definition: bytes | None = definition

    def add(self, *values: Any) -> None:
        """A message with these values in the order of its fields; None is unknown. Text that is too long is cut."""
        if self._definition is not None:
            self._body += self._definition
            self._definition = None
        told = [unknown if value is None else value for value, unknown in zip(values, self._unknown, strict=True)]
        for index, value in enumerate(told):
            if type(value) is str:
                told[index] = self._cut(value, index)
        self._body += self._struct.pack(self._header, *told)

    def _cut(self, text: str, index: int) -> bytes:
        """UTF-8, cut between characters, with room for the closing zero."""
        room = len(self._unknown[index]) - 1
        return text.encode()[:room].decode("utf-8", "ignore").encode()


def _kind(name: str) -> tuple[int, str, Any]:
    """Base type, letter and unknown value of a type's name."""
    word, _, size = name.partition(":")
    if word == "f32":
        return _FLOAT, "f", _NAN
    if word in ("string", "bytes"):
        return (_STRING if word == "string" else _BYTE), f"{size}s", bytes(int(size))
    return _TYPES[name]


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_CRCS = tuple(_crc_of(byte) for byte in range(256))


def crc(data: bytes) -> int:
    """CRC-16/ARC, as FIT has it."""
    value = 0
    for byte in data:
        value = value >> 8 ^ _CRCS[(value ^ byte) & 0xFF]
    return value
