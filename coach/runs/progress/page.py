"""`coach report --all`: how pacing changes from run to run, as one HTML page; nothing in it asks any host for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from coach.runs.progress.measures import Measures
from coach.runs.progress.told import NONE, advice, between, columns, date, name_of, rows, told_mean
from coach.runs.progress.trends import Mean, Trend, halves, trends
from coach.runs.report import charts
from coach.runs.report.html import document, table, tag
from coach.runs.report.texts import Texts

DRAWN = ("error", "drift", "alone", "gain", "reaction")  # measures with a chart
LISTED = ("error", "drift", "alone")  # measures of each run in the list
ROOM = 0.15  # above and below the values, as a share of their range
EDGE = 8  # per cent of the height between an edge and the label near it
MOST_DAYS = 3  # along a chart: a phone has room for no more

Run = tuple[float, Measures]  # the Unix time at which it began, and what it says


def page(runs: Sequence[Run], language: str, unit: str) -> str:
    """The whole page, of one run or more, the oldest first."""
    texts = Texts(language)
    found, days = trends([measured for _, measured in runs]), [day for day, _ in runs]
    title = texts("progress", "title")
    return document(
        texts.language,
        title,
        tag("header", tag("h1", escape(title)), tag("p", escape(between(days, texts)))),
        tag("section", tag("h2", escape(texts("train", "title"))), _advice(found, unit, texts), kind="next"),
        *_charts(runs, found, unit, texts),
        _section(
            texts("progress", "numbers"), table(("", *columns(texts)), rows(found, unit, texts)), texts("progress", "give")
        ),
        _list(runs, unit, texts),
        style=files("coach.runs.report").joinpath("style.css").read_text("utf-8"),
    )


def _advice(found: dict[str, Trend], unit: str, texts: Texts) -> str:
    return tag("ul", *(tag("li", escape(each)) for each in advice(found, unit, texts)))


def _charts(runs: Sequence[Run], found: dict[str, Trend], unit: str, texts: Texts) -> Iterator[str]:
    drawn = [name for name in DRAWN if name in found]
    for name in drawn:
        points = [(day, measured[name]) for day, measured in runs if name in measured]
        title, verdict = name_of(name, unit, texts), _verdict(found[name], texts)
        explained = (tag("p", escape(texts("progress", "drawn")), kind="quiet"),) if name == drawn[0] else ()
        yield tag(
            "section",
            tag("h2", escape(title)),
            tag("p", escape(verdict)),
            *explained,
            _chart(points, found[name], title, texts),
        )


def _verdict(trend: Trend, texts: Texts) -> str:
    if trend.change is None:
        return texts("progress", "few")
    if not trend.verdict:
        return texts("progress", "chance")
    change, give = (texts.number(text) for text in (f"{trend.change.value:+.1f}", f"{trend.change.give or 0.0:.1f}"))
    return texts("progress", "surely", verdict=texts("progress", trend.verdict), change=change, give=give)


def _chart(points: Sequence[tuple[float, float]], trend: Trend, told: str, texts: Texts) -> str:
    """A dot for each run by its day, and the mean of each half with its band."""
    frame, first = _frame(points, trend), points[0][0]
    spans = [(half[0][0] - first, half[-1][0] - first) for half in halves(points)] if trend.change else []
    means = [(span, mean) for span, mean in zip(spans, (trend.earlier, trend.later), strict=False) if mean]
    drawn = charts.svg("".join(_band(frame, span, mean) for span, mean in means), told)
    dots = (
        tag(
            "span", "●", kind="dot", title=f"{date(day)}: {texts.number(f'{value:.1f}')}",
            style=f"left:{frame.x(day - first):.2f}%;top:{frame.y(value):.2f}%",
        )
        for day, value in points
    )  # fmt: skip
    sides = (charts.beside(y, texts.number(f"{value:.0f}")) for y, value in _edges(frame))
    return tag("div", drawn, *sides, *dots, kind="chart tallish") + tag("div", *_days(points, frame), kind="axis")


def _edges(frame: charts.Frame) -> Iterator[tuple[float, float]]:
    """Heights and values near the upper and the lower edge, where a label does not meet that of the first day."""
    for share in (EDGE, 100 - EDGE):
        yield share, frame.high - share / 100 * (frame.high - frame.low)


def _frame(points: Sequence[tuple[float, float]], trend: Trend) -> charts.Frame:
    """Shows all runs and the bands around the means."""
    means = [mean for mean in (trend.earlier, trend.later) if mean and trend.change]
    shown = [value for _, value in points] + [mean.value + sign * (mean.give or 0.0) for mean in means for sign in (-1, 1)]
    low, high = min(shown), max(shown)
    room = ROOM * (high - low) or 1.0
    return charts.Frame(max(1.0, points[-1][0] - points[0][0]), low - room if low < 0 else max(0.0, low - room), high + room)


def _band(frame: charts.Frame, span: tuple[float, float], mean: Mean) -> str:
    left, right = (f"{frame.x(elapsed):.2f}" for elapsed in span)
    upper, middle, lower = (f"{frame.y(mean.value + sign * (mean.give or 0.0)):.2f}" for sign in (1, 0, -1))
    area = tag("path", kind="band", d=f"M{left} {upper}L{right} {upper}L{right} {lower}L{left} {lower}Z")
    return area + tag("path", kind="target", d=f"M{left} {middle}L{right} {middle}")


def _days(points: Sequence[tuple[float, float]], frame: charts.Frame) -> Iterator[str]:
    """Some of the days, where there is room."""
    first, after = points[0][0], -100.0
    for day, _ in points:
        if (x := frame.x(day - first)) - after >= 100 / MOST_DAYS and x <= 100 * charts.ROOM_FOR_LAST:
            after = x
            yield charts.across(x, date(day))


def _numbers(found: dict[str, Trend], unit: str, texts: Texts) -> str:
    numbers = table(("", *columns(texts)), rows(found, unit, texts))
    return _section(texts("progress", "numbers"), numbers, texts("progress", "give"))


def _list(runs: Sequence[Run], unit: str, texts: Texts) -> str:
    names = [texts("progress", "day"), *(name_of(name, unit, texts) for name in LISTED)]
    told = (
        (date(day), *(told_mean(Mean(measured[name], None, 1), texts) if name in measured else NONE for name in LISTED))
        for day, measured in reversed(runs)
    )
    return _section(texts("progress", "each"), table(names, told))


def _section(title: str, inside: str, *notes: str) -> str:
    """`inside` is HTML, the others are text."""
    quiet = (tag("p", escape(note), kind="quiet") for note in notes)
    return tag("section", tag("h2", escape(title[0].upper() + title[1:])), *quiet, inside)
