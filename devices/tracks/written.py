"""Reads numbers and times as programs write them: with decimal points or commas, in ISO 8601 or something like it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

LONGEST = 40  # characters
_ODD = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?"
)


def number(text: str | None, least: float, most: float) -> float | None:
    """A plain decimal number within bounds; None for anything else ("nan", "1_0", "1e999")."""
    if not text or len(text) > LONGEST:
        return None
    try:
        value = float(text)
    except ValueError:
        if text.count(",") != 1 or "." in text:
            return None
        return number(text.replace(",", "."), least, most)
    return value if least <= value <= most and "_" not in text and text.isascii() else None


def unix_time(text: str | None) -> float | None:
    """Unix time of an ISO 8601 moment; without a zone it is UTC, and a leap second is the next one. None if invalid."""
    if not text or len(text) > LONGEST or not text.isascii():
        return None
    if len(text) == 20 and text[16] == ":" and text[19] == "Z" and text[17:19].isdecimal():  # as nearly every file has it
        minute = _moment(text[:16])
        return None if minute is None else minute + int(text[17:19])
    return _moment(text.strip().upper())


@lru_cache(4)  # the points of one minute follow each other
def _moment(text: str) -> float | None:
    leap = 1.0 if text[16:19] == ":60" else 0.0
    text = text.replace(":60", ":59", 1) if leap else text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _oddly_written(text)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() + leap
    except (ValueError, OverflowError):
        return None


def _oddly_written(text: str) -> float | None:
    """Unix time of a moment with slashes, without leading zeros, with blanks, or with UTC instead of Z."""
    if (found := _ODD.fullmatch(text)) is None:
        return None
    *fields, fraction, zone = found.groups()
    try:
        moment = datetime(*(int(each or 0) for each in fields), tzinfo=_zone(zone))  # type: ignore[arg-type,misc]
        return moment.timestamp() + float(f"0.{fraction or 0}")
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    minutes = 60 * int(text[1:3]) + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
