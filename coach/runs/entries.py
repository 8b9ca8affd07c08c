"""One line of a journal: an input, something said, a bug or the end, as JSON with a checksum of its own.

    {"k":"rx","at":12.042,"source":"gps","data":"$GPRMC,…\\r\\n","crc":"1f2e3d4c"}
                                                          ^^^ CRC-32 of the line before `,"crc"`

Numbers are written so that they read back exactly; bytes are written as the characters of the same number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

from coach.core.events import Cue
from coach.core.inputs import Input, Key, Tick
from devices.sample import Battery, Fix, Link, Mode, Pulse, Rx, Stride

_TAIL = len(',"crc":"00000000"}')


@dataclass(frozen=True, slots=True)
class SaidCue:
    """What was said, kept for comparison."""

    at: float
    kind: str
    text: str
    priority: int
    until: float
    due: float

    @classmethod
    def of(cls, cue: Cue, text: str) -> SaidCue:
        return cls(cue.at, cue.kind, text, cue.priority, cue.until, cue.due)


@dataclass(frozen=True, slots=True)
class Happened:
    """What became true and is worth finding again without feeding the run: how the plan was adapted, and why."""

    at: float
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bug:
    """The coach raised an exception on an input, which was skipped."""

    at: float
    trace: str


@dataclass(frozen=True, slots=True)
class End:
    """How the run ended: "complete", or "quit" by the runner."""

    at: float
    why: str


Entry = Input | SaidCue | Happened | Bug | End

_KINDS: dict[str, type[Any]] = {
    "rx": Rx, "link": Link, "tick": Tick, "key": Key, "fix": Fix, "stride": Stride, "pulse": Pulse,
    "battery": Battery, "cue": SaidCue, "event": Happened, "bug": Bug, "end": End,
}  # fmt: skip
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS.values()}


def seal(plain: Mapping[str, Any]) -> bytes:
    """The line of a plain object."""
    body = json.dumps(plain, separators=(",", ":"))[:-1].encode()
    return b'%s,"crc":"%08x"}\n' % (body, crc32(body))


def unseal(line: bytes) -> dict[str, Any] | None:
    """The plain object of a line; None when the line is torn or was changed."""
    line = line.rstrip(b"\n")
    body, tail = line[:-_TAIL], line[-_TAIL:]
    if tail != b',"crc":"%08x"}' % crc32(body):
        return None
    plain: dict[str, Any] = json.loads(body + b"}")
    return plain


def write(entry: Entry) -> bytes:
    kind = type(entry)
    plain: dict[str, Any] = {"k": _NAMES[kind]}
    for name in _FIELDS[kind]:
        if (value := getattr(entry, name)) is not None:
            plain[name] = value
    if kind is Rx:
        plain["data"] = plain["data"].decode("latin-1")
    return seal(plain)


def read(plain: dict[str, Any]) -> Entry:
    """Raises KeyError, TypeError or ValueError for what `write` never wrote."""
    kind = _KINDS[plain.pop("k")]
    for name, restore in _RESTORED.items():
        if name in plain:
            plain[name] = restore(plain[name])
    entry: Entry = kind(**plain)
    return entry


_RESTORED: dict[str, Callable[[Any], Any]] = {"data": lambda text: text.encode("latin-1"), "mode": Mode}
