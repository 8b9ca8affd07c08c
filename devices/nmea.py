"""Decodes NMEA 0183, the protocol of nearly every satellite receiver, into one Fix per epoch.

    $GPRMC,144326.00,A,5107.0017737,N,11402.3291611,W,0.080,323.3,210307,0.0,E,A*20
     ^^    time      ^ valid    position             knots  course date       ^ mode
     talker, any     V: not

An epoch is all that carries the same time of day; VTG and GSA carry none and belong to the epoch they come
with. It is emitted as soon as its last sentence is in: that sentence is learned from the epochs before, and
until then, the next epoch's first sentence or 150 ms of silence ends an epoch. Fields as in NMEA 0183 4.11.

A receiver that says V, quality 0 or mode N has no fix, whatever other numbers it sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import hypot

from devices.epoch import Epoch, EpochClock
from devices.framing import Sentences, count
from devices.sample import Sample

QUIET = 0.15  # s without a byte that end an epoch: receivers send an epoch in one burst
KNOT = 1852 / 3600  # m/s
FASTEST_RECEIVER = 515.0  # m/s: no civil receiver reports more (1000 knots)

_1970 = date(1970, 1, 1).toordinal()
_Faults = MutableMapping[str, int]


class NmeaDecoder:
    """A Decoder. `not_before` is a Unix time: an earlier date is corrected by a week rollover.

    A log without times of arrival brings a `clock` of its own.

    Faults: `checksum`, `noise` (bytes), `short` (fields missing), `impossible` (a value no receiver can
    mean), `repeated` (an epoch again, or one of the past).
    """

    def __init__(self, source: str, not_before: float = 0.0, clock: EpochClock | None = None) -> None:
        self._source = source
        self._faults: dict[str, int] = {}
        self._sentences = Sentences(self._faults)
        self._clock = clock or EpochClock(not_before)
        self._epoch: Epoch | None = None
        self._last: tuple[bytes, int] | None = None  # a sentence's kind, and its number among that kind in the epoch
        self._ends_with: tuple[bytes, int] | None = None  # the learned last sentence of an epoch
        self._rows = dict(_SENTENCES)
        self._heard_at = 0.0

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        fixes = self.tick(at)
        self._heard_at = at
        for body in self._sentences.feed(data):
            kind = body[2:5]
            row = self._rows.get(kind)
            if row is None or body[5:6] != b"," or body[:1] == b"P":
                continue
            fields = body.split(b",")
            if len(fields) < row.fewest:
                count(self._faults, "short")
            else:
                self._take(at, kind, row, fields, fixes)
        return fixes

    def tick(self, at: float) -> list[Sample]:
        fixes: list[Sample] = []
        if self._epoch and at - self._heard_at > QUIET:
            self._end(fixes)
        return fixes

    def _take(self, at: float, kind: bytes, row: _Row, fields: list[bytes], fixes: list[Sample]) -> None:
        epoch = self._epoch
        if clocked := row.time > 0:
            time = _time_of_day(fields[row.time], self._faults)
            if epoch and _is_over(epoch, time, kind):
                self._end(fixes)
                epoch = None
        if epoch is None:
            epoch = self._epoch = Epoch(at)
        if clocked:
            epoch.clocked = True
            epoch.time = time if time is not None else epoch.time
            if kind != b"GLL":  # GLL adds nothing, and some receivers give it another second
                self._rows.pop(b"GLL", None)
        nth = epoch.seen[kind] = epoch.seen.get(kind, 0) + 1
        row.read(epoch, fields, self._faults)
        self._last = (kind, nth)
        if self._last == self._ends_with and epoch.clocked:
            self._end(fixes)

    def _end(self, fixes: list[Sample]) -> None:
        epoch, self._epoch, self._ends_with = self._epoch, None, self._last
        if epoch is None or not epoch.clocked:
            return
        at = self._clock.at(epoch)
        if at is None:
            count(self._faults, "repeated")
            self._ends_with = None  # it may have been the rest of an epoch that ended too early
        else:
            fixes.append(epoch.fix(self._source, at, self._clock.utc(epoch)))


def _is_over(epoch: Epoch, time: float | None, kind: bytes) -> bool:
    """Whether a sentence of this time and kind begins the next epoch."""
    if time is None or epoch.time is None:
        return kind in epoch.seen
    return time != epoch.time


# The sentences: what each adds to its epoch


def _rmc(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    _judge(epoch, fields[2], fields[12:13])
    epoch.day = _day(fields[9][:2], fields[9][2:4], fields[9][4:], faults)
    if epoch.valid:
        _position(epoch, fields, 3, faults)
        epoch.speed = _number(fields[7], 0.0, FASTEST_RECEIVER / KNOT, faults, KNOT)
        epoch.course = _number(fields[8], 0.0, 360.0, faults)


def _vtg(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    """Mostly repeats RMC; before NMEA 2.0 there were no letters between the numbers."""
    knots, kmh, mode = (5, 7, 9) if len(fields) >= 9 else (3, 4, 5)
    if epoch.speed is not None or fields[mode : mode + 1] in _NO_FIX:
        return
    epoch.course = _number(fields[1], 0.0, 360.0, faults)
    epoch.speed = _number(fields[knots], 0.0, FASTEST_RECEIVER / KNOT, faults, KNOT)
    if epoch.speed is None:
        epoch.speed = _number(fields[kmh], 0.0, FASTEST_RECEIVER * 3.6, faults, 1 / 3.6)


def _gga(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    if quality := fields[6]:  # 0 none, 6 dead reckoning, 7 manual input, 8 simulator; the others are positions
        epoch.judged(quality in _QUALITIES, dead_reckoned=quality == b"6")
    _height(epoch, fields, faults)
    if epoch.valid:
        _position(epoch, fields, 2, faults)


def _gns(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    modes = set(fields[6]) - set(b"NMS")  # a letter for each constellation
    epoch.judged(bool(modes), dead_reckoned=modes == set(b"E"))
    _height(epoch, fields, faults)
    if epoch.valid:
        _position(epoch, fields, 2, faults)


def _gll(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    _judge(epoch, fields[6], fields[7:8])
    if epoch.valid:
        _position(epoch, fields, 1, faults)


def _gsa(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    """There is one per constellation: the best one counts."""
    epoch.dimensions = max(epoch.dimensions, int(_number(fields[2], 1, 3, faults) or 0))
    if epoch.hdop is None:
        epoch.hdop = _hdop(fields[16 if len(fields) <= 19 else -2], faults)


def _gst(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    north, east = (_number(raw, 0.0, 1e5, faults) for raw in fields[6:8])
    epoch.sigma = hypot(north, east) if north is not None and east is not None else None
    epoch.alt_sigma = _number(fields[8], 0.0, 1e5, faults)


def _zda(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    if epoch.time is not None and epoch.time == _time_of_day(fields[1], faults):
        epoch.day = _day(fields[2], fields[3], fields[4], faults)


@dataclass(frozen=True, slots=True)
class _Row:
    read: Callable[[Epoch, list[bytes], _Faults], None]
    fewest: int  # number of fields, including the address
    time: int = 0  # the number of the field with the time of day, which separates epochs


_SENTENCES = {
    b"RMC": _Row(_rmc, fewest=10, time=1),
    b"GGA": _Row(_gga, fewest=10, time=1),
    b"GNS": _Row(_gns, fewest=10, time=1),
    b"GST": _Row(_gst, fewest=9, time=1),
    b"GLL": _Row(_gll, fewest=7, time=5),
    b"VTG": _Row(_vtg, fewest=5),
    b"GSA": _Row(_gsa, fewest=18),
    b"ZDA": _Row(_zda, fewest=5),
}
_NO_FIX = ([b"N"], [b"M"], [b"S"])  # none, manual input, simulator
_QUALITIES = (b"1", b"2", b"3", b"4", b"5", b"6", b"9")


# The fields


def _judge(epoch: Epoch, status: bytes, mode: list[bytes]) -> None:
    epoch.judged(status == b"A" and mode not in _NO_FIX, dead_reckoned=mode == [b"E"])


def _position(epoch: Epoch, fields: list[bytes], first: int, faults: _Faults) -> None:
    if epoch.lat is not None:
        return
    lat = _angle(fields[first], fields[first + 1], (b"N", b"S"), 90.0, faults)
    lon = _angle(fields[first + 2], fields[first + 3], (b"E", b"W"), 180.0, faults)
    if lat == lon == 0.0:  # a point in the Atlantic: the receiver has no fix yet
        count(faults, "impossible")
    elif lat is not None and lon is not None:
        epoch.lat, epoch.lon = lat, lon


def _height(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    satellites = _number(fields[7], 0.0, 99.0, faults)
    epoch.satellites = None if satellites is None else int(satellites)
    epoch.hdop = _hdop(fields[8], faults)
    epoch.alt = _number(fields[9], -1000.0, 50000.0, faults)


def _hdop(raw: bytes, faults: _Faults) -> float | None:
    """The dilution of precision; None for 0.0 and 99.99, which mean "unknown"."""
    hdop = _number(raw, 0.0, 999.0, faults)
    return hdop if hdop and hdop < 99.0 else None


def _angle(raw: bytes, side: bytes, sides: tuple[bytes, bytes], most: float, faults: _Faults) -> float | None:
    """Degrees from a number dddmm.mmmm (degrees and minutes) and a hemisphere."""
    number = _number(raw, 0.0, most * 100.0, faults)
    if number is None:
        return None
    degrees, minutes = divmod(number, 100.0)
    if minutes >= 60.0 or side not in sides:
        count(faults, "impossible")
        return None
    angle = degrees + minutes / 60.0
    return angle if side == sides[0] else -angle


def _time_of_day(raw: bytes, faults: _Faults) -> float | None:
    """Seconds from hhmmss.ss; a leap second, 235960, is the next day's first."""
    if not raw:
        return None
    seconds = _seconds(raw)
    if seconds is None:
        count(faults, "impossible")
    return seconds


@lru_cache(4)  # all sentences of an epoch have the same time
def _seconds(raw: bytes) -> float | None:
    number = _number(raw, 0.0, 235960.9999, {})
    if number is None:
        return None
    hours, rest = divmod(number, 10000.0)
    minutes, seconds = divmod(rest, 100.0)
    if minutes >= 60.0 or seconds >= 61.0:
        return None
    return round(hours * 3600.0 + minutes * 60.0 + seconds, 4)


def _day(day: bytes, month: bytes, year: bytes, faults: _Faults) -> int | None:
    """Days since 1970; a two-digit year means 1980 (when GPS began) to 2079."""
    if not (day or month or year):
        return None
    days = _days(day, month, year)
    if days is None:
        count(faults, "impossible")
    return days


@lru_cache(4)  # a run has one date, or two
def _days(day: bytes, month: bytes, year: bytes) -> int | None:
    try:
        number = int(year)
        number += (2000 if number < 80 else 1900) if len(year) == 2 else 0
        return date(number, int(month), int(day)).toordinal() - _1970 if number >= 1980 else None
    except ValueError:
        return None


def _number(raw: bytes, least: float, most: float, faults: _Faults, unit: float = 1.0) -> float | None:
    """The number times `unit`; None if the field is empty. If it is not a number or out of bounds, None too, and counted."""
    if not raw:
        return None
    try:
        number = float(raw)
        if least <= number <= most and b"_" not in raw:
            return number * unit
    except ValueError:
        pass  # counted like a number out of bounds
    count(faults, "impossible")
    return None
