"""The words of intervals.icu's workout text that its reader and its writer must agree on: lengths, repeats, prompts, laps."""

from __future__ import annotations

import re

from coach.core.units import METRES, SECONDS, SHORT, amount
from coach.planning.fitness.paces import NAMES

REPEAT = re.compile(r"(?:|.*\s)([0-9]{1,9})\s?x", re.IGNORECASE)
_TIME = re.compile(r"(?=[0-9])(?:([0-9]{1,2})h)?(?:([0-9]{1,4})(?:min|m|'))?(?:([0-9]{1,5})(?:sec|s|\"|''))?")
_MINUTE_AND = re.compile(r"(?:([0-9]{1,2})h)?([0-9]{1,4})[m']([0-9]{1,2})")  # 1m30
DISTANCE = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)(km|mi|mtr)")
PRESS = re.compile(r"\bpress lap\b", re.IGNORECASE)
PROMPT = re.compile(r"(?:^|\s)([0-9]{1,5})\^")
_PLAIN = re.compile(r"(?<![^\s(x-])([0-9¼½¾](?:[0-9./¼½¾ ]{0,16}[0-9¼½¾])?) ?([a-z]{1,10})(?![^\s),])", re.IGNORECASE)
_MINUTES = r"[0-9]{1,4}(?:m|min)"
_SEVERAL = re.compile(
    rf"(?<!\S)(?:([0-9]{{1,2}}h) (?={_MINUTES}(?!\S))|((?:[0-9]{{1,2}}h)?{_MINUTES}) (?=[0-9]{{1,5}}(?:s|sec)(?!\S))"
    r"|([0-9]{1,4}') (?=[0-9]{1,5}(?:\"|'')(?!\S)))"
)
_SPACED = re.compile(r"(?<!\S)(?:([0-9]{1,2}) ?h )?([0-9]{1,4}) m(?: ([0-9]{1,5}) ?s)?(?!\S)", re.IGNORECASE)
_ANOTHER = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:h|m|min|s|sec|km|mi|mtr|\"|'{1,2})?", re.IGNORECASE)
_RANGE = re.compile(rf"[0-9]+(?:[.,][0-9]+)? ?(?:to|or|-|–|{'|'.join(SHORT)})", re.IGNORECASE)
_TWO_WORDS = re.compile(r"\b(half)[ -]marathon\b|\b(warm)[ -](up)\b|\b(cool)[ -](down)\b|@(?=\S)", re.IGNORECASE)
EFFORTS = {name: name for name in NAMES} | {"tempo": "threshold"}  # as people say it -> the pace's name
LETTERS = {"e": "easy", "m": "marathon", "t": "threshold"}  # Daniels' letters, after an @


def length_at(words: list[str]) -> int | None:
    return next((n for n, word in enumerate(words) if DISTANCE.fullmatch(word) or seconds_of(word) is not None), None)


def seconds_of(word: str) -> float | None:
    """Of "1h2m30s", "10m", "90s", "5'", "1m30"; None if it is not a time."""
    if match := _MINUTE_AND.fullmatch(word) or _TIME.fullmatch(word):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * SECONDS["h"] + minutes * SECONDS["min"] + seconds
    return None


def in_short(text: str) -> str:
    """Lengths as people write them become those of the format: "5 miles" is "5mi", "10 minutes" is "10min", "½ km" is "0.5km".

    "10 m" stays as it is: whether minutes or metres were meant, nobody knows.
    """
    return _PLAIN.sub(_shortened, text)


def _shortened(found: re.Match[str]) -> str:
    number, unit = amount(found[1]), SHORT.get(found[2].lower())
    if number is None or unit is None or found[2] == "m" or length_at([found[0]]) is not None:
        return found[0]
    if unit in METRES:
        return f"{number:g}{'mtr' if unit == 'm' else unit}"
    return clock_length(round(number * SECONDS[unit])) or found[0]


def joined(text: str) -> str:
    """Times in several words become one: "1m 30s" is "1m30s"."""
    return _SEVERAL.sub(lambda found: found[1] or found[2] or found[3], _SPACED.sub(_minutes_and, text))


def _minutes_and(found: re.Match[str]) -> str:
    """ "1 m 30 s" and "1 h 5 m" are times; "10 m" alone may be metres."""
    hours, minutes, seconds = found.groups()
    if hours is None and seconds is None:
        return found[0]
    return f"{hours}h{minutes}m" if seconds is None else f"{f'{hours}h' if hours else ''}{minutes}m{seconds}s"


def is_part_of_length(before: list[str], after: list[str]) -> bool:
    """Whether the words beside a length are a part of it that nobody can read: "1min 30", "2km 500mtr", "10 to 12min"."""
    return bool(after and _ANOTHER.fullmatch(after[0])) or _RANGE.fullmatch(" ".join(before[-2:])) is not None


def one_word(text: str) -> str:
    """ "half marathon" is "half", "warm up" is "warmup", "@T" is "@ T"."""
    return _TWO_WORDS.sub(lambda found: "".join(part for part in found.groups() if part) or "@ ", text)


def is_plain(cue: str) -> bool:
    """Whether a reader would take these words as a cue: they contain no length, repeat or prompt."""
    odd = PRESS.search(cue) or REPEAT.fullmatch(cue) or cue.startswith("-") or "<!>" in cue or PROMPT.search(cue)
    return not odd and length_at(cue.split()) is None


def clock_length(seconds: int) -> str:
    """ "1h2m30s"."""
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    return "".join(f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (second, "s")) if value)
