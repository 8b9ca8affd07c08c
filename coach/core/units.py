"""Parsing and formatting of paces, speeds, distances and durations as people write them; SI units inside.

Strict on purpose: ``float()`` takes "1_0", "nan", "1e999" and full-width digits, and none of them is a pace.
"""

from __future__ import annotations

import re
from math import floor

METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0}
PER = {"km": METRES["km"], "mi": METRES["mi"]}

SLOWEST, FASTEST = 0.5, 12.0  # m/s: 33:20/km is a stroll, 1:23/km beats the 100 m record; beyond is a typing mistake
LONGEST_TIME = 48 * 3600.0  # s
LONGEST_WAY = 500_000.0  # m

_WORDS = {
    "km": ("kilometer", "kilometers", "kilometre", "kilometres"), "m": ("mtr", "meter", "meters", "metre", "metres"),
    "mi": ("mile", "miles"), "s": ("sec", "secs", "second", "seconds"), "min": ("mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
}  # fmt: skip
SHORT = {word: unit for unit, words in _WORDS.items() for word in (unit, *words)}  # "miles" -> "mi"
_FRACTIONS = {"¼": 0.25, "½": 0.5, "¾": 0.75, "1/4": 0.25, "1/2": 0.5, "3/4": 0.75}
_SMALLER = ("h", "min", "s")  # the order in which the units of one time are written

_NUMBER = r"([0-9]{1,7}(?:\.[0-9]{1,6})?)"
_AMOUNT = rf"(?:{_NUMBER})?(?: ?([¼½¾])|(?:(?<=[0-9]) |(?<![0-9]))([13]/[24]))?"  # 2, 2.5, ½, 2½, 1/2, 2 1/2
_QUANTITY = re.compile(rf"{_AMOUNT} ?([a-z]+) *")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9](?:\.[0-9]{1,3})?)")
_SPEED = re.compile(rf"{_NUMBER} ?(km/h|mph|mi/h|m/s)")
_PER_HOUR = {"km/h": 1 / 3.6, "mph": METRES["mi"] / 3600, "mi/h": METRES["mi"] / 3600, "m/s": 1.0}


def parse_duration(text: str) -> float:
    """Seconds from "10 min", "90 s", "1.5 h", "1m 30s", "5:00" or "1:30:00"; ValueError says what is wrong."""
    text = text.strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return _within(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), LONGEST_TIME, text)
    parts = _quantities(text)
    if len(parts) > 1:
        parts = [(amount, "min" if unit == "m" else unit) for amount, unit in parts]  # beside seconds or hours
    units = [unit for _, unit in parts]
    if not units or units != [unit for unit in _SMALLER if unit in units]:
        raise ValueError(f'{text!r} is not a time; write "10 min", "90 s" or "1:30:00"')
    return _within(sum(amount * SECONDS[unit] for amount, unit in parts), LONGEST_TIME, text)


def parse_distance(text: str) -> float:
    """Metres from "2 km", "400 m", "1 mi", "5 miles" or "½ mile"; ValueError says what is wrong."""
    text = text.strip()
    if not is_distance(text):
        raise ValueError(f'{text!r} is not a distance; write "2 km", "400 m" or "1 mi"')
    [(amount, unit)] = _quantities(text)
    return _within(amount * METRES[unit], LONGEST_WAY, text)


def is_distance(text: str) -> bool:
    """Whether this is a number and a unit of length, and not a time."""
    return [unit for _, unit in _quantities(text.strip())] in [[unit] for unit in METRES]


def amount(text: str) -> float | None:
    """Of "2", "2.5", "½", "2½", "1/2" or "2 1/2"; None for anything else."""
    match = re.fullmatch(_AMOUNT, text.strip())
    return float(match[1] or 0) + _FRACTIONS.get(match[2] or match[3], 0.0) if match and match[0] else None


def _quantities(text: str) -> list[tuple[float, str]]:
    """Each number with its unit in the short form; empty where anything else is in the text."""
    found: list[tuple[float, str]] = []
    at = 0
    while at < len(text):
        match = _QUANTITY.match(text, at)
        number = amount(match[0][: match.start(4) - at]) if match else None
        if match is None or number is None or match[4] not in SHORT:
            return []
        found.append((number, SHORT[match[4]]))
        at = match.end()
    return found


def parse_speed(text: str) -> float:
    """m/s from a pace ("5:05/km", "8:00/mi") or a speed ("10.5 km/h", "6.5 mph"); ValueError says what is wrong."""
    text = text.strip()
    pace, slash, unit = text.partition("/")
    if slash and unit.strip() in PER and (clock := _CLOCK.fullmatch(pace.strip())):
        hours, minutes, seconds = clock.groups()
        taken = int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
        if taken == 0:
            raise ValueError(f"{text!r} is not a pace: its time must be above zero")
        speed = PER[unit.strip()] / taken
    elif match := _SPEED.fullmatch(text):
        speed = float(match[1]) * _PER_HOUR[match[2]]
    else:
        raise ValueError(f'{text!r} is not a pace; write "5:30/km", "8:50/mi" or "10.5 km/h"')
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"{text!r} is not a running pace: {pace_text(speed) if speed else 'standing still'}")
    return speed


def pace_seconds(speed: float, per: float = METRES["km"]) -> int:
    """Whole seconds per km (or per `per` metres) at `speed` m/s, rounded half up: rounded first, then split."""
    return floor(per / speed + 0.5)


def pace_text(speed: float, unit: str = "km") -> str:
    """ "5:05/km" from m/s."""
    return f"{clock_text(pace_seconds(speed, PER[unit]))}/{unit}"


def speed_text(speed: float, unit: str = "km") -> str:
    """ "9.5 km/h" or "5.9 mph" from m/s, as a treadmill shows it."""
    return f"{speed * SECONDS['h'] / METRES[unit]:.1f} {'km/h' if unit == 'km' else 'mph'}"


def clock_text(seconds: float) -> str:
    """ "5:05" or "1:30:00" from seconds, rounded half up."""
    minutes, second = divmod(floor(seconds + 0.5), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def distance_text(metres: float, unit: str = "km") -> str:
    """ "8.04 km", "400 m" or "5.00 mi" from metres."""
    if unit == "km" and metres < 1000:
        return f"{metres:.0f} m"
    return f"{metres / METRES[unit]:.2f} {unit}"


def _within(value: float, most: float, text: str) -> float:
    if not 0 < value <= most:
        raise ValueError(f"{text!r} is too {'long' if value else 'short'}: a length lies above zero and below {most:.0f}")
    return value
