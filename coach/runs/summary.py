"""The summary of a run: planned and actual values of each segment, and its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate.footpod import MEMORY
from coach.core.events import Cue
from coach.core.judge.band import Bands, Limits
from coach.core.judge.ground import LEVEL, Excuse
from coach.core.plan.segments import Kind, Segment
from coach.core.session.moment import Moment
from coach.core.session.phases import Phase

SETTLE = 30.0  # s at the start of a segment that do not count: nobody is on the new pace at once
LEAST_JUDGED = 10.0  # s; a score of less would be chance
LONGEST_STEP = 5.0  # s: a longer time between two estimates counts as this much
RUNNING = 2.0  # m/s: slower than this people walk (published: they change at 1.9 to 2.1)
SLACK = 0.05  # share below a target that is itself a walk, within which it is walked as asked
NEAR = 3.0  # bands: so far off the target nothing is counted any more


class Summary:
    """Collects the values during the run; `as_dict` is the `summary` line of the --json contract.

    A segment that was begun again by the key `back` has a row for each time.
    """

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._bands = Bands(coach.plan, coach.policy, coach.settings.level)
        self._rows: list[dict[str, Any]] = []
        self._score = Score(self._bands, 0)
        self._cues = 0
        self._followed: Moment | None = None
        self._complete = False
        self._belt: dict[str, Any] = {}

    def follow(self, cues: list[Cue]) -> None:
        """Call it after each input, with the cues that it gave."""
        coach = self._coach
        self._cues += len(cues)
        for event in coach.events:
            if event.name in ("segment_ended", "segment_left"):
                self._rows.append(self._row(event.facts))
            elif event.name == "segment_began":
                self._score = Score(self._bands, event.facts["segment"] - 1)
            elif event.name == "resumed":
                self._score.settle(coach.session.into_seconds + coach.policy.standing.settle)
            elif event.name == "belt_differs":
                self._belt = {"belt": {"ratio": round(event.facts["ratio"], 3)}}
            self._complete = self._complete or event.name == "run_complete"
        moment = coach.moment
        if moment is None or moment is self._followed:
            return  # an input beside another at the same time
        self._followed = moment
        if coach.session.phase is Phase.RUNNING:
            self._score.add(moment, asked(coach.plan.segments[moment.index], moment), coach.excuse)

    def as_dict(self) -> dict[str, Any]:
        session = self._coach.session
        rows = list(self._rows)
        if not self._complete:
            here = {"segment": session.index + 1, "elapsed": session.into_seconds, "distance": session.into_metres}
            rows.append(self._row(here))
        return {
            "at": self._coach.estimate.at,
            "elapsed": round(session.elapsed, 1),
            "distance": round(session.distance, 1),
            "cues": self._cues,
            "complete": self._complete,
            "treadmill": self._coach.settings.treadmill,
            "segments": rows,
            **self._belt,
            **self._footpod(),
        }

    def _row(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        segment = self._coach.plan.segments[facts["segment"] - 1]
        elapsed, distance = facts["elapsed"], facts["distance"]
        return {
            "name": segment.name,
            "planned": {
                "elapsed": _rounded(segment.seconds),
                "distance": _rounded(segment.metres),
                "speed": _rounded(segment.mean_speed, 3),
            },
            "actual": {
                "elapsed": round(elapsed, 1),
                "distance": round(distance, 1),
                "speed": round(distance / elapsed, 3) if elapsed > 0 else None,
            },
            "score": self._score.points,
            "judged": self._score.as_dict(elapsed),
        }

    def _footpod(self) -> dict[str, Any]:
        if not (footpod := self._coach.footpod):
            return {}
        by_gps = max(0.0, footpod.taught - MEMORY) if footpod.measured else footpod.taught
        told = {"scale": round(footpod.scale, 4), "learned": round(by_gps, 1), "measured": footpod.measured}
        return {"footpod": told}


class Score:
    """How well segment `index` was run: the share of its judged time inside the band, where time near the band counts in part.

        credit = 1 inside the band, falling evenly to 0 at three times the band;  score = 100 Σ credit dt / Σ dt

    The band is that of the corrections, around the pace that was asked for: it stays where it is when the plan is eased. Easy
    running may be slower at no cost as long as it is running, and a peak may be faster. Feed it each moment.
    """

    def __init__(self, bands: Bands, index: int) -> None:
        self._bands, self._index = bands, index
        self._credit = self._blind = self._on_hill = 0.0
        self._seconds = {-1: 0.0, 0: 0.0, 1: 0.0}  # under the band, inside, over
        self._last: float | None = None
        self._asked, self._limits = 0.0, Limits(None, 0.0, None)  # m/s, and the band around it
        self._slowest, self._fastest = 0.0, inf  # m/s: what is not under the band, nor over it
        self._settled = SETTLE
        self._has_pace = False

    def settle(self, until: float) -> None:
        """Nothing counts before the second `until` of the segment."""
        self._settled = max(self._settled, until)

    def add(self, moment: Moment, asked: float | None, excuse: Excuse = LEVEL) -> None:
        """At this moment the runner was asked for `asked` m/s. On a hill nothing is judged."""
        last, self._last = self._last, moment.into_seconds
        self._has_pace = self._has_pace or asked is not None
        if last is None or not asked or moment.into_seconds < self._settled:
            return
        step = moment.into_seconds - last
        step = LONGEST_STEP if step > LONGEST_STEP else step if step > 0.0 else 0.0
        if (speed := moment.estimate.speed) is None:
            self._blind += step
            return
        if excuse.slow or excuse.fast:
            self._on_hill += step
            return
        side, credit = self._judged(asked, speed)
        self._seconds[side] += step
        self._credit += step * credit

    @property
    def points(self) -> int | None:
        """The score, 0 to 100; None if too little could be judged."""
        judged = sum(self._seconds.values())
        return round(100 * self._credit / judged) if judged >= LEAST_JUDGED else None

    def as_dict(self, elapsed: float) -> dict[str, float | str | None]:
        """The seconds inside, above and below the band and not judged; `why` there is no score, or None."""
        under, inside, over = (round(self._seconds[side], 1) for side in (-1, 0, 1))
        rest = max(0.0, round(elapsed - under - inside - over, 1))
        return {"inside": inside, "over": over, "under": under, "unjudged": rest, "why": self._why_not()}

    def _why_not(self) -> str | None:
        if self.points is not None:
            return None
        if not self._has_pace:
            return "no pace was asked for"
        if self._on_hill:
            return "it was a hill"
        return "no speed was measured" if self._blind else "too short"

    def _judged(self, asked: float, speed: float) -> tuple[int, float]:
        """The side of the band (-1 under it), and the credit (0 to 1)."""
        if asked != self._asked:
            self._asked, self._limits = asked, self._bands.limits(self._index, asked, 0.0)
            slow, fast = self._limits.slow, self._limits.fast
            self._slowest = min(asked * (1 - SLACK), RUNNING) if slow is None else slow
            self._fastest = inf if fast is None else fast
        if self._slowest <= speed <= self._fastest:
            return 0, 1.0
        side = -1 if speed < self._slowest else 1
        if side < 0 and self._limits.slow is None:
            return -1, 0.0
        return side, max(0.0, min(1.0, (NEAR - self._limits.widths(speed, side)) / (NEAR - 1)))


def asked(planned: Segment, moment: Moment) -> float | None:
    """The pace (m/s) that the plan asked for here, before it was eased; None if any pace was right.

    On a course it allows for the slope as the present target does.
    """
    if planned is moment.segment and planned.kind is not Kind.FREE:
        return moment.target
    speed = None if planned.kind is Kind.FREE else planned.speed_at(moment.done)
    if speed is None or not moment.by_effort or not moment.target or not (now := moment.segment.speed_at(moment.done)):
        return speed
    return speed * moment.target / now


def totals(told: Mapping[str, Any]) -> dict[str, Any]:
    """Elapsed (s), distance (m) and score of the whole run, from its summary."""
    return {"elapsed": told["elapsed"], "distance": told["distance"], "score": whole_score(told["segments"])}


def whole_score(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """The score of a whole run: the mean of the rows of its summary, weighted by time; None if nothing was judged."""
    judged = [(row["actual"]["elapsed"], row["score"]) for row in rows if row["score"] is not None]
    seconds = sum(elapsed for elapsed, _ in judged)
    return round(sum(elapsed * score for elapsed, score in judged) / seconds) if seconds else None


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
