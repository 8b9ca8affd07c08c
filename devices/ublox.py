"""Decodes u-blox receivers: UBX binary frames among NMEA sentences, into one Fix per navigation solution.

    b5 62 | class | id | length, 2 bytes | payload | two checksum bytes over class … payload (Fletcher, 8 bit)

NAV-PVT (01 07) has everything: time, position, Doppler speed, and the receiver's own accuracy of each. Until the first one
comes, sentences are decoded (devices/nmea.py); after that they are ignored. Layout: u-blox M8 receiver description,
32.17.14; the same in M9, M10 and F9.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import date
from itertools import accumulate

from devices.epoch import Epoch, EpochClock
from devices.framing import count, has_sentence
from devices.nmea import NmeaDecoder
from devices.sample import Fix, Mode, Sample

SYNC = b"\xb5\x62"
LONGEST = 1024  # bytes of payload; NAV-SAT with 80 satellites has 968
HEAD, TAIL = 6, 2  # bytes around a payload
NAV_PVT = b"\x01\x07"
PVT = struct.Struct("<IHBBBBBBIiBBBBiiiiIIiiiiiII")  # up to headAcc; the rest is not needed
STILL_BINARY = 3.0  # s after a NAV-PVT during which sentences are ignored, because they repeat it
_1970 = date(1970, 1, 1).toordinal()
_MODES = {1: Mode.DEAD_RECKONING, 2: Mode.FIX_2D, 3: Mode.FIX_3D, 4: Mode.FIX_3D}  # by fixType; 4: helped by sensors


class Frames:
    """A stream of UBX frames and the bytes between them. Faults: `checksum` and `overlong`, in frames."""

    def __init__(self, faults: MutableMapping[str, int]) -> None:
        self._faults = faults
        self._begun = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """(class and id, payload) of each frame that `data` completes, and (b"", bytes) of anything else, in order."""
        data, at = self._begun + data, 0
        self._begun = b""
        between = 0
        while (found := data.find(SYNC, at)) >= 0:
            whole = self._length(data, found)
            if whole is None:
                break
            if whole and _is_sound(data[found : found + whole]):
                if found > between:
                    yield b"", data[between:found]
                yield data[found + 2 : found + 4], data[found + HEAD : found + whole - TAIL]
                at = between = found + whole
                continue
            count(self._faults, "checksum" if whole else "overlong")
            at = found + 1  # the next frame may begin within the broken one
        kept = found if found >= 0 else len(data) - data.endswith(SYNC[:1])
        if kept > between:
            yield b"", data[between:kept]
        self._begun = data[kept:]

    @staticmethod
    def _length(data: bytes, start: int) -> int | None:
        """The length of the frame that starts here; None while it is incomplete, 0 if it is impossible."""
        if len(data) < start + HEAD:
            return None
        payload = int.from_bytes(data[start + 4 : start + 6], "little")
        if payload > LONGEST:
            return 0
        whole = HEAD + payload + TAIL
        return whole if len(data) >= start + whole else None


class UbloxDecoder:
    """A Decoder. `not_before` and `clock` as in NmeaDecoder.

    Faults: those of Frames and of NmeaDecoder.
    """

    def __init__(self, source: str, not_before: float = 0.0, clock: EpochClock | None = None) -> None:
        self._source = source
        self._faults: dict[str, int] = {}
        self._frames = Frames(self._faults)
        self._clock = clock or EpochClock(not_before)
        self._sentences = NmeaDecoder(source, not_before, clock=self._clock)
        self._binary_at: float | None = None

    @property
    def faults(self) -> Mapping[str, int]:
        both = dict(self._sentences.faults)
        for reason, times in self._faults.items():
            both[reason] = both.get(reason, 0) + times
        return both

    def feed(self, at: float, data: bytes) -> list[Sample]:
        samples: list[Sample] = []
        for kind, content in self._frames.feed(data):
            if kind == NAV_PVT:
                if (fix := self._solution(at, content)) is not None:
                    samples.append(fix)
                self._binary_at = at
            elif not kind and not self._is_binary(at):
                samples += self._sentences.feed(at, content)
        return samples

    def tick(self, at: float) -> list[Sample]:
        return [] if self._is_binary(at) else self._sentences.tick(at)

    def _is_binary(self, at: float) -> bool:
        return self._binary_at is not None and at - self._binary_at <= STILL_BINARY

    def _solution(self, at: float, payload: bytes) -> Fix | None:
        if len(payload) < PVT.size:
            count(self._faults, "short")
            return None
        (_, year, month, day, hour, minute, second, valid, _, nano, kind, flags, _, satellites, lon, lat, _, height,
         h_acc, v_acc, _, _, _, speed, course, s_acc, _) = PVT.unpack_from(payload)  # fmt: skip
        epoch = Epoch(at)
        if valid & 3 == 3:  # date and time
            epoch.time = round((hour * 60 + minute) * 60 + second + nano * 1e-9, 3) % 86_400
            epoch.day = self._day(year, month, day)
        when = self._clock.at(epoch)
        if when is None:
            count(self._faults, "repeated")
            return None
        utc = self._clock.utc(epoch)
        mode = _MODES.get(kind, Mode.NONE) if flags & 1 else Mode.NONE
        if not (abs(lat) <= 900_000_000 and abs(lon) <= 1_800_000_000):
            count(self._faults, "impossible")
            mode = Mode.NONE
        if mode is Mode.NONE:
            return Fix(when, self._source, satellites=satellites, utc=utc)
        return Fix(
            when, self._source, lat * 1e-7, lon * 1e-7, height / 1000, speed / 1000, s_acc / 1000,
            course * 1e-5 % 360, h_acc / 1000, None, mode, satellites, utc, alt_sigma=v_acc / 1000,
        )  # fmt: skip

    def _day(self, year: int, month: int, day: int) -> int | None:
        try:
            return date(year, month, day).toordinal() - _1970
        except ValueError:
            count(self._faults, "impossible")
            return None


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame for the wire; `kind` is class and id."""
    body = kind + len(payload).to_bytes(2, "little") + payload
    return SYNC + body + _fletcher(body)


def has_solution(data: bytes) -> bool:
    """Whether `data` has a complete frame or sentence, which proves the baud rate right."""
    return any(kind for kind, _ in Frames({}).feed(data)) or has_sentence(data)


def _is_sound(whole: bytes) -> bool:
    body, first, second = whole[2:-TAIL], whole[-2], whole[-1]
    return sum(body) & 0xFF == first and sum(accumulate(body)) & 0xFF == second  # the first is far cheaper on noise


def _fletcher(body: bytes) -> bytes:
    return bytes((sum(body) & 0xFF, sum(accumulate(body)) & 0xFF))
