"""The words of intervals.icu's workout text that its reader and its writer must agree on: lengths, repeats, prompts, laps."""

from __future__ import annotations

import re

from coach.core.units import SECONDS

REPEAT = re.compile(r"(?:|.*\s)([0-9]{1,9})\s?x", re.IGNORECASE)
_TIME = re.compile(r"(?=[0-9])(?:([0-9]{1,2})h)?(?:([0-9]{1,4})(?:min|m|'))?(?:([0-9]{1,5})(?:sec|s|\"|''))?")
_MINUTE_AND = re.compile(r"(?:([0-9]{1,2})h)?([0-9]{1,4})[m']([0-9]{1,2})")  # 1m30
DISTANCE = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)(km|mi|mtr)")
PRESS = re.compile(r"\bpress lap\b", re.IGNORECASE)
PROMPT = re.compile(r"(?:^|\s)([0-9]{1,5})\^")


def length_at(words: list[str]) -> int | None:
    return next((n for n, word in enumerate(words) if DISTANCE.fullmatch(word) or seconds_of(word) is not None), None)


def seconds_of(word: str) -> float | None:
    """Of "1h2m30s", "10m", "90s", "5'", "1m30"; None if it is not a time."""
    if match := _MINUTE_AND.fullmatch(word) or _TIME.fullmatch(word):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * SECONDS["h"] + minutes * SECONDS["min"] + seconds
    return None


def is_plain(cue: str) -> bool:
    """Whether a reader would take these words as a cue: they contain no length, repeat or prompt."""
    odd = PRESS.search(cue) or REPEAT.fullmatch(cue) or cue.startswith("-") or "<!>" in cue or PROMPT.search(cue)
    return not odd and length_at(cue.split()) is None


def clock_length(seconds: int) -> str:
    """ "1h2m30s"."""
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    return "".join(f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (second, "s")) if value)
