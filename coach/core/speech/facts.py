"""The facts that the words need about a segment and about progress: in SI units, with lengths as planned."""

from __future__ import annotations

from typing import Any

from coach.core.events import Event
from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, asked_for
from coach.core.session.forecast import Finish, Forecast
from coach.core.session.phases import Session

_OF_A_CORRECTION = ("speed", "target", "nth", "early", "sized", "stretch")
LEAST_RAMP = 0.005  # share of a speed: a ramp that changes less is told as one pace


def segment_facts(plan: Plan, index: int) -> dict[str, Any]:
    """The facts about segment `index` (from 0)."""
    segment = plan.segments[index]
    target, start, end = segment.target, segment.speed_at(0.0), segment.speed_at(1.0)
    moves = isinstance(target, Ramp) or (start and end and not isinstance(target, Band) and abs(end / start - 1) > LEAST_RAMP)
    return {
        "name": segment.name,
        "role": segment.kind.value,
        "index": index + 1,
        "of": len(plan.segments),
        "turn": segment.turn,
        "sets": segment.sets,
        "seconds": segment.length.seconds if isinstance(segment.length, Duration) else None,
        "metres": segment.length.metres if isinstance(segment.length, Distance) else None,
        "target": None if segment.kind is Kind.FREE else start,
        "ramp": (start, end) if moves else None,
        "band": (target.slow, target.fast) if isinstance(target, Band) else None,
        "heart": (segment.heart.low, segment.heart.high) if segment.heart else None,
        "until": (segment.until.beats, segment.until.below) if segment.until else None,
    }


def whole_facts(began: Event) -> dict[str, Any]:
    """The facts about the whole run, from the event with which it began."""
    return {"plan": began.facts["name"], "total_seconds": began.facts["seconds"], "total_metres": began.facts["metres"]}


def correction_facts(session: Session, event: Event, kind: str) -> dict[str, Any]:
    """The facts of a correction of this kind, or of a reminder, from its event."""
    facts = {name: event.facts[name] for name in _OF_A_CORRECTION if name in event.facts}
    left = _left(session, None) if event.name == "still_off" else {}
    return facts | left | _edge(session, facts["target"], kind)


def _left(session: Session, speed: float | None) -> dict[str, float | None]:
    """What is left of the active segment: s if its length is a time, else m."""
    by_time = isinstance(session.segment.length, Duration)
    return {"seconds_left": session.seconds_left(speed) if by_time else None, "metres_left": session.metres_left}


def _edge(session: Session, aim: float, kind: str) -> dict[str, float]:
    """The speed (m/s) that a correction of this kind leads to, if it is not the target, `aim`.

    It is the edge of the workout's own band, or what was planned before the plan gave way: so fast the runner still may run.
    """
    segment, done = session.segment, session.done
    if isinstance(segment.target, Band):
        return {"edge": segment.target.fast if kind == "ease_off" else segment.target.slow}
    planned, allowed = segment.speed_at(done), segment.allowed_at(done)
    if kind != "ease_off" or not planned or not allowed or allowed <= planned:
        return {}
    return {"edge": aim * allowed / planned}


def report_facts(session: Session, speed: float | None, forecast: Forecast) -> dict[str, Any]:
    """The facts of the answer to "how am I doing?"."""
    return {
        "speed": speed,
        "target": session.target,
        "band": (band.slow, band.fast) if isinstance(band := session.segment.target, Band) else None,
        **_left(session, speed),
        "elapsed": session.elapsed,
        "distance": session.distance,
        "ahead": forecast.ahead_here if session.target else None,
        "ramp": isinstance(asked_for(session.segment.target), Ramp),
    }


def where_facts(session: Session) -> dict[str, Any]:
    """Where the runner is: the facts of the segment, how far into it, what to run now (m/s), and what is left of it."""
    now = {"into": session.into_seconds, "now": session.target}
    return segment_facts(session.plan, session.index) | now | _left(session, None)


def progress_facts(session: Session, forecast: Forecast, ahead: float) -> dict[str, Any]:
    """The facts of the answer to "am I ahead?": seconds ahead of the plan, and the predicted finish."""
    finish = forecast.finish(session) or Finish(None, None, 0.0)
    facts = {"ahead": ahead, "finish": finish.seconds, "way": finish.metres, "sigma": finish.sigma}
    return facts | {"elapsed": session.elapsed, "distance": session.distance}
