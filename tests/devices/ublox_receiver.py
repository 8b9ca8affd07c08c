"""A u-blox receiver at the other end of a pseudo-terminal: it understands what is really sent, at the speed it has."""

from __future__ import annotations

import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from devices.framing import sentence
from devices.ublox import PVT, Frames, frame
from devices.ublox_setup import ACK, CFG_MSG, CFG_NAV5, CFG_RATE, MON_VER, NAK, VALSET
from tests.devices.fakes import Plug, plugged_in, repeating

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
DYNAMIC_MODEL, PVT_KEYS, NMEA_KEYS, RATE = 0x20110021, (0x20910007, 0x20910009), (0x10740002, 0x10780002), 0x30210001


@dataclass
class Receiver:
    """`protocol` decides what it knows: VALSET from 27 on, CFG messages before; the wrist from 18 on."""

    plug: Plug
    protocol: int = 18
    speed: int = termios.B9600
    model: int = 0
    interval: int = 1000  # ms
    pvt: bool = False
    sentences: set[int] = field(default_factory=lambda: set(range(6)))
    heard: list[bytes] = field(default_factory=list)
    layers: set[int] = field(default_factory=set)
    epoch: int = 0

    def __post_init__(self) -> None:
        self._frames = Frames({})

    def speak(self) -> None:
        """An epoch, and the answers to what was asked; at another speed than its own it is noise, and deaf."""
        out = b""
        written = self.plug.written(0.0)
        if self.plug.speed == self.speed:
            for kind, payload in self._frames.feed(written):
                if kind:
                    self.heard.append(kind)
                    out += self._answer(kind, payload)
        out += self._epoch()
        self.plug.send(out if self.plug.speed == self.speed else bytes(byte ^ 0xA5 for byte in out))

    def _epoch(self) -> bytes:
        self.epoch += 1
        second = self.epoch
        out = solution(second, speed=3.1) if self.pvt else b""
        if 4 in self.sentences:
            clock = f"{6 + second // 3600:02}{second // 60 % 60:02}{second % 60:02}.00"
            out += sentence(f"GNRMC,{clock},A,4700.00000,N,00800.00000,E,6.0,0.0,010626,,,A".encode())
        return out

    def _answer(self, kind: bytes, payload: bytes) -> bytes:
        if kind == MON_VER:
            name = b"PROTVER=%d.00" % self.protocol
            return frame(MON_VER, b"ROM CORE 3.01".ljust(30, b"\0") + b"00080000".ljust(10, b"\0") + name.ljust(30, b"\0"))
        done = self._obeys(kind, payload)
        return frame(ACK if done else NAK, kind)

    def _obeys(self, kind: bytes, payload: bytes) -> bool:
        if kind == VALSET and self.protocol >= 27:
            self.layers.add(payload[1])
            return all([self._set(key, value) for key, value in _values(payload[4:])])
        if self.protocol >= 27:
            return False
        if kind == CFG_MSG and payload[0] == 0xF0:
            self.sentences -= {payload[1]}
        elif kind == CFG_MSG and payload[:2] == b"\x01\x07":
            self.pvt = True
        elif kind == CFG_RATE:
            self.interval = struct.unpack_from("<H", payload)[0]
        elif kind == CFG_NAV5 and not (payload[2] == 9 and self.protocol < 18):
            self.model = payload[2]
        else:
            return False
        return True

    def _set(self, key: int, value: int) -> bool:
        if key == DYNAMIC_MODEL:
            self.model = value
        elif key == RATE:
            self.interval = value
        elif key in PVT_KEYS:
            self.pvt = True
        elif key in NMEA_KEYS:
            self.sentences = set()
        return key in (DYNAMIC_MODEL, RATE, *PVT_KEYS, *NMEA_KEYS)


def solution(second: int, speed: float, s_acc: float = 0.12) -> bytes:
    """A NAV-PVT so many seconds after six o'clock."""
    minute, second = divmod(second, 60)
    return frame(
        b"\x01\x07",
        PVT.pack(0, 2026, 6, 1, 6, minute % 60, second, 7, 50, 0, 3, 1, 0, 11, 80_000_000, 470_000_000, 480_000, 430_000,
                 1500, 2500, 0, 0, 0, round(speed * 1000), 0, round(s_acc * 1000), 0) + bytes(16),
    )  # fmt: skip


@contextmanager
def receiver(protocol: int = 18, speed: int = termios.B9600) -> Iterator[Receiver]:
    """It speaks twenty times a second, so that a test need not wait."""
    with plugged_in() as plug:
        it = Receiver(plug, protocol, speed)
        with repeating(it.speak, every=0.05):
            yield it


def _values(items: bytes) -> Iterator[tuple[int, int]]:
    while items:
        key = int.from_bytes(items[:4], "little")
        size = SIZES[key >> 28 & 7]
        yield key, int.from_bytes(items[4 : 4 + size], "little")
        items = items[4 + size :]
