"""Plans progression runs — continuous, segmented or finish-fast — for a level, at the paces of the runner's fitness.

A protocol is a row: the parts between warm-up and cool-down, as shares of the time and pace names. Totals are exact, to the
second or the metre. Parts that are too much for a level are made smaller, with a note; impossible requests are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor

from coach.core.plan.segments import Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target
from coach.core.units import clock_text, pace_text
from coach.planning.fitness.paces import Fitness

SAME = 0.985  # share of marathon speed from which a speed counts as marathon pace: nobody notices the difference
STEP_SPEED = {
    "beginner": 0.06,
    "intermediate": 0.04,
    "advanced": 0.04,
}  # the smallest step, as a share of speed, that a runner can feel and hold
ROUND_TIME, ROUND_WAY = 30.0, 100.0  # s, m: all parts but the last are rounded to this


@dataclass(frozen=True, slots=True)
class Size:
    """The limits of a level, min: total; warm-up, cool-down; at marathon pace or faster, also as a share; at threshold."""

    usual: float
    least: float
    most: float
    warm: float
    cool: float
    fast: float
    fast_share: float
    hard: float


SIZES = {
    "beginner": Size(35, 20, 45, 5, 5, 10, 0.25, 0),
    "intermediate": Size(55, 30, 75, 5, 8, 20, 0.35, 10),
    "advanced": Size(75, 40, 150, 5, 10, 40, 0.45, 20),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the time between warm-up and cool-down, at one pace or from one pace to another."""

    share: float
    pace: str
    to: str | None = None
    kind: Kind = Kind.STEADY


_RAMP = {"beginner": ("easy", "steady"), "intermediate": ("easy", "threshold"), "advanced": ("easy", "10k")}
_THIRDS = {
    "beginner": ("easy", "midway", "marathon"),
    "intermediate": ("easy", "midway", "marathon"),
    "advanced": ("easy", "steady", "half"),
}
_FINISH = {"beginner": ("marathon", 5.0), "intermediate": ("half", 8.0), "advanced": ("threshold", 12.0)}
_LONG_FINISH = {"beginner": ("steady", 10.0), "intermediate": ("marathon", 15.0), "advanced": ("marathon", 30.0)}
_CUTS = {"beginner": 3, "intermediate": 5, "advanced": 6}
STYLES = {
    "continuous": ("ramp",),
    "segmented": ("thirds", "cut-down", "stepped"),
    "finish-fast": ("finish", "long"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, and a sentence that explains each decision in it."""

    plan: Plan
    why: tuple[str, ...]


def progression(kind: str, style: str, level: str, fitness: Fitness, total: Length | None, unit: str = "km") -> Proposal:
    """Raises ValueError with a one-line message if the length does not suit this level."""
    size = SIZES[level]
    minutes = _minutes(total, fitness, size)
    if not size.least <= minutes <= size.most:
        told = f"{minutes:.0f} minutes are too {'long' if minutes > size.most else 'short'} for a progression run"
        raise ValueError(f"{told}: level {level} takes {size.least:.0f} to {size.most:.0f} minutes")
    middle = minutes - size.warm - size.cool
    parts, notes = _parts(style, level, fitness, minutes, middle)
    rows: list[tuple[float, str, str | None, Kind]] = [(size.warm, "recovery", None, Kind.WARMUP)]
    rows += [(part.share * middle, part.pace, part.to, part.kind) for part in parts]
    rows += [(size.cool, "recovery", None, Kind.COOLDOWN)]
    targets = [_target(fitness, pace, to) for _, pace, to, _ in rows]
    lengths = _lengths([row[0] for row in rows], targets, total or Duration(size.usual * 60))
    names = {Kind.WARMUP: "Warm-up", Kind.COOLDOWN: "Cool-down"}
    segments = [
        Segment(names.get(row[3]) or _name(row[1], row[2]), row[3], length, target)
        for row, length, target in zip(rows, lengths, targets, strict=True)
    ]
    return Proposal(Plan(f"{_TITLES[style]} progression", tuple(segments)), (*_why(fitness, segments, unit), *notes))


def by_hand(first: float, last: float, steps: int, total: Length, warm: float = 0.0, cool: float = 0.0) -> Plan:
    """From speed `first` to `last` (m/s) in equal steps, or as a ramp with one step; `warm` and `cool` are seconds.

    Raises ValueError if the speed does not rise, or if the steps do not fit into the total.
    """
    if last <= first:
        raise ValueError("a progression must end faster than it begins")
    shares = [1.0 / steps] * steps
    speeds = [first + (last - first) * number / max(1, steps - 1) for number in range(steps)]
    targets: list[Target] = [Ramp(first, last)] if steps == 1 else [Steady(_to_a_second(speed)) for speed in speeds]
    lengths = _lengths(shares, targets, _without(total, warm + cool, first))
    kinds = [Kind.STEADY] * (steps - 1) + [Kind.PEAK if steps > 1 else Kind.STEADY]
    names = ["Build"] if steps == 1 else [f"Step {number + 1}" for number in range(steps)]
    middle = [Segment(*row) for row in zip(names, kinds, lengths, targets, strict=True)]
    before = [Segment("Warm-up", Kind.WARMUP, Duration(warm))] if warm else []
    after = [Segment("Cool-down", Kind.COOLDOWN, Duration(cool))] if cool else []
    return Plan("Progression", (*before, *middle, *after))


def picture(plan: Plan, columns: int = 60) -> str:
    """The target over time as one line of text: higher is faster, a gap means no target."""
    total = plan.totals.seconds
    speeds = [speed for segment in plan.segments for speed in (segment.speed_at(0.0), segment.speed_at(1.0)) if speed]
    if not speeds or not total:
        return ""
    low, high = min(speeds), max(speeds)
    drawn, began = "", 0.0
    for segment in plan.segments:
        ends = began + (segment.seconds or 0.0)
        for column in range(round(columns * began / total), round(columns * ends / total)):
            into = ((column + 0.5) * total / columns - began) / max(1e-9, ends - began)
            speed = segment.speed_at(min(1.0, max(0.0, into)))
            drawn += " " if speed is None else "▁▂▃▄▅▆▇█"[round(7 * (speed - low) / max(1e-9, high - low))]
        began = ends
    return drawn


_TITLES = {"ramp": "Continuous", "thirds": "Thirds", "cut-down": "Cut-down", "stepped": "Stepped", "finish": "Fast finish",
           "long": "Long fast-finish"}  # fmt: skip


_NAMES = {"easy": "Easy", "midway": "A little faster", "steady": "Steady", "marathon": "Marathon effort",
          "half": "Half-marathon effort", "threshold": "Comfortably hard"}  # fmt: skip


def _parts(style: str, level: str, fitness: Fitness, minutes: float, middle: float) -> tuple[list[Part], list[str]]:
    if style == "ramp":
        return _ramp(level, fitness, minutes, middle)
    if style in ("finish", "long"):
        pace, wanted = (_FINISH if style == "finish" else _LONG_FINISH)[level]
        fast = min(wanted, _most_at(pace, level, fitness, minutes))
        return [Part(1 - fast / middle, "easy", None, Kind.EASY), Part(fast / middle, pace, None, Kind.PEAK)], []
    if style == "thirds":
        first, second, third = _THIRDS[level]
        fast = min(middle / 3, _most_at(third, level, fitness, minutes))
        rest = (middle - fast) / 2 / middle
        return [Part(rest, first, None, Kind.EASY), Part(rest, second), Part(fast / middle, third, None, Kind.PEAK)], []
    return _cuts(style, level, fitness, minutes, middle)


def _most_at(pace: str, level: str, fitness: Fitness, minutes: float) -> float:
    """The most minutes that a runner of this level should spend at a pace."""
    size = SIZES[level]
    hard = _speed(fitness, pace) >= SAME * fitness.speed("threshold")
    return min(size.hard if hard else size.fast, size.fast_share * minutes)


def _ramp(level: str, fitness: Fitness, minutes: float, middle: float) -> tuple[list[Part], list[str]]:
    """A ramp to the fastest pace that the level's limit on fast running allows."""
    size = SIZES[level]
    start, end = _RAMP[level]
    slow, fast, marathon = _speed(fitness, start), _speed(fitness, end), fitness.speed("marathon")
    share = max(0.0, (fast - marathon) / (fast - slow))
    allowed = min(size.fast, size.fast_share * minutes) / middle
    if share <= allowed:
        return [Part(1.0, start, end)], []
    calm = 1 - allowed / share  # the share of easy running first; the whole ramp follows in the remaining time
    note = f"{calm * middle:.0f} easy minutes come before the ramp, so that the fast part is not too long for level {level}"
    return [Part(calm, start, None, Kind.EASY), Part(1 - calm, start, end)], [note]


def _cuts(style: str, level: str, fitness: Fitness, minutes: float, middle: float) -> tuple[list[Part], list[str]]:
    """Equal steps of speed: as many as a runner can feel, and as fast as the level's limit allows."""
    size = SIZES[level]
    start, end = _RAMP[level] if level != "beginner" else ("easy", "marathon")
    slow, fast = _speed(fitness, start), _speed(fitness, end)
    wanted = 4 if style == "stepped" else _CUTS[level]
    room = floor((1 - slow / fast) * (1 + 1 / STEP_SPEED[level])) + 1  # relative to the speed, the last step is the smallest
    steps = max(2, min(wanted, room))
    notes = [f"{steps} steps instead of {wanted}: smaller steps could not be felt"] if steps < wanted else []
    speeds = [slow + (fast - slow) * number / (steps - 1) for number in range(steps)]
    first = 0.4 if style == "stepped" else 1 / steps
    shares = [first] + [(1 - first) / (steps - 1)] * (steps - 1)
    shares = _at_most(shares, [speed >= SAME * fitness.speed("threshold") for speed in speeds], size.hard / middle)
    allowed = min(size.fast, size.fast_share * minutes)
    shares = _at_most(shares, [speed >= SAME * fitness.speed("marathon") for speed in speeds], allowed / middle)
    kinds = [Kind.EASY] + [Kind.STEADY] * (steps - 2) + [Kind.PEAK]
    return [Part(share, f"={speed!r}", None, kind) for share, speed, kind in zip(shares, speeds, kinds, strict=True)], notes


def _at_most(shares: Sequence[float], chosen: Sequence[bool], allowed: float) -> list[float]:
    """The shares, with the chosen ones reduced to a total of `allowed`; the others take up the rest."""
    whole = sum(share for share, is_chosen in zip(shares, chosen, strict=True) if is_chosen)
    if whole <= allowed:
        return list(shares)
    more = (whole - allowed) / chosen.count(False)
    return [share * allowed / whole if is_chosen else share + more for share, is_chosen in zip(shares, chosen, strict=True)]


def _speed(fitness: Fitness, pace: str) -> float:
    if pace.startswith("="):
        return float(pace[1:])
    if pace == "midway":
        return (fitness.speed("easy") + fitness.speed("marathon")) / 2
    return fitness.speed(pace)


def _target(fitness: Fitness, pace: str, to: str | None) -> Target:
    speed = _to_a_second(_speed(fitness, pace))
    return Steady(speed) if to is None else Ramp(speed, _to_a_second(_speed(fitness, to)))


def _to_a_second(speed: float) -> float:
    """The speed (m/s) with its pace rounded to whole seconds per km: nobody says or runs finer paces."""
    return 1000 / floor(1000 / speed + 0.5)


def _minutes(total: Length | None, fitness: Fitness, size: Size) -> float:
    match total:
        case Duration(seconds):
            return seconds / 60
        case Distance(metres):
            return metres / fitness.speed("easy") / 60
    return size.usual


def _without(total: Length, seconds: float, speed: float) -> Length:
    """The total less `seconds` of running by feel, which is assumed to be at `speed` (m/s)."""
    if isinstance(total, Distance) and (metres := total.metres - seconds * speed) > 0:
        return Distance(round(metres))
    if isinstance(total, Duration) and total.seconds > seconds:
        return Duration(total.seconds - seconds)
    raise ValueError(f"warm-up and cool-down take {clock_text(seconds)}, which leaves nothing for the rest")


def _lengths(weights: Sequence[float], targets: Sequence[Target], total: Length) -> list[Length]:
    """The total divided by these weights of time. The running sum is rounded, so the parts add up exactly."""
    by_way = isinstance(total, Distance)
    speeds = [_mean(target) for target in targets]
    shares = [weight * speed if by_way else weight for weight, speed in zip(weights, speeds, strict=True)]
    whole = total.metres if isinstance(total, Distance) else total.seconds if isinstance(total, Duration) else 0.0
    quantum = ROUND_WAY if by_way else ROUND_TIME
    while whole / quantum < 4 * len(shares):
        quantum /= 10
    marks, done = [0.0], 0.0
    for share in shares[:-1]:
        done += share / sum(shares) * whole
        marks.append(max(marks[-1] + quantum, quantum * floor(done / quantum + 0.5)))
    marks.append(whole)
    ways = [after - before for before, after in pairwise(marks)]
    if min(ways) <= 0:
        raise ValueError("the run is too short for so many steps: ask for fewer steps, or a longer run")
    return [Distance(way) if by_way else Duration(way) for way in ways]


def _mean(target: Target) -> float:
    match target:
        case Steady(speed):
            return speed
        case Ramp(start, end):
            return (start + end) / 2
    return 1.0


def _name(pace: str, to: str | None) -> str:
    return "Build" if to or pace.startswith("=") else _NAMES[pace]


def _why(fitness: Fitness, segments: Sequence[Segment], unit: str) -> list[str]:
    paces = ", ".join(f"{name} {pace_text(fitness.speed(name), unit)}" for name in ("easy", "marathon", "threshold"))
    quick = sum(fast_seconds(segment, fitness.speed("marathon")) for segment in segments)
    return [
        f"Your fitness is VDOT {fitness.vdot:.1f}: {paces}.",
        f"{clock_text(quick)} of the run are at marathon pace or faster.",
    ]


def fast_seconds(segment: Segment, floor: float) -> float:
    """Seconds of a segment at `floor` m/s or faster. A steady speed just below it counts too; of a band the middle counts."""
    seconds = segment.seconds or 0.0
    match segment.target:
        case Ramp(start, end):
            slow, fast = sorted((start, end))
            return seconds * max(0.0, min(1.0, (fast - floor) / (fast - slow))) if fast > slow else 0.0
    speed = segment.mean_speed
    return seconds if speed and speed >= SAME * floor else 0.0
