"""The plan as a curve of characters, with what was run on it and a mark where the runner is; and the gauge of the band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coach.ui.outline import Outline
from coach.ui.state import State

COLUMNS = 400  # kept of what was run: more than any terminal shows
MARGIN = 0.04  # of the speeds above the fastest target and below the slowest
BEYOND = 0.12  # of the target: how far the run may go beyond all targets and still be drawn at its height
GAUGE = 0.16  # of the target to both ends of the gauge


class Marks(NamedTuple):
    """The characters of a drawing."""

    plan: str
    run: str
    here: str
    band: str
    rail: str
    target: str


UNICODE, ASCII = Marks("─", "•", "│", "━", "─", "┃"), Marks("-", "o", "|", "=", "-", "|")


@dataclass(slots=True)
class Trail:
    """What was run, as the mean speed (m/s) of each small part of the plan."""

    _sums: list[float] = field(default_factory=lambda: [0.0] * COLUMNS)
    _counts: list[int] = field(default_factory=lambda: [0] * COLUMNS)

    def follow(self, state: State) -> None:
        if state.speed is not None and state.phase == "running":
            column = min(COLUMNS - 1, int(state.place * COLUMNS))
            self._sums[column] += state.speed
            self._counts[column] += 1

    def over(self, columns: int) -> list[float | None]:
        """The mean speed in each of so many parts; None where nothing was run."""
        means: list[float | None] = []
        for column in range(columns):
            first, last = column * COLUMNS // columns, max((column + 1) * COLUMNS // columns, column * COLUMNS // columns + 1)
            count = sum(self._counts[first:last])
            means.append(sum(self._sums[first:last]) / count if count else None)
        return means


def curve(
    outline: Outline, trail: Trail, place: float, columns: int, rows: int, marks: Marks
) -> tuple[list[str], float, float]:
    """`rows` lines of `columns` characters, and the speeds (m/s) of their upper and lower edge; no lines without any target."""
    targets = [_target_at(outline, (column + 0.5) / columns) for column in range(columns)]
    known = [each for each in targets if each]
    if not known or rows < 2:
        return [], 0.0, 0.0
    run = trail.over(columns)
    highest, lowest = max(known) * (1 + MARGIN), min(known) * (1 - MARGIN)
    most, least = highest * (1 + BEYOND), lowest * (1 - BEYOND)
    seen = [min(most, max(least, each)) for each in run if each is not None]
    highest, lowest = max([highest, *seen]), min([lowest, *seen])

    def row(speed: float) -> int:
        share = (min(highest, max(lowest, speed)) - lowest) / (highest - lowest)
        return round((1 - share) * (rows - 1))

    grid = [[" "] * columns for _ in range(rows)]
    here = min(columns - 1, int(place * columns))
    for line in grid:
        line[here] = marks.here
    _draw(grid, targets, row, marks.plan)
    _draw(grid, run, row, marks.run)
    return ["".join(line) for line in grid], highest, lowest


def _draw(grid: list[list[str]], speeds: Sequence[float | None], row: Callable[[float], int], mark: str) -> None:
    for column, speed in enumerate(speeds):
        if speed:
            grid[row(speed)][column] = mark


def _target_at(outline: Outline, place: float) -> float | None:
    leg = next((leg for leg in outline.legs if place <= leg.end), outline.legs[-1])
    for (at, target, _, _), (after, following, _, _) in zip(leg.points, leg.points[1:], strict=False):
        if target and following and at <= place <= after:
            return target + (following - target) * (place - at) / (after - at) if after > at else target
    return None


def gauge(state: State, columns: int, marks: Marks) -> str:
    """A line from too slow to too fast: the band, the target in it, and the speed; empty without a target."""
    if not state.target or columns < 10:
        return ""
    target = state.target

    def column(speed: float) -> int:
        share = (speed / target - 1 + GAUGE) / (2 * GAUGE)
        return min(columns - 1, max(0, round(share * (columns - 1))))

    low = column(state.low) if state.low else 0
    high = column(state.high) if state.high else columns - 1
    line = [marks.band if low <= each <= high else marks.rail for each in range(columns)]
    line[column(target)] = marks.target
    if state.speed is not None and state.phase != "paused":
        line[column(state.speed)] = "●" if marks is UNICODE else "O"
    return "".join(line)
