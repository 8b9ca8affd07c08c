"""Reads FIT, the binary files of watches: records, timer events, the session's distance, and which sensor gave the speed.

Positions are in semicircles (2³¹ to 180°), speeds in mm/s, distances in cm; running cadence counts one foot. The speed in a
Stryd pod's developer fields is preferred to the watch's, which may be the receiver's; its distance if the watch has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from devices.sample import Link, Sample
from devices.tracks.fit_messages import TIME, FitMessages, Values, has_right_checksum
from devices.tracks.points import MOST, Recorded, place
from devices.tracks.points import Values as PointValues
from devices.tracks.samples import samples

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "fit"
CHUNK, LARGEST = 1 << 20, 64 << 20  # bytes: a watch writes 100 kB an hour
SIGNATURE, BEFORE = b".FIT", 8  # bytes of the header that come first
FEEDS = 4  # line feeds, by chance preceded by a carriage return, all of them, in one file of four thousand millions
LEAP = 600.0  # s between two records; in a sound file a pause
EPOCH = 631_065_600  # Unix time of 1989-12-31, at which FIT's time begins
SINCE_POWER_ON = 0x10000000  # s: a smaller time counts from when the watch was switched on
SEMICIRCLE = 180 / 2**31  # degrees
LOWEST = 500.0  # m below the sea: where heights are counted from
STEPS = 2
RECORD, EVENT, SESSION = 20, 21, 18  # global message numbers
# latitude, longitude, heights, speeds and distance, cadence, heart rate, speed with distance (old watches), Stryd's
_RECORD = (TIME, 0, 1, 78, 2, 73, 6, 5, 4, 3, 8, "Speed", "Distance")
_EVENT = (0, 1)  # event, event type
_WANTED = {RECORD: _RECORD, EVENT: _EVENT, SESSION: (9,)}
TIMER = 0
STOPS = (1, 4, 8, 9)  # stop, stop_all, stop_disable, stop_disable_all


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if there is no record. At the first message that cannot be read the recording ends."""
    data = bytearray()
    while chunk := track.read(CHUNK):
        data += chunk
        if len(data) > LARGEST:
            raise track.wrong("is larger than 64 MB, too large for a recording")
    del data[: max(0, data.find(SIGNATURE) - BEFORE)]  # what a transfer put before it: a mark of UTF-8, an empty line
    data = _not_as_text(data, track.faults)
    reader = _Reader(track)
    for number, values in FitMessages(data, _WANTED, track.faults):
        reader.take(number, values)
    if not len(reader.recorded.points):
        why = "its data cannot be decoded" if track.faults else "it holds a workout, settings or a course"
        raise track.wrong(f"is a FIT file without a recording: {why}")
    run = samples(track, reader.recorded, SOURCE, by_pod=2 * reader.by_pod > reader.count)
    if (track.faults or _leaps(reader.recorded.points.times)) and not has_right_checksum(data):
        track.faults["altered"] = 1
    return run


def _not_as_text(data: bytearray, faults: Counter[str]) -> bytearray:
    """Takes out the carriage returns that a transfer put before each line feed because it took the file for text."""
    feeds = data.count(b"\n")
    if feeds < FEEDS or feeds > data.count(b"\r\n"):
        return data
    faults["as text"] = feeds
    return data.replace(b"\r\n", b"\n")


def _leaps(times: Sequence[float]) -> bool:
    """Whether the times are such as damage might have made them."""
    return any(not 0 <= after - before <= LEAP for before, after in pairwise(times))


class _Reader:
    """Sorts messages into pieces between the recorder's pauses."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._way = _OldWay()
        self._stopped = False
        self.count = self.by_pod = 0  # records; those of them with the speed of a pod in developer fields
        self.recorded = Recorded()

    def take(self, number: int, values: Values) -> None:
        if number == RECORD:
            self._record(values)
        elif number == EVENT:
            self._stopped = self._stopped or (values[0] == TIMER and values[1] in STOPS)
        elif number == SESSION and (metres := _scaled(values[0], 0.01, 0, 1e7)) is not None:
            self._track.recorded_distance = (self._track.recorded_distance or 0.0) + metres

    def _record(self, values: Values) -> None:
        self.count += 1
        self.by_pod += values[-2] is not None
        if self.count > MOST:
            raise self._track.wrong(f"has more than {MOST} records: split it into single runs")
        if values[0] is None:
            self._track.faults["untimed"] += 1
            return
        if self._stopped:
            self._stopped = False
            if len(self.recorded.points):
                self.recorded.begin(paused=True)
        self.recorded.points.append(_point(values, self._way))


class _OldWay:
    """Speed and distance of old watches in three bytes: 12 bits in 1/100 m/s, 12 bits in 1/16 m, which wrap."""

    def __init__(self) -> None:
        self._sixteenths: int | None = None

    def read(self, packed: bytes) -> tuple[float | None, float | None]:
        if len(packed) != 3 or packed == b"\xff\xff\xff":
            return None, None
        both = int.from_bytes(packed, "little")
        speed, way = both & 0xFFF, both >> 12
        if self._sixteenths is None:
            self._sixteenths = way
        self._sixteenths += (way - self._sixteenths) & 0xFFF
        return speed / 100, self._sixteenths / 16


def _point(values: Values, old_way: _OldWay) -> PointValues:
    seconds, lat, lon, fine_height, height, fine_speed, speed, way, feet, bpm, packed, pod_speed, pod_way = values
    speed = fine_speed if fine_speed is not None else speed
    height = fine_height if fine_height is not None else height
    metres_a_second, metres = _scaled(speed, 0.001, 0, 50), _scaled(way, 0.01, 0, 1e7)
    if packed is not None and isinstance(packed, bytes):
        old_speed, old_metres = old_way.read(packed)
        metres_a_second = old_speed if metres_a_second is None else metres_a_second
        metres = old_metres if metres is None else metres
    if pod_speed is not None:
        metres_a_second = _scaled(pod_speed, 1, 0, 50)
    if metres is None and pod_way is not None:
        metres = _scaled(pod_way, 1, 0, 1e7)
    north, east = place(_scaled(lat, SEMICIRCLE, -90, 90), _scaled(lon, SEMICIRCLE, -180, 180))
    return (
        seconds if seconds < SINCE_POWER_ON else EPOCH + seconds,
        north,
        east,
        None if (above := _scaled(height, 0.2, 0, 20_000)) is None else above - LOWEST,
        metres_a_second,
        metres,
        _scaled(feet, STEPS, 0, 400),
        _scaled(bpm, 1, 20, 250),
        None,  # no course
        None,  # no dilution of precision
    )


def _scaled(value: Any, unit: float, least: float, most: float) -> float | None:
    """The value in its unit; None if it is not a number within bounds."""
    if value is None or isinstance(value, bytes):
        return None
    number: float = value * unit
    return number if least <= number <= most else None
