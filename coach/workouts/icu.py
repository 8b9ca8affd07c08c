"""intervals.icu's workout text, which people also type by hand: read here, written by icu_text.py.

    Main Set 3x                              a repeat, up to the next blank line
    - Steady 1mi 8:00-7:45/mi Pace           [cue] length target
    - 20m ramp 6:00-4:45/km Pace             a ramp, linear in speed
    - Press lap 10m 80% Pace                 until lap; a share of threshold speed
    - 40m 140-150bpm                         a heart rate, also "Z2 HR", "70-80% HR", "85-90% LTHR"
    - Build 120^Relax. <!> 10m 5:30/km Pace  words to be said 120 s into the step

`m` is minutes, metres are `mtr`; "5 miles" and "1 min 30 s" are read too, and after a length the name of a pace: "20m tempo".
On a command line commas stand for line ends, the dashes may be left out, and a repeat may stand in brackets:
"10m, 3x (1km 4:45/km, 90s), 4x400mtr, 5m".
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from coach.core.plan.heart import Beats
from coach.core.plan.segments import Duration, Kind, Length, Plan, Segment, Steady, Target, UntilLap
from coach.core.units import FASTEST, METRES, SECONDS, SLOWEST, parse_speed
from coach.planning.fitness.heart import UNKNOWN, Hearts
from coach.planning.fitness.paces import Fitness
from coach.workouts import files, icu_hearts, icu_text
from coach.workouts.blocks import KIND_OF_NAME, KIND_OF_PACE, Written
from coach.workouts.icu_people import hides_a_step, in_form, in_kilometres, items
from coach.workouts.icu_words import (
    DISTANCE,
    EFFORTS,
    LETTERS,
    PRESS,
    PROMPT,
    REPEAT,
    in_short,
    is_part_of_length,
    joined,
    length_at,
    one_word,
    seconds_of,
)
from coach.workouts.reading import NO_FITNESS, Reading, Warn, Where, Workout

MANY_MINUTES = 100  # from here on metres were probably meant: "400m" is nearly seven hours
MOST_LINES, LONGEST_LINE = 20_000, 2_000
PER_LENGTH = {"km": METRES["km"], "mi": METRES["mi"], "100m": 100.0, "250m": 250.0, "400m": 400.0, "500m": 500.0, "100y": 91.44}

_UNIT = "|".join(PER_LENGTH)
_CLOCK = r"[0-9]{1,2}:[0-5][0-9](?:\.[0-9]{1,3})?"
_PACE = re.compile(rf"({_CLOCK})(?:/(?:{_UNIT}))?(?:-({_CLOCK}))?/({_UNIT})")
_SPEED = re.compile(r"[0-9.]{1,5}(?:km/h|mph)", re.IGNORECASE)
_BARE_PACE = re.compile(rf"{_CLOCK}(?:-{_CLOCK})?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%?(?:-([0-9]{1,3}(?:\.[0-9]{1,2})?))?%")
_OTHER = re.compile(r"c?z[0-9](?:[ab])?(?:-c?z?[0-9])?|[0-9]+(?:-[0-9]+)?(?:w|bpm)|rpe[0-9]{1,2}|freeride", re.IGNORECASE)
_CADENCE = re.compile(r"([0-9]{2,3})(?:-([0-9]{2,3}))?(?:rpm|spm)", re.IGNORECASE)
_INTENSITY = re.compile(r"intensity=([a-z]{1,20})", re.IGNORECASE)
_SILENT = ("pace", "ramp", "hr", "lthr", "ftp", "mmp", "power", "@", "at", "from", "effort")


def is_text(text: str) -> bool:
    """Whether a command line argument is a workout and not the name of a file."""
    return any(length_at(item.strip(" -").split()) is not None or PRESS.search(item) for item in items(in_kilometres(text)))


def read(path: Path, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn, hearts)
    lines: list[tuple[Where, str]] = list(enumerate(files.text(reading).splitlines(), 1))
    if len(lines) > MOST_LINES:
        raise reading.wrong(None, f"has {len(lines)} lines, too many for a workout")
    return _Reader(reading, dashes=True).all(path.stem, lines)


def parse(text: str, fitness: Fitness | None, warn: Warn, hearts: Hearts = UNKNOWN) -> Workout:
    """The plan in a text from the command line. Raises InvalidSettings, with the step."""
    lines: list[tuple[Where, str]] = []
    number = 1
    for item in items(text):
        lines.append((f"step {number}", item.strip()))
        number += bool(item.strip())
    dashes = "\n" in text and any(line.startswith("-") for _, line in lines)
    return _Reader(Reading("workout", fitness, warn, hearts), dashes).all("Workout", lines)


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Times to 1 s, distances to 1 mm, paces to 1 s/km; of nested repeats only the innermost are kept."""
    return icu_text.write(plan)


class _Reader:
    """Reads line by line, and keeps the current repeat and the kind that the last heading gives its steps."""

    def __init__(self, reading: Reading, dashes: bool) -> None:
        self._reading, self._dashes = reading, dashes
        self._segments: list[Segment] = []
        self._body: list[Segment] = []
        self._times = 1
        self._began: Where = None
        self._section: Kind | None = None

    def all(self, name: str, lines: list[tuple[Where, str]]) -> Workout:
        for where, raw in lines:
            self._line(where, raw.strip())
        self._end_block()
        return self._reading.workout(name, self._segments)

    def _line(self, where: Where, line: str) -> None:
        if len(line) > LONGEST_LINE:
            raise self._reading.wrong(where, f"is longer than {LONGEST_LINE} characters, too long for a step")
        if not line:
            self._end_block()
            self._section = None
        elif repeat := REPEAT.fullmatch(line.lstrip("- ")):
            self._end_block()
            self._times, self._began = int(repeat[1]), where
        elif self._dashes and not line.startswith("-"):
            self._section = self._heading(where, line)
        else:
            segment = _step(self._reading, where, line.removeprefix("-").strip(), self._section, typed=not self._dashes)
            self._body.append(segment)
            self._reading.fits(where, len(self._segments) + len(self._body))

    def _end_block(self) -> None:
        if self._times != 1:
            self._segments += self._reading.repeated(self._began, self._body, self._times)
        else:
            self._segments += self._body
        self._times, self._body = 1, []

    def _heading(self, where: Where, line: str) -> Kind | None:
        """Takes the kind of the following steps from a heading; a step without its dash is an error."""
        if length_at(line.split()[:1]) is not None:
            raise self._reading.wrong(where, f'"{line[:40]}" begins like a step, but without a dash', f'write "- {line[:40]}"')
        return KIND_OF_NAME.get(line.lower().rstrip(":"))


def _step(reading: Reading, where: Where, text: str, section: Kind | None, typed: bool) -> Segment:
    """[cue] [prompts <!>] length target cadence. In what was `typed` a cue may name the pace: "easy 10m"."""
    head, mark, tail = text.partition("<!>")
    cue, prompts = _prompts(head) if mark else ("", [])
    body = tail if mark else text
    pressed = PRESS.search(body) is not None
    words = joined(in_form(PRESS.sub(" ", body))).split()
    if (at := length_at(words)) is None:
        words = joined(in_short(in_kilometres(" ".join(words)))).split()
        at = length_at(words)
    if at is None and not pressed:
        raise reading.wrong(where, f'"{text[:60]}" has no length', 'write it like "10m", "1m30", "2km" or "400mtr"')
    before, rest = (words[:at], words[at + 1 :]) if at is not None else ([], words)
    if at is not None and is_part_of_length(before, rest):
        raise reading.wrong(where, f'"{text[:60]}" has a length in several parts', 'write one, for example "1m30" or "2.5km"')
    length = UntilLap() if pressed or at is None else _length(reading, where, words[at])
    name = " ".join([*cue.split(), *before])
    if name.lower() == "ramp" or (typed and name.lower() in EFFORTS):
        name, rest = "", [*rest, name]
    told = _Rest(reading, where, rest)
    kind = told.kind or section or KIND_OF_NAME.get(name.lower())
    segment = replace(reading.segment(where, name, kind, length, told.target, told.heart), cadence=told.cadence)
    for second, words_ in prompts:
        segment = reading.said(where, segment, Duration(float(second)), words_)
    return segment


def _prompts(head: str) -> tuple[str, list[tuple[str, str]]]:
    """The cue of a step, and its later prompts with their seconds."""
    cue, *rest = PROMPT.split(head)
    return cue, list(zip(rest[::2], rest[1::2], strict=True))


def _length(reading: Reading, where: Where, word: str) -> Length:
    if distance := DISTANCE.fullmatch(word):
        return reading.metres(where, float(distance[1]) * (METRES["m"] if distance[2] == "mtr" else METRES[distance[2]]))
    seconds = seconds_of(word) or 0.0
    if seconds >= MANY_MINUTES * SECONDS["min"] and word.endswith("m") and word[:-1].isdigit():
        reading.warn(where, f'"{word}" is {word[:-1]} minutes here; metres are written "{word[:-1]}mtr"')
    return reading.seconds(where, seconds)


class _Rest:
    """Reads what follows the length. A malformed pace is an error; any other unknown word is a warning."""

    def __init__(self, reading: Reading, where: Where, words: list[str]) -> None:
        self._reading, self._where = reading, where
        words = one_word(" ".join(words)).split()
        self._written, self._words = words, [word.lower() for word in words]
        self.target: Target = None
        self.cadence: int | None = None
        self.kind: Kind | None = None
        self._effort = ""
        self._heart_at: int | None = None
        left = [word for at, word in enumerate(words) if not self._takes(at, word)]
        if hides_a_step(left):
            told = f'"{" ".join(words)[:60]}" holds more than one step'
            raise reading.wrong(where, told, 'put a comma or a line between them: "3x (3m 4:30/km, 90s easy)"')
        if self._effort and self.target is None and self._heart_at is None:
            self.target = self._at_effort(self._effort)
        self.heart = self._heart() if self._heart_at is not None else None
        if left:
            reading.warn(where, f'"{" ".join(left)[:60]}" is not understood and left out')

    def _takes(self, at: int, word: str) -> bool:
        if word.lower() in _SILENT:
            return True
        if icu_hearts.is_heart(self._words, at):
            self._heart_at = at
        elif match := _PACE.fullmatch(word):
            if self.target is not None:
                raise self._reading.wrong(
                    self._where, f'"{word}" is a second pace', 'write "6:00-5:00/km", or "ramp 6:00-5:00/km"'
                )
            one, other = (self._speed(word, clock, match[3]) for clock in (match[1], match[2] or match[1]))
            self.target = self._between(one, other)
        elif _SPEED.fullmatch(word):
            self.target = self._by_hour(word)
        elif match := _SHARE.fullmatch(word):
            self._share(at, word, match)
        elif _OTHER.fullmatch(word):
            self._reading.no_target(self._where, f'"{word}"', "has no pace that this file tells")
        elif match := _CADENCE.fullmatch(word):
            self.cadence = self._reading.cadence(self._where, float(match[1]), float(match[2] or match[1]))
        elif match := _INTENSITY.fullmatch(word):
            self.kind = KIND_OF_NAME.get(match[1].lower())
        else:
            return self._names(at, word.lower()) or self._unknown(word)
        return True

    def _names(self, at: int, word: str) -> bool:
        """A pace by its name, "@ T", or what the step is for."""
        after_sign = self._words[at - 1] == "@" if at else False
        effort = EFFORTS.get(word) or (LETTERS.get(word) if after_sign else None)
        if effort:
            self._effort = effort
            self.kind = self.kind or KIND_OF_NAME.get(word) or KIND_OF_PACE.get(effort)
        elif word in KIND_OF_NAME:
            self.kind = KIND_OF_NAME[word]
        return bool(effort) or word in KIND_OF_NAME

    def _heart(self) -> Beats | None:
        """The heart rate; none beside a pace, because a segment has one or the other."""
        at = self._heart_at or 0
        if self.target is None:
            return icu_hearts.heart(self._reading, self._where, self._written, at)
        self._reading.warn(self._where, f'"{self._written[at]}", a heart rate beside a pace, is not followed')
        return None

    def _at_effort(self, name: str) -> Target:
        if self._reading.fitness is None:
            return self._reading.no_target(self._where, f'the pace "{name}"', NO_FITNESS)
        return Steady(self._reading.fitness.speed(name))

    def _unknown(self, word: str) -> bool:
        wrong = self._reading.wrong
        if _BARE_PACE.fullmatch(word):
            raise wrong(self._where, f'"{word}" has no unit of distance', f'write "{word}/km" or "{word}/mi"')
        if word[:1].isdigit() and any(sign in word for sign in ":/%"):
            hint = 'write "6:30/km Pace", "6:00-4:45/km Pace" or "80% Pace"'
            raise wrong(self._where, f'"{word[:40]}" is not a target', hint)
        return False

    def _between(self, one: float, other: float) -> Target:
        between = self._reading.ramp if "ramp" in self._words else self._reading.band
        return between(self._where, one, other)

    def _speed(self, word: str, clock: str, unit: str) -> float:
        minutes, seconds = clock.split(":")
        taken = int(minutes) * 60 + float(seconds)
        speed = PER_LENGTH[unit] / taken if taken else 0.0
        if not SLOWEST <= speed <= FASTEST:
            raise self._reading.wrong(self._where, f'"{word}" is not a running pace')
        return speed

    def _by_hour(self, word: str) -> Target:
        try:
            return Steady(parse_speed(word))
        except ValueError as wrong:
            raise self._reading.wrong(self._where, str(wrong)) from None

    def _share(self, at: int, word: str, match: re.Match[str]) -> None:
        """A share of threshold pace, unless the next word names another threshold."""
        following = self._words[at + 1] if at + 1 < len(self._words) else ""
        of_pace = "pace" in self._words and following not in ("hr", "lthr", "ftp", "mmp", "power")
        if not of_pace:
            why = 'is a share of power or heart rate (of threshold pace it would be "% Pace")'
            self._reading.no_target(self._where, f'"{word}"', why)
        elif self._reading.fitness is None:
            self._reading.no_target(self._where, f'"{word}" of threshold pace', NO_FITNESS)
        else:
            threshold = self._reading.fitness.speed("threshold")
            self.target = self._between(threshold * float(match[1]) / 100, threshold * float(match[2] or match[1]) / 100)
