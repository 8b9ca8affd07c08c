"""Framing: turns bytes, cut anywhere, into checksummed sentences or plain lines. Memory is bounded, and it never raises.

    sentence   $ body * HH          HH: XOR of the body's bytes, two hex digits (NMEA 0183)
    line       text  CR LF          or CR, or LF; a NUL is dropped

A sentence ends at its `*HH`, so a damaged line end does no harm. A `$` inside a broken sentence begins the next one, so that
only the damaged sentence is lost. Everything dropped is counted in the `faults` of the caller.

Some receivers and phone apps send NMEA without checksums, though the standard asks for them. Where the first sentences of a
stream have none, whole lines are accepted without one, until a sentence with a checksum comes: from then on all need one.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

LONGEST = 256  # bytes in a sentence; the standard allows 82, but some of MediaTek's have 200
LONGEST_LINE = 512  # bytes in a line of a home-made pod; JSON is wordy

UNCHECKED = 4  # sentences without a checksum after which the stream is taken to have none

_SENTENCE = re.compile(  # its body; then its checksum, the end of its line, or the end of the data so far
    rb"\$([\x20-\x23\x25-\x29\x2b-\x7e]{0,%d})(?:\*([0-9A-Fa-f]{2})[\r\n]*|\*?[\r\n]+|((?:\*[0-9A-Fa-f]?)?\Z))" % LONGEST
)
_NMEA = re.compile(rb"(?!P)[A-Z]{5},")  # the address of a sentence that is not proprietary
_UNCHECKED = re.compile(rb"\$%s[\x20-\x23\x25-\x29\x2b-\x7e]*\*?[\r\n]" % _NMEA.pattern)
_DIGITS = b"0123456789ABCDEFabcdef"
_HEXADECIMAL = {bytes((high, low)): int(bytes((high, low)), 16) for high in _DIGITS for low in _DIGITS}
_LINE_END = re.compile(rb"[\r\n]+")
_TEXT = re.compile(rb"(?:\A|[\r\n])[\x20-\x7e\t]+[\r\n][\x20-\x7e\t\r\n]*\Z")


class Sentences:
    """A stream of sentences with checksums, or of NMEA sentences without.

    Faults: `checksum` in sentences, `noise` in bytes; `unchecked`, sentences accepted without a checksum.
    """

    def __init__(self, faults: MutableMapping[str, int]) -> None:
        self._faults = faults
        self._begun = b""
        self._has_checksums = False
        self._met = 0  # sentences without a checksum
        self._withheld: list[bytes] = []  # the first of them

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies (without `$` and `*HH`) that `data` completes, in order."""
        parts = _SENTENCE.split(self._begun + data)
        self._begun = b""
        bodies: list[bytes] = []
        rest = parts.pop()
        each = iter(parts)
        for junk, body, stated, begun in zip(each, each, each, each, strict=True):  # four parts a sentence
            if junk:
                self._skip(junk)
            if stated is not None:
                self._has_checksums = True
                if self._withheld:
                    self._skip_withheld()
                if body and checksum(body) == _HEXADECIMAL[stated]:
                    bodies.append(body)
                else:
                    count(self._faults, "checksum")
            elif begun is not None:
                self._begun = b"$" + body + begun
            else:
                bodies += self._unchecked(body)
        if rest:
            self._skip(rest)
        return bodies

    def _unchecked(self, body: bytes) -> list[bytes]:
        """The bodies to accept after another whole line without a checksum: none at first, then all that were held back too."""
        if self._has_checksums or not _NMEA.match(body):
            self._skip(b"$" + body)
            return []
        self._withheld.append(body)
        self._met += 1
        if self._met < UNCHECKED:
            return []
        taken, self._withheld = self._withheld, []
        count(self._faults, "unchecked", len(taken))
        return taken

    def _skip_withheld(self) -> None:
        for body in self._withheld:
            self._skip(b"$" + body)
        self._withheld = []

    def _skip(self, junk: bytes) -> None:
        if noise := len(junk) - junk.count(b"\r") - junk.count(b"\n"):
            count(self._faults, "noise", noise)


class Lines:
    """A stream of text lines, without their ends and never empty. Faults: `overlong`, in lines."""

    def __init__(self, faults: MutableMapping[str, int], longest: int = LONGEST_LINE) -> None:
        self._faults, self._longest = faults, longest
        self._begun = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        *ended, begun = _LINE_END.split(self._begun + data.replace(b"\0", b""))
        lines = []
        for line in ended:
            if self._fits(line) and line:
                lines.append(line)
            self._dropping = False
        self._begun = begun if self._fits(begun) else b""
        return lines

    def _fits(self, line: bytes) -> bool:
        """False for an overlong line and for the rest of it."""
        if len(line) > self._longest and not self._dropping:
            self._dropping = True
            count(self._faults, "overlong")
        return not self._dropping


def checksum(body: bytes) -> int:
    """The XOR of up to 256 bytes, folded in halves: many times faster than one by one."""
    folded = int.from_bytes(body, "big")
    if len(body) > 128:  # the standard allows 82
        folded ^= folded >> 1024
    folded ^= folded >> 512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded ^= folded >> 64
    folded ^= folded >> 32
    folded ^= folded >> 16
    return (folded ^ folded >> 8) & 0xFF


def sentence(body: bytes) -> bytes:
    """A body framed for the wire."""
    return b"$%s*%02X\r\n" % (body, checksum(body))


def count(faults: MutableMapping[str, int], reason: str, times: int = 1) -> None:
    faults[reason] = faults.get(reason, 0) + times


def has_sentence(data: bytes) -> bool:
    """Whether `data` has a complete sentence, with a good checksum or without any: that proves the baud rate right."""
    return bool(Sentences({}).feed(data)) or bool(_UNCHECKED.search(data))


def has_text(data: bytes) -> bool:
    """Whether `data` ends in at least one complete line of plain text, which a wrong baud rate never gives."""
    return bool(_TEXT.search(data))
