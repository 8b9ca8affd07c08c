"""Our own workout file: TOML tables into a plan.

    [[segment]]
    kind   = "steady"
    length = "6 km"
    pace   = "6:00/km -> 4:45/km"

Lengths are a time, a distance, or "lap"; paces are one, a band (..), a ramp (->), a name from the runner's
fitness, or none. `heart = "140 .. 150"` or "z2" keeps a heart rate instead, and `until = "heart < 120"` ends a segment at
one. A block with `repeat` holds segments, or further blocks. `goal = "10 km"` is the intended total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.core.plan.course import MOST_LAPS
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import (
    MAX_SEGMENTS,
    Band,
    Distance,
    Duration,
    Kind,
    Length,
    Plan,
    Ramp,
    Saying,
    Segment,
    Steady,
    Target,
    UntilLap,
)
from coach.core.units import is_distance, parse_distance, parse_duration, parse_speed
from coach.errors import InvalidSettings, all_of, suggestion
from coach.planning.fitness.heart import UNKNOWN, Hearts, UnknownHeart
from coach.planning.fitness.paces import NAMES, Fitness
from coach.toml import Place, Toml, read_toml
from coach.workouts import heart_text
from coach.workouts.blocks import KIND_OF_PACE, Written
from coach.workouts.reading import CADENCES, LONGEST_SAYING, MOST_SAYINGS, Workout, lies_within
from devices.api import InvalidFile

DEEPEST_TABLE = 8  # nested blocks

_AT_ONCE = ("0", "0 s", "0 m", "0 min")


def _with_unit(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f'{value} has no unit; write "{value} min", "{value} km" or "{value}:00/km"')
    return value


def _kind(value: Any) -> Any:
    if value not in list(Kind):
        raise ValueError(f"{value!r} is not a kind; {suggestion(value, [kind.value for kind in Kind])}")
    return value


def _beats(value: Any) -> Any:
    """One number may stand without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Quantity = Annotated[str, BeforeValidator(_with_unit), Field(max_length=80)]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_SAYING, pattern=r"^[^\x00-\x1f\x7f]+$")]


class SayTable(BaseModel):
    """Words to say at a given time or distance into a segment."""

    model_config = ConfigDict(extra="forbid")

    at: Quantity
    text: Words


class SegmentTable(BaseModel):
    """A segment (`length`), or a block of them (`repeat`)."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    kind: Annotated[Kind, BeforeValidator(_kind)] | None = None
    length: Quantity | None = None
    pace: Quantity | None = None
    heart: Annotated[str, BeforeValidator(_beats), Field(max_length=40)] | None = None
    until: Annotated[str, Field(max_length=40)] | None = None
    cadence: int | None = Field(None, ge=CADENCES[0], le=CADENCES[1])
    say: list[SayTable] = Field([], max_length=MOST_SAYINGS)
    repeat: int | None = Field(None, ge=1, le=MAX_SEGMENTS)
    segment: list[SegmentTable] = []


class WorkoutTable(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    goal: Quantity | None = None
    race: Quantity | None = None
    course: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    laps: int | None = Field(None, ge=1, le=MOST_LAPS)
    segment: list[SegmentTable] = []


def read(path: Path, fitness: Fitness | None, warn: object = None, hearts: Hearts = UNKNOWN) -> Workout:
    """Raises InvalidSettings. Our own format never needs a warning."""
    toml = read_toml(path)
    toml.list_single("segment")
    return workout(toml, (), toml.validate(WorkoutTable), path.stem, fitness, hearts)


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """The plan as our own file: lengths to a millisecond or a millimetre, paces to a millisecond per km."""
    from coach.workouts import native_text

    return native_text.write(plan)


def workout(
    toml: Toml, place: Place, table: WorkoutTable, name: str, fitness: Fitness | None, hearts: Hearts = UNKNOWN
) -> Workout:
    """The workout in the validated table at `place`, called `name` if it has no name. Raises InvalidSettings."""
    if not table.segment:
        raise toml.wrong(place, "has no segments", 'a workout has at least one [[segment]] with a length, such as "10 min"')
    count = sum(_count(each) for each in table.segment)
    if count > MAX_SEGMENTS:
        raise toml.wrong(place, f"comes to {count} segments", f"a run has at most {MAX_SEGMENTS}")
    reader = _Reader(toml, fitness, hearts)
    goal = reader.length(table.goal, (*place, "goal")) if table.goal else None
    if isinstance(goal, UntilLap):
        raise toml.wrong((*place, "goal"), "is not a length", 'write it like goal = "10 km" or "50 min"')
    segments = tuple(reader.all(table.segment, (*place, "segment")))
    if reader.mistakes:
        raise all_of([*reader.mistakes.values()])
    made = _on_course(Plan(table.name or name, segments, goal=_race(toml, place, table)), toml, place, table)
    return Workout(made, toml.path, goal, tuple(reader.lines))


def _race(toml: Toml, place: Place, table: WorkoutTable) -> float | None:
    """The goal time of a race, s; None in training."""
    if table.race is None:
        return None
    try:
        return parse_duration(table.race)
    except ValueError as wrong:
        raise toml.wrong((*place, "race"), str(wrong)) from None


def _on_course(plan: Plan, toml: Toml, place: Place, table: WorkoutTable) -> Plan:
    """Its course; a relative path starts from the folder of the workout file."""
    if table.course is None:
        if table.laps is not None:
            raise toml.wrong((*place, "laps"), "need a course", 'write course = "round.gpx" too')
        return plan
    from coach.workouts.courses import laid_out, read_course

    try:
        course = read_course(Path(toml.path).parent / table.course, table.laps)
    except InvalidFile as wrong:
        raise toml.wrong((*place, "course"), str(wrong)) from None
    return laid_out(plan, replace(course, file=table.course))


def _count(table: SegmentTable) -> int:
    """The number of segments after its repeats are written out."""
    return (table.repeat or 1) * sum(_count(each) for each in table.segment) if table.segment else 1


Turn = tuple[int, int] | None  # which repeat, of how many


class _Reader:
    """Writes the blocks out, and raises errors that name the place."""

    def __init__(self, toml: Toml, fitness: Fitness | None, hearts: Hearts) -> None:
        self._toml, self._fitness, self._hearts = toml, fitness, hearts
        self.lines: list[int | None] = []  # of each segment written out so far
        self.mistakes: dict[str, InvalidSettings] = {}  # so that all of a file are told at once

    def all(self, tables: list[SegmentTable], place: Place, turn: Turn = None, sets: Turn = None) -> Iterator[Segment]:
        """`turn` is that of the innermost block with more than one, `sets` that of the one around it."""
        if len(place) > 2 * DEEPEST_TABLE:
            raise self._toml.wrong(place, "is nested too deeply", f"blocks can be nested at most {DEEPEST_TABLE} deep")
        for index, table in enumerate(tables):
            own = (*place, index)
            if table.repeat is None and not table.segment:
                self.lines.append(self._toml.line(own))
                try:
                    yield replace(self._segment(table, own), turn=turn, sets=sets)
                except InvalidSettings as wrong:
                    self.mistakes[str(wrong)] = wrong
                continue
            times = self._repeats(table, own)
            for time in range(times):
                inner, around = ((time + 1, times), turn) if times > 1 else (turn, sets)
                yield from self.all(table.segment, (*own, "segment"), inner, around)

    def _repeats(self, table: SegmentTable, place: Place) -> int:
        if table.repeat is None:
            raise self._toml.wrong(place, "has segments inside but no repeat", "give the number of times: repeat = 3")
        if not table.segment:
            raise self._toml.wrong(place, "repeats nothing", "put [[segment.segment]] tables under it")
        for key in ("length", "pace", "heart", "until", "kind", "cadence", "say"):
            if getattr(table, key):
                raise self._toml.wrong((*place, key), "does not belong to a block", "it belongs to the segments in it")
        return table.repeat

    def _segment(self, table: SegmentTable, place: Place) -> Segment:
        if table.length is None and table.until is None:
            raise self._toml.wrong(place, "has no length", 'give it one, such as length = "10 min", "2 km" or "lap"')
        target, heart, until = self._target(table.pace, (*place, "pace")), self._heart(table, place), self._until(table, place)
        kind = table.kind or (KIND_OF_PACE.get(table.pace or "", Kind.STEADY) if target or heart else Kind.FREE)
        length = (
            heart_text.longest(until) if until and not table.length else self.length(table.length or "", (*place, "length"))
        )
        if isinstance(target, Ramp) and isinstance(length, UntilLap):
            raise self._toml.wrong(
                (*place, "pace"), "a ramp cannot last until you press lap", "give the segment a time or a distance"
            )
        segment = Segment(table.name or kind.label, kind, length, target, None, table.cadence, heart=heart, until=until)
        return replace(segment, says=self._says(segment, table.say, (*place, "say"))) if table.say else segment

    def _heart(self, table: SegmentTable, place: Place) -> Beats | None:
        if table.heart is None:
            return None
        own = (*place, "heart")
        if table.pace is not None:
            raise self._toml.wrong(own, "cannot be combined with a pace", "remove one")
        try:
            return heart_text.beats(table.heart, self._hearts)
        except UnknownHeart as unknown:
            hint = f"put {unknown.keys} under [runner] in the config, or write the beats"
            raise self._toml.wrong(own, str(unknown), hint) from None
        except ValueError as wrong:
            raise self._toml.wrong(own, str(wrong)) from None

    def _until(self, table: SegmentTable, place: Place) -> HeartEnd | None:
        try:
            return heart_text.end(table.until) if table.until is not None else None
        except ValueError as wrong:
            raise self._toml.wrong((*place, "until"), str(wrong)) from None

    def _says(self, segment: Segment, tables: list[SayTable], place: Place) -> tuple[Saying, ...]:
        says = []
        for index, table in enumerate(tables):
            own = (*place, index, "at")
            at = Duration(0.0) if table.at.strip() in _AT_ONCE else self.length(table.at, own)
            if isinstance(at, UntilLap) or not lies_within(segment, at):
                raise self._toml.wrong(own, f'"{table.at}" is not within the segment', "count from the segment's start")
            says.append(Saying(at, table.text))
        return tuple(says)

    def length(self, text: str, place: Place) -> Length:
        if text.strip() == "lap":
            return UntilLap()
        try:
            if is_distance(text):
                return Distance(parse_distance(text))
            return Duration(parse_duration(text))
        except ValueError as wrong:
            raise self._toml.wrong(place, str(wrong)) from None

    def _target(self, text: str | None, place: Place) -> Target:
        if text is None:
            return None
        if "->" in text:
            start, end = (self._speed(each, place) for each in text.split("->", 1))
            return Ramp(start, end) if start != end else Steady(start)
        if ".." in text:
            slow, fast = sorted(self._speed(each, place) for each in text.split("..", 1))
            return Band(slow, fast) if slow != fast else Steady(slow)
        return Steady(self._speed(text, place))

    def _speed(self, text: str, place: Place) -> float:
        name = text.strip()
        if name[:1].isdigit() and name not in NAMES:
            try:
                return parse_speed(name)
            except ValueError as wrong:
                raise self._toml.wrong(place, str(wrong)) from None
        if name not in NAMES:
            raise self._toml.wrong(place, f'"{name}" is not a pace', f'write "5:30/km" or a name: {suggestion(name, NAMES)}')
        if self._fitness is None:
            raise self._needs_fitness(name, place)
        return self._fitness.speed(name)

    def _needs_fitness(self, name: str, place: Place) -> InvalidSettings:
        hint = 'type --race "10k 50:00", put it under [runner] in the config, or write the pace'
        return self._toml.wrong(place, f'the pace "{name}" needs a race result, and the config has none', hint)
