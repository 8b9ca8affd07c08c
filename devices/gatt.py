"""Decodes the notifications of Bluetooth footpods, treadmills and straps, one characteristic at a time.

Each notification travels as a sentence, so that a journal of bytes can be read by people too:

    $2A53,070003586900e8030000*HH         the characteristic, its bytes in hexadecimal

    2A53 running speed and cadence   flags | speed u16 /256 m/s | cadence u8 | [stride] | [distance u32 /10 m]
    2ACD treadmill data              flags u16 | [speed u16 /100 km/h] | … | [distance u24 m] | [incline s16 /10 %] | …
    2A37 heart rate                  flags | rate u8 or u16 | …
    2A19 battery level               percent u8

All little-endian. Bluetooth SIG: Running Speed and Cadence 1.0, Fitness Machine 1.0, Heart Rate 1.0, Battery 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from devices.framing import Sentences, count, sentence
from devices.sample import Battery, Pulse, Sample, Stride

RSC, TREADMILL, HEART, BATTERY = "2A53", "2ACD", "2A37", "2A19"
SERVICES = {RSC: "1814", TREADMILL: "1826", HEART: "180D", BATTERY: "180F"}
CADENCES = ("auto", "strides", "steps")
SURELY_STEPS = 120  # counts/min: more cannot be strides, because no foot lands that often
BATTERY_LOW = 20  # %
UNKNOWN = 0x7FFF  # the incline value that means "not available"
FASTEST_BELT = 25.0  # m/s
_TREADMILL_FIELDS = ((1, 2), (2, 3), (3, 4), (4, 4))  # bit of the flags, bytes: average, distance, incline, gain


def notification(characteristic: str, payload: bytes) -> bytes:
    """A notification as it is recorded. A long payload is cut: its decoder needs only the front."""
    return sentence(f"{characteristic},{payload[:100].hex()}".encode())


class GattDecoder:
    """A Decoder. `cadence` is what the device counts: "strides" of one foot, "steps", or "auto".

    Faults: those of the sentences; `short` (a payload cut off), `impossible`.
    """

    def __init__(self, source: str, cadence: str = "auto") -> None:
        self._source, self._cadence = source, cadence
        self._faults: dict[str, int] = {}
        self._sentences = Sentences(self._faults)
        self._low = False

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
        flags, speed, cadence = payload[0], _unsigned(payload, 1, 2) / 256, payload[3]
        where = 4 + (2 if flags & 1 else 0)
        distance = _unsigned(payload, where, 4) / 10 if flags & 2 else None
        if speed > FASTEST_BELT:
            count(self._faults, "impossible")
            return
        yield Stride(at, self._source, speed, self._steps(cadence), distance)

    def _steps(self, cadence: int) -> float:
        one_foot = self._cadence == "strides" or (self._cadence == "auto" and cadence <= SURELY_STEPS)
        return 2.0 * cadence if one_foot else float(cadence)

    def _treadmill(self, at: float, payload: bytes) -> Iterator[Sample]:
        """Fields that do not fit into one notification come in a second one, without the speed."""
        flags, where = _unsigned(payload, 0, 2), 2
        speed = distance = grade = None
        if not flags & 1:
            speed, where = _unsigned(payload, where, 2) / 360, where + 2
        for bit, size in _TREADMILL_FIELDS:
            if not flags >> bit & 1:
                continue
            if where + size > len(payload):
                count(self._faults, "short")  # some treadmills cut off the end; the fields before it are good
                break
            if bit == 2:
                distance = float(_unsigned(payload, where, 3))
            elif bit == 3 and (tilt := _signed(payload, where, 2)) != UNKNOWN:
                grade = tilt / 1000
            where += size
        if speed is not None and speed > FASTEST_BELT:
            count(self._faults, "impossible")
        elif (speed, distance, grade) != (None, None, None):
            yield Stride(at, self._source, speed, None, distance, grade)

    def _heart(self, at: float, payload: bytes) -> Iterator[Sample]:
        flags = payload[0]
        bpm = _unsigned(payload, 1, 2) if flags & 1 else payload[1]
        if flags & 6 == 4:  # it can detect skin contact, and has none
            return
        if 20 <= bpm <= 250:
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
    return int.from_bytes(_part(payload, start, size), "little")


def _signed(payload: bytes, start: int, size: int) -> int:
    return int.from_bytes(_part(payload, start, size), "little", signed=True)


def _part(payload: bytes, start: int, size: int) -> bytes:
    if start + size > len(payload):
        raise ValueError("cut off")
    return payload[start : start + size]
