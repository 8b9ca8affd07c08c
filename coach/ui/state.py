"""The state of a run at a moment, as every view shows it: terminal, page, socket, broker.

An immutable snapshot in SI units, made once a second and after each change; `coach schema --state` prints its JSON schema. The
names are those of the --json lines.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from coach.core.coach import Coach
from coach.core.judge.band import Bands
from coach.core.plan.segments import Distance, Duration, Segment
from coach.core.session.phases import Phase
from coach.ui.outline import Outline

PhaseName = Literal["ready", "running", "paused", "done"]
Side = Literal["slow", "inside", "fast"]
Until = Literal["time", "distance", "lap", "heart"]


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were said at `at` (s), of this kind of cue."""

    at: float
    cue: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A segment: its number from 1, what it asks for (m/s at its start and its end, or beats a minute), and its length."""

    segment: int
    name: str
    kind: str
    until: Until
    seconds: float | None  # its length, if that is a time
    metres: float | None  # its length, if that is a distance
    start: float | None
    end: float | None
    heart: tuple[float, float] | None

    @classmethod
    def of(cls, segment: Segment, number: int) -> Part:
        length, heart = segment.length, segment.heart
        until: Until = "time" if isinstance(length, Duration) else "distance" if isinstance(length, Distance) else "lap"
        return cls(
            number,
            segment.name,
            segment.kind.value,
            "heart" if segment.until else until,
            length.seconds if isinstance(length, Duration) else None,
            length.metres if isinstance(length, Distance) else None,
            segment.speed_at(0.0),
            segment.speed_at(1.0),
            (heart.low, heart.high) if heart else None,
        )


@dataclass(frozen=True, slots=True)
class State:
    """Seconds, metres, m/s; `at` since the run began, `elapsed` and `distance` count running only. None is unknown, or none."""

    at: float
    phase: PhaseName
    name: str  # of the workout
    elapsed: float
    distance: float
    place: float  # how much of the whole plan is behind, 0 to 1
    of: int  # segments
    now: Part
    next: Part | None
    done: float  # how much of the segment is behind, 0 to 1
    seconds_left: float | None  # of the segment
    metres_left: float | None
    speed: float | None
    sigma: float | None
    source: str | None
    signal: str  # good fair poor none
    target: float | None
    low: float | None  # the edges of the band around the target; None where that side is never corrected
    high: float | None
    side: Side | None  # where the speed is; None if it is unknown or there is no band
    ahead: float | None  # s ahead of the plan; negative is behind
    heart: float | None
    cadence: float | None
    incline: float | None
    slope: float | None  # of the ground, rise over run
    battery_low: tuple[str, ...]  # names of devices
    said: tuple[Said, ...]  # the last words, newest last
    verbosity: str
    saved: bool  # the run reaches the disk
    treadmill: bool
    units: str  # the runner's: metric or imperial; all values here are SI

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, floats rounded to thousandths."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


class Stater:
    """Makes the states of one run."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._bands = Bands(coach.plan, coach.policy, coach.settings.level)
        self.outline = Outline.of(coach.plan, self._bands)

    @property
    def at(self) -> float:
        """The second of the run (s)."""
        return self._coach.estimate.at

    def state(self, said: tuple[Said, ...] = (), battery_low: tuple[str, ...] = (), saved: bool = True) -> State:
        coach = self._coach
        estimate, target = coach.estimate, coach.session.target
        low, high, side = self._band()
        return State(
            at=estimate.at,
            name=coach.plan.name,
            **self._place(),
            speed=estimate.speed,
            sigma=estimate.sigma,
            source=estimate.source,
            signal=coach.quality.value if estimate.speed is not None else "none",
            target=target,
            low=low,
            high=high,
            side=side,
            ahead=coach.judges.ahead if target else None,
            **coach.beside._asdict(),
            slope=coach.slope.value if coach.slope else None,
            battery_low=battery_low,
            said=said,
            verbosity=coach.floor.verbosity,
            saved=saved,
            treadmill=coach.settings.treadmill,
            units=coach.settings.units,
        )

    def _place(self) -> dict[str, Any]:
        """Where in the plan the runner is."""
        session = self._coach.session
        index, segments, done = session.index, session.plan.segments, session.done
        return {
            "phase": _PHASES[session.phase],
            "elapsed": session.elapsed,
            "distance": session.distance,
            "place": 1.0 if self._coach.finished else self.outline.place(index, done),
            "of": len(segments),
            "now": Part.of(segments[index], index + 1),
            "next": None if session.is_last else Part.of(segments[index + 1], index + 2),
            "done": done,
            "seconds_left": session.seconds_left(self._coach.estimate.speed),
            "metres_left": session.metres_left,
        }

    def _band(self) -> tuple[float | None, float | None, Side | None]:
        session, speed = self._coach.session, self._coach.estimate.speed
        if not session.target:
            return None, None, None
        moment = self._coach.moment
        room = moment.room if moment and moment.index == session.index else 1.0
        limits = self._bands.limits(session.index, session.target, 0.0, room)
        if speed is None or (limits.slow is None and limits.fast is None):
            return limits.slow, limits.fast, None
        sides: dict[int, Side] = {-1: "slow", 0: "inside", 1: "fast"}
        return limits.slow, limits.fast, sides[limits.side(speed)]


def schema() -> dict[str, Any]:
    """The JSON schema of a state."""
    from pydantic import TypeAdapter

    return TypeAdapter(State).json_schema()


_PHASES: dict[Phase, PhaseName] = {
    Phase.READY: "ready",
    Phase.RUNNING: "running",
    Phase.PAUSED: "paused",
    Phase.DONE: "done",
}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 3) if isinstance(value, float) else value
