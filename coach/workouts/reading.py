"""What readers of foreign workouts share: bounds, errors that name the place, and warnings about what is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import (
    MAX_SEGMENTS,
    Band,
    Distance,
    Duration,
    Kind,
    Length,
    Plan,
    Ramp,
    Saying,
    Segment,
    Steady,
    Target,
    UntilLap,
)
from coach.core.units import FASTEST, LONGEST_TIME, LONGEST_WAY, SLOWEST
from coach.errors import InvalidSettings
from coach.planning.fitness.heart import UNKNOWN, ZONES, Hearts, UnknownHeart
from coach.planning.fitness.paces import Fitness
from coach.workouts import heart_text
from coach.workouts.blocks import KIND_OF_NAME, printable

DEEPEST = 16  # nested blocks
LONGEST_NAME = 80
LONGEST_MESSAGE = 400
LONGEST_SAYING = 120  # characters: eight seconds of speech
MOST_WARNED = 10 * MAX_SEGMENTS  # a file with more warnings is not a workout
MOST_SAYINGS = 20  # per segment
CADENCES = (60, 240)  # steps a minute: a slow walk, a sprint
ONE_FOOT = 120  # steps/min: a lower cadence counts strides (one foot), because nobody runs with so few steps
NO_FITNESS = 'needs your fitness: type --race "10k 50:00", or put it under [runner] in the config'

Where = int | str | None  # a line, "step 3", or the whole file
Warn = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workout:
    """A plan read from `source`, with the total it names as its goal and the line of each segment, where known."""

    plan: Plan
    source: str
    goal: Length | None = None
    lines: tuple[int | None, ...] = ()


class Reading:
    """A file being read: checks lengths, speeds and counts, and makes errors that name the place."""

    def __init__(self, path: str, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> None:
        self.path, self.fitness, self.hearts, self._warn = path, fitness, hearts, warn
        self._warned = 0

    def wrong(self, where: Where, message: str, hint: str = "") -> InvalidSettings:
        message, hint = printable(message, LONGEST_MESSAGE), printable(hint, LONGEST_MESSAGE, "")  # they may quote the file
        if isinstance(where, int):
            return InvalidSettings(self.path, where, message, hint)
        return InvalidSettings(self.path, None, f"{where}: {message}" if where else message, hint)

    def warn(self, where: Where, message: str) -> None:
        self._warned += 1
        if self._warned > MOST_WARNED:
            raise self.wrong(where, f"is warning {self._warned}, too many for a workout: the file was not read")
        self._warn(str(self.wrong(where, message)))

    def seconds(self, where: Where, value: float) -> Duration:
        """Raises InvalidSettings if it is out of bounds."""
        if not 0 < value <= LONGEST_TIME:
            raise self.wrong(where, f"{value:g} s is not a duration", "give one between 0 s and 48 h")
        return Duration(value)

    def metres(self, where: Where, value: float) -> Distance:
        """Raises InvalidSettings if it is out of bounds."""
        if not 0 < value <= LONGEST_WAY:
            raise self.wrong(where, f"{value:g} m is not a distance", "give one between 0 m and 500 km")
        return Distance(value)

    def open_end(self, where: Where, until: str) -> Length:
        """Until the lap key, instead of an end that the coach cannot measure."""
        self.warn(where, f"ends by {until}, which the coach cannot follow: it lasts until you press lap")
        return UntilLap()

    def band(self, where: Where, one: float, other: float) -> Target:
        """m/s in either order; no target and a warning if they are not running speeds."""
        slow, fast = sorted((one, other))
        if not SLOWEST <= slow <= fast <= FASTEST:
            self.warn(where, f"{slow:g} to {fast:g} m/s is not a running speed: the step has no target")
            return None
        return Steady(slow) if slow == fast else Band(slow, fast)

    def ramp(self, where: Where, start: float, end: float) -> Target:
        found = self.band(where, start, end)
        return Ramp(start, end) if isinstance(found, Band) else found

    def no_target(self, where: Where, what: str, why: str = "is not followed") -> Target:
        """Warns that the target is left out, and returns None."""
        self.warn(where, f"{what} {why}".rstrip() + ", so the step has no target")
        return None

    def heart_zones(self, where: Where, first: int, last: int, word: str = "") -> Beats | None:
        """From the beginning of one numbered zone to the end of another: the file's are not in it, so the runner's own.

        `word` is what the file says, where that can be quoted.
        """
        what = word or f"heart-rate zone {first if first == last else f'{first} to {last}'}"
        if not 1 <= first <= last <= len(ZONES):
            self.no_target(where, what)
            return None
        try:
            zones = self.hearts.zones(what)
        except UnknownHeart as unknown:
            self.no_target(where, f"{unknown} ({unknown.keys} under [runner] in the config)", "")
            return None
        kept = Beats(zones[first - 1][0], zones[last - 1][1])
        self.warn(where, f"{what} is taken as yours, {heart_text.beats_text(kept)}")
        return kept

    def heart_share(self, where: Where, low: float, high: float, basis: str, word: str = "") -> Beats | None:
        """Between two per cent of the runner's heart rate at `basis`, "maximum" or "threshold"."""
        what = word or f"a heart rate of {low:g} to {high:g} % of your {basis}"
        try:
            of = self.hearts.share_of(basis, what)
        except UnknownHeart as unknown:
            self.no_target(where, f"{unknown} ({unknown.keys} under [runner] in the config)", "")
            return None
        return self.heart_between(where, low * of / 100, high * of / 100)

    def heart_between(self, where: Where, one: float, other: float) -> Beats | None:
        """Beats a minute in either order; none and a warning if no heart beats like that."""
        if (kept := heart_text.between(one, other)) is None:
            self.no_target(where, f"a heart rate of {one:g} to {other:g}", "is none")
        return kept

    def cadence(self, where: Where, low: float, high: float) -> int | None:
        """Steps a minute for the metronome, from a cadence of one foot or both; the middle of two."""
        middle = round((low + high) / 2)
        steps = 2 * middle if middle < ONE_FOOT else middle
        if not CADENCES[0] <= steps <= CADENCES[1]:
            self.warn(where, f"{middle} is not a running cadence: it is left out")
            return None
        if (low, high) != (steps, steps):
            self.warn(where, f"the cadence becomes a metronome of {steps} steps a minute")
        return steps

    def segment(
        self,
        where: Where,
        name: str,
        kind: Kind | None,
        length: Length,
        target: Target,
        heart: Beats | None = None,
        until: HeartEnd | None = None,
    ) -> Segment:
        """A segment whose kind comes from the file or its name; otherwise steady, or free without a target."""
        if isinstance(target, Ramp) and isinstance(length, UntilLap):
            self.warn(where, "a ramp needs a length, and this step is open-ended: it becomes a band")
            target = self.band(where, target.start, target.end)
        kind = kind or KIND_OF_NAME.get(name.strip().lower()) or (Kind.STEADY if target or heart else Kind.FREE)
        return Segment(self._short(where, name, kind.label), kind, length, target, heart=heart, until=until)

    def said(self, where: Where, segment: Segment, at: Duration | Distance, text: str) -> Segment:
        """The segment with its author's words; a warning if they cannot be said."""
        words = printable(text, LONGEST_SAYING + 1, "")
        if not words:
            return segment
        if len(segment.says) == MOST_SAYINGS or len(words) > LONGEST_SAYING or not lies_within(segment, at):
            why = (
                f"is longer than {LONGEST_SAYING} characters" if len(words) > LONGEST_SAYING
                else "comes after the end of its step" if len(segment.says) < MOST_SAYINGS
                else f"is one of more than {MOST_SAYINGS}"
            )  # fmt: skip
            self.warn(where, f'"{words[:40]}" {why} and is left out')
            return segment
        return replace(segment, says=(*segment.says, Saying(at, words)))

    def repeated(self, where: Where, body: list[Segment], times: float | None) -> list[Segment]:
        """The body written out `times` times. Raises InvalidSettings for an invalid count or too many segments."""
        if times is None or not 1 <= times <= MAX_SEGMENTS or times != int(times):
            raise self.wrong(where, "has an invalid repeat count", f"give one between 1 and {MAX_SEGMENTS}")
        if not body:
            raise self.wrong(where, "repeats nothing")
        self.fits(where, len(body) * int(times))
        if times == 1:
            return body
        return [_counted(each, (turn, int(times))) for turn in range(1, int(times) + 1) for each in body]

    def fits(self, where: Where, count: int) -> None:
        """Raises InvalidSettings if there are more segments than a run may have."""
        if count > MAX_SEGMENTS:
            raise self.wrong(where, f"comes to {count} segments", f"a run has at most {MAX_SEGMENTS}")

    def workout(self, name: str, segments: Iterable[Segment]) -> Workout:
        """Raises InvalidSettings if there are no segments or too many."""
        found = tuple(segments)
        if not found:
            raise self.wrong(None, "has no steps")
        self.fits(None, len(found))
        return Workout(Plan(self._short(None, name, Path(self.path).stem or "Workout"), found), self.path)

    def _short(self, where: Where, name: str, otherwise: str) -> str:
        kept = printable(name, LONGEST_NAME, otherwise)
        if len(printable(name, LONGEST_NAME + 1, "")) > LONGEST_NAME:
            self.warn(where, f'the name "{kept[:30]}..." is cut to {LONGEST_NAME} characters')
        return kept


def _counted(segment: Segment, turn: tuple[int, int]) -> Segment:
    """The segment in a repeat of a block: the innermost two blocks count."""
    if segment.turn is None:
        return replace(segment, turn=turn)
    return replace(segment, sets=turn) if segment.sets is None else segment


def lies_within(segment: Segment, at: Duration | Distance) -> bool:
    """Whether a place is before the segment's end, as far as the end is known."""
    whole, place = (
        (segment.seconds, at.seconds) if isinstance(at, Duration) else (segment.metres, at.metres)
    )  # fmt: skip
    return place >= 0 and (whole is None or place < whole)
