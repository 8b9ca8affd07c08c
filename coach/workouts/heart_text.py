"""Heart rates as a workout file writes them: "140 .. 150", "152", "z2", and ends such as "heart < 120"."""

from __future__ import annotations

import re

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration
from coach.planning.fitness.heart import ZONES
from devices.sample import FASTEST_HEART, SLOWEST_HEART

TO_FALL, TO_RISE = 180.0, 600.0  # s for which a segment without a length waits for its heart rate to fall, or to rise
AROUND = 5  # beats a minute: one number alone is kept to within the variation of a day
_END = re.compile(r"heart\s*([<>])\s*(\d{2,3})")
_BEATS = re.compile(r"(\d{2,3})(?:\s*\.\.\s*(\d{2,3}))?")


class NeedsMaximum(ValueError):
    """A zone was named, and the runner's maximum is not known."""


def beats(text: str, most: int) -> Beats:
    """`most` is the runner's maximum, 0 if unknown. Raises ValueError that says what is wrong."""
    name = text.strip().lower()
    if name in ZONES:
        if not most:
            raise NeedsMaximum(f'the heart-rate zone "{name}" needs your maximum heart rate')
        return Beats(*(round(share * most) for share in ZONES[name]))
    if not (found := _BEATS.fullmatch(name)):
        raise ValueError(f'"{text}" is not a heart rate; write "140 .. 150", or a zone: {", ".join(ZONES)}')
    one = int(found[1])
    low, high = sorted((one, int(found[2]))) if found[2] else (one - AROUND, one + AROUND)
    if not SLOWEST_HEART <= low < high <= FASTEST_HEART:
        raise ValueError(f'"{text}" is not a heart rate of {SLOWEST_HEART} to {FASTEST_HEART} beats a minute')
    return Beats(low, high)


def end(text: str) -> HeartEnd:
    """Raises ValueError that says what is wrong."""
    found = _END.fullmatch(text.strip().lower())
    if not found or not SLOWEST_HEART <= int(found[2]) <= FASTEST_HEART:
        raise ValueError(f'"{text}" is not the end of a segment; write for example until = "heart < 120"')
    return HeartEnd(int(found[2]), below=found[1] == "<")


def possible(value: float) -> int:
    """Beats a minute; 0 if no heart beats like that."""
    return round(value) if SLOWEST_HEART <= value <= FASTEST_HEART else 0


def longest(until: HeartEnd) -> Duration:
    """The length of a segment that has none but its end."""
    return Duration(TO_FALL if until.below else TO_RISE)


def beats_text(heart: Beats) -> str:
    return f"{heart.low} .. {heart.high}"


def end_text(until: HeartEnd) -> str:
    return f"heart {'<' if until.below else '>'} {until.beats}"
