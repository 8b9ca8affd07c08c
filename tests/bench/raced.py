"""Races in a closed loop: the runner of the rehearsals with a good receiver, and something that happens to him on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean, median

from coach.core.coach import Coach
from coach.planning.one_run.race import default_split, race_plan
from coach.rehearsal.runner import TRAINED, Legs, advice
from coach.rehearsal.signals import GOOD_GPS, Device
from tests.bench.row import Row

SEEDS = 100
RUNNER = replace(TRAINED, misjudges=0.0, bias=0.0)  # means to run what is asked, and wavers as real legs do
TOLD = ("race_replan", "race_estimate", "race_back")
DISTANCES = {"5k": (5_000.0, 1500), "10k": (10_000.0, 3000), "half": (21_097.5, 6600), "marathon": (42_195.0, 14_400)}
Most = Callable[[float], float]  # of the first plan's speed, at a share of the goal's time: no more is possible then
ANY = 9.0

HAPPENS: dict[str, tuple[str, Most, float]] = {  # the race, what is possible, and since when (share of the goal's time)
    "10k, exactly as told": ("10k", lambda part: ANY, 0.0),
    "10k, a stop of 60 s": ("10k", lambda part: 0.0 if 0.4 <= part < 0.42 else ANY, 0.42),
    "10k, two weak minutes": ("10k", lambda part: 0.88 if 0.4 <= part < 0.44 else ANY, 0.4),
    "10k, a slow start": ("10k", lambda part: 0.94 if part < 0.14 else ANY, 0.0),
    "10k, a fade of 8 %": ("10k", lambda part: 0.92 if part >= 0.5 else ANY, 0.5),
    "10k, weak and then better": ("10k", lambda part: 0.92 if 0.3 <= part < 0.45 else ANY, 0.3),
    "5k, exactly as told": ("5k", lambda part: ANY, 0.0),
    "half, exactly as told": ("half", lambda part: ANY, 0.0),
    "marathon, exactly as told": ("marathon", lambda part: ANY, 0.0),
}
LIMITS = {"10k, exactly as told": 1.2, "marathon, exactly as told": 0.1}  # changes told


@dataclass(frozen=True, slots=True)
class Raced:
    """`told` are the seconds at which a change was told; the runner was `off` his first goal by so many seconds."""

    told: tuple[float, ...]
    off: float


def measure(seeds: int = SEEDS) -> Iterator[Row]:
    with ProcessPoolExecutor() as pool:
        for name, (_, _, since) in HAPPENS.items():
            runs = list(pool.map(partial(raced, name), range(seeds)))
            began = since * DISTANCES[HAPPENS[name][0]][1]
            after = [next((at - began for at in each.told if at >= began), None) for each in runs]
            known = [seconds for seconds in after if seconds is not None]
            yield Row(f"{name}: changes told in a race", fmean(len(each.told) for each in runs), "", LIMITS.get(name))
            if known and since:
                yield Row("  first told after, median", median(known), "s", {0.42: 30.0, 0.5: 240.0}.get(since))
            yield Row("  from the first goal, median", median(each.off for each in runs), "s")


def raced(name: str, seed: int) -> Raced:
    race, possible, _ = HAPPENS[name]
    metres, goal = DISTANCES[race]
    first = race_plan(race, metres, goal, default_split(metres)).plan
    coach, legs, device = Coach(first), Legs(RUNNER, seed), Device(GOOD_GPS, seed)
    told, index, at = list[float](), -1, 0.0
    while not coach.finished and at < 3 * goal:
        session = coach.session
        if session.index != index:
            index = session.index
            legs.begin_segment(session.target)
        most = possible(at / goal) * (first.segments[index].speed_at(session.done) or ANY)
        for cue in coach.feed(device.read(at, min(most, legs.step(at, session.target))).sample):
            for each in (cue, *cue.also):
                told += [at] if each.kind in TOLD else []
                if said := advice(each):
                    legs.hear(max(at, each.due), said)
        at += 1.0
    return Raced(tuple(told), coach.session.elapsed - goal)
