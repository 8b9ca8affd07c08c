"""What one run says of the runner's pacing, as numbers by name; a number that it cannot say is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean

from coach.core.estimate.quality import Quality
from coach.core.units import PER
from coach.runs.activity import ANSWER, CORRECTIONS, Activity, Second
from coach.runs.summary import SETTLE

STEEP = 0.03  # rise over run from which a pace says nothing of the runner
LEAST = 60  # s that a number must rest on
LEAST_ANSWERS = 2  # corrections

Measures = Mapping[str, float]


def measures(activity: Activity, unit: str) -> Measures:
    """Errors, drift and gain in s per `unit` (km or mi) of the pace that was asked for, positive where too fast.

    `error` and `error KIND`: the mean distance from the target, where that side is corrected at all. `first`, `middle`, `last`:
    the mean of each third of the judged time. `drift`: the last third less the first. `gain`: by how much a correction brought
    the pace nearer. `reaction` (s): from a correction until the band was reached. `alone` (per cent): the judged time inside
    the band with no correction in the minute before.
    """
    judged = [each for each in _judged(activity)]
    found = dict(_errors(activity, judged, unit)) | dict(_thirds(judged, unit)) | dict(_answers(activity, unit))
    if len(judged) >= LEAST:
        corrected = [said.at for said in activity.said if said.kind in CORRECTIONS]
        alone = [_inside(each) and not any(0 <= each.at - at <= ANSWER[1] for at in corrected) for each in judged]
        found["alone"] = 100 * fmean(alone)
    return found


def _judged(activity: Activity) -> Iterator[Second]:
    """The seconds in which the pace was the runner's own, known, and asked for."""
    begins = {number: part.began for number, part in activity.segments}
    for each in activity.seconds:
        settled = each.elapsed - begins.get(each.segment, 0.0) >= SETTLE
        level = each.slope is None or abs(each.slope) < STEEP
        if settled and level and each.speed and each.asked and each.quality != Quality.POOR.value:
            yield each


def _off(second: Second, unit: str) -> float:
    """How far off in s per unit, positive where too fast; 0 on a side that is never corrected."""
    speed, asked = second.speed or 0.0, second.asked or 1.0
    if (second.fast is None and speed > asked) or (second.slow is None and speed < asked):
        return 0.0
    return (speed / asked - 1) * PER[unit] / asked


def _inside(second: Second) -> bool:
    speed = second.speed or 0.0
    return (second.slow is None or speed >= second.slow) and (second.fast is None or speed <= second.fast)


def _errors(activity: Activity, judged: list[Second], unit: str) -> Iterator[tuple[str, float]]:
    kinds: dict[str, list[float]] = {}
    for each in judged:
        kinds.setdefault(activity.plan.segments[each.segment - 1].kind.value, []).append(abs(_off(each, unit)))
    if len(judged) >= LEAST:
        yield "error", fmean(abs(_off(each, unit)) for each in judged)
    yield from ((f"error {kind}", fmean(offs)) for kind, offs in kinds.items() if len(offs) >= LEAST)


def _thirds(judged: list[Second], unit: str) -> Iterator[tuple[str, float]]:
    third = len(judged) // 3
    if third < LEAST:
        return
    pieces = judged[:third], judged[third:-third], judged[-third:]
    first, middle, last = (fmean(_off(each, unit) for each in piece) for piece in pieces)
    yield from (("first", first), ("middle", middle), ("last", last), ("drift", last - first))


def _answers(activity: Activity, unit: str) -> Iterator[tuple[str, float]]:
    gains, reactions = list[float](), list[float]()
    for said in activity.said:
        if said.kind not in CORRECTIONS:
            continue
        achieved, target = activity.achieved(said), activity.target_at(said.at)
        if achieved and achieved.after is not None and target:
            gains.append((abs(achieved.before) - abs(achieved.after)) * PER[unit] / target)
        if (took := _reaction(activity.seconds_between(said.at, said.at + ANSWER[1]), said.at)) is not None:
            reactions.append(took)
    yield from (
        (name, fmean(values)) for name, values in (("gain", gains), ("reaction", reactions)) if len(values) >= LEAST_ANSWERS
    )


def _reaction(seconds: Iterable[Second], said: float) -> float | None:
    """Seconds until the band was reached; None if it was not, or if the runner was inside already."""
    took = next((each.at - said for each in seconds if each.speed and _inside(each)), None)
    return took if took is None or took > 1.0 else None
