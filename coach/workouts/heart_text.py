"""Heart rates as a workout file writes them: "140 .. 150", "152", "z2", and ends such as "heart < 120"."""

from __future__ import annotations

import re

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration
from coach.planning.fitness.heart import ZONES, Hearts
from devices.sample import FASTEST_HEART, SLOWEST_HEART

TO_FALL, TO_RISE = 180.0, 600.0  # s for which a segment without a length waits for its heart rate to fall, or to rise
AROUND = 5  # beats a minute: one number alone is kept to within the variation of a day
_END = re.compile(r"(?:heart(?: rate)?|hr)\s*([<>])=?\s*(\d{2,3})(?:\s*bpm)?")
_TO = r"\s*(?:\.\.|-|–|to)\s*"
_BEATS = re.compile(rf"(\d{{2,3}})(?:{_TO}(\d{{2,3}}))?(?:\s*bpm)?")
_ZONES = re.compile(rf"z([1-5])(?:{_TO}z?([1-5]))?")


def beats(text: str, hearts: Hearts) -> Beats:
    """Zones are those of `hearts`. Raises UnknownHeart if they are not known, or ValueError that says what is wrong."""
    name = text.strip().lower()
    if zones := _ZONES.fullmatch(name):
        first, last = sorted((int(zones[1]), int(zones[2] or zones[1])))
        known = hearts.zones(f'the heart-rate zone "{name}"')
        return Beats(known[first - 1][0], known[last - 1][1])
    if not (found := _BEATS.fullmatch(name)):
        raise ValueError(f'"{text}" is not a heart rate; write "140 .. 150", or a zone: {", ".join(ZONES)}')
    if (kept := between(int(found[1]), int(found[2] or found[1]))) is None:
        raise ValueError(f'"{text}" is not a heart rate of {SLOWEST_HEART} to {FASTEST_HEART} beats a minute')
    return kept


def between(one: float, other: float) -> Beats | None:
    """A heart rate to keep between these beats a minute, in either order, or around one; None if no heart beats like that."""
    low, high = sorted((round(one), round(other))) if one != other else (round(one) - AROUND, round(one) + AROUND)
    return Beats(low, high) if SLOWEST_HEART <= low < high <= FASTEST_HEART else None


def end(text: str) -> HeartEnd:
    """Raises ValueError that says what is wrong."""
    found = _END.fullmatch(text.strip().lower())
    if not found or not SLOWEST_HEART <= int(found[2]) <= FASTEST_HEART:
        raise ValueError(f'"{text}" is not the end of a segment; write it like until = "heart < 120"')
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
