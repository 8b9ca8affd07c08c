"""Zwift's .zwo for running: one kind of length per file, targets as fractions of a race speed.

    <durationType>distance</durationType>
    <SteadyState Duration="1000" Power="1.03" pace="2"/>      1.03 x the runner's speed over 10 km

`pace` 0 to 4 is the mile, 5 km, 10 km, half and marathon. A ramp is linear in speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from coach.core.plan import Band, Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target, UntilLap
from coach.core.units import METRES
from coach.located import InvalidSettings
from coach.planning.fitness import HALF, MARATHON, Fitness
from coach.workouts.blocks import Block, Item, Written, blocks, number, printable
from coach.workouts.reading import NO_FITNESS, Reading, Warn, decimal, local

RACES = {"0": METRES["mi"], "1": 5_000.0, "2": 10_000.0, "3": HALF, "4": MARATHON}
WRITTEN = "2"  # targets are written as fractions of the 10 km speed
OPEN_SECONDS = 300.0  # stands for "until lap", which the format lacks

_KINDS = {"Warmup": Kind.WARMUP, "Cooldown": Kind.COOLDOWN, "Ramp": None, "SteadyState": None,
          "FreeRide": Kind.FREE, "Freeride": Kind.FREE, "FreeRun": Kind.FREE, "MaxEffort": Kind.FREE}  # fmt: skip
_RAMPS = ("Warmup", "Cooldown", "Ramp")


def read(path: Path, fitness: Fitness | None, warn: Warn) -> Plan:
    """Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn)
    root = reading.xml()
    workout = next((each for each in root if local(each) == "workout"), None)
    if local(root) != "workout_file" or workout is None:
        raise reading.wrong(None, "is no .zwo: it has no workout_file with a workout in it")
    return reading.plan(_text(root, "name"), _Reader(reading, root).all(workout))


def _text(root: Any, name: str) -> str:
    return next(((each.text or "").strip() for each in root if local(each) == name), "")


class _Reader:
    def __init__(self, reading: Reading, root: Any) -> None:
        self._reading = reading
        self._runs = _text(root, "sportType").lower() in ("run", "running")
        self._by_distance = self._is_distance(_text(root, "durationType").lower())
        seconds = decimal(_text(root, "thresholdSecPerKm"))
        self._threshold = 1000 / seconds if seconds else None
        if not self._runs:
            reading.warn(None, "is a workout for riding: its targets are powers, and its steps have no target here")

    def _is_distance(self, kind: str) -> bool:
        if kind not in ("time", "distance") and self._runs:
            self._reading.warn(None, "does not say whether its lengths are seconds or metres (durationType): taken as metres")
        return kind == "distance" or (kind != "time" and self._runs)

    def all(self, workout: Any) -> Iterator[Segment]:
        count = 0
        for element in workout:
            if found := self._element(element):
                count += len(found)
                self._reading.fits(element.sourceline, count)
                yield from found

    def _element(self, element: Any) -> list[Segment]:
        name, line = local(element), element.sourceline
        if name == "IntervalsT":
            body = [self._side(element, side, kind) for side, kind in (("On", None), ("Off", Kind.RECOVERY))]
            return self._reading.repeated(line, body, decimal(element.get("Repeat")))
        if name not in _KINDS:
            if name.lower() != "textevent":
                self._reading.warn(line, f"{printable(name, 40)} is no step that is known here and is left out")
            return []
        target = self._target(element, *self._powers(element, "Power", "PowerLow", "PowerHigh"), name)
        return [self._reading.segment(line, self._name(element), _KINDS[name], self._length(element, "Duration"), target)]

    def _side(self, element: Any, side: str, kind: Kind | None) -> Segment:
        """One half of the intervals."""
        powers = self._powers(element, f"{side}Power", f"Power{side}Low", f"Power{side}High")
        length = self._length(element, f"{side}Duration")
        return self._reading.segment(element.sourceline, "", kind, length, self._target(element, *powers, "IntervalsT"))

    def _length(self, element: Any, attribute: str) -> Length:
        value = decimal(element.get(attribute))
        if value is None:
            raise self._reading.wrong(element.sourceline, f"{local(element)} has no {attribute}")
        return (self._reading.metres if self._by_distance else self._reading.seconds)(element.sourceline, value)

    def _powers(self, element: Any, one: str, low: str, high: str) -> tuple[float | None, float | None]:
        single = decimal(element.get(one))
        return (single, single) if single is not None else (decimal(element.get(low)), decimal(element.get(high)))

    def _target(self, element: Any, low: float | None, high: float | None, name: str) -> Target:
        line = element.sourceline
        if low is None or high is None or not self._runs or _KINDS.get(name) is Kind.FREE:
            return None
        race = self._race(element)
        if race is None:
            return None
        if name == "Cooldown" and high > low:
            self._reading.warn(line, "the cool-down rises, as some editors write it by mistake: it is turned round")
            low, high = high, low
        between = self._reading.ramp if name in _RAMPS else self._reading.band
        return between(line, low * race, high * race)

    def _race(self, element: Any) -> float | None:
        """m/s of which the powers of this element are fractions."""
        line, key = element.sourceline, element.get("pace")
        if key is None and self._threshold:
            return self._threshold
        if key not in RACES:
            told = f"pace {printable(str(key), 20)}" if key is not None else "a power without a pace"
            return self._reading.no_target(line, told, "names no race speed (0 to 4: mile, 5k, 10k, half, marathon)")
        if self._reading.fitness is None:
            return self._reading.no_target(line, "a fraction of a race speed", NO_FITNESS)
        return self._reading.fitness.race_speed(RACES[key])

    def _name(self, element: Any) -> str:
        """The message at its very beginning names a step; later ones are not spoken here."""
        name = ""
        for event in element:
            message = printable(event.get("message", ""), 80, "")
            if local(event).lower() != "textevent" or not message:
                continue
            if not decimal(event.get("timeoffset") or event.get("distoffset") or "0"):
                name = name or message
            else:
                self._reading.warn(event.sourceline, f'the message "{message}" is not spoken here')
        return name


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Fractions of the 10 km speed to 1e-6; all lengths become times, or distances. InvalidSettings without fitness."""
    if fitness is None:
        raise InvalidSettings("a .zwo workout", None, "holds fractions of your race speed", f"it {NO_FITNESS}")
    distances = sum(isinstance(segment.length, Distance) for segment in plan.segments)
    writer = _Writer(fitness.race_speed(RACES[WRITTEN]), by_distance=2 * distances > len(plan.segments))
    steps = "".join(f"  {writer.item(each)}\n" for item in blocks(plan) for each in _single(item))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<workout_file>\n <author>progression-coach</author>\n'
        f" <name>{escape(printable(plan.name, 80))}</name>\n <sportType>run</sportType>\n"
        f" <durationType>{'distance' if writer.by_distance else 'time'}</durationType>\n"
        f" <workout>\n{steps} </workout>\n</workout_file>\n"
    )
    return Written(text.encode(), tuple(writer.notes))


def _single(item: Item) -> Iterator[Item]:
    """Pairs at one speed each stay together (IntervalsT); every other repeat is written out."""
    if not isinstance(item, Block):
        yield item
    elif len(item.body) == 2 and all(isinstance(each, Segment) and isinstance(each.target, Steady) for each in item.body):
        yield item
    else:
        yield from (each for _ in range(item.times) for inside in item.body for each in _single(inside))


class _Writer:
    def __init__(self, race: float, by_distance: bool) -> None:
        self._race, self.by_distance = race, by_distance
        self.notes: dict[str, None] = {"targets are fractions of your 10 km speed of now: they change with your fitness": None}

    def item(self, item: Item) -> str:
        if isinstance(item, Block):
            on, off = (each for each in item.body if isinstance(each, Segment))
            self.notes["the names of repeated steps are left out"] = None
            sides = "".join(f' {side}Duration="{self._length(each)}"' for side, each in (("On", on), ("Off", off)))
            powers = "".join(f' {side}Power="{self._share(each.mean_speed)}"' for side, each in (("On", on), ("Off", off)))
            return f'<IntervalsT Repeat="{item.times}"{sides}{powers} pace="{WRITTEN}"/>'
        length = f'Duration="{self._length(item)}"'
        event = f'<textevent {"dist" if self.by_distance else "time"}offset="0" message={quoteattr(printable(item.name, 80))}/>'
        return f"<{self._tag(item)} {length}{self._powers(item)}>{event}</{self._tag(item)}>"

    def _tag(self, segment: Segment) -> str:
        match segment.target:
            case None:
                return "FreeRun"
            case Ramp(start, end) if segment.kind is not Kind.COOLDOWN or start > end:
                return {Kind.WARMUP: "Warmup", Kind.COOLDOWN: "Cooldown"}.get(segment.kind, "Ramp")
            case Ramp():
                return "Ramp"
        return {Kind.WARMUP: "Warmup", Kind.COOLDOWN: "Cooldown"}.get(segment.kind, "SteadyState")

    def _powers(self, segment: Segment) -> str:
        match segment.target:
            case None:
                return ""
            case Ramp(start, end):
                low, high = start, end
            case Band() | Steady():
                low = high = segment.mean_speed or 0.0
                if isinstance(segment.target, Band):
                    self.notes["a band becomes its middle"] = None
        if self._tag(segment) == "SteadyState":
            return f' Power="{self._share(low)}" pace="{WRITTEN}"'
        return f' PowerLow="{self._share(low)}" PowerHigh="{self._share(high)}" pace="{WRITTEN}"'

    def _share(self, speed: float | None) -> str:
        return number((speed or 0.0) / self._race, 6)

    def _length(self, segment: Segment) -> str:
        """Seconds or metres, as the whole file; the other kind at the target's mean speed."""
        own = Distance if self.by_distance else Duration
        if not isinstance(segment.length, own):
            kind = "distances" if self.by_distance else "times"
            self.notes[f"all lengths became {kind}, at the pace planned: a .zwo has one kind"] = None
        value = segment.metres if self.by_distance else segment.seconds
        if value is None:
            value = self._guess(segment)
        return number(value, 3)

    def _guess(self, segment: Segment) -> float:
        """A length for what has none in this kind: at 10 km speed, and told."""
        match segment.length:
            case UntilLap():
                self.notes[f'"{segment.name}": until lap became {OPEN_SECONDS / 60:g} minutes'] = None
                return OPEN_SECONDS * (self._race if self.by_distance else 1.0)
            case Duration(seconds):
                self.notes[f'"{segment.name}": without a pace its distance is that at 10 km speed'] = None
                return seconds * self._race
            case Distance(metres):
                self.notes[f'"{segment.name}": without a pace its time is that at 10 km speed'] = None
                return metres / self._race
