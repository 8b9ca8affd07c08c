"""FIT workouts, the binary files of watches: read by fitdecode, written by `fit_file`. Their messages and fields:

file_id 0      type 5 = workout
workout 26     name, sport 1 = running, how many steps
workout_step 27  254 its place in the order, by which repeats name it, 0 name, 1 duration_type,
               2 duration_value (ms, cm, or the step to go back to), 3 target_type (0 speed, 2 open),
               4 target_value (a zone, 0 for custom, or how often to repeat),
               5 and 6 custom low and high (mm/s), 7 intensity
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import fitdecode

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import MAX_SEGMENTS, Distance, Duration, Kind, Length, Plan, Segment, Target, UntilLap
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.workouts import files
from coach.workouts.blocks import Block, Item, Written, limits, losses, printable, staircase, tolerance_note
from coach.workouts.fit_file import EPOCH, FitFile, crc
from coach.workouts.heart_text import longest, possible
from coach.workouts.reading import Reading, Warn, Workout

MOST_STEPS = 50  # the most that watches accept
TO_THE_END = 1 << 31  # bytes: a size that writers fill in before they know it
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
INTENSITIES = {Kind.WARMUP: 2, Kind.COOLDOWN: 3, Kind.RECOVERY: 4}
_SPORTS = {2: "riding", 5: "swimming", 10: "training", 11: "walking", 17: "hiking"}


class Step(NamedTuple):
    """A workout_step: its number from 0; `duration` is a type and value, `target` a type, value, low and high."""

    number: int
    name: str
    duration: tuple[int, int]
    target: tuple[int, int, int, int]
    intensity: int


def read(path: Path, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """Raises InvalidSettings, with the step."""
    reading = Reading(str(path), fitness, warn, hearts)
    name, steps = "", []
    for message, values in _messages(reading):
        if message == "workout":
            name = _name(values.get(8))
            if values.get(4) not in (None, 0, RUNNING):
                sport = _SPORTS.get(values[4], f"sport {values[4]}")
                reading.warn(None, f"is a workout for {sport}, not for running; it is read as a running workout")
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
    has_crc = crc(data[:-2]) == int.from_bytes(data[-2:], "little")
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
    kind, until = _KINDS.get(_whole(values.get(7)) or 0), _until(values)
    length = longest(until) if until else _length(reading, where, values)
    by_heart = _whole(values.get(3)) in HEART_TARGETS
    heart = _heart(reading, where, values) if by_heart else None
    target = None if by_heart else _target(reading, where, values)
    return reading.segment(where, _name(values.get(0)), kind, length, target, heart, until)


def _heart(reading: Reading, where: str, values: dict[int, Any]) -> Beats | None:
    """A numbered zone, beats, or per cent of the maximum: up to 100."""
    if zone := _whole(values.get(4)):
        return reading.heart_zones(where, zone, zone)
    low, high = (_whole(values.get(field)) or 0 for field in (5, 6))
    if 0 < low <= high <= BEATS:
        return reading.heart_share(where, low, high, "maximum")
    return reading.heart_between(where, max(0, low - BEATS), max(0, high - BEATS))


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
    lost = losses(plan, kinds=frozenset(INTENSITIES), name=NAME - 1, in_bytes=True, heart=True, ends=True)
    return Written(encoded(plan.name, numbered(items)), (*notes, *tolerance_note(plan), *lost))


def encoded(name: str, steps: Sequence[Step]) -> bytes:
    """A file with these steps."""
    file = FitFile()
    file.message(0, {0: "enum", 1: "u16", 2: "u16", 3: "u32z", 4: "u32"}).add(5, 255, 0, 1, int(time.time()) - EPOCH)
    add_workout(file, name, steps)
    return file.whole()


def add_workout(file: FitFile, name: str, steps: Sequence[Step]) -> None:
    """The messages of a workout. Garmin's cookbook counts repeats among the steps, its samples do not; with too few a watch
    might stop short."""
    file.message(26, {4: "enum", 6: "u16", 8: f"string:{NAME}"}).add(RUNNING, len(steps), _shown(name))
    kinds = {MESSAGE_INDEX: "u16", 0: f"string:{NAME}", 1: "enum", 2: "u32", 3: "enum", 4: "u32", 5: "u32", 6: "u32", 7: "enum"}
    message = file.message(27, kinds)
    for step in steps:
        message.add(step.number, _shown(step.name), *step.duration, *step.target, step.intensity)


def numbered(items: Iterable[Item]) -> list[Step]:
    """The steps of these items."""
    steps: list[Step] = []
    for item in items:
        _add(item, steps)
    return steps


def _add(item: Item, steps: list[Step]) -> None:
    """Adds the steps of an item: a block's body, then the step that goes back to its first."""
    if isinstance(item, Block):
        first = len(steps)
        for each in item.body:
            _add(each, steps)
        steps.append(Step(len(steps), "", (REPEAT, first), (NO_TARGET, item.times, 0, 0), 0))
        return
    steps.append(step_of(len(steps), item, limits(item.target)))


def step_of(number: int, segment: Segment, between: tuple[float, float] | None) -> Step:
    """The step of a segment, whose pace lies between two speeds (m/s)."""
    target = (SPEED, 0, round(between[0] * 1000), round(between[1] * 1000)) if between else (NO_TARGET, 0, 0, 0)
    if segment.heart:
        target = (HEART, 0, segment.heart.low + BEATS, segment.heart.high + BEATS)
    until = segment.until and (BELOW if segment.until.below else ABOVE, segment.until.beats + BEATS)
    return Step(number, segment.name, until or _duration(segment.length), target, INTENSITIES.get(segment.kind, 0))


def _duration(length: Length) -> tuple[int, int]:
    match length:
        case Duration(seconds):
            return TIME, max(1, round(seconds * 1000))
        case Distance(metres):
            return DISTANCE, max(1, round(metres * 100))
    return OPEN, 0


def _shown(name: str) -> str:
    """A name as a watch can show it."""
    return printable(name, NAME, " ")
