"""Random runs: any plan, any runner, any day of the devices, any keys, in a closed loop with the coach. A seed is a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.inputs import Input, Key, Tick
from coach.core.judge.band import LEVELS, Bands, Limits
from coach.core.plan.segments import (
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
from coach.core.session.phases import Phase
from coach.core.settings import Settings
from coach.core.speech.rules import RULES, VERBOSITIES
from coach.rehearsal.runner import Correction, Legs, Runner, advice
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, POOR_GPS, Device, Signal
from coach.voice.words.tables import languages
from devices.sample import Pulse

AFTERWARDS = 20  # s that a run is fed on after its end: nothing more may be said
LAP_AFTER = 40.0  # s until the runner presses the lap key
# s of a segment from, to, and the share of runs up to here
LENGTHS = ((20, 60, 0.63), (60, 180, 0.88), (180, 420, 0.98), (420, 1200, 1.0))
KEYS = ("report", "progress", "verbosity", "skip", "back", "lap", "pause", "report", "progress", "verbosity")
DEVICES: tuple[tuple[Signal, ...], ...] = (
    (FOOTPOD,),
    (FOOTPOD,),
    (GOOD_GPS,),
    (GOOD_GPS,),
    (POOR_GPS,),
    (FOOTPOD, GOOD_GPS),
    (FOOTPOD, POOR_GPS),
)
TIRES_FOR = 3600  # s: longer runs are run by who does not tire, or some would never end
HIGH_HEART = {"steady": 150.0, "tempo": 160.0, "peak": 165.0}


@dataclass(frozen=True, slots=True)
class Day:
    """All that chance decides before the first step. `stops` and `gaps` are spans of seconds: standing, and no signal."""

    seed: int
    plan: Plan
    settings: Settings
    language: str
    devices: tuple[Signal, ...]
    runner: Runner
    stops: tuple[range, ...]
    gaps: tuple[range, ...]
    keys: dict[int, str]
    heart: float | None

    @property
    def by_footpod(self) -> bool:
        return FOOTPOD in self.devices


@dataclass(frozen=True, slots=True)
class Said:
    """A cue, and where the run was when it was released."""

    cue: Cue
    verbosity: str
    segment: int  # 0-based
    segment_began: float
    feed: int  # of how many inputs before

    @property
    def kinds(self) -> list[str]:
        return [each.kind for each in (self.cue, *self.cue.also)]

    @property
    def takes(self) -> float:
        return sum(RULES[kind].takes for kind in self.kinds)


class Pace(NamedTuple):
    """What was truly run in a second, m/s, and what was asked for then: a target and its band for a device without errors."""

    at: float
    segment: int  # 0-based
    speed: float
    asked: Limits


@dataclass(slots=True)
class Run:
    """What became of a day."""

    day: Day
    said: list[Said] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ends: list[tuple[int, float]] = field(default_factory=list)  # the target just before each segment's end
    items: list[Input] = field(default_factory=list)
    paces: list[Pace] = field(default_factory=list)  # of each second that has a target


def day(seed: int) -> Day:
    chance = Random(f"{seed} day")
    plan, seconds = _plan(chance)
    misjudges, wavers, fatigue = chance.choice((0.03, 0.08, 0.15)), chance.choice((0.01, 0.03)), chance.choice((0.0, 0.5))
    runner = Runner(misjudges, wavers, fatigue=fatigue if seconds < TIRES_FOR else 0.0)
    return Day(
        seed,
        plan,
        _going(seed, _settings(chance)),
        chance.choice(languages()),
        chance.choice(DEVICES),
        replace(runner, deaf=Random(f"{seed} deaf").choice((0.0, 1.0))),
        stops=tuple(_spans(chance, seconds, 0.3, 90)),
        gaps=tuple(_spans(chance, seconds, 0.4, 60)),
        keys=_keys(chance, seconds),
        heart=chance.uniform(140, 180) if chance.random() < 0.3 else None,
    )


def run(seed: int) -> Run:
    """The same every time."""
    told = Run(day(seed))
    coach = Coach(told.day.plan, told.day.settings)
    for item in _lived(told, coach):
        told.items.append(item)
    return told


def _lived(told: Run, coach: Coach) -> Iterator[Input]:
    """The inputs of the run as they happen: the runner hears what the coach says and runs on."""
    today = told.day
    legs = Legs(today.runner, today.seed)
    devices = [Device(signal, today.seed + number) for number, signal in enumerate(today.devices)]
    segment, over, second, verbosity = -1, 0, 0, today.settings.verbosity
    began = 0.0
    while over < AFTERWARDS:
        at, session = float(second), coach.session
        if session.index != segment:
            segment = session.index
            legs.begin_segment(session.target)
        speed = legs.step(at, session.target) * (not any(second in stop for stop in today.stops))
        for item in _inputs(today, second, [device.read(at, speed).sample for device in devices], coach):
            target, index = session.target, session.index
            cues = coach.feed(item)
            for event in coach.events:
                told.events.append(event)
                if event.name == "segment_began":
                    began = event.at
                if event.name == "segment_ended" and target is not None:
                    told.ends.append((index, target))
                if event.name == "verbosity":
                    verbosity = event.facts["verbosity"]
            for cue in cues:
                told.said.append(Said(cue, verbosity, session.index, began, len(told.items)))
                for each in (cue, *cue.also):
                    if (what := advice(each)) is not None and (isinstance(what, Correction) or what.target):
                        legs.hear(max(at, cue.due), what)
            yield item
        told.paces += [Pace(at, session.index, speed, asked)] if (asked := asked_for(coach)) else []
        over += coach.finished
        second += 1


def asked_for(coach: Coach) -> Limits | None:
    """The target of now and its band for a device without errors; None where there is none, or the run is not going on."""
    moment, session, settings = coach.moment, coach.session, coach.settings
    if moment is None or session.phase is not Phase.RUNNING or not moment.target or moment.index != session.index:
        return None
    bands = Bands(session.plan, settings.policy, settings.level)
    return bands.limits(moment.index, moment.target, 0.0, moment.room)


def _inputs(today: Day, second: int, samples: Sequence[Input], coach: Coach) -> Iterator[Input]:
    at = float(second)
    if coach.finished:
        yield Tick(at)
        return
    yield from samples if not any(second in gap for gap in today.gaps) else [Tick(at)]
    if today.heart is not None:
        yield Pulse(at, "strap", round(today.heart) + second % 7)
    if isinstance(coach.session.segment.length, UntilLap) and coach.session.into_seconds >= LAP_AFTER:
        yield Key(at, "lap")
    if (key := today.keys.get(second)) is not None:
        yield Key(at, key)


def _plan(chance: Random) -> tuple[Plan, int]:
    """A plan and about how long it is, s."""
    size = chance.random()
    least, most = next((low, high) for low, high, share in LENGTHS if size < share)
    segments: list[Segment] = []
    while len(segments) < chance.randint(1, 4):
        turns = chance.choice((1, 1, 1, 2))
        block = [_segment(chance, chance.uniform(least, most)) for _ in range(chance.choice((1, 1, 2)))]
        for turn in range(1, turns + 1):
            segments += [_turned(each, (turn, turns) if turns > 1 else None) for each in block]
    goal = chance.uniform(0.9, 1.1) if chance.random() < 0.1 else None
    plan = Plan(f"Run {chance.randint(1, 999)} @ 5:0{chance.randint(0, 9)}/km", tuple(segments))
    total = plan.totals.seconds
    return (Plan(plan.name, plan.segments, goal=goal * total) if goal and total else plan), int(total) + 60


def _turned(segment: Segment, turn: tuple[int, int] | None) -> Segment:
    return Segment(segment.name, segment.kind, segment.length, segment.target, turn, says=segment.says)


def _segment(chance: Random, seconds: float) -> Segment:
    kind = chance.choice(list(Kind))
    speed = chance.uniform(2.3, 4.6)
    says = (Saying(Duration(seconds / 3), "Ahead is the bridge, km 7: relax!"),) if chance.random() < 0.15 else ()
    lengths: list[Length] = [Duration(round(seconds)), Duration(round(seconds)), Distance(round(seconds * speed)), UntilLap()]
    target = None if kind is Kind.FREE else _target(chance, speed)
    return Segment(chance.choice(("", "Part 2", "400s", "Büchel ½")), kind, chance.choice(lengths), target, says=says)


def _target(chance: Random, speed: float) -> Target:
    other = speed * chance.uniform(0.8, 1.25)
    slow, fast = sorted((speed, other))
    return chance.choice((Steady(speed), Steady(speed), Ramp(speed, other), Ramp(speed, other), Band(slow, fast), None))


def _settings(chance: Random) -> Settings:
    switched = chance.sample(sorted(set(RULES) - {"run_complete", "run_stopped"}), chance.choice((0, 0, 3, 8)))
    return Settings(
        level=chance.choice(LEVELS),
        verbosity=chance.choice(VERBOSITIES),
        units=chance.choice(("metric", "imperial")),
        cues={kind: chance.random() < 0.3 for kind in switched} | ({"split": True} if chance.random() < 0.3 else {}),
        treadmill=chance.random() < 0.12,
        ceilings=HIGH_HEART if chance.random() < 0.5 else {},
    )


def _going(seed: int, settings: Settings) -> Settings:
    """When the run starts and pauses, and whether its runner can be asked; by a chance of its own, so that the rest of the day
    stays as it was."""
    chance = Random(f"{seed} going")
    start, pause = chance.choice(("now", "now", "now", "moving")), chance.choice(("never", "never", "standing"))
    return replace(settings, start=start, pause=pause, keys=chance.random() < 0.5)


def _spans(chance: Random, seconds: int, likely: float, longest: int) -> Iterator[range]:
    for _ in range(3):
        if chance.random() < likely:
            begin = chance.randint(1, seconds)
            yield range(begin, begin + chance.randint(1, longest))


def _keys(chance: Random, seconds: int) -> dict[int, str]:
    """Now and then; who pauses goes on again, and one in twenty gives up."""
    keys = {chance.randint(1, seconds): chance.choice(KEYS) for _ in range(chance.choice((0, 0, 2, 5)))}
    resumes = {at + chance.randint(2, 60): "resume" for at, key in keys.items() if key == "pause"}
    quits = {chance.randint(20, seconds): "quit"} if chance.random() < 0.05 else {}
    return keys | resumes | quits
