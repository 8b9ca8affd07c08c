"""The summary of a run: planned and actual values of each segment, and its score."""

from __future__ import annotations

from typing import Any

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.plan.segments import Segment
from coach.core.session.moment import Moment
from coach.core.session.phases import Phase
from coach.runs.score import Score


class Summary:
    """Collects the values during the run; `as_dict` is the `summary` line of the --json contract."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._segments: list[dict[str, Any]] = []
        self._score = Score()
        self._cues = 0
        self._followed: Moment | None = None

    def follow(self, cues: list[Cue]) -> None:
        """Call it after each input, with the cues that it gave."""
        self._cues += len(cues)
        for event in self._coach.events:
            if event.name == "segment_ended":
                self._segments.append(self._ended(event))
                self._score = Score()
        moment = self._coach.moment
        if moment is None or moment is self._followed:
            return  # an input beside another at the same time
        self._followed = moment
        if self._coach.session.phase is Phase.RUNNING:
            self._score.add(moment.at, moment.segment, moment.into_seconds, moment.estimate.speed, moment.target)

    def _ended(self, event: Event) -> dict[str, Any]:
        segment = self._coach.plan.segments[event.facts["segment"] - 1]
        return self._row(segment, event.facts["elapsed"], event.facts["distance"])

    def _row(self, segment: Segment, elapsed: float, distance: float) -> dict[str, Any]:
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
        }

    def as_dict(self) -> dict[str, Any]:
        session, rows = self._coach.session, list(self._segments)
        if not self._coach.finished or len(rows) < session.index + 1:
            rows.append(self._row(session.segment, session.into_seconds, session.into_metres))
        return {
            "at": self._coach.estimate.at,
            "elapsed": round(session.elapsed, 1),
            "distance": round(session.distance, 1),
            "cues": self._cues,
            "complete": self._coach.finished and len(self._segments) == len(self._coach.plan.segments),
            "segments": rows,
            **self._footpod(),
        }

    def _footpod(self) -> dict[str, Any]:
        footpod = self._coach.footpod
        return {"footpod": {"scale": round(footpod.scale, 4), "learned": round(footpod.taught, 1)}} if footpod else {}


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
