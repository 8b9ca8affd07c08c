"""Explains why the coach spoke and why it did not: coaches a recording again and lists each decision with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate.quality import Quality
from coach.core.events import Cue, Event
from coach.core.policy import Policy
from coach.core.session.phases import Phase
from coach.core.speech.rule import MEASURED
from coach.core.speech.rules import RULES
from coach.core.units import clock_text, pace_text, speed_text
from coach.errors import InvalidSettings
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.voice.words.numerals import LEAST_SPEED
from coach.voice.words.phrasing import Words

_OFF_PACE = ("ease_off", "pick_up")


@dataclass(frozen=True, slots=True)
class Explained:
    """One decision: `text` is what was said or would have been; `rule` kept it back, or is None if it was said."""

    at: float
    kind: str
    text: str
    rule: str | None
    because: str


def explained(recording: Recording, setup: Setup, unit: str) -> Iterator[Explained]:
    """Every cue of a run, said or kept back, in order. Raises devices.api.InvalidFile."""
    words = setup.words()
    for coach, _ in _fed(recording, setup):
        yield from decided(coach, words, unit)


def decided(coach: Coach, words: Words, unit: str) -> Iterator[Explained]:
    """What became of cues in the coach's latest feed."""
    for decision in coach.floor.decisions:
        event = next((each for each in coach.events if _is_cause(each, decision.kind)), None)
        text = words.text(Cue(decision.at, decision.kind, 0, decision.at, decision.at, decision.facts))
        because = "" if decision.rule else _because(coach, event, decision.kind, unit)
        yield Explained(decision.at, decision.kind, text, decision.rule, because)


def why_not(recording: Recording, setup: Setup, moment: float, unit: str) -> list[str]:
    """What was known and judged at a moment of the run (s). Raises InvalidSettings if it is outside the run."""
    last = 0.0
    for coach, at in _fed(recording, setup):
        last = at
        if at >= moment:
            return list(_state(coach, unit))
    told = f"the run ended at {clock_text(last)}"
    raise InvalidSettings(clock_text(moment), None, told, "name a moment within it")


def constants(setup: Setup) -> dict[str, Any]:
    """The constants of this run that differ from the defaults, with their values."""
    return {
        f"{subject}.{name}": value
        for subject, usual in asdict(Policy()).items()
        for name, value in asdict(getattr(setup.settings.policy, subject)).items()
        if value != usual[name]
    }


def _fed(recording: Recording, setup: Setup) -> Iterator[tuple[Coach, float]]:
    coach = setup.coach()
    for item in recording.items():
        coach.feed(item)
        yield coach, item.at


def _is_cause(event: Event, kind: str) -> bool:
    return event.name == kind or (event.name == "off_pace" and kind in _OFF_PACE)


def _because(coach: Coach, event: Event | None, kind: str, unit: str) -> str:
    """Why it was said: the reason in its row with the constants in force; for a correction, the paces."""
    reason = RULES[kind].because
    if reason != MEASURED:
        return coach.policy.told(reason)
    if event is None:
        return coach.judges.pacing.why
    speed, target, sigma = event.facts["speed"], event.facts["target"], event.facts["sigma"]
    found = f"{pace_text(speed, unit)} against {pace_text(target, unit)}, sure to {sigma:.2f} m/s"
    return (
        f"{found}: over {event.facts['stretch']:.0f} m" if "stretch" in event.facts else f"{found}: {coach.judges.pacing.why}"
    )


def _state(coach: Coach, unit: str) -> Iterator[str]:
    session, estimate = coach.session, coach.estimate
    yield f"segment {session.index + 1}, {session.segment.name}: {session.phase.name.lower()}"
    told = speed_text if coach.settings.treadmill else pace_text
    if estimate.speed and estimate.speed >= LEAST_SPEED:
        sure = f", sure to {estimate.sigma:.2f} m/s" if estimate.sigma else ""
        yield f"pace {told(estimate.speed, unit)} by {estimate.source}{sure}; signal {coach.quality.value}"
    else:
        yield "no pace was known" if estimate.speed is None else "the runner stood"
    if session.target:
        yield f"target {told(session.target, unit)}"
    if session.phase is Phase.READY:
        yield f"the run waits: [coach] start = {coach.settings.start}"
        return
    if coach.settings.treadmill:
        yield "on a treadmill the belt is judged, not the runner"
        return
    yield coach.judges.pacing.why if coach.quality is not Quality.POOR else "coached by splits: the current pace is not judged"
