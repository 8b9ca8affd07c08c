"""Where the runner is in the plan: phases, keys, segment boundaries; time and distance that never go back.

READY ──first input, or what `waits` waits for──► RUNNING ◄──pause/resume──► PAUSED
                          │ last segment done        │
                          ▼          quit            ▼
                        DONE ◄───────────────────────┘
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from math import inf
from typing import Any

from coach.core.course.hills import Paces, eased
from coach.core.estimate.filter import UNKNOWN, Raw
from coach.core.estimate.slope import Slope
from coach.core.events import Estimate, Event
from coach.core.inputs import HALTS
from coach.core.plan.segments import Distance, Duration, Eased, Plan, Segment, Steady, UntilLap
from coach.core.session.moment import SLOWEST, Moment

RESTART_WITHIN = 10.0  # s into a segment: until then "back" goes to the one before, later to its start, as on a music player


class Phase(Enum):
    READY = auto()
    RUNNING = auto()
    PAUSED = auto()
    DONE = auto()


# What a key does in each phase; a key that is not listed does nothing.
_KEYS: dict[tuple[Phase, str], str] = {
    (Phase.READY, "pause"): "begin",
    (Phase.READY, "resume"): "begin",
    (Phase.READY, "lap"): "begin",
    (Phase.READY, "quit"): "_quit",
    (Phase.RUNNING, "pause"): "_pause",
    (Phase.PAUSED, "pause"): "_resume",
    (Phase.PAUSED, "resume"): "_resume",
    (Phase.RUNNING, "halt"): "_pause",
    (Phase.PAUSED, "go"): "_resume",
    (Phase.RUNNING, "skip"): "_skip",
    (Phase.PAUSED, "skip"): "_skip",
    (Phase.RUNNING, "back"): "_back",
    (Phase.PAUSED, "back"): "_back",
    (Phase.RUNNING, "lap"): "_lap",
    (Phase.RUNNING, "quit"): "_quit",
    (Phase.PAUSED, "quit"): "_quit",
}


class Session:
    """Advances through the plan with time and distance, and emits which segments began and ended.

    `elapsed` (s) and `distance` (m) count running only, not pauses; `into_seconds` and `into_metres` are
    the part of them in the active segment. A session that `waits` begins by a key or by `begin`, else with the first input.
    """

    def __init__(self, plan: Plan, waits: bool = False) -> None:
        self.plan, self._waits = plan, waits
        self._goal = plan.goal
        self.phase = Phase.READY
        self.index = 0  # 0-based here; events count from 1
        self.elapsed = 0.0
        self.distance = 0.0
        self._at: float | None = None
        self._by = "key"  # what pressed the last key
        self._metres = 0.0
        self._from_seconds = 0.0
        self._from_metres = 0.0
        self._planned_before = 0.0
        self._laps, self._lap_from = 0, (0.0, 0.0)  # how many were told; s and m of running at the last press of the key
        totals = plan.totals
        self._paces = Paces(plan) if plan.is_laid_out else None
        self._eased: float | None = None  # the target while it changes from one slope to the next
        self._half = None if totals.open_time else totals.seconds / 2  # s of the plan; None once halfway was said
        self._planned_here = 0.0  # s of the plan in the active segment
        self._by_time, self._whole = False, inf  # its length is a time; its length in s or m, infinite until lap
        self._go_to(0)

    @property
    def segment(self) -> Segment:
        return self.plan.segments[self.index]

    @property
    def is_last(self) -> bool:
        return self.index == len(self.plan.segments) - 1

    @property
    def into_seconds(self) -> float:
        return self.elapsed - self._from_seconds

    @property
    def into_metres(self) -> float:
        return self.distance - self._from_metres

    @property
    def done(self) -> float:
        """Completed fraction of the active segment, 0 to 1."""
        run = self.elapsed - self._from_seconds if self._by_time else self.distance - self._from_metres
        if run >= self._whole:
            return 1.0
        return run / self._whole if run > 0.0 else 0.0

    @property
    def target(self) -> float | None:
        """The current target, m/s. On a course it changes gradually, as fast as a runner can follow."""
        return self._eased if self._paces else self.due

    @property
    def due(self) -> float | None:
        """The target here, m/s; in a plan made for a hilly course, the speed that keeps the effort even."""
        planned = self.segment.speed_at(self.done)
        return planned * self._paces.share(self.index, self.distance) if planned and self._paces else planned

    @property
    def metres_left(self) -> float | None:
        """Metres left in the active segment; None unless its length is a distance."""
        return max(0.0, self._whole - self.into_metres) if isinstance(self.segment.length, Distance) else None

    def seconds_left(self, speed: float | None) -> float | None:
        """Seconds left in the active segment, at `speed` (m/s) if its length is a distance; None if unknown."""
        if self._by_time:
            left = self._whole - self.into_seconds
        elif self._whole < inf and speed and speed > SLOWEST:
            left = (self._whole - self.into_metres) / speed
        else:
            return None
        return left if left > 0.0 else 0.0

    def look(self, estimate: Estimate, assumed: float | None = None, slope: Slope | None = None, raw: Raw = UNKNOWN) -> Moment:
        """The moment of this estimate; `assumed` is the speed (m/s) to use while the estimate has none."""
        index, segments = self.index, self.plan.segments
        segment, following = segments[index], segments[index + 1] if index + 1 < len(segments) else None
        done = self.done
        planned = segment.target.speed if isinstance(segment.target, Steady) else segment.speed_at(done)
        allowed = segment.allowed_at(done) if isinstance(segment.target, Eased) else None
        return Moment(
            at=estimate.at,
            estimate=estimate,
            index=index,
            segment=segment,
            following=following,
            elapsed=self.elapsed,
            distance=self.distance,
            into_seconds=self.elapsed - self._from_seconds,
            into_metres=self.distance - self._from_metres,
            done=done,
            target=self._eased if self._paces else planned,
            room=allowed / planned if allowed and planned and allowed > planned else 1.0,
            seconds_left=self.seconds_left(estimate.speed or assumed),
            slope=slope,
            by_effort=self._paces is not None,
            raw=raw,
        )

    def advance(self, at: float, metres: float) -> list[Event]:
        """Move on to time `at` (s) and the estimate's distance `metres`; returns what began and ended, in order."""
        events: list[Event] = []
        if self.phase is Phase.READY and not self._waits:
            events += self.begin(at)
        step = at - self._at if self._at is not None and at > self._at else 0.0
        way = metres - self._metres if metres > self._metres else 0.0
        self._at, self._metres = at, self._metres + way
        if self.phase is not Phase.RUNNING:
            return events
        before = self.elapsed, self.distance
        self.elapsed, self.distance = before[0] + step, before[1] + way
        if self._overshoot(step, way) is not None:
            events += self._end_segments(at, step, way, *before)
        if self._paces:
            self._eased = eased(self._eased, self.due, step)
        if self._half is not None and self._is_halfway(self._half) and self.phase is Phase.RUNNING:
            self._half = None
            events.append(Event(at, "halfway", {"elapsed": self.elapsed, "distance": self.distance}))
        return events

    def retarget(self, plan: Plan) -> None:
        """Replace the plan: only the targets ahead differ; lengths, and so our position in the plan, stay the same."""
        self.plan = plan
        self._planned_here = self.segment.seconds or 0.0

    def begin(self, at: float) -> list[Event]:
        """The run begins at `at` (s)."""
        self.phase = Phase.RUNNING
        return [self._run_began(at), self._segment_began(at)]

    def press(self, at: float, key: str, by: str = "key") -> list[Event]:
        """The events that a key causes; none if it has no meaning in this phase. `by` is who pressed it, if it was no key."""
        action = _KEYS.get((self.phase, key))
        self._by = "recorder" if key in HALTS else by
        return list(getattr(self, action)(at)) if action else []

    def _end_segments(self, at: float, step: float, way: float, seconds: float, metres: float) -> Iterator[Event]:
        """Leaves all segments that ended in the last step, which began after `seconds` and `metres` of running."""
        while (part := self._overshoot(step, way)) is not None and self.phase is Phase.RUNNING:
            yield from self._leave(at, seconds + step * part, metres + way * part)

    def _overshoot(self, step: float, way: float) -> float | None:
        """At which fraction of the last step the active segment ended; None if it has not ended."""
        if self._by_time:
            beyond, last = self.elapsed - self._from_seconds - self._whole, step
        else:
            beyond, last = self.distance - self._from_metres - self._whole, way
        if beyond < -1e-9:
            return None
        return 1.0 - min(1.0, beyond / last) if last else 1.0

    def _leave(self, at: float, seconds: float, metres: float) -> Iterator[Event]:
        """The active segment ended after `seconds` and `metres` of running; the next one begins there."""
        run = {"elapsed": seconds - self._from_seconds, "distance": metres - self._from_metres}
        yield Event(at, "segment_ended", {"segment": self.index + 1, "name": self.segment.name, **run})
        if self.is_last:
            self.phase = Phase.DONE
            self.elapsed, self.distance = seconds, metres  # the run ended there, and so its segments add up to it
            yield Event(at, "run_complete", self._whole_run())
            return
        self._planned_before += self._planned_here
        self._go_to(self.index + 1)
        self._from_seconds, self._from_metres = seconds, metres
        yield self._segment_began(at)

    def _whole_run(self) -> dict[str, Any]:
        """What was run; a race with the first goal and the one that counted last."""
        goals = {} if self._goal is None else {"goal": self._goal, "new_goal": self.plan.goal}
        return {"elapsed": self.elapsed, "distance": self.distance} | goals

    def _is_halfway(self, half: float) -> bool:
        """Whether `half` of the planned time (s) is over."""
        whole = self._planned_before + self._planned_here
        return whole >= half and self._planned_before + self.done * self._planned_here >= half

    def _go_to(self, index: int) -> None:
        self.index, length = index, self.plan.segments[index].length
        self._planned_here = self.segment.seconds or 0.0
        self._by_time = isinstance(length, Duration)
        self._whole = length.seconds if isinstance(length, Duration) else length.metres if isinstance(length, Distance) else inf

    def _run_began(self, at: float) -> Event:
        plan, totals = self.plan, self.plan.totals
        seconds, metres = None if totals.open_time else totals.seconds, None if totals.open_distance else totals.metres
        return Event(at, "run_began", {"name": plan.name, "of": len(plan.segments), "seconds": seconds, "metres": metres})

    def _segment_began(self, at: float) -> Event:
        facts = {"segment": self.index + 1, "of": len(self.plan.segments), "name": self.segment.name}
        return Event(at, "segment_began", facts)

    # What the keys do

    def _pause(self, at: float) -> Iterator[Event]:
        self.phase = Phase.PAUSED
        yield Event(at, "paused", self._why())

    def _resume(self, at: float) -> Iterator[Event]:
        self.phase = Phase.RUNNING
        yield Event(at, "resumed", self._why())

    def _why(self) -> dict[str, Any]:
        return {"elapsed": self.elapsed, "distance": self.distance, "by": self._by, "told": self._by != "recorder"}

    def _skip(self, at: float) -> Iterator[Event]:
        yield from self._leave(at, self.elapsed, self.distance)

    def _back(self, at: float) -> Iterator[Event]:
        told = {"elapsed": self.into_seconds, "distance": self.into_metres}
        yield Event(at, "segment_left", {"segment": self.index + 1, "name": self.segment.name, **told})
        if self.into_seconds < RESTART_WITHIN and self.index > 0:
            self._go_to(self.index - 1)
            self._planned_before -= self._planned_here
        self._from_seconds, self._from_metres = self.elapsed, self.distance
        yield self._segment_began(at)

    def _lap(self, at: float) -> Iterator[Event]:
        (seconds, metres), self._lap_from = self._lap_from, (self.elapsed, self.distance)
        if isinstance(self.segment.length, UntilLap) and not self.plan.is_free:
            yield from self._leave(at, self.elapsed, self.distance)
            return
        self._laps += 1
        lap = {"number": self._laps, "seconds": self.elapsed - seconds, "metres": self.distance - metres}
        yield Event(at, "lap", lap | {"elapsed": self.elapsed, "distance": self.distance})

    def _quit(self, at: float) -> Iterator[Event]:
        self.phase = Phase.DONE
        yield Event(at, "run_stopped", {"elapsed": self.elapsed, "distance": self.distance})
