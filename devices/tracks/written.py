"""Reads numbers and times as programs write them: with decimal points or commas, in ISO 8601 or another form."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from unicodedata import decimal

LONGEST = 80  # characters: some programs write a binary fraction to its last digit
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SIGNS = {"\u066b": ".", "\u2212": "-", "\u060c": ","}  # the Arabic decimal point and comma, and a minus as printers have it
_BY_NAME = re.compile(r"(?:[A-Z]{3,9},? )?(?P<day>\d{1,2})[ -](?P<month>[A-Z]{3})[A-Z]*[ ,-]+(?P<year>\d{4}),? (?P<clock>.+)")
_UNIX_STYLE = re.compile(r"[A-Z]{3} (?P<month>[A-Z]{3}) +(?P<day>\d{1,2}) (?P<clock>[\d:]+(?: [A-Z\d:+-]+)?) (?P<year>\d{4})")
_ODD = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|(?P<one>\d{1,2})(?P<sign>[./])(?P<two>\d{1,2})[./](?P<late>\d{4}))"
    r"[T, ]+(?P<hour>\d{1,2})(?P<colon>[:.H_ -])(?P<minute>\d{1,2})"
    r"(?:(?P=colon)(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?)?"
    r" ?(?P<half>AM|PM)? ?(?P<zone>(?:GMT|UTC)?[+-]\d\d?(?::?\d\d)?|Z+|[A-Z]{3,4})?(?:\[[^]]{1,40}\])?"
)
_UNIX = re.compile(r"(\d{9,10})(\d{3})?(\.\d{1,9})?")  # in seconds or milliseconds


def number(text: str | None, least: float, most: float) -> float | None:
    """A plain decimal number within bounds; None for anything else ("nan", "1_0", "1e999")."""
    if not text or len(text) > LONGEST:
        return None
    try:
        value = float(text)
    except ValueError:
        if not text.isascii() and (same := _in_ascii(text)).isascii():
            return number(same, least, most)
        if text.count(",") != 1 or "." in text:
            return None
        return number(text.replace(",", "."), least, most)
    return value if least <= value <= most and "_" not in text and text.isascii() else None


def unix_time(text: str | None) -> float | None:
    """Unix time of an ISO 8601 moment; without a zone it is UTC, and a leap second is the next one. None if invalid."""
    if not text or len(text) > LONGEST or not (text.isascii() or (text := _in_ascii(text)).isascii()):
        return None
    if len(text) == 20 and text[16] == ":" and text[19] == "Z" and text[17:19].isdecimal():  # as nearly every file has it
        minute = _moment(text[:16])
        return None if minute is None else minute + int(text[17:19])
    return _moment(text.strip().upper())


def unreadable_time(text: str) -> str:
    """What to say of a recording whose times are written like this one."""
    return f'has times in an unknown form, such as "{"".join(sign for sign in _as_written(text) if sign.isprintable())[:40]}"'


def _as_written(text: str) -> str:
    """The text in the file's own encoding; it was read as Latin-1, because numbers are ASCII in nearly every file."""
    with suppress(ValueError):
        return text.encode("latin-1").decode()
    return text


def _in_ascii(text: str) -> str:
    """With the digits of every script as 0 to 9: a phone in Persian, Arabic or Marathi writes its own."""
    digits = ((sign, decimal(sign, -1)) for sign in _as_written(text))
    return "".join(str(digit) if digit >= 0 else _SIGNS.get(sign, sign) for sign, digit in digits)


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
    """Unix time of a moment with slashes, the day first, AM or PM, without leading zeros, with a zone's name, with other signs
    than colons, or with the month's name; or of a number.

    Only differences matter for a run: a month taken for a day, a zone that is ignored and a day that is in no calendar change
    none.
    """
    if (number := _UNIX.fullmatch(text)) is not None:
        return float(f"{number[1]}.{number[2] or ''}{(number[3] or '.')[1:]}0")
    if text[:14].isdecimal():  # without any sign between
        return unix_time(f"{text[:8]}T{text[8:]}")
    if (named := _BY_NAME.fullmatch(text) or _UNIX_STYLE.fullmatch(text)) and named["month"] in _MONTHS:
        text = f"{named['year']}-{_MONTHS.index(named['month']) + 1}-{named['day']} {named['clock']}"
    if (found := _ODD.fullmatch(text)) is None:
        return None
    told = found.groupdict()
    year, month, day = told["year"] or told["late"], told["month"] or told["one"], told["day"] or told["two"]
    if told["sign"] == "." or (told["sign"] and int(month) > 12):
        month, day = day, month
    hour = int(told["hour"])
    if told["half"]:
        hour = hour % 12 + 12 * (told["half"] == "PM")
    clock = hour, int(told["minute"]), int(told["second"] or 0)
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 60:
        return None
    try:
        begin = _day(int(year), int(month), int(day), _zone(told["zone"]))
        return (begin + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])).timestamp() + float(
            f"0.{told['fraction'] or 0}"
        )
    except (ValueError, OverflowError):
        return None


def _day(year: int, month: int, day: int, zone: timezone) -> datetime:
    """Its midnight; some programs write a month 0 or a day 0, and count the hours right."""
    try:
        return datetime(year, month, day, tzinfo=zone)
    except ValueError:
        if month > 12 or day > 31:
            raise
        return datetime(1970, 1, 1, tzinfo=zone) + timedelta(days=day)


def _zone(text: str | None) -> timezone:
    text = (text or "").removeprefix("GMT").removeprefix("UTC")
    if not text or text[0] not in "+-":
        return UTC
    hours, _, rest = text[1:].partition(":") if ":" in text else (text[1:3], "", text[3:])
    minutes = 60 * int(hours) + int(rest or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
