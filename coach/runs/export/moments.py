"""Times and pieces of an activity, as the formats of watches want them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from time import gmtime

from coach.core.plan.segments import Kind
from coach.runs.activity import Activity, Part, Second

SHORTEST = 1.0  # s: a segment that was left sooner is no lap


@dataclass(frozen=True, slots=True)
class Lap:
    """A segment as a lap: its number in the plan from 1, and when it began and ended (Unix time), `at` in s of the recording.

    Laps meet without a gap: a pause belongs to the lap in which it began.
    """

    number: int
    kind: Kind
    part: Part
    began: float
    ended: float
    at: float
    seconds: list[Second]

    @property
    def milliseconds(self) -> int:
        """Running time. Those of all laps add up to the whole, because each boundary is rounded once."""
        return round(self.part.ended * 1000) - round(self.part.began * 1000)

    @property
    def centimetres(self) -> int:
        return round((self.part.metres + self.part.distance) * 100) - round(self.part.metres * 100)

    @property
    def heart_max(self) -> float | None:
        return max((each.heart for each in self.seconds if each.heart), default=None)


def laps(activity: Activity) -> list[Lap]:
    """The segments that were run, in order."""
    kept = [each for each in activity.segments if each[1].elapsed >= SHORTEST] or activity.segments[-1:]
    bounds = [activity.clock(part.ended) for _, part in kept[:-1]] + [activity.ended]
    begins = [activity.began, *bounds[:-1]]
    found: list[Lap] = []
    every = [second for _, second in one_a_second(activity)]
    for (number, part), begin, end in zip(kept, begins, bounds, strict=True):
        first, last = (bisect_left(every, moment, key=lambda each: each.at) for moment in (begin, end))
        seconds = every[first : None if end == activity.ended else last]
        kind = activity.plan.segments[number - 1].kind
        found.append(Lap(number, kind, part, activity.unix(begin), activity.unix(end), end, seconds))
    return found


def one_a_second(activity: Activity) -> Iterator[tuple[int, Second]]:
    """The seconds with their Unix time, rounded; of two that fall on the same, the first."""
    last = 0
    for second in activity.seconds:
        unix = round(activity.unix(second.at))
        if unix > last:
            yield unix, second
            last = unix


def said_in(activity: Activity) -> dict[float, str]:
    """What was said, by the `at` of the second in which it was, or of the last one before a pause."""
    words: dict[float, str] = {}
    for said in activity.said:
        if second := activity.second_at(said.at):
            words[second.at] = f"{words[second.at]} {said.text}" if second.at in words else said.text
    return words


def stretches(activity: Activity, seconds: list[Second]) -> Iterator[list[Second]]:
    """The seconds between pauses."""
    pauses = [begin for begin, _ in activity.pauses]
    stretch: list[Second] = []
    for second in seconds:
        if stretch and bisect_left(pauses, stretch[-1].at) < bisect_left(pauses, second.at):
            yield stretch
            stretch = []
        stretch.append(second)
    if stretch:
        yield stretch


def utc_text(unix: float) -> str:
    """ "2026-05-14T05:30:00Z", to the second."""
    year, month, day, hour, minute, second, *_ = gmtime(round(unix))
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


def escaped(name: str) -> str:
    """A name as the text of an XML element; characters that XML cannot hold are left out."""
    return escape("".join(each for each in name if each.isprintable()), quote=False)
