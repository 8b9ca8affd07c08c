"""Reads numbers and times as programs write them: with decimal points or commas, in ISO 8601 or another form."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

LONGEST = 80  # characters: some programs write a binary fraction to its last digit
_ODD = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|(?P<one>\d{1,2})(?P<sign>[./])(?P<two>\d{1,2})[./](?P<late>\d{4}))"
    r"[T, ]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?)? ?(?P<half>AM|PM)?"
    r" ?(?P<zone>[+-]\d\d:?(?:\d\d)?|Z+|[A-Z]{3,4})?(?:\[[^]]{1,40}\])?"
)
_UNIX = re.compile(r"(\d{9,10})(\d{3})?(\.\d{1,9})?")  # in seconds or milliseconds


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


def unreadable_time(text: str) -> str:
    """What to say of a recording whose times are written like this one."""
    with suppress(ValueError):
        text = text.encode("latin-1").decode()  # as the file has it
    return f'has times in an unknown form, such as "{"".join(sign for sign in text if sign.isprintable())[:40]}"'


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
    """Unix time of a moment with slashes, the day first, AM or PM, without leading zeros, with a zone's name; or of a number.

    Only differences matter for a run: a month taken for a day and a zone that is ignored change none.
    """
    if (number := _UNIX.fullmatch(text)) is not None:
        return float(f"{number[1]}.{number[2] or ''}{(number[3] or '.')[1:]}0")
    if (found := _ODD.fullmatch(text)) is None:
        return None
    told = found.groupdict()
    year, month, day = told["year"] or told["late"], told["month"] or told["one"], told["day"] or told["two"]
    if told["sign"] == "." or (told["sign"] and int(month) > 12):
        month, day = day, month
    hour = int(told["hour"])
    if told["half"]:
        hour = hour % 12 + 12 * (told["half"] == "PM")
    try:
        moment = datetime(
            int(year), int(month), int(day), hour, int(told["minute"]), int(told["second"] or 0), tzinfo=_zone(told["zone"])
        )
        return moment.timestamp() + float(f"0.{told['fraction'] or 0}")
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    minutes = 60 * int(text[1:3]) + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
