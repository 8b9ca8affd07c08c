"""Estimates fitness from whatever a runner knows: one race or two, an easy pace, a talk test, or a pace and its heart rate.

A race is the best evidence; of two, the better one counts. Of other evidence the lowest counts, and the result is only an
estimate, from which a beginner gets no pace faster than marathon pace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coach.core.units import parse_distance, parse_speed
from coach.planning.fitness.heart import heart_share, most_beats
from coach.planning.fitness.paces import EASY_LONG, LEAST, MOST, Fitness, Result, oxygen_cost
from coach.planning.fitness.predictions import Pair

TALKING = 0.75  # fraction of VDOT: the highest effort at which people can still talk in sentences


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence as the runner wrote it; "" and 0 mean "not known"."""

    race: str = ""
    race2: str = ""
    easy_pace: str = ""
    talk_pace: str = ""
    heart_pace: str = ""
    max_heart: int = 0
    age: int = 0
    beta_blockers: bool = False
    weekly: str = ""

    @property
    def result(self) -> Result | None:
        """The race that shows the highest fitness."""
        results = [Result.parse(text) for text in (self.race, self.race2) if text]
        return max(results, key=lambda result: result.vdot, default=None)

    @property
    def pair(self) -> Pair | None:
        """Raises ValueError if the two races contradict each other."""
        return Pair.of(Result.parse(self.race), Result.parse(self.race2)) if self.race and self.race2 else None

    @property
    def weekly_metres(self) -> float | None:
        return parse_distance(self.weekly) if self.weekly else None

    @property
    def most_beats(self) -> int | None:
        return most_beats(self.max_heart, self.age, self.beta_blockers)


def best_fitness(evidence: Evidence, level: str) -> Fitness | None:
    """None if nothing is known. Raises ValueError for invalid evidence."""
    if result := evidence.result:
        return Fitness(result.vdot, result.text)
    estimates = list(_estimates(evidence))
    if not estimates:
        return None
    vdot, origin = min(estimates)
    return Fitness(vdot, origin, estimate=True, capped=level == "beginner")


def from_easy_pace(text: str) -> float:
    """The VDOT of a runner whose easy pace is this."""
    return _sensible(oxygen_cost(parse_speed(text)) / EASY_LONG, text)


def from_talk_test(text: str) -> float:
    """The VDOT of a runner who can still talk clearly at this pace, but no faster."""
    return _sensible(oxygen_cost(parse_speed(text)) / TALKING, text)


def from_heart(text: str, most: int | None) -> float:
    """The VDOT of a runner with this steady pace and heart rate, "6:30/km at 152"; `most` is the maximum heart rate."""
    pace, beats = split_heart_pace(text)
    if most is None:
        raise ValueError(f"{text!r} needs your maximum heart rate: give max_heart, or age")
    return _sensible(oxygen_cost(parse_speed(pace)) / heart_share(beats, most), text)


def split_heart_pace(text: str) -> tuple[str, int]:
    """The pace and the beats of "6:30/km at 152"."""
    pace, at, beats = text.partition(" at ")
    if not at or not beats.strip().isascii() or not beats.strip().isdigit():
        raise ValueError(f'{text!r} is not a pace with a heart rate; write "6:30/km at 152"')
    parse_speed(pace)
    return pace, int(beats)


def _estimates(evidence: Evidence) -> Iterator[tuple[float, str]]:
    if evidence.easy_pace:
        yield from_easy_pace(evidence.easy_pace), f"your easy pace, {evidence.easy_pace}"
    if evidence.talk_pace:
        yield from_talk_test(evidence.talk_pace), f"the talk test, {evidence.talk_pace}"
    if evidence.heart_pace:
        yield from_heart(evidence.heart_pace, evidence.most_beats), f"your pace at a heart rate, {evidence.heart_pace}"


def _sensible(vdot: float, text: str) -> float:
    if not LEAST <= vdot <= MOST:
        raise ValueError(
            f"{text!r} would mean a fitness (VDOT) of {vdot:.0f}; {LEAST:.0f} to {MOST:.0f} is possible: check what you typed"
        )
    return vdot
