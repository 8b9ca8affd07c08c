"""The summary of a run: planned and actual values of each segment, and its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate.footpod import MEMORY
from coach.core.events import Cue
from coach.core.judge.band import Bands
from coach.core.plan.segments import Kind, Segment
from coach.core.session.moment import Moment
from coach.core.session.phases import Phase
from coach.runs.score import Score, whole_score


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


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
