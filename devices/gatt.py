"""Decodes the notifications of Bluetooth footpods, treadmills and straps, one characteristic at a time.

Each notification travels as a sentence, so that a journal of bytes can be read by people too:

    $2A53,070003586900e8030000*HH         the characteristic, its bytes in hexadecimal

    2A53 running speed and cadence   flags | speed u16 /256 m/s | cadence u8 | [stride] | [distance u32 /10 m]
    2ACD treadmill data              flags u16 | [speed u16 /100 km/h] | … | [distance u24 m] | [incline s16 /10 %] | …
                                     bit 0 of its flags: more data follow in the next one, which brings the speed
    2A37 heart rate                  flags | rate u8 or u16 | …
    2A19 battery level               percent u8

All little-endian; all bits of a value set (the incline: 7FFF) say that it is unknown. A payload may be cut short: what
is whole in it counts, the rest is unknown.
Bluetooth SIG: Running Speed and Cadence 1.0, Fitness Machine 1.0, Heart Rate 1.0, Battery 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from devices.framing import Sentences, count, sentence
from devices.sample import FASTEST_HEART, SLOWEST_HEART, Battery, Pulse, Sample, Stride

RSC, TREADMILL, HEART, BATTERY = "2A53", "2ACD", "2A37", "2A19"
SERVICES = {RSC: "1814", TREADMILL: "1826", HEART: "180D", BATTERY: "180F"}
CADENCES = ("auto", "strides", "steps")
SURELY_STEPS = 120  # counts/min: more cannot be strides, because no foot lands that often
BATTERY_LOW = 20  # %
UNKNOWN_INCLINE = 0x7FFF
FASTEST_BELT = 25.0  # m/s
MORE_DATA = 1  # flag of a treadmill: the speed comes in a later part
_SPEED, _MEAN, _DISTANCE, _INCLINE = 0, 1, 2, 3  # bits of the flags
_TREADMILL_FIELDS = ((_SPEED, 2), (_MEAN, 2), (_DISTANCE, 3), (_INCLINE, 4))  # bit, bytes


def notification(characteristic: str, payload: bytes) -> bytes:
    """A notification as it is recorded. A long payload is cut: its decoder needs only the front."""
    return sentence(f"{characteristic},{payload[:100].hex()}".encode())


class GattDecoder:
    """Decodes the notifications of Bluetooth footpods, treadmills and straps.

    `cadence` is what the device counts: "strides" (of one foot), "steps", or "auto".

    Faults: those of `Sentences`; `short` (a payload cut off), `impossible` (a value that no runner has).
    """

    def __init__(self, source: str, cadence: str = "auto") -> None:
        self._source, self._cadence = source, cadence
        self._faults: dict[str, int] = {}
        self._sentences = Sentences(self._faults)
        self._parts: dict[int, int] = {}  # fields of a treadmill's record that is not complete yet, by their bits

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        samples: list[Sample] = []
        for body in self._sentences.feed(data):
            characteristic, _, payload = body.decode("ascii").partition(",")
            read = _CHARACTERISTICS.get(characteristic)
            try:
                samples += read(self, at, bytes.fromhex(payload)) if read else ()
            except (IndexError, ValueError):
                count(self._faults, "short")
        return samples

    def tick(self, at: float) -> list[Sample]:
        return []

    def _footpod(self, at: float, payload: bytes) -> Iterator[Sample]:
        flags, raw_speed = payload[0], _known(payload, 1, 2)
        cadence = _known(payload, 3, 1) if len(payload) > 3 else None
        speed = None if raw_speed is None else raw_speed / 256
        where = 4 + (2 if flags & 1 else 0)
        distance = None
        if flags & 2 and where + 4 <= len(payload):
            distance = _known(payload, where, 4)
        if len(payload) < where + (4 if flags & 2 else 0):
            count(self._faults, "short")
        if speed is not None and speed > FASTEST_BELT:
            count(self._faults, "impossible")
            return
        steps = None if cadence is None else self._steps(cadence)
        yield Stride(at, self._source, speed, steps, None if distance is None else distance / 10)

    def _steps(self, cadence: int) -> float:
        one_foot = self._cadence == "strides" or (self._cadence == "auto" and cadence <= SURELY_STEPS)
        return 2.0 * cadence if one_foot else float(cadence)

    def _treadmill(self, at: float, payload: bytes) -> Iterator[Sample]:
        """One Stride a record. Its parts without a speed come before the part with it; none is waited for in vain."""
        fields = self._treadmill_fields(payload)
        if self._parts.keys() & fields.keys():
            yield from self._belt(at, self._parts)  # the speed of that record got lost, or this treadmill tells none
            self._parts = {}
        self._parts |= fields
        if not _unsigned(payload, 0, 2) & MORE_DATA:
            yield from self._belt(at, self._parts)
            self._parts = {}

    def _treadmill_fields(self, payload: bytes) -> dict[int, int]:
        """The raw values by their bits, without the unknown ones."""
        flags, where = _unsigned(payload, 0, 2) ^ MORE_DATA, 2  # so that bit 0 says, like the others: it is there
        fields: dict[int, int] = {}
        for bit, size in _TREADMILL_FIELDS:
            if not flags >> bit & 1:
                continue
            if where + size > len(payload):
                count(self._faults, "short")  # some treadmills cut off the end; the fields before it are good
                break
            value = _incline(payload, where) if bit == _INCLINE else _known(payload, where, size)
            if value is not None:
                fields[bit] = value
            where += size
        return fields

    def _belt(self, at: float, fields: Mapping[int, int]) -> Iterator[Sample]:
        speed = fields[_SPEED] / 360 if _SPEED in fields else None
        distance = float(fields[_DISTANCE]) if _DISTANCE in fields else None
        grade = fields[_INCLINE] / 1000 if _INCLINE in fields else None
        if speed is not None and speed > FASTEST_BELT:
            count(self._faults, "impossible")
        elif (speed, distance, grade) != (None, None, None):
            yield Stride(at, self._source, speed, None, distance, grade)

    def _heart(self, at: float, payload: bytes) -> Iterator[Sample]:
        flags = payload[0]
        bpm = _unsigned(payload, 1, 2) if flags & 1 else payload[1]
        if flags & 6 == 4:  # it can detect skin contact, and has none
            return
        if SLOWEST_HEART <= bpm <= FASTEST_HEART:
            yield Pulse(at, self._source, bpm)
        elif bpm:
            count(self._faults, "impossible")

    def _battery(self, at: float, payload: bytes) -> Iterator[Sample]:
        if payload[0] > 100:
            count(self._faults, "impossible")
            return
        yield Battery(at, self._source, payload[0] < BATTERY_LOW, payload[0] / 100)


_CHARACTERISTICS: dict[str, Callable[[GattDecoder, float, bytes], Iterator[Sample]]] = {
    RSC: GattDecoder._footpod,
    TREADMILL: GattDecoder._treadmill,
    HEART: GattDecoder._heart,
    BATTERY: GattDecoder._battery,
}


def _unsigned(payload: bytes, start: int, size: int) -> int:
    if start + size > len(payload):
        raise ValueError("cut off")
    return int.from_bytes(payload[start : start + size], "little")


def _known(payload: bytes, start: int, size: int) -> int | None:
    """An unsigned value; None where all its bits are set: not available."""
    value = _unsigned(payload, start, size)
    return value if value != (1 << 8 * size) - 1 else None


def _incline(payload: bytes, start: int) -> int | None:
    value = int.from_bytes(payload[start : start + 2], "little", signed=True)
    return value if value != UNKNOWN_INCLINE else None
