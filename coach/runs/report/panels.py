"""The charts of a report with their labels, marks and legends: pace against plan, heart and slope, the way, the spread."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from coach.core.units import clock_text
from coach.runs.activity import CORRECTIONS
from coach.runs.explain import Explained
from coach.runs.report import charts
from coach.runs.report.html import tag
from coach.runs.report.tellers import NONE, Teller

SIDES = ("inside", "over", "under")
MARKS = {"ease_off": ("over", "▲"), "pick_up": ("under", "▼")}  # class and sign of a correction
WORD, KEPT = ("word", "•"), ("kept", "◦")
FLOOR = 97  # per cent of the height: where words lie that have no pace
NEAR = 2  # per cent off the target that count as on it in the spread
WIDE = 2 * charts.EDGE + 1  # bars of the spread


def paces(teller: Teller) -> str:
    """Pace against plan, with what was said and, where asked for, what was kept back."""
    seconds, frame, text = teller.activity.seconds, teller.frame, teller.page
    labels, grid = charts.pace_marks(frame, teller.unit, teller.pace)
    bounds = (frame.x(part.ended) for _, part in teller.activity.segments[:-1])
    drawn = charts.svg(
        grid
        + charts.band(frame, seconds)
        + "".join(tag("line", kind="bound", x1=f"{x:.2f}", x2=f"{x:.2f}", y1=0, y2=100) for x in bounds)
        + charts.line(frame, ((each.elapsed, each.target) for each in seconds), "target")
        + charts.line(frame, ((each.elapsed, each.speed) for each in seconds), "run")
        + "".join(charts.line(frame, charts.beyond(seconds, side), f"run {side}") for side in SIDES[1:]),
        teller.texts("page", "paced_told"),
    )
    ribbon = charts.svg(
        charts.ribbon(frame, seconds, lambda name: teller.texts("page", name)), teller.texts("page", "signal"), "ribbon"
    )
    return tag(
        "section",
        tag("h2", text("paced")),
        tag("p", text("paced_told"), kind="quiet"),
        tag("label", tag("input", type="checkbox", id="kept"), " ", text("kept"), kind="toggle"),
        tag("div", *_names(teller), kind="names"),
        tag("div", drawn, labels, *_marks(teller), tag("i", kind="here"), kind="chart tall", data_readout=""),
        tag("div", ribbon, kind="chart thin"),
        tag("div", charts.time_marks(frame), kind="axis"),
        tag("p", *(tag("span", f"{sign} {text(kind)}", kind=kind) for kind, sign in MARKS.values()), kind="legend"),
        _legend(teller, ("good", "fair", "poor", "none"), f"{text('signal')}:"),
        tag("p", text("readout"), kind="readout", role="status", aria_live="polite"),
    )


def along(teller: Teller) -> str:
    """Heart rate, cadence and slope along the run, each where it was measured."""
    rows = list(_along(teller))
    return tag("section", *rows, tag("div", charts.time_marks(teller.frame), kind="axis")) if rows else ""


def places(teller: Teller, hidden: float) -> str:
    """The way that was run; `hidden` metres around home were left out."""
    told = teller.texts("page", "map_told", metres=f"{hidden:.0f}") if hidden else teller.texts("page", "map_whole")
    drawn = charts.route(teller.activity.seconds, told)
    if not drawn:
        return ""
    return tag("section", tag("h2", teller.page("map")), tag("p", escape(told), kind="quiet"), drawn, _legend(teller, SIDES))


def spread(teller: Teller) -> str:
    """How long the pace was how far off what was asked for."""
    found = charts.spread(teller.activity.seconds)
    if not (most := max(found.values())):
        return ""
    bars = (
        tag(
            "rect",
            tag("title", f"{off:+d} %: {clock_text(count)}"),
            kind="inside" if abs(off) <= NEAR else "over" if off > 0 else "under",
            x=f"{(off + charts.EDGE) * 100 / WIDE + 0.2:.2f}",
            width=2,
            y=f"{100 - 100 * count / most:.2f}",
            height=f"{100 * count / most:.2f}",
        )
        for off, count in found.items()
    )
    marks = (charts.across((off + charts.EDGE + 0.5) * 100 / WIDE, f"{off:+d} %") for off in range(-15, 16, 5))
    return tag(
        "section",
        tag("h2", teller.page("spread")),
        tag("p", teller.page("spread_told"), kind="quiet"),
        tag("div", charts.svg("".join(bars), teller.texts("page", "spread_told")), kind="chart low tallish"),
        tag("div", *marks, kind="axis"),
    )


def _names(teller: Teller) -> Iterator[str]:
    """The segments' names above the chart; the page's style cuts those of short ones."""
    for _, part in teller.activity.segments:
        x, wide = teller.frame.x(part.began), teller.frame.x(part.ended) - teller.frame.x(part.began)
        name = teller.texts.name(part.name)
        yield tag("span", escape(name), style=f"left:{x:.2f}%;width:{wide:.2f}%", title=name)


def _marks(teller: Teller) -> Iterator[str]:
    """What was said and what was kept back, each with its words and its reason."""
    for each in teller.activity.decisions:
        second = teller.activity.second_at(each.at)
        if second is None:
            continue
        kind, sign = KEPT if each.rule else MARKS.get(each.kind, WORD)
        y = teller.frame.y(second.speed) if second.speed and not each.rule else FLOOR
        told = f"{clock_text(second.elapsed)}  {each.text}{_why(teller, each)}"
        place = f"left:{teller.frame.x(second.elapsed):.2f}%;top:{y:.2f}%"
        yield tag("button", sign, kind=f"mark {kind}", style=place, data_told=told, aria_label=told, type="button")


def _why(teller: Teller, each: Explained) -> str:
    reason = teller.texts.reason(each.rule or each.because)
    reason = f"{teller.texts('page', 'kept_back')}: {reason}" if each.rule else reason
    told = f" — {reason}" if reason else ""
    if each.rule or each.kind not in CORRECTIONS:
        return told
    before, after = teller.before_after(each)
    return f"{told} — {before} → {after}" if before != NONE else told


def _along(teller: Teller) -> Iterator[str]:
    seconds = teller.activity.seconds
    for name, factor, unit in (("heart", 1.0, ""), ("cadence", 1.0, ""), ("slope", 100.0, " %")):
        values = [getattr(each, name) for each in seconds]
        known = [value * factor for value in values if value is not None]
        if len(known) < len(values) / 10 or min(known) == max(known):
            continue
        frame = charts.Frame(teller.frame.right, min(known), max(known))
        points = ((each.elapsed, value and value * factor) for each, value in zip(seconds, values, strict=True))
        drawn = charts.svg(charts.line(frame, points, f"along {name}"), teller.texts("page", name))
        ends = charts.beside(4, f"{max(known):.0f}{unit}"), charts.beside(96, f"{min(known):.0f}{unit}")
        yield tag("h3", teller.page(name))
        yield tag("div", drawn, *ends, kind="chart low")


def _legend(teller: Teller, kinds: tuple[str, ...], before: str = "") -> str:
    return tag("p", before, *(tag("span", teller.page(kind), kind=kind) for kind in kinds), kind="legend")
