"""The curve of a run as text: the band in grey blocks, the pace as dots, corrections as arrows."""

from __future__ import annotations

from collections.abc import Iterator
from shutil import get_terminal_size
from statistics import fmean

from coach.core.units import clock_text, pace_text, speed_text
from coach.runs.activity import Activity, Second
from coach.runs.report.charts import Frame, frame_of_paces

ROWS, LEAST_COLUMNS, MOST_COLUMNS = 14, 30, 160
BAND, RUN, SLOWER, FASTER = "░", "●", "▼", "▲"


def curve(activity: Activity, unit: str, columns: int | None = None) -> Iterator[str]:
    """Lines as wide as the terminal; the columns are equal pieces of the running time."""
    told = speed_text if activity.setup.settings.treadmill else pace_text
    frame = frame_of_paces(activity.seconds)
    speeds = [frame.high - (frame.high - frame.low) * row / (ROWS - 1) for row in range(ROWS)]
    labels = [told(speed, unit) if row % 3 == 0 else "" for row, speed in enumerate(speeds)]
    margin = max(map(len, labels)) + 1
    wide = max(LEAST_COLUMNS, min(MOST_COLUMNS, (columns or get_terminal_size().columns) - margin - 1))
    pieces = _pieces(activity.seconds, wide, frame)
    for row, label in enumerate(labels):
        yield f"{label:>{margin - 1}} " + "".join(_cell(piece, row, frame) for piece in pieces).rstrip()
    marks = _marks(activity, frame, wide)
    yield " " * margin + "".join(marks).rstrip()
    half, end = clock_text(frame.right / 2), clock_text(frame.right)
    middle = wide // 2 - len(half) // 2
    yield " " * margin + "0:00".ljust(middle) + half + end.rjust(wide - middle - len(half))


def _pieces(seconds: list[Second], wide: int, frame: Frame) -> list[list[Second]]:
    pieces: list[list[Second]] = [[] for _ in range(wide)]
    for each in seconds:
        pieces[min(wide - 1, int(frame.x(each.elapsed) / 100 * wide))].append(each)
    return pieces


def _cell(piece: list[Second], row: int, frame: Frame) -> str:
    speeds = [each.speed for each in piece if each.speed]
    if speeds and _row(fmean(speeds), frame) == row:
        return RUN
    for each in piece[:1]:
        if each.asked is not None:
            top = _row(each.fast, frame) if each.fast is not None else 0
            bottom = _row(each.slow, frame) if each.slow is not None else ROWS - 1
            return BAND if top <= row <= bottom else " "
    return " "


def _row(speed: float, frame: Frame) -> int:
    return round(frame.y(speed) / 100 * (ROWS - 1))


def _marks(activity: Activity, frame: Frame, wide: int) -> list[str]:
    marks = [" "] * wide
    for said in activity.said:
        mark = {"ease_off": SLOWER, "pick_up": FASTER}.get(said.kind)
        if mark and (second := activity.second_at(said.at)):
            marks[min(wide - 1, int(frame.x(second.elapsed) / 100 * wide))] = mark
    return marks
