"""Three sentences for the next run: how much was as asked for, where it was not, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from coach.core.units import PER, clock_text, pace_seconds
from coach.runs.activity import CORRECTIONS, Activity, Part, Second
from coach.runs.explain import Explained
from coach.runs.report.texts import Texts

WORTH_NAMING = 30.0  # s on the wrong side in one segment
WORTH_CHANGING = 3.0  # s per km or mile that the first or last third of a segment is off
LEAST_THIRD = 30  # s of a third: less is too little to tell
LEAST_ANSWERS = 2
HELD = 70  # per cent inside the band from which the next run may be harder


def advice(activity: Activity, texts: Texts, unit: str) -> list[str]:
    """The sentences; one if nothing was judged."""
    judged = {side: sum(row["judged"][side] for row in activity.summary["segments"]) for side in ("inside", "over", "under")}
    seconds = sum(judged.values())
    if not seconds:
        return [texts("next", "unjudged")]
    share = round(100 * judged["inside"] / seconds)
    first = next(_to_try(activity, texts, unit), texts("next", "same" if share >= HELD else "easier"))
    return [texts("next", "inside", share=share), _worst(activity, texts), first]


def _worst(activity: Activity, texts: Texts) -> str:
    found = [
        (row["judged"][side], side, part.name)
        for row, (_, part) in zip(activity.summary["segments"], activity.segments, strict=True)
        for side in ("over", "under")
    ]
    lost, side, name = max(found, default=(0.0, "over", ""))
    if lost < WORTH_NAMING:
        return texts("next", "worst_none")
    return texts("next", f"worst_{side}", segment=texts.name(name), time=clock_text(lost))


def _to_try(activity: Activity, texts: Texts, unit: str) -> Iterator[str]:
    """What would help, the best first; none if nothing stands out."""
    thirds = [(part.name, *_thirds(activity, part, unit)) for _, part in activity.segments]
    starts = [(first, name) for name, first, _ in thirds if first is not None]
    ends = [(last, name) for name, _, last in thirds if last is not None]
    for known, told, sign in ((starts, "start_over", -1), (starts, "start_under", 1), (ends, "end_under", 1)):
        off, name = max(((sign * off, name) for off, name in known), default=(0.0, ""))
        if off >= WORTH_CHANGING:
            yield texts("next", told, segment=texts.name(name), seconds=round(off))
    closer = [each for said in activity.said if (each := _closer(activity, said, unit)) is not None]
    if len(closer) >= LEAST_ANSWERS and fmean(closer) >= 1.0:
        yield texts("next", "answer", seconds=round(fmean(closer)))


def _closer(activity: Activity, said: Explained, unit: str) -> float | None:
    """By how many s per unit a correction brought the pace closer to its target; None if that is not known."""
    achieved, target = activity.achieved(said), activity.target_at(said.at)
    if said.kind not in CORRECTIONS or achieved is None or achieved.after is None or not target:
        return None
    return (abs(achieved.before) - abs(achieved.after)) * pace_seconds(target, PER[unit])


def _thirds(activity: Activity, part: Part, unit: str) -> tuple[float | None, float | None]:
    """How many s per unit the first and the last third of a segment were slower than asked for, beyond the edge of the band."""
    length = part.elapsed / 3
    within = [each for each in activity.seconds if part.began <= each.elapsed < part.ended]
    first = [each for each in within if each.elapsed < part.began + length]
    last = [each for each in within if each.elapsed >= part.ended - length]
    return _off(first, unit), _off(last, unit)


def _off(seconds: list[Second], unit: str) -> float | None:
    known = [(each.speed, each.asked, each) for each in seconds if each.speed and each.asked]
    if len(known) < LEAST_THIRD:
        return None
    speed, asked = fmean(speed for speed, _, _ in known), fmean(asked for _, asked, _ in known)
    allowed = known[0][2].slow if speed < asked else known[0][2].fast
    if allowed is None:
        return 0.0  # that side is free
    return float(pace_seconds(speed, PER[unit]) - pace_seconds(asked, PER[unit]))
