"""intervals.icu's workout text, which people also type by hand.

    Main Set 3x                              a repeat, up to the next blank line
    - Steady 1mi 8:00-7:45/mi Pace           [cue] length target
    - 20m ramp 6:00-4:45/km Pace             a ramp, linear in speed
    - Press lap 10m 80% Pace                 until lap; a share of threshold speed

`m` is minutes, metres are `mtr`. On a command line commas stand for line ends and the dashes may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coach.core.plan import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, Target, UntilLap
from coach.core.units import METRES, SECONDS, clock_text, parse_speed
from coach.planning.fitness import Fitness
from coach.workouts.blocks import Block, Item, Written, blocks, number, printable
from coach.workouts.reading import NO_FITNESS, Reading, Warn, Where

_REPEAT = re.compile(r"(?:^|.*\s)([0-9]{1,9})\s?x$", re.IGNORECASE)
_TIME = re.compile(r"(?=[0-9])(?:([0-9]{1,3})h)?(?:([0-9]{1,5})[m'])?(?:([0-9]{1,6})(?:s|\"|''|$))?")
_WAY = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)(km|mi|mtr)")
_PACE = re.compile(
    r"([0-9]{1,2}:[0-9]{2}(?:\.[0-9]{1,3})?)(?:/(?:km|mi))?(?:-([0-9]{1,2}:[0-9]{2}(?:\.[0-9]{1,3})?))?(?:/(km|mi))"
)
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%?(?:-([0-9]{1,3}(?:\.[0-9]{1,2})?))?%")
_OTHER = re.compile(r"z[0-9](?:[ab])?(?:-z?[0-9])?|[0-9]+(?:-[0-9]+)?(?:w|bpm)|freeride", re.IGNORECASE)
_RPM = re.compile(r"[0-9]{2,3}(?:-[0-9]{2,3})?(?:rpm|spm)", re.IGNORECASE)
_PRESS = re.compile(r"\bpress lap\b", re.IGNORECASE)
_LAP_LENGTH = "5m"  # intervals.icu wants a length to plan with also where lap is pressed

_KINDS = {
    "warmup": Kind.WARMUP, "warm-up": Kind.WARMUP, "warm up": Kind.WARMUP,
    "cooldown": Kind.COOLDOWN, "cool-down": Kind.COOLDOWN, "cool down": Kind.COOLDOWN,
    "rest": Kind.RECOVERY, "recovery": Kind.RECOVERY, "recover": Kind.RECOVERY, "float": Kind.RECOVERY,
    "easy": Kind.EASY, "steady": Kind.STEADY, "tempo": Kind.TEMPO, "peak": Kind.PEAK, "free": Kind.FREE,
}  # fmt: skip
_SECTIONS = {Kind.WARMUP: "Warmup", Kind.COOLDOWN: "Cooldown"}


def is_text(text: str) -> bool:
    """Whether what stands on a command line is a workout and not the name of a file."""
    items = re.split(r"[,\n]", text)
    return any(_length_at(words) is not None or _PRESS.search(item) for item in items if (words := item.strip(" -").split()))


def read(path: Path, fitness: Fitness | None, warn: Warn) -> Plan:
    """Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn)
    return _plan(reading, path.stem, list(enumerate(reading.text().splitlines(), 1)), dashes=True)


def parse(text: str, fitness: Fitness | None, warn: Warn) -> Plan:
    """The plan in a text from the command line. Raises InvalidSettings, with the step."""
    reading = Reading("workout", fitness, warn)
    items = text.splitlines() if "\n" in text else text.split(",")
    return _plan(reading, "Workout", [(f"step {n}", each) for n, each in enumerate(items, 1)], dashes=False)


def _plan(reading: Reading, name: str, lines: list[tuple[int, str]] | list[tuple[str, str]], dashes: bool) -> Plan:
    segments: list[Segment] = []
    body: list[Segment] = []
    times, began, section = 1, 0 if dashes else "", None
    for where, raw in [*lines, (lines[-1][0] if lines else None, "")]:
        line = raw.strip()
        if not line:
            segments += reading.repeated(began, body, times) if times != 1 else body
            reading.fits(where, len(segments))
            times, body, section = 1, [], None if dashes else section
        elif repeat := _REPEAT.match(line.lstrip("- ")):
            segments += reading.repeated(began, body, times) if times != 1 else body
            times, body, began = int(repeat[1]), [], where  # type: ignore[assignment]
        elif dashes and not line.startswith("-"):
            section = _section(reading, where, line)
        elif line.lower() in _KINDS and not dashes:
            section = _KINDS[line.lower()]
        else:
            body.append(_step(reading, where, line.removeprefix("-").strip(), section))
            reading.fits(where, len(body))
    return reading.plan(name, segments)


def _section(reading: Reading, where: Where, line: str) -> Kind | None:
    """What the heading says of the steps below it; a step without its dash is not taken for one."""
    if _length_at(line.split()[:1]) is not None:
        raise reading.wrong(where, f'"{line[:40]}" begins like a step, but without a dash', f'write "- {line[:40]}"')
    return _KINDS.get(line.lower().rstrip(":"))


def _length_at(words: list[str]) -> int | None:
    return next((n for n, word in enumerate(words) if _WAY.fullmatch(word) or _TIME.fullmatch(word)), None)


def _step(reading: Reading, where: Where, text: str, section: Kind | None) -> Segment:
    pressed = _PRESS.search(text) is not None
    words = _PRESS.sub(" ", text).split()
    at = _length_at(words)
    if at is None and not pressed:
        raise reading.wrong(where, f'"{text[:60]}" has no length', 'write for example "10m", "1m30", "2km" or "400mtr"')
    cue = " ".join(words[:at]) if at is not None else ""
    rest = words[at + 1 :] if at is not None else words
    length = UntilLap() if pressed or at is None else _length(reading, where, words[at])
    kind = _KINDS.get(cue.lower()) or section
    return reading.segment(where, cue, kind, length, _target(reading, where, rest))


def _length(reading: Reading, where: Where, word: str) -> Duration | Distance | UntilLap:
    if way := _WAY.fullmatch(word):
        return reading.metres(where, float(way[1]) * (METRES["m"] if way[2] == "mtr" else METRES[way[2]]))
    time = _TIME.fullmatch(word)
    assert time is not None
    hours, minutes, seconds = (int(part or 0) for part in time.groups())
    return reading.seconds(where, hours * SECONDS["h"] + minutes * SECONDS["min"] + seconds)


def _target(reading: Reading, where: Where, words: list[str]) -> Target:
    """The target in the words behind the length; what is unknown is an error where it has digits, else a warning."""
    lower = [word.lower() for word in words]
    of_pace, ramp = "pace" in lower, "ramp" in lower
    found: Target = None
    left: list[str] = []
    for word in words:
        if _PACE.fullmatch(word):
            found = _between(reading, where, _paces(reading, where, word), ramp)
        elif _SHARE.fullmatch(word):
            found = _between(reading, where, _shares(reading, where, word, of_pace), ramp)
        elif _OTHER.fullmatch(word):
            reading.no_target(where, f'"{word}"', "has no pace that this file tells")
        elif _RPM.fullmatch(word):
            reading.warn(where, f'the cadence "{word}" is not followed here')
        elif word.lower() not in ("pace", "ramp", "hr", "lthr", "ftp", "mmp", "power"):
            left.append(word)
    for word in left:
        if any(char.isdigit() for char in word):
            raise reading.wrong(where, f'"{word[:40]}" is no target', 'write "6:30/km Pace", "6:00-4:45/km Pace" or "80% Pace"')
    if left:
        reading.warn(where, f'"{" ".join(left)[:60]}" is not understood and left out')
    return found


def _between(reading: Reading, where: Where, speeds: tuple[float, float] | None, ramp: bool) -> Target:
    if speeds is None:
        return None
    return reading.ramp(where, *speeds) if ramp else reading.band(where, *speeds)


def _paces(reading: Reading, where: Where, word: str) -> tuple[float, float]:
    match = _PACE.fullmatch(word)
    assert match is not None
    try:
        start, end = (parse_speed(f"{each}/{match[3]}") for each in (match[1], match[2] or match[1]))
    except ValueError as wrong:
        raise reading.wrong(where, str(wrong)) from None
    return start, end


def _shares(reading: Reading, where: Where, word: str, of_pace: bool) -> tuple[float, float] | None:
    match = _SHARE.fullmatch(word)
    assert match is not None
    if not of_pace:
        reading.no_target(where, f'"{word}"', 'is a share of power or heart rate (of threshold pace it would be "% Pace")')
        return None
    if reading.fitness is None:
        reading.no_target(where, f'"{word}" of threshold pace', NO_FITNESS)
        return None
    threshold = reading.fitness.speed("threshold")
    return threshold * float(match[1]) / 100, threshold * float(match[2] or match[1]) / 100


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """Lengths to a second and a millimetre, paces to a second per km; only the innermost repeats."""
    writer = _Writer()
    lines = [line for item in _flat(blocks(plan)) for line in writer.item(item)]
    return Written(("\n".join(lines).strip() + "\n").encode(), tuple(writer.notes))


def _flat(items: tuple[Item, ...]) -> Iterator[Item]:
    """The outer of nested repeats written out: the format has one level."""
    for item in items:
        if isinstance(item, Block) and any(isinstance(each, Block) for each in item.body):
            yield from (each for _ in range(item.times) for each in _flat(item.body))
        else:
            yield item


class _Writer:
    def __init__(self) -> None:
        self._kind: Kind | None = Kind.FREE
        self._noted: dict[str, None] = {"paces are rounded to a second per km": None}

    @property
    def notes(self) -> list[str]:
        return list(self._noted)

    def item(self, item: Item) -> Iterator[str]:
        if isinstance(item, Block):
            yield ""
            yield f"{item.times}x"
            yield from (self._line(each) for each in item.body if isinstance(each, Segment))
            yield ""
            self._kind = None
            return
        if item.kind in _SECTIONS and item.kind is not self._kind:
            yield from ("", _SECTIONS[item.kind])
        elif item.kind not in _SECTIONS and self._kind in _SECTIONS:
            yield ""
        self._kind = item.kind
        yield self._line(item)

    def _line(self, segment: Segment) -> str:
        parts = ["-", self._cue(segment), self._length(segment), _target_text(segment.target)]
        return " ".join(part for part in parts if part)

    def _cue(self, segment: Segment) -> str:
        cue = printable(segment.name, 80, "")
        if _length_at(cue.split()) is not None or _PRESS.search(cue) or _REPEAT.match(cue) or cue.startswith("-"):
            self._noted[f'the name "{cue}" would be read as a length and is left out'] = None
            return ""
        return cue

    def _length(self, segment: Segment) -> str:
        match segment.length:
            case Duration(seconds):
                if seconds != round(seconds):
                    self._noted["durations are rounded to a second"] = None
                return _time_text(max(1, round(seconds)))
            case Distance(metres):
                if metres >= 1000 and metres % 100 == 0:
                    return f"{number(metres / 1000)}km"
                miles = metres / METRES["mi"]
                return f"{number(miles)}mi" if miles == round(miles, 2) else f"{number(metres)}mtr"
        self._noted[f"intervals.icu wants a length also where lap is pressed: {_LAP_LENGTH} stands there"] = None
        return f"Press lap {_LAP_LENGTH}"


def _time_text(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    return "".join(f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (second, "s")) if value)


def _target_text(target: Target) -> str:
    match target:
        case Steady(speed):
            return f"{clock_text(1000 / speed)}/km Pace"
        case Band(slow, fast):
            return f"{clock_text(1000 / slow)}-{clock_text(1000 / fast)}/km Pace"
        case Ramp(start, end):
            return f"ramp {clock_text(1000 / start)}-{clock_text(1000 / end)}/km Pace"
    return ""
