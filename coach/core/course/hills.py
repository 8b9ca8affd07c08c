"""The hills of a course: its sections of constant slope, and which of them are run by effort instead of by pace.

A plan that was made for its course has paces that already allow for the hills. By effort it runs only walls, and hills that
are too short to settle into a pace. The paces of any other plan are meant for the flat, so every hill is run by effort.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from coach.core.course.cost import planned
from coach.core.events import Event
from coach.core.geometry import outline
from coach.core.plan.course import Course
from coach.core.plan.segments import Plan

TOLERANCE = 1.5  # m: sections of constant slope may differ from the heights by this much
SAME = 0.01  # slope: neighbouring sections that differ by less are joined
HILL = 0.02  # slope: less is not felt as a hill
STEEP_UP, STEEP_DOWN = 0.115, -0.12  # slope: steeper is run by effort
SHORT = 195.0  # m: a hill of 150 m is over before a runner has settled into a pace; smoothed heights make it look 45 m longer
LEAST_RISE = 3.0  # m up or down: less is a bridge, not a hill
AHEAD = 20.0  # m: a hill is announced this far before it begins
SETTLE = 20.0  # s without corrections after the slope has changed by more than HILL
TARGET_CHANGE = 0.005  # share per s: how fast the target may change where the slope changes


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a course with one slope (rise over run), from `begin` to `end` (m from the start of the course)."""

    begin: float
    end: float
    slope: float

    @property
    def metres(self) -> float:
        return self.end - self.begin

    @property
    def is_steep(self) -> bool:
        return not STEEP_DOWN <= self.slope <= STEEP_UP

    @property
    def side(self) -> int:
        """1 uphill, -1 downhill, 0 level."""
        return 0 if abs(self.slope) < HILL else 1 if self.slope > 0 else -1


def sections(course: Course) -> tuple[Section, ...]:
    """The sections of the whole course, all laps; empty if its heights are not known."""
    if not course.heights:
        return ()
    heights = course.heights

    def off(first: int, last: int, number: int) -> float:
        (begin, low), (end, high) = heights[first], heights[last]
        along, height = heights[number]
        return abs(low + (high - low) * (along - begin) / (end - begin) - height)

    corners = [heights[number] for number in outline(len(heights), off, TOLERANCE)]
    found: list[Section] = []
    for (begin, low), (end, high) in pairwise(corners):
        each = Section(begin, end, (high - low) / (end - begin))
        if found and abs(found[-1].slope - each.slope) < SAME:
            each = joined(found.pop(), each)
        found.append(each)
    ways = [lap * course.lap for lap in range(course.laps)]
    return tuple(Section(each.begin + way, each.end + way, each.slope) for way in ways for each in found)


def joined(before: Section, after: Section) -> Section:
    """Two neighbouring sections as one, with their mean slope."""
    return Section(before.begin, after.end, _mean([before, after]))


def by_effort(found: tuple[Section, ...], paced: bool) -> tuple[Section, ...]:
    """The hills to run by effort. On a plan `paced` for its course only the walls and the short hills."""
    hills: list[list[Section]] = []
    for each in found:
        if hills and each.side and each.side == hills[-1][-1].side and each.begin == hills[-1][-1].end:
            hills[-1].append(each)
        elif each.side:
            hills.append([each])
    wanted: list[Section] = []
    for hill in hills:
        whole = Section(hill[0].begin, hill[-1].end, _mean(hill))
        is_short = whole.metres < SHORT
        if abs(whole.slope) * whole.metres < LEAST_RISE:
            continue
        wanted += [whole] if is_short or not paced else _steep(hill)
    return tuple(wanted)


def eased(before: float | None, wanted: float | None, seconds: float) -> float | None:
    """The target, moved from `before` towards `wanted` no faster than a runner can follow."""
    if before is None or wanted is None:
        return wanted
    most = before * TARGET_CHANGE * seconds
    return min(before + most, max(before - most, wanted))


class Paces:
    """The paces inside each segment of a plan made for its course: its target is their mean, and the effort stays even."""

    def __init__(self, plan: Plan) -> None:
        self._sections = sections(plan.course) if plan.course else ()
        self._means: list[float] = []
        begin = 0.0
        for segment in plan.segments:
            end = begin + (segment.metres or 0.0)
            self._means.append(self._mean(begin, end))
            begin = end

    def share(self, index: int, metres: float) -> float:
        """The speed to run `metres` from the start of the course, as a share of the mean speed of segment `index` (from 0)."""
        here = _containing(self._sections, metres, metres)
        return self._means[index] / planned(here.slope) if here else 1.0

    def _mean(self, begin: float, end: float) -> float:
        inside = [(min(end, each.end) - max(begin, each.begin), each) for each in self._sections]
        parts = [(metres, planned(each.slope)) for metres, each in inside if metres > 0]
        return sum(metres * factor for metres, factor in parts) / sum(metres for metres, _ in parts) if parts else 1.0


class Hills:
    """Emits `hill` where a hill to run by effort begins, and `level` where it ends."""

    def __init__(self, course: Course, paced: bool) -> None:
        self._sections = sections(course)
        self._efforts = by_effort(self._sections, paced)
        self._on: Section | None = None
        self._slope: float | None = None
        self.quiet_until = 0.0  # s: no corrections before, because the slope has just changed or the hill is run by effort

    @property
    def by_effort(self) -> bool:
        return self._on is not None

    def judge(self, at: float, metres: float, target: float | None) -> list[Event]:
        """The runner is `metres` from the start of the course; `target` (m/s) is the one to announce once it is level again."""
        self._notice_slope(at, metres)
        now = _containing(self._efforts, metres + AHEAD, metres)
        if now is None and self._on is None:
            return []
        self.quiet_until = max(self.quiet_until, at + SETTLE if now is None else at)
        if now == self._on:
            return []
        self._on = now
        if now is None:
            return [Event(at, "level", {"target": target})]
        side = "up" if now.slope > 0 else "down"
        return [Event(at, "hill", {"side": side, "grade": round(now.slope, 3), "metres": round(now.metres, 1)})]

    def _notice_slope(self, at: float, metres: float) -> None:
        here = _containing(self._sections, metres, metres)
        slope = here.slope if here else self._slope
        if slope is not None and self._slope is not None and abs(slope - self._slope) > HILL:
            self.quiet_until = max(self.quiet_until, at + SETTLE)
        self._slope = slope


def _mean(hill: list[Section]) -> float:
    return sum(each.slope * each.metres for each in hill) / sum(each.metres for each in hill)


def _steep(hill: list[Section]) -> list[Section]:
    """The walls of a hill; neighbouring ones are joined."""
    walls: list[Section] = []
    for each in hill:
        if each.is_steep and walls and walls[-1].end == each.begin:
            walls[-1] = joined(walls[-1], each)
        elif each.is_steep:
            walls.append(each)
    return walls


def _containing(found: tuple[Section, ...], ahead: float, metres: float) -> Section | None:
    """The section that begins at or before `ahead` and has not ended at `metres`; None if there is none."""
    number = bisect_right(found, ahead, key=_begin) - 1
    while number >= 0 and found[number].begin > metres and number > 0 and metres < found[number - 1].end:
        number -= 1
    return found[number] if number >= 0 and metres < found[number].end else None


def _begin(section: Section) -> float:
    return section.begin
