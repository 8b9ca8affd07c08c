"""The entries of a journal: an input, something said, a bug or the end; one line of JSON each, with a checksum.

    {"k":"rx","at":12.042,"source":"gps","data":"$GPRMC,…\\r\\n","crc":"1f2e3d4c"}
                                                          ^^^ CRC-32 of the line before `,"crc"`

Numbers are written so that they are read back exactly. Bytes that are text are written as text ("data"), others in base64
("data64"), so that noise takes a third more than its length and not six times as much.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any
from zlib import crc32

from coach.core.events import Cue
from coach.core.inputs import Input, Key, Tick
from devices.sample import Battery, Fix, Link, Mode, Pulse, Rx, Stride

_TEXT = b"\t\r\n" + bytes(range(0x20, 0x7F))  # bytes that JSON writes as they are, or as two
TOTALS = "totals"  # the event before the end: elapsed (s), distance (m) and score
LARGEST = 1e12  # no number in a journal (seconds, metres, Unix time) is larger
_TAIL = len(',"crc":"00000000"}')
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class SaidCue:
    """A cue that was said, kept for comparison."""

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
    """An event that should be found without a replay: how the plan was eased, and why; at the end the TOTALS of the run."""

    at: float
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Led:
    """A process leads the run from its second `at` on.

    `boot` identifies the computer's last start, and `since_boot` is the time after it in s.
    """

    at: float
    boot: str
    since_boot: float


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


Entry = Input | SaidCue | Happened | Led | Bug | End

_KINDS: dict[str, type[Any]] = {
    "rx": Rx, "link": Link, "tick": Tick, "key": Key, "fix": Fix, "stride": Stride, "pulse": Pulse,
    "battery": Battery, "cue": SaidCue, "event": Happened, "led": Led, "bug": Bug, "end": End,
}  # fmt: skip
_NAMES = {kind: name for name, kind in _KINDS.items()}
_TYPES: dict[str, tuple[type[Any], ...]] = {
    "float": (float, int), "float | None": (float, int, NoneType), "int": (int,), "int | None": (int, NoneType), "str": (str,),
    "bool": (bool,), "bool | None": (bool, NoneType), "bytes": (bytes,), "Mode": (Mode,), "Mapping[str, Any]": (dict,),
}  # fmt: skip
_ALLOWED = {
    kind: {name: _TYPES[str(getattr(told, "__forward_arg__", told))] for name, told in kind.__annotations__.items()}
    for kind in _KINDS.values()
}  # a named tuple keeps what is written of a type as a ForwardRef


def seal(plain: Mapping[str, Any]) -> bytes:
    """The line for a plain object, with its checksum."""
    body = json.dumps(plain, separators=(",", ":"))[:-1].encode()
    return b'%s,"crc":"%08x"}\n' % (body, crc32(body))


def unseal(line: bytes) -> dict[str, Any] | None:
    """The plain object of a line; None if the line is cut off or was changed. Windows line ends are accepted."""
    line = line.rstrip(b"\r\n")
    body, tail = line[:-_TAIL], line[-_TAIL:]
    if tail != b',"crc":"%08x"}' % crc32(body):
        return None
    text = body.decode() + "}"
    try:
        plain, end = _DECODER.raw_decode(text)
    except RecursionError:
        return None
    return plain if end == len(text) else None


def write(entry: Entry) -> bytes:
    kind = type(entry)
    plain: dict[str, Any] = {"k": _NAMES[kind]}
    for name in kind.__match_args__:
        if (value := getattr(entry, name)) is not None:
            plain[name] = value
    if kind is Rx and plain["data"].translate(None, _TEXT):
        plain["data64"] = b64encode(plain.pop("data")).decode("ascii")
    elif kind is Rx:
        plain["data"] = plain["data"].decode("ascii")
    return seal(plain)


def read(plain: dict[str, Any]) -> Entry:
    """Raises KeyError, TypeError or ValueError for anything that `write` never writes, because the coach trusts its inputs."""
    kind = _KINDS[plain.pop("k")]
    if "data64" in plain:
        plain["data"] = b64decode(plain.pop("data64"), validate=True).decode("latin-1")
    for name, restore in _RESTORED.items():
        if name in plain:
            plain[name] = restore(plain[name])
    allowed = _ALLOWED[kind]
    for name, value in plain.items():
        of = type(value)
        if of not in allowed[name] or ((of is float or of is int) and not -LARGEST < value < LARGEST):
            raise ValueError(f"{name} cannot be {value!r}")
    entry: Entry = kind(**plain)
    return entry


def _bytes(text: Any) -> bytes:
    return str.encode(text, "latin-1")


_RESTORED: dict[str, Callable[[Any], Any]] = {"data": _bytes, "mode": Mode}
