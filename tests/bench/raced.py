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
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, Device
from tests.bench.row import Row

SEEDS = 100
RUNNER = replace(TRAINED, misjudges=0.0, bias=0.0)  # means to run what is asked, and wavers as real legs do
EVEN, NO_ERROR = replace(RUNNER, wavers=0.0, restless=0.0), replace(FOOTPOD, noise=0.0, bias=0.0)  # exactly what is asked
EXACT_LEGS = "10k, exact legs and footpod"
TOLD = ("race_replan", "race_estimate", "race_back")
DISTANCES = {"10k": (10_000.0, 3000), "5k": (5_000.0, 1500), "half": (21_097.5, 6600), "marathon": (42_195.0, 14_400)}
Most = Callable[[float], float]  # of the first plan's speed, at a share of the goal's time: no more is possible then
ANY = 9.0
STOP, DIP = 60.0, 120.0  # s
STOPS, FADES = "a stop of 60 s", "a fade of 8 %"


def _happens(goal: float) -> dict[str, tuple[Most, float]]:
    """What is possible in a race of so many seconds, and since when (share of the goal's time)."""
    stopped, weak = 0.4 + STOP / goal, 0.4 + DIP / goal
    return {
        "exactly as told": (lambda part: ANY, 0.0),
        STOPS: (lambda part: 0.0 if 0.4 <= part < stopped else ANY, stopped),
        "two weak minutes": (lambda part: 0.88 if 0.4 <= part < weak else ANY, 0.4),
        "a slow start": (lambda part: 0.94 if part < 0.14 else ANY, 0.0),
        FADES: (lambda part: 0.92 if part >= 0.5 else ANY, 0.5),
        "weak and then better": (lambda part: 0.92 if 0.3 <= part < 0.45 else ANY, 0.3),
    }


HAPPENS: dict[str, tuple[str, Most, float]] = {EXACT_LEGS: ("10k", lambda part: ANY, 0.0)} | {
    f"{race}, {what}": (race, *how) for race, (_, goal) in DISTANCES.items() for what, how in _happens(goal).items()
}
LIMITS = {"10k, exactly as told": 1.2, EXACT_LEGS: 0.0, "marathon, exactly as told": 0.1}  # changes told
WITHIN = {STOPS: 30.0, FADES: 240.0}  # s from its end, from its beginning, until it is told
EXACT = 0.002  # share of the goal's time by which who runs exactly as told may miss it


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
            most = WITHIN.get(name.split(", ")[1])
            if known and since:
                yield Row("  first told after, median", median(known), "s", most)
            if most:
                yield Row("    later than that, or never", 100 * fmean(each is None or each > most for each in after), "%")
            yield Row("  from the first goal, median", median(each.off for each in runs), "s")
            if name == EXACT_LEGS:
                yield Row("    at worst", max(abs(each.off) for each in runs), "s", EXACT * DISTANCES["10k"][1])


def raced(name: str, seed: int) -> Raced:
    race, possible, _ = HAPPENS[name]
    metres, goal = DISTANCES[race]
    first = race_plan(race, metres, goal, default_split(metres)).plan
    is_exact = name == EXACT_LEGS
    legs, device = Legs(EVEN if is_exact else RUNNER, seed), Device(NO_ERROR if is_exact else GOOD_GPS, seed)
    coach = Coach(first)
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
