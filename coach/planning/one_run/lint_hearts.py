"""What will not go well in the steps of a workout by heart rate: a target or an end that this runner's heart does not reach."""

from __future__ import annotations

from collections.abc import Iterator

from coach.core.plan.segments import Plan, Segment
from coach.planning.fitness.heart import Hearts

WALKING = 0.50  # share of the maximum: at a walk the heart falls no further
USUAL = 190  # beats a minute: the maximum of a runner who did not tell


def unreachable(plan: Plan, hearts: Hearts, limit: int) -> Iterator[tuple[int, str, str]]:
    """The number of the segment, the problem, and what to do. `limit` is the runner's own, beats a minute, or 0."""
    for index, segment in enumerate(plan.segments):
        yield from ((index, *found) for found in (*_ends(segment, hearts), *_targets(segment, hearts, limit)))


def _ends(segment: Segment, hearts: Hearts) -> Iterator[tuple[str, str]]:
    end, least = segment.until, WALKING * (hearts.most or USUAL)
    if end is None:
        return
    if end.below and end.beats < least:
        what = f"it ends below {end.beats} beats a minute, where no heart is while its runner moves"
        yield what, "end it at a higher heart rate"
    if not end.below and hearts.most and end.beats >= hearts.most:
        what = f"it ends above {end.beats} beats a minute, and your maximum is {hearts.most}"
        yield what, "end it at a lower heart rate"


def _targets(segment: Segment, hearts: Hearts, limit: int) -> Iterator[tuple[str, str]]:
    kept = segment.heart
    if kept is None:
        return
    for name, most in (("max_heart", hearts.most), ("heart_limit", limit)):
        if most and kept.low >= most:
            what = f"its heart rate {kept.low} .. {kept.high} begins above your {name} of {most}"
            yield what, "lower the heart rate, or correct the config"
