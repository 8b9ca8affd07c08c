"""Heart rates in intervals.icu's text: "Z2 HR", "140-150bpm", "70-80% HR" of the maximum, "85-90% LTHR" of the threshold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.core.plan.heart import Beats
from coach.workouts.reading import Reading, Where

OF = {"hr": "maximum", "lthr": "threshold"}  # the word after a share -> what it is a share of
_BEATS = re.compile(r"([0-9]{2,3})(?:bpm)?(?:-([0-9]{2,3}))?bpm")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%?(?:-([0-9]{1,3}(?:\.[0-9]{1,2})?))?%")
_ZONE = re.compile(r"z([1-9])(?:-z?([1-9]))?")


def is_heart(words: Sequence[str], at: int) -> bool:
    """Whether the word there tells a heart rate: of "Z2" and "70%" alone nobody knows."""
    word, by_heart = words[at].lower(), at + 1 < len(words) and words[at + 1].lower() in OF
    return bool(_BEATS.fullmatch(word) or (by_heart and (_SHARE.fullmatch(word) or _ZONE.fullmatch(word))))


def heart(reading: Reading, where: Where, words: Sequence[str], at: int) -> Beats | None:
    """The heart rate of a word that `is_heart`; None and a warning if it needs something of the runner that is not known."""
    word, quoted = words[at].lower(), f'"{words[at]}"'
    if match := _BEATS.fullmatch(word):
        return reading.heart_between(where, float(match[1]), float(match[2] or match[1]))
    if match := _ZONE.fullmatch(word):
        return reading.heart_zones(where, int(match[1]), int(match[2] or match[1]), quoted)
    match = _SHARE.fullmatch(word)
    one, other = (float(match[1]), float(match[2] or match[1])) if match else (0.0, 0.0)
    return reading.heart_share(where, min(one, other), max(one, other), OF[words[at + 1].lower()], quoted)


def text(kept: Beats) -> str:
    return f"{kept.low}-{kept.high}bpm"
