"""The report as one HTML page: nothing in it asks any host for anything, and it prints on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape
from importlib.resources import files

from coach.core.units import clock_text, distance_text
from coach.runs.activity import CORRECTIONS, Activity, Part
from coach.runs.report import panels
from coach.runs.report.advice import advice
from coach.runs.report.html import document, table, tag
from coach.runs.report.tellers import NONE, Teller

READOUTS = 900  # moments whose values the page can tell when one points at them
SLOWEST = 0.5  # m/s: slower than this nobody runs, and a pace says nothing


def page(activity: Activity, language: str, unit: str, hidden: float) -> str:
    """The whole page. From `activity` the places within `hidden` metres of home have been taken; 0 for none."""
    teller = Teller(activity, language, unit)
    sections = (
        _head(teller), _advice(teller), panels.paces(teller), panels.along(teller), *_tables(teller),
        tag("div", panels.places(teller, hidden), panels.spread(teller), kind="two"),
        tag("section", tag("h2", teller.page("score_is")), tag("p", teller.page("score_told"))),
    )  # fmt: skip
    run = tag("script", _readouts(teller), id="run", type="application/json")
    return document(
        teller.texts.language,
        teller.texts.name(activity.plan.name),
        *sections,
        style=_file("style.css"),
        scripts=run + tag("script", _file("script.js")),
    )


def _head(teller: Teller) -> str:
    activity = teller.activity
    when = f"{datetime.fromtimestamp(activity.started):%Y-%m-%d %H:%M}" if activity.started is not None else ""
    early = "" if activity.summary["complete"] else teller.page("early")
    facts = (
        tag("div", tag("b", escape(value)), tag("span", escape(teller.texts("totals", name)))) for name, value in _facts(teller)
    )
    line = tag("p", " · ".join(each for each in (when, early) if each))
    other = teller.texts("page", "unlike", count=activity.unlike)
    notes = (tag("p", escape(other), kind="quiet"),) if activity.unlike else ()
    return tag(
        "header", tag("h1", escape(teller.texts.name(activity.plan.name))), line, tag("div", *facts, kind="facts"), *notes
    )


def _facts(teller: Teller) -> Iterator[tuple[str, str]]:
    activity = teller.activity
    elapsed, distance = activity.summary["elapsed"], activity.summary["distance"]
    yield "distance", teller.texts.number(distance_text(distance, teller.unit))
    yield "time", clock_text(elapsed)
    if distance and elapsed:
        yield "pace", teller.pace(distance / elapsed)
    for name in ("heart", "cadence"):
        if (mean := activity.mean(name)) is not None:
            yield name, f"{mean:.0f}"
    if activity.score is not None:
        yield "score", str(activity.score)
    if (behind := activity.behind) is not None:
        yield "behind" if behind > 0 else "ahead", clock_text(abs(behind))


def _advice(teller: Teller) -> str:
    sentences = (tag("li", escape(each)) for each in advice(teller.activity, teller.texts, teller.unit))
    return tag("section", tag("h2", teller.page("next")), tag("ul", *sentences), kind="next")


def _tables(teller: Teller) -> Iterator[str]:
    """Segments, splits, laps and words."""
    activity = teller.activity
    sides = [teller.texts("page", side) for side in panels.SIDES]
    yield _table(
        teller, "segments", ("segment", "time", "way", "pace", "heart", "behind", "plan", "score"), _segments(teller), sides
    )
    measures = ("time", "way", "pace", "heart", "behind")
    splits = activity.splits(teller.unit)
    if len(splits) > 1:
        yield _table(teller, "splits", ("split", *measures), (_measured(teller, each) for each in splits))
    if activity.laps:
        yield _table(teller, "laps", ("lap", *measures), (_measured(teller, each) for each in activity.laps))
    said = (
        (clock_text(each.at), each.text, *(teller.before_after(each) if each.kind in CORRECTIONS else ("", "")))
        for each in activity.said
    )
    yield _table(teller, "words", ("time", "words", "before", "after"), said, kind="spoken")


def _table(
    teller: Teller, title: str, names: tuple[str, ...], rows: Iterator[tuple[str, ...]], more: list[str] | None = None,
    kind: str | None = None,
) -> str:  # fmt: skip
    titles = [teller.texts("columns", name) for name in names] + (more or [])
    return tag("section", tag("h2", teller.page(title)), table(titles, rows, kind))


def _segments(teller: Teller) -> Iterator[tuple[str, ...]]:
    for row, (_, part) in zip(teller.activity.summary["segments"], teller.activity.segments, strict=True):
        planned, score = row["planned"]["speed"], row["score"]
        sides = (NONE if score is None else clock_text(row["judged"][side]) for side in panels.SIDES)
        yield *_measured(teller, part), teller.pace(planned) if planned else NONE, _whole(score), *sides


def _measured(teller: Teller, part: Part) -> tuple[str, ...]:
    way = teller.texts.number(distance_text(part.distance, teller.unit))
    pace = teller.pace(part.speed) if part.speed else NONE
    behind = NONE if part.behind is None else f"{part.behind:+.0f} s"
    return teller.texts.name(part.name), clock_text(part.elapsed), way, pace, _whole(part.heart), behind


def _readouts(teller: Teller) -> str:
    """What is told where one points: second, pace, target, heart rate."""
    seconds = teller.activity.seconds
    rows = [
        [
            round(each.elapsed),
            teller.pace(each.speed) if each.speed and each.speed > SLOWEST else NONE,
            teller.pace(each.target) if each.target else NONE,
            round(each.heart) if each.heart else None,
        ]
        for each in seconds[:: max(1, len(seconds) // READOUTS)]
    ]
    names = [teller.texts("columns", name) for name in ("pace", "plan", "heart")]
    told = json.dumps({"length": teller.frame.right, "names": names, "rows": rows}, ensure_ascii=False)
    return told.replace("<", "\\u003c")  # nothing in it can end the script


def _file(name: str) -> str:
    return files("coach.runs.report").joinpath(name).read_text("utf-8")


def _whole(value: float | None) -> str:
    return NONE if value is None else f"{value:.0f}"
