"""A run as a FIT activity: a record a second, a lap for each segment, the workout, pauses, and what the coach asked for.

Messages and fields are those of Garmin's FIT profile, in the order that its Activity File asks for. The target, the band and
what was said are developer fields of the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from zlib import crc32

from coach import __version__
from coach.core.plan.segments import Kind, Segment
from coach.runs.activity import Activity, Second
from coach.runs.export.moments import Lap, laps, one_a_second, said_in
from coach.workouts.fit import INTENSITIES, Step, add_workout, step_of
from coach.workouts.fit_file import EPOCH, FitFile

MAKER, PRODUCT = 255, 1  # "development": software without a number of its own
APPLICATION = bytes.fromhex("6f3c1d3f8a0e4b0e9b7a5d2c41e0c0a7")  # ours, in developer_data_id
RUNNING, TREADMILL = 1, 1
TIMER, LAP, SESSION, ACTIVITY = 0, 9, 8, 26  # what an event is about
START, STOP, STOP_ALL = 0, 1, 4
CUE = 80  # bytes of what was said, with the closing zero
SEMICIRCLES = 2**31 / 180
NO_STEP = 0xFFFF
RECORD, NO_FIELD = 20, 255  # 255: our fields replace none of the record's own

_RECORD = {
    253: "u32", 0: "s32", 1: "s32", 5: "u32", 73: "u32", 78: "u32", 3: "u8", 4: "u8", 53: "u8", 9: "s16",
}  # fmt: skip
_LAP = {
    254: "u16", 253: "u32", 2: "u32", 7: "u32", 8: "u32", 9: "u32", 110: "u32", 0: "enum", 1: "enum", 23: "enum", 24: "enum",
    71: "u16", 25: "enum", 15: "u8", 16: "u8", 17: "u8",
}  # fmt: skip
_SESSION = {
    254: "u16", 253: "u32", 2: "u32", 7: "u32", 8: "u32", 9: "u32", 124: "u32", 0: "enum", 1: "enum", 5: "enum", 6: "enum",
    25: "u16", 26: "u16", 28: "enum", 16: "u8", 17: "u8", 18: "u8",
}  # fmt: skip
_OURS = (  # developer fields: name, type, unit
    ("target_speed", "f32", "m/s"),
    ("slowest_speed", "f32", "m/s"),
    ("fastest_speed", "f32", "m/s"),
    ("cue", f"string:{CUE}", ""),
)
_BASE_TYPES = {"f32": 0x88, "string": 0x07}

Written = tuple[float, int, Callable[[], None]]  # when, the order within a moment, and what writes the message


def content(activity: Activity) -> bytes:
    """The file; its times are to the second, distances to the centimetre, speeds to the millimetre a second."""
    file, parts = FitFile(), laps(activity)
    _begin(file, activity)
    written = [*_events(file, activity), *_records(file, activity), *_laps(file, parts)]
    for _, _, write in sorted(written, key=lambda each: each[:2]):
        write()
    _end(file, activity, parts)
    return file.whole()


def _begin(file: FitFile, activity: Activity) -> None:
    start = _stamp(activity.start)
    serial = crc32(b"%d" % start) or 1  # the same for the same run, and no person's
    kinds = {0: "enum", 1: "u16", 2: "u16", 3: "u32z", 4: "u32", 8: "string:24"}
    file.message(0, kinds).add(4, MAKER, PRODUCT, serial, start, "progression-coach")
    major, minor, *_ = (*__version__.split("."), "0")
    version = int(major) * 100 + int(minor)
    file.message(49, {0: "u16"}).add(version)
    file.message(23, {253: "u32", 0: "u8", 2: "u16", 4: "u16", 5: "u16"}).add(start, 0, MAKER, PRODUCT, version)
    file.message(207, {1: "bytes:16", 3: "u8", 4: "u32"}).add(APPLICATION, 0, version)
    field = file.message(206, {0: "u8", 1: "u8", 2: "u8", 3: "string:16", 8: "string:4", 14: "u16", 15: "u8"})
    for number, (name, kind, unit) in enumerate(_OURS):
        field.add(0, number, _BASE_TYPES[kind.partition(":")[0]], name, unit, RECORD, NO_FIELD)
    add_workout(file, activity.plan.name, [_step(number, each) for number, each in enumerate(activity.plan.segments)])


def _step(number: int, segment: Segment) -> Step:
    """A segment as one step, also where it repeats, so that laps can name it; a ramp as the band between its ends."""
    ends = segment.speed_at(0.0), segment.speed_at(1.0)
    between = None if ends[0] is None or ends[1] is None or segment.kind is Kind.FREE else (min(ends), max(ends))  # type: ignore[type-var]
    return step_of(number, segment, between)  # type: ignore[arg-type]


def _events(file: FitFile, activity: Activity) -> Iterator[Written]:
    """The timer begins, stands while the run is paused, and stops."""
    add = file.message(21, {253: "u32", 0: "enum", 1: "enum", 3: "u32"}).add

    def event(moment: float, order: int, kind: int) -> Written:
        return moment, order, partial(add, _stamp(activity.unix(moment)), TIMER, kind, 0)

    yield event(activity.began, 0, START)
    paused = False
    for begin, end in activity.pauses:
        yield event(begin, 3, STOP_ALL)
        if paused := end >= activity.ended:
            break
        yield event(end, 1, START)
    if not paused:
        yield event(activity.ended, 3, STOP_ALL)


def _records(file: FitFile, activity: Activity) -> Iterator[Written]:
    silent, spoken = (file.message(RECORD, _RECORD, {n: _OURS[n][1] for n in range(count)}).add for count in (3, 4))
    words = said_in(activity)
    for unix, second in one_a_second(activity):
        own = _record(unix, second)
        ours = second.target, second.slow, second.fast
        said_now = words.get(second.at)
        yield second.at, 2, partial(spoken, *own, *ours, said_now) if said_now else partial(silent, *own, *ours)


def _record(unix: int, second: Second) -> tuple[int | None, ...]:
    strides = second.cadence / 2 if second.cadence else None
    return (
        unix - EPOCH,
        _semicircles(second.lat),
        _semicircles(second.lon),
        round(second.distance * 100),
        _thousandth(second.speed),
        None if second.alt is None else round(max(0.0, second.alt + 500) * 5),
        _byte(second.heart),
        None if strides is None else _byte(int(strides)),
        None if strides is None else int(strides % 1 * 128),
        None if second.slope is None else round(max(-300.0, min(300.0, second.slope * 100)) * 100),
    )


def _laps(file: FitFile, parts: list[Lap]) -> Iterator[Written]:
    add = file.message(19, _LAP).add
    for index, lap in enumerate(parts):
        step = lap.number - 1 if lap.number else NO_STEP
        kind = INTENSITIES.get(lap.kind, 0)
        trigger = 7 if index == len(parts) - 1 else 0  # the session ended; manual
        values = (
            *_totals(index, lap.began, lap.ended, lap.milliseconds, lap.centimetres),
            LAP,
            STOP,
            kind,
            trigger,
            step,
            RUNNING,
        )
        yield lap.at, 4, partial(add, *values, *_body(lap.part.heart, lap.heart_max, lap.part.cadence))


def _end(file: FitFile, activity: Activity, parts: list[Lap]) -> None:
    timer, way = sum(lap.milliseconds for lap in parts), sum(lap.centimetres for lap in parts)
    end = activity.unix(activity.ended)
    whole = _totals(0, activity.start, end, timer, way)
    belt = TREADMILL if activity.setup.settings.treadmill else 0
    hearts = _body(
        activity.mean("heart"), max((lap.heart_max or 0 for lap in parts), default=0) or None, activity.mean("cadence")
    )
    file.message(18, _SESSION).add(*whole, SESSION, STOP, RUNNING, belt, 0, len(parts), 0, *hearts)
    offset = datetime.fromtimestamp(activity.start).astimezone().utcoffset()
    local = _stamp(end) + (round(offset.total_seconds()) if offset else 0)
    kinds = {253: "u32", 0: "u32", 1: "u16", 2: "enum", 3: "enum", 4: "enum", 5: "u32"}
    file.message(34, kinds).add(_stamp(end), timer, 1, 0, ACTIVITY, STOP, local)


def _totals(index: int, began: float, ended: float, milliseconds: int, centimetres: int) -> tuple[int | None, ...]:
    """The number of a lap or session, its end and start, seconds with and without pauses, its way and mean speed."""
    elapsed = max(milliseconds, round((ended - began) * 1000))
    speed = round(centimetres * 10_000 / milliseconds) if milliseconds else None
    return index, _stamp(ended), _stamp(began), elapsed, milliseconds, centimetres, speed


def _body(heart: float | None, highest: float | None, cadence: float | None) -> tuple[int | None, int | None, int | None]:
    return _byte(heart), _byte(highest), _byte(cadence / 2 if cadence else None)


def _stamp(unix: float) -> int:
    return round(unix) - EPOCH


def _semicircles(degrees: float | None) -> int | None:
    return None if degrees is None else min(round(degrees * SEMICIRCLES), 2**31 - 2)


def _thousandth(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)


def _byte(value: float | None) -> int | None:
    return round(value) if value and 0 < value < 255 else None
