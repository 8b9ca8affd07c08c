"""The plan as a curve to draw: the target over the planned time, and where on it a runner is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from coach.core.judge.band import Bands
from coach.core.plan.segments import Distance, Plan, Segment

OPEN = 300.0  # s drawn for a segment whose time nobody knows
USUAL = 2.8  # m/s: for the time of a distance without a target
POINTS = 12  # of a segment whose target changes


@dataclass(frozen=True, slots=True)
class Leg:
    """A segment on the curve, from `begin` to `end` (0 to 1 of the whole).

    `points` are the place, the target, and the edges of the band below and above it; in m/s, None where there is none.
    """

    segment: int
    name: str
    kind: str
    begin: float
    end: float
    points: tuple[tuple[float, float | None, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """All legs in order."""

    legs: tuple[Leg, ...]

    @classmethod
    def of(cls, plan: Plan, bands: Bands) -> Outline:
        ends = list(accumulate(_seconds(segment) for segment in plan.segments))
        legs = []
        for index, segment in enumerate(plan.segments):
            begin, end = (ends[index - 1] if index else 0.0) / ends[-1], ends[index] / ends[-1]
            count = POINTS if segment.speed_at(0.0) != segment.speed_at(1.0) else 1
            points = tuple(_point(segment, index, step / count, begin, end, bands) for step in range(count + 1))
            legs.append(Leg(index + 1, segment.name, segment.kind.value, begin, end, points))
        return cls(tuple(legs))

    def place(self, index: int, done: float) -> float:
        """How much of the whole is behind, at the fraction `done` of segment `index` (from 0)."""
        leg = self.legs[index]
        return leg.begin + min(1.0, done) * (leg.end - leg.begin)


def _point(
    segment: Segment, index: int, done: float, begin: float, end: float, bands: Bands
) -> tuple[float, float | None, float | None, float | None]:
    at, target = begin + done * (end - begin), segment.speed_at(done)
    if not target:
        return at, None, None, None
    limits = bands.limits(index, target, 0.0)
    return at, target, limits.slow, limits.fast


def _seconds(segment: Segment) -> float:
    if segment.seconds:
        return segment.seconds
    return segment.length.metres / USUAL if isinstance(segment.length, Distance) else OPEN
