"""Steps as people type them, turned into intervals.icu's text: "zone 2", "140 bpm", "6:00/km -> 5:00/km", "x3", ";" for ","."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.core.units import PER
from coach.workouts.icu_words import DISTANCE, in_short, seconds_of

_BRACKET = re.compile(r"([0-9]\s?x)\s?\(", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,4}\s?x)\s?([0-9].*)", re.IGNORECASE)  # 3x1km
_TURNED = re.compile(r"x\s?([0-9]{1,4})\s+(.*)", re.IGNORECASE)  # x3 1km
_BETWEEN = re.compile(r"\s*;\s*|\s+\+\s+")  # what some write for a comma
_PACE = rf"([0-9]{{1,2}}:[0-5][0-9](?:\.[0-9]{{1,3}})?)(/(?:{'|'.join(PER)}))?"
_BEATS = r"[0-9]{2,3}(?: ?- ?[0-9]{2,3})?"
_RANGE = re.compile(r"([0-9]{2,3}) ?- ?([0-9]{2,3})bpm", re.IGNORECASE)
_KILOMETRES = re.compile(r"(?<!\S)([0-9]{1,3}(?:\.[0-9]{1,2})?)k(?!\S)", re.IGNORECASE)
_REPEATED = re.compile(r"x[0-9]{1,4}|[0-9]{1,4}x", re.IGNORECASE)
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), becomes)
    for pattern, becomes in (
        (rf"{_PACE}\s?(?:->|→|\bto\b)\s?{_PACE}", r"ramp \1\2-\3\4"),
        (rf"{_PACE}\s?\.\.\s?{_PACE}", r"\1\2-\3\4"),
        (r"\bzone ?([1-9])\b", r"Z\1"),
        (r"% ?(?:of )?(?:max(?:imum)? ?(?:hr|heart rate)|hr ?max|mhr|hr)\b", "% HR"),
        (r"% ?(?:of )?lthr\b", "% LTHR"),
        (rf"(?<!\S)(?:hr|heart rate) ({_BEATS})(?: ?bpm)?(?!\S)", r"\1bpm"),
        (rf"(?<!\S)({_BEATS}) bpm\b", r"\1bpm"),
        (r"(?<!\S)([0-9]{2,3} ?- ?[0-9]{2,3}) hr\b", r"\1bpm"),
        (r"(?<!\S)([0-9]{1,2}(?:\.[0-9]{1,2})?) ?(?:km/h|kmh|kph)\b", r"\1km/h"),
        (r"(?<!\S)([0-9]{1,2}(?:\.[0-9]{1,2})?) ?(?:mph|mi/h)\b", r"\1mph"),
    )
)


def items(text: str) -> list[str]:
    """The lines of a workout typed on the command line; a closing bracket ends a repeat, like a blank line."""
    text = in_short(in_form(text.replace("×", "x")))
    if "\n" in text:
        return text.splitlines()
    opened, brackets = _BRACKET.subn(r"\1,", _BETWEEN.sub(",", text))
    each = (opened.replace(")", ",,") if brackets else opened).split(",")
    short = (_SHORT.sub(r"\1,\2,", _TURNED.sub(r"\1x \2", item.strip())).split(",") for item in each)
    return [item for some in short for item in some]


def in_form(text: str) -> str:
    """A step as the format has it."""
    for pattern, becomes in _FORMS:
        text = pattern.sub(becomes, text)
    return _RANGE.sub(r"\1-\2bpm", text)


def in_kilometres(text: str) -> str:
    """ "5k" is 5 km, where no other length says that it is a pace."""
    return _KILOMETRES.sub(r"\1km", text, count=1)


def hides_a_step(left: Iterable[str]) -> bool:
    """Whether words that nobody understood tell another length, or how often the step is to be run."""
    return any(DISTANCE.fullmatch(word) or seconds_of(word) is not None or _REPEATED.fullmatch(word) for word in left)
