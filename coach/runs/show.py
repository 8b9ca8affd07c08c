"""A run told in text: its totals, segments, splits and laps, and what each correction achieved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from coach.core.units import clock_text, distance_text, pace_text, speed_text
from coach.runs.activity import CORRECTIONS, Activity, Part
from coach.runs.report.texts import Texts
from coach.ui.table import aligned
from coach.ui.terminal import one_line
from coach.voice.words.tables import FALLBACK

NONE = "–"
PART = ("segment", "time", "way", "pace", "heart")  # columns of every table, the first one named after its rows

Told = Callable[[float, str], str]


def text(activity: Activity, unit: str, language: str = FALLBACK) -> Iterator[str]:
    """The run in lines for people, in paces per `unit` (km or mi), or in speeds on a treadmill."""
    texts, told = Texts(language), speed_text if activity.setup.settings.treadmill else pace_text
    yield from _head(activity, unit, told, texts)
    yield ""
    yield from aligned(_segments(activity, unit, told, texts))
    splits = activity.splits(unit)
    if len(splits) > 1:
        yield ""
        yield from aligned(_parts(unit, splits, unit, told, texts))
    if activity.laps:
        yield ""
        yield from aligned(_parts(texts("columns", "lap"), activity.laps, unit, told, texts))
    yield ""
    yield from _words(activity, unit, texts)


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


def _head(activity: Activity, unit: str, told: Told, texts: Texts) -> Iterator[str]:
    summary = activity.summary
    when = f"{datetime.fromtimestamp(activity.started):%Y-%m-%d %H:%M}" if activity.started is not None else ""
    ended = "" if summary["complete"] else texts("page", "early")
    yield " · ".join(part for part in (one_line(texts.name(activity.plan.name)), when, ended) if part)
    elapsed, distance = summary["elapsed"], summary["distance"]
    facts = [texts("show", "total", way=distance_text(distance, unit), time=clock_text(elapsed))]
    if distance and elapsed:
        facts.append(told(distance / elapsed, unit))
    for name, slot in (("heart", "beats"), ("cadence", "steps")):
        if (mean := activity.mean(name)) is not None:
            facts.append(texts("show", name, **{slot: round(mean)}))
    if activity.score is not None:
        facts.append(texts("show", "score", points=activity.score))
    if (behind := activity.behind) is not None:
        facts.append(texts("show", "behind" if behind > 0 else "ahead", time=clock_text(abs(behind))))
    yield ", ".join(facts)
    if activity.pauses:
        paused = clock_text(sum(end - begin for begin, end in activity.pauses))
        yield texts("show", "paused", times=len(activity.pauses), time=paused)


def _segments(activity: Activity, unit: str, told: Told, texts: Texts) -> Iterator[tuple[str, ...]]:
    yield tuple(texts("columns", name) for name in (*PART, "plan", "behind", "score", "inside", "over", "under"))
    for row, (_, part) in zip(activity.summary["segments"], activity.segments, strict=True):
        planned, score, judged = row["planned"]["speed"], row["score"], row["judged"]
        plan = told(planned, unit) if planned else NONE
        times = [clock_text(judged[side]) for side in ("inside", "over", "under")]
        sides = [texts.why(judged["why"])] if score is None else times
        yield (*_measured(part, unit, told, texts), plan, _behind(part), NONE if score is None else str(score), *sides)


def _parts(title: str, parts: list[Part], unit: str, told: Told, texts: Texts) -> Iterator[tuple[str, ...]]:
    yield title, *(texts("columns", name) for name in (*PART[1:], "behind"))
    for part in parts:
        yield *_measured(part, unit, told, texts), _behind(part)


def _measured(part: Part, unit: str, told: Told, texts: Texts) -> tuple[str, ...]:
    pace = told(part.speed, unit) if part.speed else NONE
    heart = f"{part.heart:.0f}" if part.heart else NONE
    return one_line(texts.name(part.name)), clock_text(part.elapsed), distance_text(part.distance, unit), pace, heart


def _behind(part: Part) -> str:
    return NONE if part.behind is None else f"{part.behind:+.0f} s"


def _words(activity: Activity, unit: str, texts: Texts) -> Iterator[str]:
    corrections = [each for each in activity.said if each.kind in CORRECTIONS]
    counted = texts("show", "cues", cues=activity.summary["cues"], corrections=len(corrections))
    yield counted + (":" if corrections else "")
    for each in corrections:
        achieved, target = activity.achieved(each), activity.target_at(each.at)
        if achieved and target:
            later = NONE if achieved.after is None else texts.off(achieved.after, target, unit)
            change = f"{texts.off(achieved.before, target, unit)} → {later}"
        else:
            change = NONE
        yield f"{clock_text(each.at):>8}  {change:<24}  {one_line(each.text)}"


def _plain(part: Part) -> dict[str, Any]:
    measured = {"began": part.began, "elapsed": part.elapsed, "distance": part.distance, "speed": part.speed}
    rounded = {name: _rounded(value, 3) for name, value in measured.items()}
    return {"name": part.name, **rounded, "heart": _rounded(part.heart), "cadence": _rounded(part.cadence)}


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
