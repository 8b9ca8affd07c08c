"""Generated workouts run from end to end by a runner who does just what is asked."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.plan.segments import Kind, Length, Plan
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.progressions import progression
from devices.sample import Stride
from tests.planning.one_run.test_lint import every_plan

SAMPLE = every_plan()[::97]  # a prime: every kind, style, level, length and a spread of runners comes up
BY_FEEL = 2.6  # m/s where there is no target


@cache
def rehearsed(kind: str, style: str, level: str, fitness: Fitness, total: Length) -> tuple[Plan, Coach, list[Cue]]:
    """The plan, the coach at the end of its run, and all its cues."""
    plan = progression(kind, style, level, fitness, total).plan
    coach, cues, metres = Coach(plan), list[Cue](), 0.0
    for second in range(round(plan.totals.seconds) + 60):
        speed = coach.session.target or BY_FEEL
        metres += speed if second else 0.0
        cues += coach.feed(Stride(float(second), "pod", speed=speed, distance=metres))
        if coach.finished:
            break
    return plan, coach, cues


@pytest.mark.parametrize(("kind", "style", "level", "fitness", "total"), SAMPLE)
def test_it_ends_where_it_was_planned_to(kind: str, style: str, level: str, fitness: Fitness, total: Length) -> None:
    plan, coach, cues = rehearsed(kind, style, level, fitness, total)
    assert coach.finished and cues[-1].kind == "run_complete"
    facts, planned = cues[-1].facts, plan.totals
    fastest = max(segment.speed_at(1.0) or 0.0 for segment in plan.segments)
    assert facts["elapsed"] == pytest.approx(planned.seconds, abs=1.0)
    assert facts["distance"] == pytest.approx(planned.metres, abs=fastest)  # a second of running
    assert not [cue for cue in cues if cue.kind in ("ease_off", "pick_up")]


@pytest.mark.parametrize(("kind", "style", "level", "fitness", "total"), SAMPLE[::3])
def test_every_segment_is_announced_in_its_order(kind: str, style: str, level: str, fitness: Fitness, total: Length) -> None:
    plan, _, cues = rehearsed(kind, style, level, fitness, total)
    began = [cue for cue in cues if cue.kind in ("run_began", "segment_began", "last_segment")]
    names = [cue.facts["name"] for cue in began]
    assert names == [segment.name for segment in plan.segments]
    assert all(before.at < after.at for before, after in pairwise(began))


def test_the_sample_has_everything_in_it() -> None:
    assert len({style for _, style, *_ in SAMPLE}) == 6 and len({level for _, _, level, *_ in SAMPLE}) == 3
    assert len({type(total) for *_, total in SAMPLE}) == 2 and len(SAMPLE) >= 25
    assert Kind.WARMUP in {segment.kind for segment in progression(*SAMPLE[0]).plan.segments}
