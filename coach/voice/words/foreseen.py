"""The cues that a plan will certainly give, in order, then the likely ones; their words are made before the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.core.events import Cue
from coach.core.judge.belt import stairs
from coach.core.judge.milestones import LAST
from coach.core.plan.segments import EASY, Plan, Ramp, Segment
from coach.core.speech.facts import segment_facts
from coach.core.speech.rules import RULES, VERBOSITIES
from coach.core.units import METRES
from coach.voice.words.numerals import QUANTUM

_SECOND_SIZES = (2 * QUANTUM, 3 * QUANTUM)  # s per km or mile: the sizes of a second correction that are most likely


def cues(plan: Plan, units: str, largest: int, belt_every: float | None = None) -> Iterator[Cue]:
    """`largest` (s per km or mile) is the largest size of a correction that is said.

    `belt_every`: on a treadmill, the s between two belt settings in a ramp. Unpredictable cues, such as splits, are left out.
    """
    per, on_belt = METRES["km" if units == "metric" else "mi"], belt_every is not None
    yield from _structure(plan, on_belt)
    for kind in sorted((kind for kind, rule in RULES.items() if rule.warm), key=lambda kind: RULES[kind].warm):
        if plan.course or not RULES[kind].on_course:
            yield _cue(kind, {})
    yield from _milestones(plan)
    if belt_every is not None:
        yield from _settings(plan, units, belt_every)
        return
    yield from (_cue("weak_signal", {fact: True}) for fact in ("by_footpod", "disagrees"))
    for size in range(QUANTUM, largest + 1, QUANTUM):
        yield from _off(per, 300 + size, size, nth=1)
    for segment in plan.segments:
        yield from _targets(segment, per)


def _structure(plan: Plan, on_belt: bool) -> Iterator[Cue]:
    totals = plan.totals
    seconds = None if totals.open_time else totals.seconds
    metres = None if totals.open_distance else totals.metres
    belt = {"belt": on_belt}
    whole = {"plan": plan.name, "total_seconds": seconds, "total_metres": metres}
    yield _cue("run_began", segment_facts(plan, 0) | belt | whole)
    last = len(plan.segments) - 1
    for index in range(1, last + 1):
        facts = segment_facts(plan, index) | belt
        yield _cue("preview", facts)
        yield _cue("last_segment" if index == last else "segment_began", facts)


def _milestones(plan: Plan) -> Iterator[Cue]:
    """The author's notes, the last minutes, and the answers to the keys that set how it speaks."""
    for saying in (saying for segment in plan.segments for saying in segment.says):
        yield _cue("note", {"text": saying.text})
    for seconds in LAST:
        yield _cue("last_minutes", {"seconds": seconds})
    for verbosity in VERBOSITIES:
        yield _cue("verbosity", {"verbosity": verbosity})
    for volume in ("louder", "quieter", "loudest", "quietest"):
        yield _cue("volume", {"volume": volume})


def _settings(plan: Plan, units: str, belt_every: float) -> Iterator[Cue]:
    for segment in plan.segments:
        for _, tenths in stairs(segment, units, belt_every):
            yield _cue("set_belt", {"tenths": tenths})


def _targets(segment: Segment, per: float) -> Iterator[Cue]:
    """The targets that a second correction, a moved ramp or an eased plan may say."""
    targets = [per / target] if (target := segment.speed_at(0.0)) else []
    if isinstance(segment.target, Ramp):
        first, last = sorted((per / segment.target.start, per / segment.target.end))
        targets += [float(step * QUANTUM) for step in range(int(first // QUANTUM) + 1, int(last // QUANTUM) + 1)]
        for taken in targets:
            yield _cue("ramp", {"target": per / taken})
    for taken in targets:
        if segment.kind in EASY:
            yield _cue("ease_off", {"speed": per / taken, "target": per / taken, "nth": 2, "early": True})
        for size in () if segment.kind in EASY else _SECOND_SIZES:
            yield from _off(per, taken, size, nth=2)


def _off(per: float, taken: float, size: int, nth: int) -> Iterator[Cue]:
    """The corrections, to either side, of a runner who is off by `size` s from a target that takes `taken` s."""
    yield _cue("ease_off", {"speed": per / (taken - size), "target": per / taken, "nth": nth})
    yield _cue("pick_up", {"speed": per / (taken + size), "target": per / taken, "nth": nth})


def _cue(kind: str, facts: dict[str, Any]) -> Cue:
    return Cue(0.0, kind, 2, 0.0, 0.0, facts)
