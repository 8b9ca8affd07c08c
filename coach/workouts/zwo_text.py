"""A plan as Zwift's .zwo: the writer to zwo.py's reader."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Saying, Segment, Steady, UntilLap
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.workouts.blocks import Block, Item, Written, blocks, losses, moved, number, printable
from coach.workouts.reading import LONGEST_NAME, NO_FITNESS
from coach.workouts.zwo_table import EVENT, RACE_METRES, is_name

RACE = "2"  # targets are written as shares of the 10 km speed
OPEN_SECONDS = 300.0  # stands for "until lap", which the format lacks

_TAGS = {Kind.WARMUP: "Warmup", Kind.COOLDOWN: "Cooldown"}
_FREE = "FreeRide"


def write(plan: Plan, fitness: Fitness | None) -> Written:
    """The workout as Zwift writes it. Raises InvalidSettings if the fitness is not known, since its paces are shares of it."""
    if fitness is None:
        told = "a .zwo workout gives speeds as shares of your race speed, so it"
        raise InvalidSettings("", None, f"{told} {NO_FITNESS}")
    distances = sum(isinstance(segment.length, Distance) for segment in plan.segments)
    writer = _Writer(fitness.race_speed(RACE_METRES[RACE]), by_distance=2 * distances > len(plan.segments))
    steps = "".join(f"  {writer.item(each)}\n" for item in blocks(plan) for each in writer.single(item))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<workout_file>\n <author>progression-coach</author>\n'
        f" <name>{escape(printable(plan.name, LONGEST_NAME))}</name>\n <sportType>run</sportType>\n"
        f" <durationType>{'distance' if writer.by_distance else 'time'}</durationType>\n"
        f" <workout>\n{steps} </workout>\n</workout_file>\n"
    )
    kept = frozenset(_TAGS) if all(segment.target for segment in plan.segments if segment.kind in _TAGS) else frozenset[Kind]()
    lost = losses(plan, kinds=kept, name=LONGEST_NAME, says=True)
    return Written(text.encode(), (*writer.notes, *lost))


class _Writer:
    def __init__(self, race: float, by_distance: bool) -> None:
        self._race, self.by_distance = race, by_distance
        self._noted: dict[str, None] = {"targets are shares of your 10 km speed: they change with your fitness": None}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._noted)

    def single(self, item: Item) -> Iterator[Item]:
        """Work and recovery at one speed each stay together (IntervalsT); every other repeat is written out."""
        if not isinstance(item, Block) or _are_intervals(item):
            yield item
        else:
            self._noted["repeats are written out, but for pairs of work and recovery at one pace each"] = None
            yield from (each for _ in range(item.times) for inside in item.body for each in self.single(inside))

    def item(self, item: Item) -> str:
        if isinstance(item, Block):
            return self._intervals(item)
        tag = _tag(item)
        events = "".join(self._events(item))
        return f'<{tag} Duration="{self._length(item)}"{self._powers(item, tag)}>{events}</{tag}>'

    def _intervals(self, block: Block) -> str:
        sides = [(side, each) for side, each in zip(("On", "Off"), block.body, strict=True) if isinstance(each, Segment)]
        if any(each.name != each.kind.label for _, each in sides):
            self._noted["the names of repeated steps are left out"] = None
        lengths = "".join(f' {side}Duration="{self._length(each)}"' for side, each in sides)
        powers = "".join(f' {side}Power="{self._share(each.mean_speed)}"' for side, each in sides)
        return f'<IntervalsT Repeat="{block.times}"{lengths}{powers} pace="{RACE}"/>'

    def _events(self, segment: Segment) -> Iterator[str]:
        """The name as the first message, then the author's own."""
        name = printable(segment.name, LONGEST_NAME)
        if not is_name(name):
            self._noted[f'"{name[:40]}" is more than a name: it becomes a message'] = None
        offset = "distoffset" if self.by_distance else "timeoffset"
        yield f'<{EVENT} {offset}="0" message={quoteattr(name)}/>'
        for saying in segment.says:
            place = self._place(segment, saying)
            if place is not None:
                yield f'<{EVENT} {offset}="{number(place)}" message={quoteattr(printable(saying.text, 120))}/>'

    def _place(self, segment: Segment, saying: Saying) -> float | None:
        place = moved(segment, saying.at, self.by_distance)
        if place is None:
            self._noted[f'"{saying.text[:40]}" has no place without a pace, and is left out'] = None
        elif isinstance(saying.at, Distance) is not self.by_distance:
            self._noted["the words to be said come at the pace planned: a .zwo has one kind of length"] = None
        return place

    def _powers(self, segment: Segment, tag: str) -> str:
        match segment.target:
            case None:
                return ""
            case Ramp(start, end):
                low, high = start, end
            case Steady(speed):
                low = high = speed
            case Band(slow, fast):
                low = high = (slow + fast) / 2
                self._noted["a band becomes its middle"] = None
        if tag == "SteadyState":
            return f' Power="{self._share(low)}" pace="{RACE}"'
        return f' PowerLow="{self._share(low)}" PowerHigh="{self._share(high)}" pace="{RACE}"'

    def _share(self, speed: float | None) -> str:
        return number((speed or 0.0) / self._race, 6)

    def _length(self, segment: Segment) -> str:
        """Seconds or metres, as the whole file; the other kind at the target's mean speed."""
        value = segment.metres if self.by_distance else segment.seconds
        if value is None:
            value = self._guess(segment)
        elif isinstance(segment.length, Distance) is not self.by_distance:
            kind = "distances" if self.by_distance else "times"
            self._noted[f"all lengths become {kind}, at the pace planned: a .zwo has one kind"] = None
        return number(value, 3)

    def _guess(self, segment: Segment) -> float:
        """A length for what has none of this kind: at 10 km speed, and told."""
        match segment.length:
            case UntilLap():
                self._noted[f'"{segment.name}": until lap becomes {OPEN_SECONDS / 60:g} minutes'] = None
                return OPEN_SECONDS * (segment.mean_speed or self._race) if self.by_distance else OPEN_SECONDS
            case Duration(seconds):
                self._noted[f'"{segment.name}": without a pace its distance is that at 10 km speed'] = None
                return seconds * self._race
            case Distance(metres):
                self._noted[f'"{segment.name}": without a pace its time is that at 10 km speed'] = None
                return metres / self._race


def _are_intervals(block: Block) -> bool:
    """Work at one speed, then a recovery at one speed, with nothing that IntervalsT cannot hold."""
    plain = all(isinstance(each, Segment) and isinstance(each.target, Steady) and not each.says for each in block.body)
    return plain and len(block.body) == 2 and isinstance(block.body[1], Segment) and block.body[1].kind is Kind.RECOVERY


def _tag(segment: Segment) -> str:
    match segment.target:
        case None:
            return _FREE
        case Ramp(start, end):
            falls = segment.kind is not Kind.COOLDOWN or start > end
            return _TAGS.get(segment.kind, "Ramp") if falls else "Ramp"
    return _TAGS.get(segment.kind, "SteadyState")
