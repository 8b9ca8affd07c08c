"""NMEA 0183, what nearly every receiver of satellites speaks, into one Fix per epoch.

    $GPRMC,144326.00,A,5107.0017737,N,11402.3291611,W,0.080,323.3,210307,0.0,E,A*20
     ^^    time      ^ valid    position             knots  course date       ^ mode
     talker, any     V: not

An epoch is all that carries the same time of day; VTG and GSA carry none and belong to the epoch they come with.
It is emitted as soon as its last sentence is in: that sentence is learned from the epochs before, and until it is,
the next epoch's first sentence or a quiet of 150 ms ends it. Sentences by NMEA 0183 4.11, §6.3.

A receiver that says V, quality 0 or mode N has no fix, whatever numbers stand beside: nothing is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from math import hypot

from devices.framing import Sentences, count
from devices.sample import Fix, Mode, Sample

QUIET = 0.15  # s without a byte end an epoch: receivers send an epoch in one breath
DAY = 86400.0  # s
KNOT = 1852 / 3600  # m/s
ROLLOVER = 1024 * 7 * DAY  # s after which the week number of the satellites begins again
LATE = 1.0  # s behind its time, and for LATE_FOR, means that the receiver's clock was set, not that bytes were held up
LATE_FOR = 2.0  # s
FASTEST = 515.0  # m/s: no civil receiver reports more (1000 knots)

_EPOCH_DAYS = date(1970, 1, 1).toordinal()
_DEAD_RECKONED = b"E"
_NO_FIX = b"NMS"  # none, manual input, simulator
_QUALITY_DEAD_RECKONED = 6
_QUALITY_NO_FIX = (0, 7, 8)  # none, manual input, simulator
_Faults = MutableMapping[str, int]


class NmeaDecoder:
    """A Decoder. `not_before` is a Unix time: dates before it are a forgotten week rollover and are shifted over it.

    Faults: `checksum`, `noise` (bytes), `short` (fields missing), `impossible` (a value no receiver can mean),
    `repeated` (an epoch again, or one of the past).
    """

    def __init__(self, source: str, not_before: float = 0.0) -> None:
        self._source, self._not_before = source, not_before
        self._faults: dict[str, int] = {}
        self._sentences = Sentences(self._faults)
        self._epoch: _Epoch | None = None
        self._ends_with: tuple[bytes, int] | None = None  # the learned last sentence: its kind, and which of that kind
        self._last: tuple[bytes, int] | None = None
        self._heard_at = 0.0
        self._times = _Times()

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        fixes = self.tick(at)
        self._heard_at = at
        for body in self._sentences.feed(data):
            row = _SENTENCES.get(body[2:5])
            if row is None or body[:1] == b"P" or body[5:6] != b",":
                continue
            fields = body.split(b",")
            if len(fields) < row.fewest:
                count(self._faults, "short")
                continue
            self._take(at, body[2:5], row, fields, fixes)
        return fixes

    def tick(self, at: float) -> list[Sample]:
        fixes: list[Sample] = []
        if self._epoch and at - self._heard_at > QUIET:
            self._end(fixes)
        return fixes

    def _take(self, at: float, kind: bytes, row: _Row, fields: list[bytes], fixes: list[Sample]) -> None:
        time = _time_of_day(fields[row.time], self._faults) if row.time else None
        epoch = self._epoch
        if epoch and row.time and epoch.is_over(time, kind):
            self._end(fixes)
            epoch = None
        if epoch is None:
            epoch = self._epoch = _Epoch(at)
        if time is not None:
            epoch.time = time
        nth = epoch.seen.get(kind, 0) + 1
        epoch.seen[kind] = nth
        row.read(epoch, fields, self._faults)
        self._last = (kind, nth)
        if self._last == self._ends_with:
            self._end(fixes)

    def _end(self, fixes: list[Sample]) -> None:
        epoch, self._epoch = self._epoch, None
        self._ends_with = self._last
        if epoch is None or epoch.only_untimed:
            return
        at = self._times.at(epoch.at, epoch.time)
        if at is None:
            count(self._faults, "repeated")
            self._ends_with = None
            return
        fixes.append(epoch.fix(self._source, at, self._not_before))


@dataclass(slots=True)
class _Epoch:
    """What the sentences of one epoch have said so far."""

    at: float
    time: float | None = None
    seen: dict[bytes, int] = field(default_factory=dict)
    day: int | None = None  # Unix days
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None
    speed: float | None = None
    course: float | None = None
    sigma: float | None = None
    hdop: float | None = None
    satellites: int | None = None
    dimensions: int = 0  # by GSA: 1 none, 2, 3; 0 not said
    valid: bool | None = None  # None: nobody said; a single "no" stands
    dead_reckoned: bool = False

    def is_over(self, time: float | None, kind: bytes) -> bool:
        """A sentence of this time and kind belongs to the next epoch."""
        if time is None or self.time is None:
            return kind in self.seen
        return time != self.time

    @property
    def only_untimed(self) -> bool:
        return not self.seen.keys() & _TIMED

    def judged(self, valid: bool, dead_reckoned: bool) -> None:
        self.valid = valid and self.valid is not False
        self.dead_reckoned = self.dead_reckoned or dead_reckoned

    def fix(self, source: str, at: float, not_before: float) -> Fix:
        mode, utc = self._mode(), self._utc(not_before)
        if mode is Mode.NONE:
            return Fix(at, source, mode=mode, satellites=self.satellites, utc=utc)
        return Fix(
            at, source, self.lat, self.lon, self.alt, self.speed, None, self.course, self.sigma, self.hdop, mode,
            self.satellites, utc,
        )  # fmt: skip

    def _mode(self) -> Mode:
        if not self.valid or self.lat is None or self.lon is None or self.dimensions == 1:
            return Mode.NONE
        if self.dead_reckoned:
            return Mode.DEAD_RECKONING
        if self.dimensions == 3 or (not self.dimensions and (self.satellites or 0) >= 4):
            return Mode.FIX_3D
        return Mode.FIX_2D

    def _utc(self, not_before: float) -> float | None:
        if self.day is None or self.time is None:
            return None
        utc = self.day * DAY + self.time
        while utc < not_before:
            utc += ROLLOVER
        return utc


class _Times:
    """When an epoch was true, on the run's clock: its arrival, or earlier where its bytes were held up on the way.

    The receiver's clock is exact but set to anything; arrivals are on our clock but late by a varying delay. The
    least delay seen ties the two together, so thirty epochs that arrive at once lie a second apart.
    """

    def __init__(self) -> None:
        self._time: float | None = None
        self._days = 0.0
        self._offset: float | None = None
        self._late_since: float | None = None

    def at(self, arrived: float, time: float | None) -> float | None:
        """None for an epoch that was there already, or lies before the last one."""
        if time is None:
            return arrived
        last, self._time = self._time, time
        if last is not None and time <= last:
            if time > last - DAY / 2:
                self._offset = self._offset if time == last else None
                return None
            self._days += DAY
        offset = arrived - time - self._days
        if self._offset is None or offset < self._offset or self._was_set(arrived, offset):
            self._offset = offset
        return time + self._days + self._offset

    def _was_set(self, arrived: float, offset: float) -> bool:
        if self._offset is None or offset - self._offset < LATE:
            self._late_since = None
            return False
        self._late_since = arrived if self._late_since is None else self._late_since
        return arrived - self._late_since > LATE_FOR


# The sentences: what each adds to its epoch


def _rmc(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    mode = fields[12] if len(fields) > 12 else b""
    epoch.judged(fields[2] == b"A" and mode not in _no_fix, mode == _DEAD_RECKONED)
    epoch.day = _day(fields[9][:2], fields[9][2:4], fields[9][4:], faults)
    if epoch.valid:
        _position(epoch, fields, 3, faults)
        epoch.speed = _scaled(_number(fields[7], 0.0, FASTEST / KNOT, faults), KNOT)
        epoch.course = _number(fields[8], 0.0, 360.0, faults)


def _vtg(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    if len(fields) < 9:  # before NMEA 2.0: course, magnetic course, knots, km/h without letters between
        knots, kmh, mode = fields[3], fields[4], b""
    else:
        knots, kmh, mode = fields[5], fields[7], fields[9] if len(fields) > 9 else b""
    if mode in _no_fix or epoch.speed is not None:
        return
    epoch.course = _number(fields[1], 0.0, 360.0, faults)
    epoch.speed = _scaled(_number(knots, 0.0, FASTEST / KNOT, faults), KNOT)
    if epoch.speed is None:
        epoch.speed = _scaled(_number(kmh, 0.0, FASTEST * 3.6, faults), 1 / 3.6)


def _gga(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    quality = _whole(fields[6], 0, 9, faults)
    epoch.judged(quality is not None and quality not in _QUALITY_NO_FIX, quality == _QUALITY_DEAD_RECKONED)
    _height(epoch, fields, 7, faults)
    if epoch.valid:
        _position(epoch, fields, 2, faults)


def _gns(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    modes = set(fields[6])  # a letter per constellation
    epoch.judged(bool(modes - set(_NO_FIX)), bool(modes) and modes <= set(b"EN") and 69 in modes)
    _height(epoch, fields, 7, faults)
    if epoch.valid:
        _position(epoch, fields, 2, faults)


def _gll(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    mode = fields[7] if len(fields) > 7 else b""
    epoch.judged(fields[6] == b"A" and mode not in _no_fix, mode == _DEAD_RECKONED)
    if epoch.valid:
        _position(epoch, fields, 1, faults)


def _gsa(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    dimensions = _whole(fields[2], 1, 3, faults)  # a sentence per constellation: the best one counts
    epoch.dimensions = max(epoch.dimensions, dimensions or 0)
    epoch.hdop = epoch.hdop or _hdop(fields[16], faults)


def _gst(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    north, east = (_number(raw, 0.0, 1e5, faults) for raw in fields[6:8])
    epoch.sigma = hypot(north, east) if north is not None and east is not None else None


def _zda(epoch: _Epoch, fields: list[bytes], faults: _Faults) -> None:
    if epoch.time == _time_of_day(fields[1], faults):
        epoch.day = _day(fields[2], fields[3], fields[4], faults)


@dataclass(frozen=True, slots=True)
class _Row:
    read: Callable[[_Epoch, list[bytes], _Faults], None]
    fewest: int  # fields, with the address
    time: int = 0  # which field is the time of day; 0: none, the sentence belongs to the epoch it comes with


_SENTENCES = {
    b"RMC": _Row(_rmc, fewest=10, time=1),
    b"GGA": _Row(_gga, fewest=10, time=1),
    b"GNS": _Row(_gns, fewest=10, time=1),
    b"GLL": _Row(_gll, fewest=7, time=5),
    b"GST": _Row(_gst, fewest=9, time=1),
    b"VTG": _Row(_vtg, fewest=5),
    b"GSA": _Row(_gsa, fewest=18),
    b"ZDA": _Row(_zda, fewest=5),
}
_TIMED = {kind for kind, row in _SENTENCES.items() if row.time}


# The fields


def _position(epoch: _Epoch, fields: list[bytes], first: int, faults: _Faults) -> None:
    if epoch.lat is not None:
        return
    lat = _angle(fields[first], fields[first + 1], b"NS", 90.0, faults)
    lon = _angle(fields[first + 2], fields[first + 3], b"EW", 180.0, faults)
    if lat is not None and lon is not None:
        epoch.lat, epoch.lon = lat, lon


def _height(epoch: _Epoch, fields: list[bytes], first: int, faults: _Faults) -> None:
    epoch.satellites = _whole(fields[first], 0, 99, faults)
    epoch.hdop = _hdop(fields[first + 1], faults)
    epoch.alt = _number(fields[first + 2], -1000.0, 50000.0, faults)


def _hdop(raw: bytes, faults: _Faults) -> float | None:
    hdop = _number(raw, 0.0, 100.0, faults)
    return hdop if hdop and hdop < 99 else None  # 0.0 and 99.99 are how receivers say that they do not know


def _angle(raw: bytes, side: bytes, sides: bytes, most: float, faults: _Faults) -> float | None:
    """Degrees and minutes in one number, dddmm.mmmm, and the side of the Earth."""
    number = _number(raw, 0.0, most * 100, faults)
    if number is None:
        return None
    degrees, minutes = divmod(number, 100.0)
    if minutes >= 60.0 or len(side) != 1 or side not in sides:
        count(faults, "impossible")
        return None
    angle = degrees + minutes / 60.0
    return -angle if side == sides[1:] else angle


def _time_of_day(raw: bytes, faults: _Faults) -> float | None:
    """hhmmss.ss as seconds; a leap second, 235960, is the next day's first."""
    number = _number(raw, 0.0, 235960.999, faults)
    if number is None:
        return None
    hours, rest = divmod(number, 10000.0)
    minutes, seconds = divmod(rest, 100.0)
    if minutes >= 60 or seconds >= 61:
        count(faults, "impossible")
        return None
    return hours * 3600.0 + minutes * 60.0 + round(seconds, 4)


def _day(day: bytes, month: bytes, year: bytes, faults: _Faults) -> int | None:
    """Unix days; a year of two digits lies between 1980, when the system began, and 2079."""
    if not day and not month and not year:
        return None
    try:
        number = int(year)
        if len(year) == 2:
            number += 2000 if number < 80 else 1900
        return date(number, int(month), int(day)).toordinal() - _EPOCH_DAYS
    except ValueError:
        count(faults, "impossible")
        return None


def _number(raw: bytes, least: float, most: float, faults: _Faults) -> float | None:
    if not raw:
        return None
    try:
        number = float(raw)
        if least <= number <= most and b"_" not in raw:
            return number
    except ValueError:
        pass
    count(faults, "impossible")
    return None


def _whole(raw: bytes, least: int, most: int, faults: _Faults) -> int | None:
    number = _number(raw, least, most, faults)
    return None if number is None else int(number)


def _scaled(number: float | None, unit: float) -> float | None:
    return None if number is None else number * unit


_no_fix = tuple(bytes([letter]) for letter in _NO_FIX)
