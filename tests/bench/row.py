"""One figure of a benchmark and the limit it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` in `unit`; `limit` is the most, or the least where `least`; None where there is only a figure."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f"{'>=' if self.least else '<='} {self.limit:g}"
        verdict = "" if self.limit is None else "ok" if self.holds else "MISSED"
        return f"{self.what:<58} {self.value:>12,.3f} {self.unit:<10} {bound:<12} {verdict}"
