"""Columns of plain text: the first to the left, the others to the right, as wide as their widest cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

GAP = "  "


def aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A line for each row. Columns that are empty or a dash in every row but the first, which is their title, are left out.

    A row may end early; its last cell may then be wider than its column.
    """
    table = [list(row) for row in rows]
    whole = len(table[0])
    kept = [column for column in range(whole) if column == 0 or any(_is_told(row, column) for row in table[1:])]
    full = [row for row in table if len(row) == whole]
    widths = {column: max(len(row[column]) for row in (full if column else table)) for column in kept}
    for row in table:
        cells = (_cell(row, column, widths) for column in kept if column < len(row))
        yield GAP.join(cells).rstrip()


def _is_told(row: Sequence[str], column: int) -> bool:
    return column < len(row) and row[column] not in ("", "–")


def _cell(row: Sequence[str], column: int, widths: dict[int, int]) -> str:
    if column == 0:
        return row[0].ljust(widths[0])
    ends_early = len(row) <= max(widths) and column == len(row) - 1
    return row[column] if ends_early else row[column].rjust(widths[column])
