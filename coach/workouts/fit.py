"""FIT workouts, the binary files of watches: read by fitdecode, written by an encoder of our own.

A file is a header of 14 bytes, then definitions (which fields follow, how wide) and messages, then a CRC:

    file_id 0      type 5 = workout
    workout 26     name, sport 1 = running, how many steps
    workout_step 27  254 its place in the order, by which repeats name it, 0 name, 1 duration_type,
                   2 duration_value (ms, cm, or the step to go back to), 3 target_type (0 speed, 2 open),
                   4 target_value (a zone, 0 for custom, or how often to repeat),
                   5 and 6 custom low and high (mm/s), 7 intensity
"""

from __future__ import annotations

import struct
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import fitdecode

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import MAX_SEGMENTS, Distance, Duration, Kind, Length, Plan, Segment, Target, UntilLap
from coach.planning.fitness.paces import Fitness
from coach.workouts import files
from coach.workouts.blocks import Block, Item, Written, limits, losses, printable, staircase, tolerance_note
from coach.workouts.heart_text import longest, possible
from coach.workouts.reading import Reading, Warn, Workout

MOST_STEPS = 50  # the most that watches accept
TO_THE_END = 1 << 31  # bytes: a size that writers fill in before they know it
FIT_EPOCH = 631_065_600  # Unix time (s) at which FIT's time begins
NAME = 32  # bytes, with the closing zero
MOST_MESSAGES = 4 * MAX_SEGMENTS  # the steps, their definitions and other messages between them
TIME, DISTANCE, OPEN, REPEAT, TIME_ONLY = 0, 1, 5, 6, 31
BELOW, ABOVE, BEATS = 2, 3, 100  # ends at a heart rate; what is added to beats a minute, as up to 100 they are per cent
HEART_TARGETS, HEART = (1, 13), 1
SPEED, NO_TARGET, SPEED_LAP = 0, 2, 12
RUNNING = 1
MESSAGE_INDEX, INDEX_BITS = 254, 0x0FFF  # the field; the bits of it that count the steps (the others are flags)

_ENDS = {2: "a heart rate", 3: "a heart rate", 4: "calories", 14: "a power", 15: "a power", 16: "a power", 29: "a count"}
_LOOPS = range(7, 14)  # repeat until a time, a distance, calories, a heart rate or a power
_TARGETS = {1: "a heart rate", 3: "a cadence", 4: "a power", 5: "a grade", 6: "a resistance", 13: "a heart rate"}
_KINDS = {1: Kind.RECOVERY, 2: Kind.WARMUP, 3: Kind.COOLDOWN, 4: Kind.RECOVERY}
_INTENSITIES = {Kind.WARMUP: 2, Kind.COOLDOWN: 3, Kind.RECOVERY: 4}
_SPORTS = {2: "riding", 5: "swimming", 10: "training", 11: "walking", 17: "hiking"}


def read(path: Path, fitness: Fitness | None, warn: Warn) -> Workout:
    """Raises InvalidSettings, with the step."""
    reading = Reading(str(path), fitness, warn)
    name, steps = "", []
    for message, values in _messages(reading):
        if message == "workout":
            name = _name(values.get(8))
            if values.get(4) not in (None, 0, RUNNING):
                reading.warn(None, f"is a workout for {_SPORTS.get(values[4], f'sport {values[4]}')}, not for running")
        elif message == "workout_step":
            steps.append(values)
            reading.fits(None, len(steps))
    return reading.workout(name, _segments(reading, _in_order(steps)))


def _in_order(steps: list[dict[int, Any]]) -> dict[int, dict[int, Any]]:
    """By message_index, which some programs write in another order than the steps; in the file's order where it names none."""
    numbers = [_whole(each.get(MESSAGE_INDEX)) for each in steps]
    named = [number & INDEX_BITS for number in numbers if number is not None]
    if len(set(named)) < len(steps):
        return dict(enumerate(steps))
    return dict(sorted(zip(named, steps, strict=True), key=lambda each: each[0]))


class _TooLong(Exception):
    """The file has more messages than any workout."""


def _messages(reading: Reading) -> list[tuple[str, dict[int, Any]]]:
    """Name and raw fields of every message. On a damaged file fitdecode can raise any kind of error."""
    data, found = _closed(reading, files.content(reading)), []
    try:
        with fitdecode.FitReader(
            BytesIO(data), check_crc=fitdecode.CrcCheck.DISABLED, error_handling=fitdecode.ErrorHandling.IGNORE
        ) as fit:
            for count, frame in enumerate(fit):
                if count > MOST_MESSAGES:
                    raise _TooLong
                if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name in ("workout", "workout_step"):
                    found.append((frame.name, _values(frame)))
    except _TooLong:
        raise reading.wrong(None, "is too long for a workout", "to replay a recorded run, type: coach replay FILE") from None
    except Exception as broken:
        raise reading.wrong(None, f"is a damaged or incomplete FIT file: {' '.join(str(broken).split())[:120]}") from None
    if not found:
        raise reading.wrong(None, "is a FIT file without a workout", "to replay a recorded run, type: coach replay FILE")
    return found


def _closed(reading: Reading, data: bytes) -> bytes:
    """The file with the size and the CRC that a writer which broke off did not fill in."""
    size, left = int.from_bytes(data[4:8], "little"), len(data) - data[0] if data else 0
    if data[8:12] != b".FIT" or left < 2 or 0 < size <= left - 2:
        return data
    if left < size < TO_THE_END:
        reading.warn(None, "is shorter than its beginning says: steps may be missing")
    has_crc = _crc(data[:-2]) == int.from_bytes(data[-2:], "little")
    messages = left - 2 if has_crc else left
    return data[:4] + messages.to_bytes(4, "little") + data[8 : data[0] + messages] + bytes(2)


def _values(frame: Any) -> dict[int, Any]:
    values: dict[int, Any] = {}
    for field in frame.fields:
        if field.raw_value is not None and isinstance(field.def_num, int):
            values.setdefault(field.def_num, field.raw_value)
    return values


def _segments(reading: Reading, steps: dict[int, dict[int, Any]]) -> list[Segment]:
    """The steps in order; a repeat takes back what was written since the step it names."""
    written: list[tuple[int, list[Segment]]] = []
    for position, (index, values) in enumerate(steps.items(), 1):
        where, kind = f"step {position}", _whole(values.get(1))
        if kind != REPEAT and kind not in _LOOPS:
            written.append((index, [_step(reading, where, values)]))
            continue
        first = _whole(values.get(2))
        if first is None or first >= index:
            raise reading.wrong(where, "repeats from a step that is not before it")
        begin = next((n for n, (number, _) in enumerate(written) if number >= first), len(written))
        body = [segment for _, group in written[begin:] for segment in group]
        if kind == REPEAT:
            body = reading.repeated(where, body, _whole(values.get(4)))
        else:
            reading.warn(where, "repeats until a condition that the coach cannot follow: its steps are run once")
        written[begin:] = [(first, body)]
        reading.fits(where, sum(len(group) for _, group in written))
    return [segment for _, group in written for segment in group]


def _step(reading: Reading, where: str, values: dict[int, Any]) -> Segment:
    kind = _KINDS.get(_whole(values.get(7)) or 0)
    heart, until = _heart(values), _until(values)
    length = longest(until) if until else _length(reading, where, values)
    target = None if heart else _target(reading, where, values)
    made = reading.segment(where, _name(values.get(0)), kind or (Kind.STEADY if heart else None), length, target)
    return replace(made, heart=heart, until=until)


def _heart(values: dict[int, Any]) -> Beats | None:
    """A heart rate in beats; shares of the maximum and zones stand in the watch, not in the file."""
    low, high = (possible((_whole(values.get(field)) or 0) - BEATS) for field in (5, 6))
    in_beats = _whole(values.get(3)) in HEART_TARGETS and not values.get(4) and 0 < low < high
    return Beats(low, high) if in_beats else None


def _until(values: dict[int, Any]) -> HeartEnd | None:
    kind, beats = _whole(values.get(1)), possible((_whole(values.get(2)) or 0) - BEATS)
    return HeartEnd(beats, kind == BELOW) if kind in (BELOW, ABOVE) and beats else None


def _length(reading: Reading, where: str, values: dict[int, Any]) -> Length:
    kind, value = _whole(values.get(1)), _whole(values.get(2)) or 0
    if kind in (TIME, TIME_ONLY):
        return reading.seconds(where, value / 1000)
    if kind == DISTANCE:
        return reading.metres(where, value / 100)
    return UntilLap() if kind in (OPEN, None) else reading.open_end(where, _ENDS.get(kind, f"an end of kind {kind}"))


def _target(reading: Reading, where: str, values: dict[int, Any]) -> Target:
    kind = _whole(values.get(3))
    if kind in (NO_TARGET, None):
        return None
    low, high = _whole(values.get(5)), _whole(values.get(6))
    if kind not in (SPEED, SPEED_LAP):
        return reading.no_target(where, _TARGETS.get(kind, f"a target of kind {kind}"))
    if values.get(4) or low is None or high is None:
        return reading.no_target(where, "a numbered speed zone", "stands in the watch, not in this file")
    return reading.band(where, low / 1000, high / 1000)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _name(value: object) -> str:
    return value if isinstance(value, str) else ""


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Times in ms, distances in cm, speeds in mm/s; ramps become steps. Raises InvalidSettings above 50 steps."""
    items, notes = staircase(plan, MOST_STEPS, "a .fit workout")
    steps: list[bytes] = []
    for item in items:
        _encode(item, steps)
    lost = losses(plan, kinds=frozenset(_INTENSITIES), name=NAME - 1, in_bytes=True, heart=True)
    return Written(_file(plan.name, steps), (*notes, *tolerance_note(plan), *lost))


def _encode(item: Item, steps: list[bytes]) -> None:
    """Adds the messages of an item: a block's body, then the step that goes back to its first."""
    if isinstance(item, Block):
        first = len(steps)
        for each in item.body:
            _encode(each, steps)
        steps.append(_message(len(steps), "", (REPEAT, first), (NO_TARGET, item.times, 0, 0), 0))
        return
    between = limits(item.target)
    target = (SPEED, 0, round(between[0] * 1000), round(between[1] * 1000)) if between else (NO_TARGET, 0, 0, 0)
    if item.heart:
        target = (HEART, 0, item.heart.low + BEATS, item.heart.high + BEATS)
    until = item.until and (BELOW if item.until.below else ABOVE, item.until.beats + BEATS)
    steps.append(_message(len(steps), item.name, until or _duration(item.length), target, _INTENSITIES.get(item.kind, 0)))


def _duration(length: Length) -> tuple[int, int]:
    match length:
        case Duration(seconds):
            return TIME, max(1, round(seconds * 1000))
        case Distance(metres):
            return DISTANCE, max(1, round(metres * 100))
    return OPEN, 0


def _message(index: int, name: str, duration: tuple[int, int], target: tuple[int, int, int, int], intensity: int) -> bytes:
    return struct.pack(f"<BH{NAME}sBIBIIIB", 2, index, _bytes(name), *duration, *target, intensity)


def _bytes(name: str) -> bytes:
    """UTF-8, cut between characters, zero-terminated."""
    return printable(name, NAME, " ").encode()[: NAME - 1].decode("utf-8", "ignore").encode() if name else b""


def _file(name: str, steps: list[bytes]) -> bytes:
    enum, string, uint16, uint32, uint32z = 0x00, 0x07, 0x84, 0x86, 0x8C
    body = _definition(0, 0, [(0, 1, enum), (1, 2, uint16), (2, 2, uint16), (3, 4, uint32z), (4, 4, uint32)])
    body += struct.pack("<BBHHII", 0, 5, 255, 0, 1, int(time.time()) - FIT_EPOCH)
    body += _definition(1, 26, [(4, 1, enum), (6, 2, uint16), (8, NAME, string)])
    # Garmin's cookbook counts repeats among the steps, its samples do not; with too few a watch might stop short
    body += struct.pack(f"<BBH{NAME}s", 1, RUNNING, len(steps), _bytes(name))
    fields = [(254, 2, uint16), (0, NAME, string), (1, 1, enum), (2, 4, uint32), (3, 1, enum)]
    body += _definition(2, 27, [*fields, (4, 4, uint32), (5, 4, uint32), (6, 4, uint32), (7, 1, enum)])
    body += b"".join(steps)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    whole = header + struct.pack("<H", _crc(header)) + body
    return whole + struct.pack("<H", _crc(whole))


def _definition(local: int, message: int, fields: list[tuple[int, int, int]]) -> bytes:
    return struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(fields)) + b"".join(bytes(field) for field in fields)


def _crc(data: bytes) -> int:
    """CRC-16/ARC, as FIT has it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
