"""A run rehearsed: the cues a plan will surely bring, in order, then the likely ones, so that they are ready to be heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.core.events import Cue
from coach.core.facts import segment_facts
from coach.core.plan import Plan, Ramp, Segment
from coach.voice.numerals import QUANTUM

_WITHOUT_FACTS = ("signal_lost", "signal_back", "weak_signal", "footpod_lost", "footpod_back",
    "other_device", "battery_low", "halfway", "paused", "resumed")
_OF_A_COURSE = ("uphill", "downhill", "off_course", "back_on_course")


def cues(plan: Plan, per: float, largest: int) -> Iterator[Cue]:
    """`per` (m) is what a pace counts by, `largest` (s per that) the largest size of a correction that is said."""
    yield from _structure(plan)
    for kind in (*_WITHOUT_FACTS, *(_OF_A_COURSE if plan.course else ())):
        yield _cue(kind, {})
    for size in range(QUANTUM, largest + 1, QUANTUM):
        yield _cue("ease_off", {"speed": per / 300, "target": per / (300 + size), "nth": 1})
        yield _cue("pick_up", {"speed": per / (300 + size), "target": per / 300, "nth": 1})
    for segment in plan.segments:
        yield from _targets(segment, per)


def _structure(plan: Plan) -> Iterator[Cue]:
    totals = plan.totals
    seconds = None if totals.open_time else totals.seconds
    metres = None if totals.open_distance else totals.metres
    yield _cue("run_began", segment_facts(plan, 0) | {"plan": plan.name, "total_seconds": seconds, "total_metres": metres})
    last = len(plan.segments) - 1
    for index in range(1, last + 1):
        facts = segment_facts(plan, index)
        yield _cue("preview", facts)
        yield _cue("last_segment" if index == last else "segment_began", facts)


def _targets(segment: Segment, per: float) -> Iterator[Cue]:
    """The targets that a second correction or a ramp that moved may say."""
    targets = [target] if (target := segment.speed_at(0.0)) else []
    if isinstance(segment.target, Ramp):
        first, last = sorted((per / segment.target.start, per / segment.target.end))
        steps = range(int(first // QUANTUM) + 1, int(last // QUANTUM) + 1)
        targets += [per / (step * QUANTUM) for step in steps]
        for target in targets:
            yield _cue("ramp", {"target": target})
    for target in targets:
        for kind in ("ease_off", "pick_up"):
            yield _cue(kind, {"speed": target, "target": target, "nth": 2})


def _cue(kind: str, facts: dict[str, Any]) -> Cue:
    return Cue(0.0, kind, 2, 0.0, 0.0, facts)
