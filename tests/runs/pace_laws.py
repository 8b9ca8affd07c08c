"""The laws about words on a pace that is off: none is missing for long, and none is followed by its opposite."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tests.runs.random_runs import Pace, Run, Said

OF_PACE = ("ease_off", "pick_up", "still_off")
CORRECTIONS = OF_PACE[:2]
ABOUT_PACE = {*OF_PACE, "hold", "half_climb", "ease_to_end", "dont_sprint", "heart_high", "signal_lost", "weak_signal"}
FAR, STANDS, WALKS = 0.05, 0.8, 0.65  # share off; m/s; share of the target below which a runner walks, and knows
MINUTE, SILENT = 60, 300.0  # s: of a mean, and for how long nothing may be said
APART = 60.0  # s
SLOWER, FASTER = ("ease_off", "dont_sprint", "heart_high", "heart_fast"), ("pick_up", "heart_low")


def not_silent_for_long(one: Run) -> list[str]:
    """A pace truly off by more than 5 %, and more than its band allows, is told of within five minutes, in whatever words.

    Every minute of them is off on the mean; so a second or two inside excuse nobody. Who stands, at a light, or walks knows it.
    """
    if one.day.settings.treadmill or any(not one.day.settings.cues.get(kind, True) for kind in OF_PACE):
        return []
    told = sorted(said.cue.at for said in one.said if not ABOUT_PACE.isdisjoint(said.kinds))
    broken = []
    for paces in stretches(one.paces):
        since, side = 0.0, 0
        for at, now in far_off(paces):
            if now != side:
                since, side = at - MINUTE + 1, now
            index = bisect_left(told, at + 0.5)
            last = max(since, told[index - 1] if index else 0.0)
            if side and at - last > SILENT:
                broken.append(f"silent from {last} to {at}, off since {since}")
                since = at
    return broken


def stretches(paces: Sequence[Pace]) -> Iterator[list[Pace]]:
    """The parts of each segment in which the runner runs, without a pause between."""
    number, before = 0, None

    def part(pace: Pace) -> tuple[int, int, bool]:
        nonlocal number, before
        number += before is not None and pace.at - before > 1.5
        before = pace.at
        return number, pace.segment, pace.speed >= max(STANDS, WALKS * pace.asked.target)

    return (list(run) for (_, _, runs), run in groupby(paces, part) if runs)


def far_off(paces: Sequence[Pace]) -> Iterator[tuple[float, int]]:
    """When, and to which side (-1 slow, +1 fast), the mean of the last minute is far off; 0 if to neither."""
    sums = [(0.0, 0.0, 0.0, 0.0)]  # of speeds, targets, slow and fast limits; a limit that there is not is never passed
    for pace in paces:
        slow, target, fast = pace.asked[:3]
        each = (pace.speed, target, min(slow or 0.0, target * (1 - FAR)), max(fast or 99.0, target * (1 + FAR)))
        sums.append(tuple(sum(pair) for pair in zip(sums[-1], each, strict=True)))  # type: ignore[arg-type]
        if len(sums) > MINUTE:
            speed, _, least, most = (now - then for now, then in zip(sums[-1], sums[-1 - MINUTE], strict=True))
            yield pace.at, -1 if speed < least else 1 if speed > most else 0


def no_opposites(one: Run) -> list[str]:
    """Not "slow down" and "speed up" within a minute, in whatever words, unless the target changed between them."""
    said = [(each.cue.at, side, each.kinds) for each in one.said if (side := _side(each))]
    changed = [event.at for event in one.events if event.name in ("segment_began", "adapted")]
    return [
        f"{kinds} at {at}, {after} at {then}"
        for (at, side, kinds), (then, other, after) in pairwise(said)
        if side != other and then - at < APART and not any(at <= change <= then for change in changed)
    ]


def _side(said: Said) -> int:
    """+1 if the words ask for less, -1 if for more."""
    for cue in (said.cue, *said.cue.also):
        if cue.kind in SLOWER or (cue.kind == "still_off" and cue.facts["speed"] > cue.facts["target"]):
            return 1
        if cue.kind in (*FASTER, "still_off"):
            return -1
    return 0
