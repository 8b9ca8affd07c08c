"""The sentences of NMEA 0183: a row for each says what its fields add to the epoch. Fields as in NMEA 0183 4.11.

A receiver that says V, quality 0 or mode N has no fix, whatever other numbers it sends. A status or quality that is not in the
standard is ignored, because some phone apps send the number of satellites as the quality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import hypot

from devices.epoch import Epoch
from devices.framing import count

KNOT = 1852 / 3600  # m/s
FASTEST_RECEIVER = 515.0  # m/s: no civil receiver reports more (1000 knots)

GLL = b"GLL,"
_NORTH, _EAST = {b"N": 1.0, b"S": -1.0}, {b"E": 1.0, b"W": -1.0}
_1970 = date(1970, 1, 1).toordinal()
_Faults = MutableMapping[str, int]


def read(epoch: Epoch, said: Iterable[tuple[Row, list[bytes]]], faults: _Faults) -> None:
    """Fills the epoch with what its sentences say, in the order in which they came."""
    for row, fields in said:
        row.read(epoch, fields, faults)


def _rmc(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    valid = _judge(epoch, fields, 2, 12)
    epoch.day = _days(fields[9]) or epoch.day
    if epoch.day is None and fields[9].strip(b"0"):
        count(faults, "impossible")
    if valid:
        if epoch.lat is None:
            _position(epoch, fields, 3, faults)
        epoch.speed = _speed(fields[7], KNOT, faults)
        epoch.course = _number(fields[8], 0.0, 360.0, faults)


def _vtg(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    """Mostly repeats RMC; before NMEA 2.0 there were no letters between the numbers."""
    knots, kmh, mode = (5, 7, 9) if len(fields) >= 9 else (3, 4, 5)
    if epoch.speed is not None or (len(fields) > mode and fields[mode] in _NO_FIX):
        return
    epoch.course = _number(fields[1], 0.0, 360.0, faults)
    epoch.speed = _speed(fields[knots], KNOT, faults)
    if epoch.speed is None:
        epoch.speed = _speed(fields[kmh], 1 / 3.6, faults)


def _gga(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    quality = fields[6]
    valid = epoch.valid
    is_count = quality == fields[7].lstrip(b"0")  # some phone apps send the number of satellites in both
    if quality.isdigit():
        valid = _set_valid(epoch, fields, is_count or quality not in _NO_POSITION, quality == b"6" and not is_count)
    elif quality:
        count(faults, "impossible")
    _height(epoch, fields, faults)
    if valid and epoch.lat is None:
        _position(epoch, fields, 2, faults)


def _gns(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    modes = set(fields[6]) - set(b"NMS")  # a letter for each constellation
    valid = _set_valid(epoch, fields, bool(modes), modes == set(b"E"))
    _height(epoch, fields, faults)
    if valid and epoch.lat is None:
        _position(epoch, fields, 2, faults)


def _gll(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    if _judge(epoch, fields, 6, 7) and epoch.lat is None:
        _position(epoch, fields, 1, faults)


def _gsa(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    """There is one per constellation: the best one counts."""
    epoch.dimensions = max(epoch.dimensions, int(_number(fields[2], 1, 3, faults) or 0))
    if epoch.hdop is None:
        epoch.hdop = _hdop(fields[16 if len(fields) <= 19 else -2], faults)


def _gst(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    north, east = _number(fields[6], 0.0, 1e5, faults), _number(fields[7], 0.0, 1e5, faults)
    epoch.sigma = hypot(north, east) if north is not None and east is not None else None
    epoch.alt_sigma = _number(fields[8], 0.0, 1e5, faults)


def _zda(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    if epoch.time is not None and epoch.time == time_of_day(fields[1], faults):
        epoch.day = _days(fields[2].zfill(2) + fields[3].zfill(2) + fields[4]) or epoch.day


@dataclass(frozen=True, slots=True)
class Row:
    kind: bytes  # and the comma behind it
    read: Callable[[Epoch, list[bytes], _Faults], None]
    fewest: int  # number of fields, including the address
    time: int = 0  # the number of the field with the time of day, which separates epochs


ROWS = (
    Row(b"RMC,", _rmc, fewest=10, time=1),
    Row(b"GGA,", _gga, fewest=10, time=1),
    Row(b"GNS,", _gns, fewest=10, time=1),
    Row(b"GST,", _gst, fewest=9, time=1),
    Row(GLL, _gll, fewest=7, time=5),
    Row(b"VTG,", _vtg, fewest=5),
    Row(b"GSA,", _gsa, fewest=18),
    Row(b"ZDA,", _zda, fewest=5),
)
_NO_FIX = (b"N", b"M", b"S")  # modes: none, manual input, simulator
_NO_POSITION = (b"0", b"00", b"7", b"8")  # qualities: none, manual input, simulator


# The fields


def _set_valid(epoch: Epoch, fields: list[bytes], valid: bool, dead_reckoned: bool) -> bool:
    """Takes what a sentence says, and returns it. Of several of a kind, one for each system of satellites, one is enough."""
    kind, verdicts = fields[0][2:], epoch.verdicts
    verdicts[kind] = valid or verdicts.get(kind, False)
    epoch.valid = False not in verdicts.values()
    if dead_reckoned:
        epoch.dead_reckoned = True
    return valid


def _judge(epoch: Epoch, fields: list[bytes], where: int, mode_at: int) -> bool:
    """Takes the status and the mode (of NMEA 2.3) in these fields. Returns whether they say that there is a fix."""
    status, mode = fields[where], fields[mode_at] if len(fields) > mode_at else b""
    if status == b"V" or mode in _NO_FIX:
        return _set_valid(epoch, fields, False, False)
    if status != b"A":
        return bool(epoch.valid)
    return _set_valid(epoch, fields, True, mode == b"E")


def _position(epoch: Epoch, fields: list[bytes], first: int, faults: _Faults) -> None:
    """Two numbers dddmm.mmmm (degrees and minutes), each with its hemisphere."""
    raw_lat, north, raw_lon, east = fields[first : first + 4]
    if not raw_lat or not raw_lon:
        return
    try:
        lat, lon, north_is, east_is = float(raw_lat), float(raw_lon), _NORTH[north], _EAST[east]
    except (ValueError, KeyError):
        count(faults, "impossible")
        return
    lat_degrees, lon_degrees = lat // 100.0, lon // 100.0
    lat_minutes, lon_minutes = lat - 100.0 * lat_degrees, lon - 100.0 * lon_degrees
    if 0.0 <= lat <= 9000.0 and 0.0 <= lon <= 18000.0 and lat_minutes < 60.0 and lon_minutes < 60.0 and (lat or lon):
        epoch.lat = north_is * (lat_degrees + lat_minutes / 60.0)
        epoch.lon = east_is * (lon_degrees + lon_minutes / 60.0)
    else:
        count(faults, "impossible")  # 0, 0 too, a point in the Atlantic: the receiver has no fix yet


def _speed(raw: bytes, unit: float, faults: _Faults) -> float | None:
    """The speed (m/s) from a number in a unit of `unit` m/s."""
    number = _number(raw, 0.0, FASTEST_RECEIVER / unit, faults)
    return None if number is None else number * unit


def _height(epoch: Epoch, fields: list[bytes], faults: _Faults) -> None:
    satellites = fields[7]
    if satellites.isdigit() and len(satellites) <= 2:
        epoch.satellites = int(satellites)
    elif satellites:
        count(faults, "impossible")
    epoch.hdop = _hdop(fields[8], faults)
    epoch.alt = _number(fields[9], -1000.0, 50000.0, faults)


def _hdop(raw: bytes, faults: _Faults) -> float | None:
    """The dilution of precision; None for 0.0 and 99.99, which mean "unknown"."""
    hdop = _number(raw, 0.0, 999.0, faults)
    return hdop if hdop and hdop < 99.0 else None


def time_of_day(raw: bytes, faults: _Faults) -> float | None:
    """Seconds from hhmmss.ss; a leap second, 235960, is the next day's first."""
    if not raw:
        return None
    if raw[6:7] != b"." and len(raw) != 6:  # without its first zeros
        whole, point, part = raw.partition(b".")
        raw = whole.zfill(6) + point + part
    try:
        minutes, seconds = _minutes(raw[:4]), float(raw[4:])
        if minutes is not None and 0.0 <= seconds < 61.0:
            return minutes * 60.0 + seconds
    except ValueError:
        pass
    count(faults, "impossible")
    return None


@lru_cache(4)  # all sentences of a minute have the same
def _minutes(hhmm: bytes) -> int | None:
    if not hhmm.isdigit() or hhmm > b"2359" or hhmm[2:] > b"59":
        return None
    return 60 * int(hhmm[:2]) + int(hhmm[2:])


@lru_cache(4)  # a run has one date, or two
def _days(ddmmyy: bytes) -> int | None:
    """Days since 1970; a year of two digits means 1980 (when GPS began) to 2079."""
    if not ddmmyy.isdigit() or len(ddmmyy) not in (6, 8):
        return None
    year = int(ddmmyy[4:])
    if len(ddmmyy) == 6:
        year += 2000 if year < 80 else 1900
    try:
        return date(year, int(ddmmyy[2:4]), int(ddmmyy[:2])).toordinal() - _1970 if year >= 1980 else None
    except ValueError:
        return None


def _number(raw: bytes, least: float, most: float, faults: _Faults) -> float | None:
    """The number; None if the field is empty. If it is not a number or out of bounds, None too, and counted."""
    if not raw:
        return None
    try:
        number = float(raw)
        if least <= number <= most:
            return number
    except ValueError:
        pass  # counted like a number out of bounds
    count(faults, "impossible")
    return None
