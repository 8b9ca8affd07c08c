"""Why the coach spoke, and why it did not: a journal is fed again, and every decision is told with the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate.quality import Grade
from coach.core.events import Cue, Event
from coach.core.inputs import Input
from coach.core.policy import Policy
from coach.core.units import clock_text, pace_text
from coach.errors import InvalidSettings
from coach.runs.journal import JournalReader
from coach.runs.setup import Setup

_OFF_PACE = ("ease_off", "pick_up")


@dataclass(frozen=True, slots=True)
class Explained:
    """One decision: `text` is what was said, or would have been; `rule` is "" where it was said."""

    at: float
    kind: str
    text: str
    rule: str
    because: str


def explained(path: Path, unit: str) -> Iterator[Explained]:
    """Every cue of a run, said or kept back, in order. Raises devices.api.InvalidFile."""
    for coach, words, _ in _fed(path):
        for decision in coach.decisions:
            event = next((each for each in coach.events if _is_cause(each, decision.kind)), None)
            text = words.text(Cue(decision.at, decision.kind, 0, decision.at, decision.at, decision.facts))
            because = "" if decision.rule else _because(coach, event, decision.kind, unit)
            yield Explained(decision.at, decision.kind, text, decision.rule, because)


def why_not(path: Path, moment: float, unit: str) -> list[str]:
    """What was known and judged at a moment of the run, s. Raises InvalidSettings for one outside the run."""
    last = 0.0
    for coach, _, at in _fed(path):
        last = at
        if at >= moment:
            return list(_state(coach, unit))
    told = f"the run ended at {clock_text(last)}"
    raise InvalidSettings(clock_text(moment), None, told, "name a moment within it")


def constants(path: Path) -> dict[str, Any]:
    """Those in force in this run that differ from the defaults, and their values."""
    setup = Setup.from_dict(JournalReader(path).header["run"])
    usual = asdict(Policy())
    return {name: value for name, value in asdict(setup.settings.policy).items() if value != usual[name]}


def _fed(path: Path) -> Iterator[tuple[Coach, Any, float]]:
    journal = JournalReader(path)
    setup = Setup.from_dict(journal.header["run"])
    coach, words = setup.coach(), setup.words()
    for entry in journal:
        if isinstance(entry, Input):
            coach.feed(entry)
            yield coach, words, entry.at


def _is_cause(event: Event, kind: str) -> bool:
    return event.name == kind or (event.name == "off_pace" and kind in _OFF_PACE)


def _because(coach: Coach, event: Event | None, kind: str, unit: str) -> str:
    """Why it was said: the rule with the constants in force, and of a correction the numbers."""
    if kind not in _OFF_PACE:
        return _WHY.get(kind, "").format(**asdict(coach.policy))
    if event is None:
        return coach.pacing
    speed, target, sigma = event.facts["speed"], event.facts["target"], event.facts["sigma"]
    found = f"{pace_text(speed, unit)} against {pace_text(target, unit)}, sure to {sigma:.2f} m/s"
    return f"{found}: over {event.facts['stretch']:.0f} m" if "stretch" in event.facts else f"{found}: {coach.pacing}"


# Why a kind is said; {names} are the policy's constants
_WHY = {
    "run_began": "the plan begins",
    "preview": "preview = {preview:g} s before the segment ends",
    "countdown": "the last three seconds of the segment",
    "segment_began": "the plan",
    "last_segment": "the plan",
    "ramp": "it moved by refresh_change = {refresh_change:g}, and was last said refresh_every = {refresh_every:g} s ago",
    "on_pace": "inside = {inside:g} s inside the band after a correction",
    "praise": "praise_after = {praise_after:g} s inside the band, praise_apart = {praise_apart:g} s after the last",
    "dont_sprint": "sprint = {sprint:g} over the target in the first half of a finish",
    "standing": "standing = {standing:g} s without moving",
    "hold": "too slow strike_after = {strike_after:g} s after two corrections: hold = {hold:g} s, then the climb",
    "half_climb": "too slow again, or by more than too_short = {too_short:g} bands: half the climb",
    "ease_to_end": "the third time too slow, or the heart too high again: easy to the end",
    "race_replan": "still too slow after two corrections, and the goal can still be made",
    "race_estimate": "still too slow after two corrections, and the goal cannot be made any more",
    "heart_high": "over the ceiling for heart_over = {heart_over:g} s: targets lower by heart_share = {heart_share:g}",
    "set_belt": "belt_lead = {belt_lead:g} s before the belt is to be set",
    "weak_signal": "poor_for = {poor_for:g} s of a sigma above poor_sigma = {poor_sigma:g}: from here on by splits",
    "signal_lost": "lost_after = {lost_after:g} s without a speed",
    "halfway": "half of the planned time",
    "schedule": "how it stands with the plan, halfway",
    "report": "you asked",
    "progress": "you asked",
    "verbosity": "you asked",
    "note": "the workout's author",
}


def _state(coach: Coach, unit: str) -> Iterator[str]:
    session, estimate = coach.session, coach.estimate
    yield f"segment {session.index + 1}, {session.segment.name}: {session.phase.name.lower()}"
    if estimate.speed:
        sure = f", sure to {estimate.sigma:.2f} m/s" if estimate.sigma else ""
        yield f"pace {pace_text(estimate.speed, unit)} by {estimate.source}{sure}; signal {coach.grade.value}"
    else:
        yield "no pace was known"
    if session.target:
        yield f"target {pace_text(session.target, unit)}"
    yield coach.pacing if coach.grade is not Grade.POOR else "coached by splits: the pace of now is not judged"
