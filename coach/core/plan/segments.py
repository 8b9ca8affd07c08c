"""A plan: the segments of a run in order, each with a length and, mostly, a target speed.

A ramp is linear in *speed* over time: v(t) = v0 + (v1 - v0) t/T. By distance the same ramp reads
v(x) = sqrt(v0² + (v1² - v0²) x/D) and lasts 2D/(v0 + v1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, harmonic_mean

from coach.core.plan.course import Course
from coach.core.plan.heart import Beats, HeartEnd

MAX_SEGMENTS = 1000  # after repeats are written out: a day of 90-second steps
PARTS = 20  # parts into which an eased target is cut to compute its mean


class Kind(StrEnum):
    """What a segment is for: it decides the band around the target, and what is said."""

    WARMUP = "warmup"
    EASY = "easy"
    STEADY = "steady"
    TEMPO = "tempo"
    PEAK = "peak"
    RECOVERY = "recovery"
    COOLDOWN = "cooldown"
    FREE = "free"

    @property
    def label(self) -> str:
        """The name of a segment that has none of its own."""
        return {"warmup": "Warm-up", "cooldown": "Cool-down"}.get(self.value, self.value.capitalize())


EASY = (Kind.WARMUP, Kind.EASY, Kind.RECOVERY, Kind.COOLDOWN)
HARD = (Kind.TEMPO, Kind.PEAK)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length in time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Distance:
    """A length in metres."""

    metres: float


@dataclass(frozen=True, slots=True)
class UntilLap:
    """Lasts until the runner presses the lap key."""


Length = Duration | Distance | UntilLap


@dataclass(frozen=True, slots=True)
class Steady:
    """One speed, m/s."""

    speed: float


@dataclass(frozen=True, slots=True)
class Band:
    """Anything from `slow` to `fast`, m/s."""

    slow: float
    fast: float


@dataclass(frozen=True, slots=True)
class Ramp:
    """From `start` to `end` m/s, linear in speed over time."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Eased:
    """A target that was lowered during the run: min(planned, speed + share * max(0, planned - above)), in m/s.
    Until the fraction `holds` of the length it is min(planned, speed).

    With `may_recover` a runner is not corrected for running up to the planned target.
    """

    planned: Steady | Band | Ramp | Eased | None
    speed: float
    above: float
    share: float
    holds: float = 0.0
    may_recover: bool = True

    def of(self, planned: float, done: float) -> float:
        climb = self.share * max(0.0, planned - self.above) if done >= self.holds else 0.0
        return min(planned, self.speed + climb)


Target = Steady | Band | Ramp | Eased | None


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of the workout's author, to be said at a time or distance into the segment."""

    at: Duration | Distance
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a plan. `turn` is (2, 3) in the second of three repeats, and `sets` the same of the block around that one;
    `cadence` (steps a minute) sets a metronome.

    A segment with a `heart` rate to keep has no target. One that lasts `until` a heart rate has its longest length as length.
    """

    name: str
    kind: Kind
    length: Length
    target: Target = None
    turn: tuple[int, int] | None = None
    cadence: int | None = None
    says: tuple[Saying, ...] = ()
    sets: tuple[int, int] | None = None
    heart: Beats | None = None
    until: HeartEnd | None = None

    def speed_at(self, done: float) -> float | None:
        """The target (m/s) after the fraction `done` (0 to 1) of the length: the middle of a band, None without a target."""
        target = self.target
        return target.speed if isinstance(target, Steady) else _speed(target, isinstance(self.length, Distance), done)

    def allowed_at(self, done: float) -> float | None:
        """The highest speed (m/s) that is not too fast there: the target, or the planned one if the runner may return to it."""
        target = self.target
        while isinstance(target, Eased) and target.may_recover:
            target = target.planned
        return _speed(target, isinstance(self.length, Distance), done)

    @property
    def mean_speed(self) -> float | None:
        """The mean target over the whole segment, m/s."""
        return self._mean_speed_from(0.0)

    @property
    def seconds(self) -> float | None:
        """Planned duration; None where it depends on the runner."""
        return self.seconds_from(0.0)

    @property
    def metres(self) -> float | None:
        """Planned distance; None where it depends on the runner."""
        return self.metres_from(0.0)

    def seconds_from(self, done: float) -> float | None:
        """The planned seconds left after the fraction `done` of the length."""
        match self.length:
            case Duration(seconds):
                return (1.0 - done) * seconds
            case Distance(metres) if speed := self._mean_speed_from(done):
                return (1.0 - done) * metres / speed
        return None

    def metres_from(self, done: float) -> float | None:
        """The planned metres left after the fraction `done` of the length."""
        match self.length:
            case Distance(metres):
                return (1.0 - done) * metres
            case Duration(seconds) if speed := self._mean_speed_from(done):
                return (1.0 - done) * seconds * speed
        return None

    def _mean_speed_from(self, done: float) -> float | None:
        """The mean target (m/s) over time, from the fraction `done` to the end."""
        match self.target:
            case Ramp(end=end):
                return ((self.speed_at(done) or end) + end) / 2  # also if the length is a distance: speed is linear in time
            case Eased():
                parts = [done + (1.0 - done) * (part + 0.5) / PARTS for part in range(PARTS)]
                speeds = [self.speed_at(part) or 0.0 for part in parts]
                by_way = isinstance(self.length, Distance) and min(speeds) > 0
                return harmonic_mean(speeds) if by_way else fmean(speeds)
        return self.speed_at(done)


def asked_for(target: Target) -> Target:
    """The target as it was before it was lowered."""
    while isinstance(target, Eased):
        target = target.planned
    return target


def _speed(target: Target, by_way: bool, done: float) -> float | None:
    match target:
        case Eased(planned):
            return target.of(_speed(planned, by_way, done) or 0.0, done)
        case Steady(speed):
            return speed
        case Band(slow, fast):
            return (slow + fast) / 2
        case Ramp(start, end) if by_way:
            return sqrt(start**2 + (end**2 - start**2) * done)
        case Ramp(start, end):
            return start + (end - start) * done
    return None


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of a plan. `open_time`, `open_distance`: parts that depend on the runner exist, and are not counted."""

    seconds: float
    metres: float
    open_time: bool
    open_distance: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`goal` (s) is given for a race only: lost time is made up within limits there, in training never."""

    name: str
    segments: tuple[Segment, ...]
    course: Course | None = None
    goal: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.segments) <= MAX_SEGMENTS:
            raise ValueError(f"a workout has 1 to {MAX_SEGMENTS} segments, not {len(self.segments)}")

    @property
    def totals(self) -> Totals:
        times = [segment.seconds for segment in self.segments]
        ways = [segment.metres for segment in self.segments]
        return Totals(
            seconds=sum(time for time in times if time is not None),
            metres=sum(way for way in ways if way is not None),
            open_time=None in times,
            open_distance=None in ways,
        )

    @property
    def is_free(self) -> bool:
        """Whether this is the run without a workout: it asks for nothing, and the key lap does not end it."""
        return self.segments == FREE_RUN.segments

    @property
    def is_laid_out(self) -> bool:
        """Whether its segments cover the whole course in metres; then its paces allow for the hills."""
        by_way = all(isinstance(segment.length, Distance) for segment in self.segments)
        return self.course is not None and by_way and abs(self.totals.metres - self.course.length) < 1.0


FREE_RUN = Plan("Free run", (Segment("Free run", Kind.FREE, UntilLap()),))
