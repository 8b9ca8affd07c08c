"""FIT, the binary files of watches, decoded by fitdecode: records, timer events, and the session's own distance.

Positions are semicircles (2³¹ to 180°), speeds m/s, running cadence counts one foot. Where the watch wrote no speed
or distance, a Stryd pod's developer fields stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import fitdecode

from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks.timeline import Timeline

if TYPE_CHECKING:
    from devices.tracks import Track

SOURCE = "fit"
SEMICIRCLE = 180 / 2**31  # degrees
STEPS = 2
STOPS = ("stop", "stop_all", "stop_disable", "stop_disable_all")
LARGEST = 200 << 20  # bytes


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if there is no record. At the first message that cannot be decoded the recording ends."""
    if track.size > LARGEST:
        raise track.wrong("is larger than 200 MB, too large for a recording")
    reader = _Reader(track)
    frames = _frames(track)
    for frame in frames:
        yield from reader.take(frame)
    if not reader.records:
        why = "its data cannot be decoded" if track.faults else "it holds a workout, settings or a course"
        raise track.wrong(f"is a FIT file without a recording: {why}")


def _frames(track: Track) -> Iterator[Any]:
    """The data messages, up to the end or the first one that cannot be read."""
    keep = fitdecode.ErrorHandling.IGNORE
    try:
        with fitdecode.FitReader(track, check_crc=fitdecode.CrcCheck.DISABLED, error_handling=keep) as fit:
            for frame in fit:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    yield frame
    except GeneratorExit:
        raise
    except Exception:  # on a damaged file the decoder can raise any kind of error
        track.count("truncated")


class _Reader:
    def __init__(self, track: Track) -> None:
        self._track = track
        self._timeline: Timeline = track.timeline
        self._paused = False
        self.records = 0

    def take(self, frame: Any) -> Iterator[Sample | Link]:
        match frame.name:
            case "record":
                yield from self._record(_values(frame))
            case "event":
                yield from self._event(_values(frame))
            case "session":
                metres = _number(_values(frame).get("total_distance"), 0, 1e7)
                if metres is not None:
                    self._track.recorded_distance = (self._track.recorded_distance or 0.0) + metres

    def _event(self, values: dict[str, Any]) -> Iterator[Link]:
        kind = values.get("event_type")
        if values.get("event") != "timer" or not self.records:
            return
        if kind in STOPS and not self._paused:
            self._paused = True
            yield Link(self._timeline.at, SOURCE, False, RECORDER_PAUSED)

    def _record(self, values: dict[str, Any]) -> Iterator[Sample | Link]:
        moment = values.get("timestamp")
        if not isinstance(moment, datetime):
            self._track.count("untimed")
            return
        utc = moment.timestamp()
        at = self._timeline.place(utc)
        if at is None:
            return
        if self._paused:
            self._paused = False
            yield Link(at, SOURCE, True, RECORDER_PAUSED)
        self.records += 1
        yield from _samples(at, utc, values)


def _samples(at: float, utc: float, values: dict[str, Any]) -> Iterator[Sample]:
    lat, lon = _degrees(values.get("position_lat"), 90), _degrees(values.get("position_long"), 180)
    speed = _first(values, ("enhanced_speed", "speed", "Speed"), 0, 50)
    distance = _first(values, ("distance", "Distance"), 0, 1e7)
    if lat is not None and lon is not None:
        alt = _first(values, ("enhanced_altitude", "altitude"), -1000, 20_000)
        yield Fix(at, SOURCE, lat, lon, alt, speed, mode=Mode.FIX_2D, utc=utc, distance=distance)
    elif speed is not None or distance is not None:
        feet = _number(values.get("cadence"), 0, 200)
        yield Stride(at, SOURCE, speed, None if feet is None else STEPS * feet, distance)
    if (bpm := _number(values.get("heart_rate"), 20, 250)) is not None:
        yield Pulse(at, SOURCE, round(bpm))


def _values(frame: Any) -> dict[str, Any]:
    """Values by field name; the first of a name counts, so a developer field cannot hide a native one."""
    values: dict[str, Any] = {}
    for field in frame.fields:
        if field.value is not None:
            values.setdefault(field.name, field.value)
    return values


def _first(values: dict[str, Any], names: tuple[str, ...], least: float, most: float) -> float | None:
    return next((value for name in names if (value := _number(values.get(name), least, most)) is not None), None)


def _number(value: Any, least: float, most: float) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
        return float(value)
    return None


def _degrees(value: Any, most: float) -> float | None:
    semicircles = _number(value, -(2.0**31), 2.0**31)
    return None if semicircles is None else _number(semicircles * SEMICIRCLE, -most, most)
