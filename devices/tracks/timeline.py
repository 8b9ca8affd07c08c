"""Converts the times in a file to seconds since its first sample, which never go back."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import UTC, datetime
from math import isfinite

LEAP_BACK, LEAP_AHEAD = 3600.0, 86_400.0  # s: after a larger jump the clock was set, or another recording begins
AFTER_LEAP = 900.0  # s of run time that a leap counts for: longer than a pause within one run


class Timeline:
    """Faults: `repeated` (the same second again, or a little back), `leap` (the clock was set)."""

    def __init__(self, faults: MutableMapping[str, int]) -> None:
        self._faults = faults
        self._last: float | None = None
        self._offset = 0.0
        self.at = 0.0

    def place(self, utc: float) -> float | None:
        """Seconds since the first sample; None for a sample out of order."""
        if self._last is None:
            self._offset = -utc
        elif utc <= self._last and self._last - utc <= LEAP_BACK:
            self._count("repeated")
            return None
        elif utc < self._last or utc - self._last > LEAP_AHEAD:
            self._count("leap")
            self._offset = self.at + AFTER_LEAP - utc
        self._last = utc
        self.at = utc + self._offset
        return self.at

    def _count(self, fault: str) -> None:
        self._faults[fault] = self._faults.get(fault, 0) + 1


def unix_time(text: str | None) -> float | None:
    """Unix time of an ISO 8601 moment; without a zone it is UTC, and a leap second is the next one. None if invalid."""
    if not text or len(text) > 40 or not text.isascii():
        return None
    text = text.strip()
    leap = 1.0 if text[16:19] == ":60" else 0.0
    try:
        moment = datetime.fromisoformat(text.replace(":60", ":59", 1) if leap else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() + leap
    except (ValueError, OverflowError):
        return None


def number(text: str | None, least: float, most: float) -> float | None:
    """A plain decimal number within bounds; None for anything else ("nan", "1_0", "1e999")."""
    if not text or len(text) > 40 or "_" in text or not text.isascii():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and least <= value <= most else None
