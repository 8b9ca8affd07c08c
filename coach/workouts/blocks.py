"""What writers share: the repeats of a plan found again, ramps cut into steps, and a line for what a format cannot carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, Target, UntilLap
from coach.core.units import FASTEST, SLOWEST
from coach.errors import InvalidSettings

TOLERANCE = 0.015  # share of a speed: watches need two limits; half the smallest change a trained runner holds
LEAST_STEP = 30.0  # s: runners do not follow a watch that changes its target more often
STEP_PACE = 5.0  # s/km between steps of a ramp: the smallest difference a runner notices
LONGEST_BODY = 50  # items: repeats of longer bodies are left written out

# The kind of a step, for formats that give only its name
KIND_OF_NAME = {
    "wu": Kind.WARMUP, "cd": Kind.COOLDOWN,
    "warmup": Kind.WARMUP, "warm-up": Kind.WARMUP, "warm up": Kind.WARMUP,
    "cooldown": Kind.COOLDOWN, "cool-down": Kind.COOLDOWN, "cool down": Kind.COOLDOWN,
    "rest": Kind.RECOVERY, "recovery": Kind.RECOVERY, "recover": Kind.RECOVERY, "float": Kind.RECOVERY,
    "easy": Kind.EASY, "steady": Kind.STEADY, "tempo": Kind.TEMPO, "peak": Kind.PEAK, "free": Kind.FREE,
}  # fmt: skip

# The kind of a step at a pace of this name
KIND_OF_PACE = {
    "recovery": Kind.RECOVERY, "easy": Kind.EASY, "easy+": Kind.EASY, "half": Kind.TEMPO, "threshold": Kind.TEMPO,
    "10k": Kind.TEMPO, "5k": Kind.TEMPO,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """`body`, `times` times."""

    times: int
    body: tuple[Item, ...]


Item = Segment | Block


@dataclass(frozen=True, slots=True)
class Written:
    """A file's content, and a note for each thing in the plan that the format cannot hold."""

    content: bytes
    notes: tuple[str, ...] = ()


def blocks(plan: Plan) -> tuple[Item, ...]:
    """The plan with its repeats folded, inner ones first; unfolding gives the same plan."""
    items: list[Item] = list(plan.segments)
    while (folded := _folded(items)) != items:
        items = folded
    return tuple(items)


def steps(items: tuple[Item, ...]) -> int:
    """The number of steps as watches count them: each repeat counts as one more."""
    return sum(1 + steps(item.body) if isinstance(item, Block) else 1 for item in items)


def staircase(plan: Plan, most: int, what: str) -> tuple[tuple[Item, ...], list[str]]:
    """The plan without ramps, in at most `most` steps, and notes on the worst error. InvalidSettings when it has more."""
    items = blocks(plan)
    flat = steps(items)
    if flat > most:
        raise InvalidSettings(what, None, f"holds at most {most} steps, and this workout has {flat}", "write a .toml instead")
    wanted = _wanted(items)
    spare, extra = most - flat, sum(wanted) - len(wanted)
    share = min(1.0, spare / extra) if extra else 1.0
    counts = iter([1 + int((count - 1) * share) for count in wanted])
    notes: list[str] = []
    return _climbed(items, counts, notes), notes


def limits(target: Target) -> tuple[float, float] | None:
    """The lower and upper limit, m/s; a single speed is widened by the tolerance."""
    match target:
        case Steady(speed):
            return max(SLOWEST, speed * (1 - TOLERANCE)), min(FASTEST, speed * (1 + TOLERANCE))
        case Band(slow, fast):
            return slow, fast
    return None


def losses(
    plan: Plan,
    *,
    kinds: frozenset[Kind],
    name: int,
    says: bool = False,
    cadence: bool = False,
    in_bytes: bool = False,
    heart: bool = False,
    ends: bool = False,
) -> list[str]:
    """Notes on what is lost in a format with these kinds and name length, with or without words, metronome,
    heart rates to keep, and ends at a heart rate."""
    segments = plan.segments
    lost = {segment.kind: None for segment in segments if segment.kind not in kinds and segment.kind is not _kind_read(segment)}
    notes = [f"that a step is {' or '.join(lost)} is not kept: it is a plain one there"] if lost else []
    names = [printable(each, 200) for each in (plan.name, *(segment.name for segment in segments))]
    if any(len(each.encode() if in_bytes else each) > name for each in names):
        notes.append(f"names are cut to {name} {'bytes' if in_bytes else 'characters'}")
    if not says and any(segment.says for segment in segments):
        notes.append("the words to be said during a step are left out")
    if not cadence and any(segment.cadence for segment in segments):
        notes.append("the metronome is left out")
    if not heart and any(segment.heart for segment in segments):
        notes.append("heart rates to keep are left out")
    if not ends and any(segment.until for segment in segments):
        notes.append("heart rates at which a step ends are left out: it has its longest length")
    return notes


def moved(segment: Segment, at: Duration | Distance, by_distance: bool) -> float | None:
    """A place in a segment in metres or seconds, converted at the planned pace; None without a pace."""
    speed = segment.mean_speed
    match at:
        case Distance(metres) if by_distance:
            return metres
        case Duration(seconds) if not by_distance:
            return seconds
        case Distance(metres):
            return metres / speed if speed else None
        case Duration(seconds):
            return seconds * speed if speed else None


def _kind_read(segment: Segment) -> Kind:
    """The kind a reader infers for a step of this name."""
    return KIND_OF_NAME.get(segment.name.lower()) or (Kind.STEADY if segment.target else Kind.FREE)


def tolerance_note(plan: Plan) -> list[str]:
    """The note for single speeds that became bands."""
    if any(isinstance(segment.target, Steady | Ramp) for segment in plan.segments):
        return [f"single paces become bands of ±{TOLERANCE * 100:g} %: a watch wants two limits"]
    return []


def number(value: float, digits: int = 3) -> str:
    """ "1.5", "400": without trailing zeros."""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def printable(text: str, most: int, otherwise: str = "Workout") -> str:
    """A name without control characters, cut to `most`; `otherwise` if nothing is left."""
    kept = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return kept[:most].strip() or otherwise


def _folded(items: list[Item]) -> list[Item]:
    folded: list[Item] = []
    at = 0
    while at < len(items):
        block, taken = _block(items, at)
        folded.append(block)
        at += taken
    return folded


def _block(items: list[Item], at: int) -> tuple[Item, int]:
    """The block that begins at `at` and the number of items it replaces, or the item itself."""
    for size in range(1, min(LONGEST_BODY, (len(items) - at) // 2) + 1):
        turn = next((turn for each in items[at : at + size] if (turn := _turn(each))), None)
        if turn is None or turn[0] != 1 or turn[1] < 2 or at + size * turn[1] > len(items):
            continue
        body = _bare(items[at : at + size], turn)
        if body and all(_bare(items[at + size * n : at + size * (n + 1)], (n + 1, turn[1])) == body for n in range(1, turn[1])):
            return Block(turn[1], body), size * turn[1]
    return items[at], 1


def _turn(item: Item) -> tuple[int, int] | None:
    """Which repeat an item belongs to; None if it is not known to be in one."""
    return item.turn if isinstance(item, Segment) else _turn(item.body[0])


def _bare(items: Sequence[Item], turn: tuple[int, int]) -> tuple[Item, ...] | None:
    """The items without this turn, which leaves that of the block around it; None when one of them belongs to another."""
    bare: list[Item] = []
    for each in items:
        if isinstance(each, Segment):
            if each.turn != turn:
                return None
            bare.append(replace(each, turn=each.sets, sets=None))
        elif _turn(each) is None:
            bare.append(each)
        elif (body := _bare(each.body, turn)) is not None:
            bare.append(Block(each.times, body))
        else:
            return None
    return tuple(bare)


def _wanted(items: tuple[Item, ...]) -> list[int]:
    """The ideal number of steps for each ramp, in file order."""
    wanted: list[int] = []
    for item in items:
        if isinstance(item, Block):
            wanted += _wanted(item.body)
        elif isinstance(item.target, Ramp):
            span = abs(1000 / item.target.start - 1000 / item.target.end)
            wanted.append(max(1, min(ceil(span / STEP_PACE), int((item.seconds or 0.0) / LEAST_STEP))))
    return wanted


def _climbed(items: tuple[Item, ...], counts: Iterator[int], notes: list[str]) -> tuple[Item, ...]:
    climbed: list[Item] = []
    for item in items:
        if isinstance(item, Block):
            climbed.append(Block(item.times, _climbed(item.body, counts, notes)))
        elif isinstance(item.target, Ramp):
            parts, worst = stairs(item, next(counts))
            climbed += parts
            many = f"{len(parts)} steps" if len(parts) > 1 else "one step"
            notes.append(f'"{item.name}": the ramp becomes {many}, never more than {worst:.1f} s/km from it')
        else:
            climbed.append(item)
    return tuple(climbed)


def stairs(segment: Segment, count: int) -> tuple[list[Segment], float]:
    """A ramp in `count` parts at the mean speed of each, so that its time and way stay; the worst error, s/km.

    They are cut at whole seconds or metres, or formats that hold no others would make them a little longer or shorter.
    """
    own = segment.length
    kind, whole = (Distance, own.metres) if isinstance(own, Distance) else (Duration, segment.seconds or 1.0)
    if count == 1 or isinstance(own, UntilLap):
        marks, lengths = [0.0, whole], [own]
    else:
        marks = [*(whole * n / count for n in range(count)), whole]
        marks = [floor(mark + 0.5) if whole >= 2 * count and mark < whole else mark for mark in marks]
        lengths = [kind(end - begin) for begin, end in pairwise(marks)]
    parts: list[Segment] = []
    worst = 0.0
    for n, ((begin, end), length) in enumerate(zip(pairwise(marks), lengths, strict=True), 1):
        edges = [segment.speed_at(mark / whole) or 1.0 for mark in (begin, end)]
        middle = sum(edges) / 2
        worst = max(worst, *(abs(1000 / edge - 1000 / middle) for edge in edges))
        name = f"{segment.name} {n}/{count}" if count > 1 else segment.name
        parts.append(replace(segment, name=name, length=length, target=Steady(middle), says=()))
    return parts, worst
