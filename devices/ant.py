"""ANT+ footpods and heart-rate straps, heard by an ANT stick on a serial port.

    a4 | length | message | data, `length` bytes | XOR of all before

A broadcast is message 4e: the channel, then eight bytes, a page. Channel 0 is the footpod's here, channel 1 the strap's.

    page 1   time /200 s, time s, metres, metres/16 and speed, speed /256 m/s, strides, latency /32 s
    page 2…  cadence strides/min, …/16 and speed, speed /256, …, status: battery in bits 4 and 5
    heart    …, beats, beats a minute

The counters wrap: metres and strides at 256. Pages get lost on the air (usually one in twenty); the counters show what was
missed. A value with all bits set means "unknown". Pages as in the ANT+ device profiles for stride-based speed and distance,
and for heart rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from devices.framing import count
from devices.sample import FASTEST_HEART, SLOWEST_HEART, Battery, Pulse, Sample, Stride

SYNC = 0xA4
LONGEST = 40  # bytes of data in a message
BROADCAST, ACKNOWLEDGED = 0x4E, 0x4F
FOOTPOD, HEART = 0, 1  # channels
STEPS = 2
ALONE = 5.0  # s without page 1, after which the speed of the other pages counts: some pods send no page 1
AMBIGUOUS = 60.0  # s: at 4 m/s the 256 m counter wraps every 64 s; after a longer gap the number of wraps is unknown
FOOT_BATTERY_LOW = 3  # of new, good, ok, low
NO_SPEED, NO_CADENCE, NO_LATENCY, NO_BPM = 0xFFF, 0xFF, 0xFF, 0xFF  # raw values, of the cadence its whole strides/min
COMMON_BATTERY, HEART_BATTERY, COMMON_LOW = 82, 7, (4, 5)  # pages; low, critical


class Messages:
    """A stream of ANT messages. Faults: `checksum` in messages, `noise` in bytes."""

    def __init__(self, faults: MutableMapping[str, int]) -> None:
        self._faults = faults
        self._begun = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(message, data) of each complete message with a good checksum."""
        data, at = self._begun + data, 0
        while at < len(data):
            if data[at] != SYNC or (at + 1 < len(data) and not 1 <= data[at + 1] <= LONGEST):
                count(self._faults, "noise")
                at += 1
                continue
            end = at + 4 + data[at + 1] if at + 1 < len(data) else len(data) + 1
            if end > len(data):
                break
            if _xor(data[at:end]) == 0:
                yield data[at + 2], data[at + 3 : end - 1]
                at = end
            else:
                count(self._faults, "checksum")
                at += 1  # the next message may begin within the broken one
        self._begun = data[at:]


class AntDecoder:
    """A Decoder of both profiles.

    Faults: those of Messages; `impossible`; `missed` (pages lost on the air, as far as the stick tells).
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._faults: dict[str, int] = {}
        self._messages = Messages(self._faults)
        self._metres, self._strides = _Counter(4096), _Counter(256)  # modulus, in 1/16 m and in strides
        self._counted_at: float | None = None
        self._first_at: float | None = None  # s, of any page of the footpod
        self._beats: int | None = None
        self._low: dict[int, bool] = {}
        self._at = 0.0

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        samples: list[Sample] = []
        for message, content in self._messages.feed(data):
            if message in (BROADCAST, ACKNOWLEDGED) and len(content) >= 9:
                read = _PROFILES.get(content[0])
                samples += read(self, at, content[1:9]) if read else []
            elif message == 0x40 and content[1:3] == b"\x01\x02":
                count(self._faults, "missed")
        return samples

    def tick(self, at: float) -> list[Sample]:
        return []

    def _foot(self, at: float, page: bytes) -> Iterator[Sample]:
        number = page[0] & 0x7F
        self._first_at = at if self._first_at is None else self._first_at
        if number == 1:
            yield self._counted(at, page)
        elif 2 <= number <= 15:
            repeats = at - (self._first_at if self._counted_at is None else self._counted_at) <= ALONE
            speed = None if repeats else _speed(page)  # of page 1
            cadence = STEPS * (page[3] << 4 | page[4] >> 4) / 16 if page[3] != NO_CADENCE else None
            if speed is not None or cadence is not None:
                yield Stride(at, self._source, speed, cadence)
            yield from self._battery(at, FOOTPOD, page[7] >> 4 & 3 == FOOT_BATTERY_LOW)
        elif number == COMMON_BATTERY:
            yield from self._battery(at, FOOTPOD, page[7] >> 4 & 7 in COMMON_LOW)

    def _counted(self, at: float, page: bytes) -> Stride:
        """`at` is the time of measurement: the pod reports its own latency."""
        latency = page[7] / 32 if page[7] != NO_LATENCY else 0.0
        was, at = self._counted_at, max(self._at, at - latency)
        self._at = self._counted_at = at
        lost = was is not None and at - was > AMBIGUOUS
        metres = self._metres.read(page[3] << 4 | page[4] >> 4, lost)
        strides = self._strides.read(page[6], lost)
        return Stride(at, self._source, _speed(page), None, None if lost else metres / 16, strides=None if lost else strides)

    def _heart(self, at: float, page: bytes) -> Iterator[Sample]:
        """One Pulse per beat. A strap that was taken off repeats its last page, which is not a pulse."""
        number, beats, bpm = page[0] & 0x7F, page[6], page[7]
        if number == COMMON_BATTERY:  # its last bytes tell of the battery, those of all others of the heart
            yield from self._battery(at, HEART, page[7] >> 4 & 7 in COMMON_LOW)
            return
        if SLOWEST_HEART <= bpm <= FASTEST_HEART:
            if beats != self._beats:
                yield Pulse(at, self._source, bpm)
        elif 0 < bpm < NO_BPM:
            count(self._faults, "impossible")
        self._beats = beats
        if number == HEART_BATTERY:
            yield from self._battery(at, HEART, page[3] >> 4 & 7 in COMMON_LOW)

    def _battery(self, at: float, channel: int, low: bool) -> Iterator[Battery]:
        if self._low.get(channel, False) != low:
            self._low[channel] = low
            yield Battery(at, self._source, low)


def _speed(page: bytes) -> float | None:
    """In m/s; it stands at the same place in all pages that have one."""
    raw = (page[4] & 15) << 8 | page[5]
    return raw / 256 if raw != NO_SPEED else None


_PROFILES = {FOOTPOD: AntDecoder._foot, HEART: AntDecoder._heart}


@dataclass(slots=True)
class _Counter:
    """Unwraps a counter. After too long a gap it continues from the new value, and the change in between is lost."""

    wraps: int
    last: int | None = None
    total: int = 0

    def read(self, now: int, lost: bool) -> int:
        if self.last is not None and not lost:
            self.total += (now - self.last) % self.wraps
        self.last = now
        return self.total


def message(kind: int, data: bytes) -> bytes:
    """A message for the wire."""
    body = bytes((SYNC, len(data), kind)) + data
    return body + bytes((_xor(body),))


def has_message(data: bytes) -> bool:
    return any(True for _ in Messages({}).feed(data))


def _xor(data: bytes) -> int:
    whole = 0
    for byte in data:
        whole ^= byte
    return whole
