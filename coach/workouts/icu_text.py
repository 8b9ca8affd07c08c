"""A plan as intervals.icu's workout text: the writer to icu.py's reader."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, Target
from coach.core.units import FASTEST, METRES, SLOWEST, clock_text
from coach.workouts import icu_hearts
from coach.workouts.blocks import Block, Item, Written, blocks, losses, moved, number, printable
from coach.workouts.icu_words import clock_length, is_plain

_LAP_LENGTH = "5m"  # intervals.icu wants a length to plan with also where lap is pressed
_SECTIONS = {Kind.WARMUP: "Warmup", Kind.COOLDOWN: "Cooldown"}
_NAME = 80


def write(plan: Plan) -> Written:
    writer = _Writer()
    lines = [line for item in _flat(blocks(plan), writer.note) for line in writer.item(item)]
    in_blocks = {segment.kind for segment in plan.segments if segment.turn}
    lost = losses(plan, kinds=frozenset(_SECTIONS) - in_blocks, name=_NAME, says=True, cadence=True, heart=True)
    return Written(("\n".join(lines).strip() + "\n").encode(), (*lost, *writer.notes))


def _flat(items: tuple[Item, ...], note: dict[str, None]) -> Iterator[Item]:
    """The outer of nested repeats written out: the format has one level."""
    for item in items:
        if isinstance(item, Block) and any(isinstance(each, Block) for each in item.body):
            note["repeats of repeats are written out: intervals.icu has one level"] = None
            yield from (each for _ in range(item.times) for each in _flat(item.body, note))
        else:
            yield item


class _Writer:
    def __init__(self) -> None:
        self._kind: Kind | None = Kind.FREE
        self.note: dict[str, None] = {"the workout's name is that of the file": None}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self.note)

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
        cadence = f"{segment.cadence}rpm" if segment.cadence else ""
        target = icu_hearts.text(segment.heart) if segment.heart else self._target(segment.target)
        parts = ["-", self._cue(segment), *self._prompts(segment), self._length(segment), target, cadence]
        return " ".join(part for part in parts if part)

    def _cue(self, segment: Segment) -> str:
        cue = printable(segment.name, _NAME, "")
        if is_plain(cue):
            return cue
        self.note[f'the name "{cue}" would be read as a length and is left out'] = None
        return ""

    def _prompts(self, segment: Segment) -> Iterator[str]:
        told = False
        for saying in segment.says:
            second = moved(segment, saying.at, by_distance=False)
            if second is None:
                self.note[f'"{saying.text[:40]}" comes after a distance without a pace, and is left out'] = None
                continue
            if isinstance(saying.at, Distance) or second != round(second):
                self.note["the words to be said come after whole seconds, at the pace planned"] = None
            told = True
            yield f"{round(second)}^{saying.text.replace('^', ' ').replace('<!>', ' ')}"
        if told:
            yield "<!>"

    def _length(self, segment: Segment) -> str:
        match segment.length:
            case Duration(seconds):
                if seconds != round(seconds):
                    self.note["durations are rounded to a second"] = None
                return clock_length(max(1, round(seconds)))
            case Distance(metres):
                if metres >= 1000 and metres % 100 == 0:
                    return f"{number(metres / 1000)}km"
                miles = metres / METRES["mi"]
                return f"{number(miles)}mi" if miles == round(miles, 2) else f"{number(metres)}mtr"
        self.note[f"intervals.icu wants a length also where lap is pressed: {_LAP_LENGTH} stands there"] = None
        return f"Press lap {_LAP_LENGTH}"

    def _target(self, target: Target) -> str:
        told: tuple[float, ...]
        match target:
            case Steady(speed):
                told = (speed,)
            case Band(slow, fast):
                told = (slow, fast)
            case Ramp(start, end):
                told = (start, end)
            case None:
                return ""
        if any(abs(1000 / speed - round(1000 / speed)) > 1e-3 for speed in told):
            self.note["paces are rounded to a second per km"] = None
        ramp = "ramp " if isinstance(target, Ramp) else ""
        return f"{ramp}{'-'.join(clock_text(_seconds(speed)) for speed in told)}/km Pace"


def _seconds(speed: float) -> float:
    """Whole seconds per km, not beyond what counts as running."""
    return max(ceil(1000 / FASTEST), min(floor(1000 / SLOWEST), floor(1000 / speed + 0.5)))
