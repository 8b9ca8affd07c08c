"""A run told in text: its totals, segments, splits and laps, and what each correction achieved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from coach.core.units import PER, clock_text, distance_text, pace_seconds, pace_text, speed_text
from coach.runs.activity import CORRECTIONS, Activity, Part
from coach.ui.table import aligned
from coach.ui.terminal import one_line

NONE = "–"

Told = Callable[[float, str], str]


def text(activity: Activity, unit: str) -> Iterator[str]:
    """The run in lines for people, in paces per `unit` (km or mi), or in speeds on a treadmill."""
    told = speed_text if activity.setup.settings.treadmill else pace_text
    yield from _head(activity, unit, told)
    yield ""
    yield from aligned(_segments(activity, unit, told))
    splits = activity.splits(unit)
    if len(splits) > 1:
        yield ""
        yield from aligned(_parts("km" if unit == "km" else "mile", splits, unit, told))
    if activity.laps:
        yield ""
        yield from aligned(_parts("lap", activity.laps, unit, told))
    yield ""
    yield from _words(activity, unit)


def lines(activity: Activity, unit: str) -> Iterator[dict[str, Any]]:
    """The same as rows for programs: segments, splits, laps, corrections, and the summary last. SI units."""
    for row, (number, part) in zip(activity.summary["segments"], activity.segments, strict=True):
        judged = {"score": row["score"], "judged": row["judged"], "behind": _rounded(part.behind)}
        yield {"kind": "segment", "segment": number} | _plain(part) | {"planned": row["planned"]} | judged
    for kind, parts in (("split", activity.splits(unit)), ("lap", activity.laps)):
        yield from ({"kind": kind} | _plain(part) for part in parts)
    for each in activity.said:
        if each.kind in CORRECTIONS and (achieved := activity.achieved(each)):
            row = {"kind": "correction", "at": each.at, "cue": each.kind, "text": each.text}
            yield row | {"before": round(achieved.before, 4), "after": _rounded(achieved.after, 4)}
    heart, cadence = activity.mean("heart"), activity.mean("cadence")
    whole = {"name": activity.plan.name, "started": activity.started, "score": activity.score, "behind": activity.behind}
    yield {"kind": "summary"} | whole | {"heart": _rounded(heart), "cadence": _rounded(cadence)} | activity.summary


def off_text(share: float, target: float, unit: str) -> str:
    """ "14 s fast": how far off a pace is, by the share that the speed is over its target (m/s)."""
    off = pace_seconds(target * (1 + share), PER[unit]) - pace_seconds(target, PER[unit])
    return "on pace" if abs(off) < 1 else f"{abs(off)} s {'slow' if off > 0 else 'fast'}"


def _head(activity: Activity, unit: str, told: Told) -> Iterator[str]:
    summary = activity.summary
    when = f"{datetime.fromtimestamp(activity.started):%a %d %b %Y, %H:%M}" if activity.started is not None else ""
    ended = "" if summary["complete"] else "ended early"
    yield " · ".join(part for part in (one_line(activity.plan.name), when, ended) if part)
    elapsed, distance = summary["elapsed"], summary["distance"]
    facts = [f"{distance_text(distance, unit)} in {clock_text(elapsed)}"]
    if distance and elapsed:
        facts.append(told(distance / elapsed, unit))
    for name, word in (("heart", "heart rate"), ("cadence", "cadence")):
        if (mean := activity.mean(name)) is not None:
            facts.append(f"{word} {mean:.0f}")
    if activity.score is not None:
        facts.append(f"score {activity.score}")
    if (behind := activity.behind) is not None:
        facts.append(f"{clock_text(abs(behind))} {'behind' if behind > 0 else 'ahead of'} the plan")
    yield ", ".join(facts)
    if activity.pauses:
        yield f"paused {len(activity.pauses)} ×, {clock_text(sum(end - begin for begin, end in activity.pauses))} in all"


def _segments(activity: Activity, unit: str, told: Told) -> Iterator[tuple[str, ...]]:
    yield "segment", "time", "way", "pace", "heart", "plan", "behind", "score", "inside", "over", "under"
    for row, (_, part) in zip(activity.summary["segments"], activity.segments, strict=True):
        planned, score, judged = row["planned"]["speed"], row["score"], row["judged"]
        plan = told(planned, unit) if planned else NONE
        sides = [clock_text(judged[side]) for side in ("inside", "over", "under")] if score is not None else [judged["why"]]
        yield (*_measured(part, unit, told), plan, _behind(part), NONE if score is None else str(score), *sides)


def _parts(word: str, parts: list[Part], unit: str, told: Told) -> Iterator[tuple[str, ...]]:
    yield word, "time", "way", "pace", "heart", "behind"
    for part in parts:
        yield *_measured(part, unit, told), _behind(part)


def _measured(part: Part, unit: str, told: Told) -> tuple[str, ...]:
    pace = told(part.speed, unit) if part.speed else NONE
    heart = f"{part.heart:.0f}" if part.heart else NONE
    return one_line(part.name), clock_text(part.elapsed), distance_text(part.distance, unit), pace, heart


def _behind(part: Part) -> str:
    return NONE if part.behind is None else f"{part.behind:+.0f} s"


def _words(activity: Activity, unit: str) -> Iterator[str]:
    corrections = [each for each in activity.said if each.kind in CORRECTIONS]
    yield f"{activity.summary['cues']} cues, {len(corrections)} of them corrections" + (":" if corrections else "")
    for each in corrections:
        achieved, target = activity.achieved(each), activity.target_at(each.at)
        if achieved and target:
            later = NONE if achieved.after is None else off_text(achieved.after, target, unit)
            change = f"{off_text(achieved.before, target, unit)} → {later}"
        else:
            change = NONE
        yield f"{clock_text(each.at):>8}  {change:<24}  {one_line(each.text)}"


def _plain(part: Part) -> dict[str, Any]:
    measured = {"began": part.began, "elapsed": part.elapsed, "distance": part.distance, "speed": part.speed}
    rounded = {name: _rounded(value, 3) for name, value in measured.items()}
    return {"name": part.name, **rounded, "heart": _rounded(part.heart), "cadence": _rounded(part.cadence)}


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
