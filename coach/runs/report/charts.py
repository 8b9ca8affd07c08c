"""The charts of a report as SVG that stretches to any width; what must not stretch (text, marks) is HTML placed in per cent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from coach.core.geometry import east_north
from coach.core.units import PER, clock_text
from coach.runs.activity import Second
from coach.runs.report.html import tag

COLUMNS = 700  # a line has at most two points in each
ROOM = 0.12  # above and below what was asked for, as a share of it
STEPS = (15, 30, 60, 120, 300, 600, 900, 1800, 3600)  # s between two marks of the time axis
PACE_STEPS = (5, 10, 15, 20, 30, 60, 120)  # s between two marks of the pace axis
MOST_MARKS = 8
ROOM_FOR_LAST = 0.97  # share of the width up to which a mark's text is not cut off at the edge
LEAP = 60.0  # s between two positions that are still joined
EDGE = 20  # per cent off the target: the last bar of the spread holds all that is further off


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart's axes: from 0 to `right` (s of running) and from `low` to `high` (the value's unit)."""

    right: float
    low: float
    high: float

    def x(self, elapsed: float) -> float:
        """In per cent of the width."""
        return 100 * elapsed / self.right

    def y(self, value: float) -> float:
        """In per cent of the height, from above; a value beyond an edge lies on it."""
        share = (value - self.low) / (self.high - self.low or 1.0)
        return 100 * (1 - min(1.0, max(0.0, share)))


def frame_of_paces(seconds: Sequence[Second]) -> Frame:
    """Shows all that was asked for, and most of what was run; who stands lies on the lower edge."""
    asked = [value for each in seconds for value in (each.slow, each.asked, each.fast, each.target) if value]
    run = sorted(each.speed for each in seconds if each.speed)
    shown = asked or run[len(run) // 20 :] or [2.0, 4.0]
    low, high = min(shown) * (1 - ROOM), max(shown) * (1 + ROOM)
    if run:
        low = min(low, max(run[len(run) // 20], low * 0.8))
        high = max(high, min(run[-1 - len(run) // 50], high * 1.2))
    return Frame(max(1.0, seconds[-1].elapsed), low, high)


def line(frame: Frame, points: Iterable[tuple[float, float | None]], kind: str) -> str:
    """A line through the points; it is broken where a value is None. Thinned to the lowest and highest in each column."""
    path, pen = list[str](), "M"
    for elapsed, value in _thinned(points, frame):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{frame.x(elapsed):.2f} {frame.y(value):.2f}")
        pen = "L"
    return tag("path", kind=kind, d="".join(path)) if path else ""


def band(frame: Frame, seconds: Sequence[Second]) -> str:
    """The area between the edges of the band; a side without an edge is open to the chart's border."""
    areas = []
    for (asked, _), piece in groupby(_sampled(seconds), lambda each: (each.asked is not None, each.segment)):
        if not asked:
            continue
        whole = [(f"{frame.x(each.elapsed):.2f}", each) for each in piece]
        upper = [f"{x} {frame.y(frame.high if each.fast is None else each.fast):.2f}" for x, each in whole]
        lower = [f"{x} {frame.y(frame.low if each.slow is None else each.slow):.2f}" for x, each in reversed(whole)]
        areas.append(tag("path", kind="band", d=f"M{'L'.join(upper + lower)}Z"))
    return "".join(areas)


def ribbon(frame: Frame, seconds: Sequence[Second], names: Callable[[str], str]) -> str:
    """The quality of the signal along the run."""
    pieces = ((quality, list(piece)) for quality, piece in groupby(seconds, lambda each: each.quality))
    return "".join(_grade(frame, quality, names(quality), piece[0].elapsed, piece[-1].elapsed) for quality, piece in pieces)


def _grade(frame: Frame, quality: str, name: str, begin: float, end: float) -> str:
    told = tag("title", escape(f"{name} {clock_text(begin)}–{clock_text(end)}"))
    x, wide = frame.x(begin), frame.x(min(end + 1, frame.right)) - frame.x(begin)  # each second lasts one
    return tag("rect", told, kind=quality, x=f"{x:.2f}", y=0, width=f"{wide:.2f}", height=100)


def svg(inside: str, told: str, kind: str | None = None) -> str:
    """The drawing; `told` says in one sentence what it shows, for those who cannot see it."""
    return tag("svg", inside, kind=kind, viewBox="0 0 100 100", preserveAspectRatio="none", role="img", aria_label=told)


def across(x: float, text: str) -> str:
    """A label below a chart, at `x` per cent of its width."""
    return tag("span", escape(text), kind="tx", style=f"left:{x:.2f}%")


def beside(y: float, text: str) -> str:
    """A label to the left of a chart, at `y` per cent of its height."""
    return tag("span", escape(text), kind="ty", style=f"top:{y:.2f}%")


def time_marks(frame: Frame) -> str:
    step = next((each for each in STEPS if frame.right / each <= MOST_MARKS), STEPS[-1] * 2)
    marks = range(1, int(frame.right * ROOM_FOR_LAST / step) + 1)
    return "".join(across(frame.x(n * step), clock_text(n * step)) for n in marks)


def pace_marks(frame: Frame, unit: str, told: Callable[[float], str]) -> tuple[str, str]:
    """Labels at round paces, and the lines beside them."""
    slowest, fastest = PER[unit] / max(0.3, frame.low), PER[unit] / max(0.3, frame.high)
    step = next((each for each in PACE_STEPS if (slowest - fastest) / each <= MOST_MARKS), 300)
    speeds = [PER[unit] / pace for pace in range(math.ceil(fastest / step) * step, int(slowest) + 1, step)]
    labels = "".join(beside(frame.y(speed), told(speed)) for speed in speeds)
    heights = (f"{frame.y(speed):.2f}" for speed in speeds)
    return labels, "".join(tag("line", kind="grid", x1=0, x2=100, y1=y, y2=y) for y in heights)


def spread(seconds: Sequence[Second]) -> dict[int, int]:
    """How many seconds were how many per cent faster than asked for, from -EDGE to EDGE."""
    found = dict.fromkeys(range(-EDGE, EDGE + 1), 0)
    for each in seconds:
        if each.speed and each.asked:
            found[max(-EDGE, min(EDGE, round(100 * (each.speed / each.asked - 1))))] += 1
    return found


def route(seconds: Sequence[Second], told: str) -> str:
    """The way as lines, a class for each side of the band; empty without positions."""
    placed = [each for each in seconds if each.lat is not None and each.lon is not None]
    if len(placed) < 2:
        return ""
    lat, lon = placed[0].lat or 0.0, placed[0].lon or 0.0
    points = [east_north(lat, lon, each.lat or 0.0, each.lon or 0.0) for each in placed]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    wide, high = max(x for x, _ in points) - west, north - min(y for _, y in points)
    scale = 96 / max(wide, high, 1.0)
    xy = [((x - west) * scale + 2, (north - y) * scale + 2) for x, y in points]
    paths = (tag("path", kind=f"way {kind}", d=f"M{'L'.join(line)}") for kind, line in _lines(placed, xy))
    ends = (tag("circle", kind=kind, cx=f"{x:.2f}", cy=f"{y:.2f}", r=1.4) for kind, (x, y) in (("go", xy[0]), ("stop", xy[-1])))
    box = f"0 0 {wide * scale + 4:.2f} {high * scale + 4:.2f}"
    return tag("svg", *paths, *ends, kind="route", viewBox=box, role="img", aria_label=told)


def side(second: Second) -> str:
    """over, under or inside: on which side of the band the runner was."""
    if second.speed and second.fast is not None and second.speed > second.fast:
        return "over"
    return "under" if second.speed is not None and second.slow is not None and second.speed < second.slow else "inside"


def beyond(seconds: Sequence[Second], which: str) -> Iterator[tuple[float, float | None]]:
    """The speeds on that side of the band, over or under; None elsewhere."""
    return ((each.elapsed, each.speed if side(each) == which else None) for each in seconds)


def _lines(placed: list[Second], xy: list[tuple[float, float]]) -> list[tuple[str, list[str]]]:
    """Joined places of one side; two that are long apart are not joined."""
    lines: list[tuple[str, list[str]]] = []
    for (before, here), (place, next_place) in zip(pairwise(placed), pairwise(xy), strict=True):
        if here.at - before.at > LEAP:
            lines.append(("gap", []))
            continue
        if not lines or lines[-1][0] != side(here):
            lines.append((side(here), [_at(place)]))
        lines[-1][1].append(_at(next_place))
    return [each for each in lines if each[1]]


def _at(place: tuple[float, float]) -> str:
    return f"{place[0]:.2f} {place[1]:.2f}"


def _sampled(seconds: Sequence[Second]) -> list[Second]:
    """At most COLUMNS of them, and the first and last of each segment."""
    every = max(1, len(seconds) // COLUMNS)
    kept = []
    for _, piece in groupby(seconds, lambda each: each.segment):
        whole = list(piece)
        kept += [*whole[:-1:every], whole[-1]]
    return kept


def _thinned(points: Iterable[tuple[float, float | None]], frame: Frame) -> Iterator[tuple[float, float | None]]:
    """The lowest and the highest of each column, in order; a column without a value breaks the line."""
    for _, column in groupby(points, lambda point: int(point[0] / frame.right * COLUMNS)):
        whole = list(column)
        known = [(value, elapsed) for elapsed, value in whole if value is not None]
        if not known:
            yield whole[0][0], None
        yield from sorted({(elapsed, value) for value, elapsed in (min(known), max(known))} if known else ())
