"""Zwift's .zwo for running: read here, written by zwo_text.py. One kind of length per file, targets as shares of a race speed.

    <durationType>distance</durationType>
    <SteadyState Duration="1000" Power="1.03" pace="2"/>      1.03 x the runner's speed over 10 km

`pace` 0 to 4 is the mile, 5 km, 10 km, half and marathon. A ramp is linear in speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from coach.core.plan.segments import Distance, Duration, Kind, Plan, Segment, Target
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.workouts import files, zwo_text
from coach.workouts.blocks import Written, printable
from coach.workouts.files import decimal, local
from coach.workouts.reading import NO_FITNESS, Reading, Warn, Workout
from coach.workouts.zwo_table import ELEMENTS, EVENT, RACE_METRES, RAMPS, is_name


def read(path: Path, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn)
    root = files.xml(reading)
    workout = next((each for each in root if local(each) == "workout"), None)
    if local(root) != "workout_file" or workout is None:
        raise reading.wrong(None, "is not a .zwo workout: it has no <workout_file> with a <workout> in it")
    return reading.workout(_text(root, "name"), _Reader(reading, root).all(workout))


def _text(root: Any, name: str) -> str:
    return next(((each.text or "").strip() for each in root if local(each) == name), "")


class _Reader:
    def __init__(self, reading: Reading, root: Any) -> None:
        self._reading = reading
        sport = _text(root, "sportType").lower()
        self._runs = sport in ("run", "running")
        self._by_distance = self._is_distance(_text(root, "durationType").lower())
        seconds = decimal(_text(root, "thresholdSecPerKm"))
        self._threshold = 1000 / seconds if seconds else None
        if not self._runs:
            what = "is a workout for riding" if sport == "bike" else 'does not say that it is for running (sportType "run")'
            reading.warn(None, f"{what}: its targets are powers, and its steps have no target")

    def _is_distance(self, kind: str) -> bool:
        if kind not in ("time", "distance") and self._runs:
            self._reading.warn(None, "has no durationType: its lengths are taken as metres")
        return kind == "distance" or (kind != "time" and self._runs)

    def all(self, workout: Any) -> Iterator[Segment]:
        count = 0
        for element in workout:
            found = self._element(element)
            count += len(found)
            self._reading.fits(element.sourceline, count)
            yield from found

    def _element(self, element: Any) -> list[Segment]:
        name, line = local(element), element.sourceline
        if name == "IntervalsT":
            body = [self._side(element, side, kind) for side, kind in (("On", None), ("Off", Kind.RECOVERY))]
            return self._with_events(element, self._reading.repeated(line, body, decimal(element.get("Repeat"))))
        if name not in ELEMENTS:
            what = "a message outside a step" if name.lower() == EVENT else f"{printable(name, 40)}, which is not a known step,"
            self._reading.warn(line, f"{what} is left out")
            return []
        target = self._target(element, *self._powers(element, "Power", "PowerLow", "PowerHigh"), name)
        segment = self._reading.segment(line, self._name(element), ELEMENTS[name], self._length(element, "Duration"), target)
        return self._with_events(element, [replace(segment, cadence=self._cadence(element, "Cadence"))])

    def _side(self, element: Any, side: str, kind: Kind | None) -> Segment:
        """One half of the intervals."""
        powers = self._powers(element, f"{side}Power", f"Power{side}Low", f"Power{side}High")
        length = self._length(element, f"{side}Duration")
        target = self._target(element, *powers, "IntervalsT")
        segment = self._reading.segment(element.sourceline, "", kind, length, target)
        return replace(segment, cadence=self._cadence(element, "Cadence" if side == "On" else "CadenceResting"))

    def _cadence(self, element: Any, attribute: str) -> int | None:
        value = decimal(element.get(attribute))
        return self._reading.cadence(element.sourceline, value, value) if value and self._runs else None

    def _length(self, element: Any, attribute: str) -> Duration | Distance:
        value = decimal(element.get(attribute))
        if value is None:
            raise self._reading.wrong(element.sourceline, f"{local(element)} has no {attribute} that is a number")
        return (self._reading.metres if self._by_distance else self._reading.seconds)(element.sourceline, value)

    def _powers(self, element: Any, one: str, low: str, high: str) -> tuple[float | None, float | None]:
        single = decimal(element.get(one))
        return (single, single) if single is not None else (decimal(element.get(low)), decimal(element.get(high)))

    def _target(self, element: Any, low: float | None, high: float | None, name: str) -> Target:
        line = element.sourceline
        if not self._runs or ELEMENTS.get(name) is Kind.FREE:
            return None
        if low is None or high is None:
            return self._reading.no_target(line, f"{name} without a power", "says no speed")
        race = self._race(element)
        if race is None:
            return None
        if name == "Cooldown" and high > low:
            self._reading.warn(
                line, "the cool-down gets faster, a mistake of some editors; it is read with start and end exchanged"
            )
            low, high = high, low
        between = self._reading.ramp if name in RAMPS else self._reading.band
        return between(line, low * race, high * race)

    def _race(self, element: Any) -> float | None:
        """m/s of which the powers of this element are fractions."""
        line, key = element.sourceline, element.get("pace")
        if key is None and self._threshold:
            return self._threshold
        if key not in RACE_METRES:
            told = f"pace {printable(str(key), 20)}" if key is not None else "a power without a pace"
            self._reading.no_target(line, told, "names no race speed (0 to 4: mile, 5k, 10k, half, marathon)")
            return None
        if self._reading.fitness is None:
            self._reading.no_target(line, "a share of a race speed", NO_FITNESS)
            return None
        return self._reading.fitness.race_speed(RACE_METRES[key])

    def _name(self, element: Any) -> str:
        """The message at the very beginning, where it reads like a name."""
        first = next((text for _, at, text in self._events(element) if _value(at) == 0), "")
        return first if is_name(first) else ""

    def _events(self, element: Any) -> Iterator[tuple[int, Duration | Distance, str]]:
        """Line, place and words of the messages in a step."""
        for event in element:
            if local(event).lower() != EVENT:
                self._reading.warn(event.sourceline, f"{printable(local(event), 40)} is not a known element and is left out")
                continue
            time, way = decimal(event.get("timeoffset")), decimal(event.get("distoffset"))
            at = Distance(way) if way is not None and (time is None or self._by_distance) else Duration(time or 0.0)
            yield event.sourceline, at, event.get("message", "")

    def _with_events(self, element: Any, segments: list[Segment]) -> list[Segment]:
        """The segments of an element with its messages at their places; the element's name is not among these."""
        named = self._name(element) if len(segments) == 1 else ""
        for line, at, text in self._events(element):
            if named and text == named and _value(at) == 0:
                named = ""
                continue
            index, within = _place(segments, at)
            segments[index] = self._reading.said(line, segments[index], within, text)
        return segments


def _value(at: Duration | Distance) -> float:
    return at.seconds if isinstance(at, Duration) else at.metres


def _place(segments: list[Segment], at: Duration | Distance) -> tuple[int, Duration | Distance]:
    """The segment in which a place lies that is counted from the first one's beginning, and where in it."""
    kind, left = type(at), _value(at)
    for index, segment in enumerate(segments[:-1]):
        whole = segment.seconds if kind is Duration else segment.metres
        if whole is None or left < whole:
            return index, kind(left)
        left -= whole
    return len(segments) - 1, kind(left)


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Fractions of the 10 km speed to 1e-6; all lengths become times, or distances. InvalidSettings without fitness."""
    return zwo_text.write(plan, fitness)
