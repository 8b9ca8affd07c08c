"""How close a runner comes to his pace for how much talk: this coach and other rules, in a closed loop.

Model and rules are those of `coach/rehearsal`. One cell, quickly, for whoever tunes the policy:

    python -m tests.bench.rehearsal --seeds 40 --cell footpod-recreational --policy settle_footpod=15,second_after=30
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from coach.core.coach import Settings
from coach.core.estimate import EstimatorSettings
from coach.core.plan import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.rehearsal.rivals import RIVALS
from coach.rehearsal.runner import RUNNERS, Runner
from coach.rehearsal.scores import Score, Tally
from coach.rehearsal.signals import SIGNALS, Signal
from coach.rehearsal.trial import RealCoach, RivalCoach, trial

SEEDS = 120
PACES = (360, 345, 330, 315, 300, 285)  # s/km
STEP = 300.0  # s
KINDS = (Kind.STEADY,) * 3 + (Kind.TEMPO,) * 3  # corrected on both sides
STEPS = Plan(
    "Six steps",
    tuple(Segment(f"{pace}", kind, Duration(STEP), Steady(1000 / pace)) for pace, kind in zip(PACES, KINDS, strict=True)),
)
RAMP = Plan("A ramp", (Segment("Ramp", Kind.TEMPO, Duration(6 * STEP), Ramp(1000 / PACES[0], 1000 / PACES[-1])),))
PLANS = {"steps": STEPS, "ramp": RAMP}
OURS = "this coach"

Asked = Mapping[str, float]  # fields of the policy, and their values


@dataclass(frozen=True, slots=True)
class Cell:
    """A runner with a device."""

    signal: str
    runner: str
    states_sigma: bool = True

    @classmethod
    def named(cls, name: str) -> Cell:
        """From "poor-gps-trained"; with "plain-" before it, the receiver does not say what its speed is worth."""
        signal, _, runner = name.removeprefix("plain-").rpartition("-")
        if signal not in SIGNALS or runner not in RUNNERS:
            raise ValueError(f"{name!r} is no cell; take one of {', '.join(str(cell) for cell in CELLS)}, or plain- before it")
        return cls(signal, runner, not name.startswith("plain-"))

    def __str__(self) -> str:
        return f"{'' if self.states_sigma else 'plain-'}{self.signal}-{self.runner}"

    @property
    def device(self) -> Signal:
        return replace(SIGNALS[self.signal], states_sigma=self.states_sigma)

    @property
    def legs(self) -> Runner:
        return RUNNERS[self.runner]


CELLS = tuple(Cell(signal, runner) for signal in SIGNALS for runner in RUNNERS)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who coaches: a rival by name, or this coach with a policy, level and what it knows of the footpod."""

    name: str = OURS
    policy: Policy = Policy()
    level: str = "intermediate"
    verbosity: str = "normal"
    taught: float = 0.0

    def tally(self, cell: Cell, plan: Plan, seeds: Iterable[int], runner: Runner | None = None) -> Tally:
        whole = Tally()
        settings = Settings(self.level, self.verbosity, self.policy, EstimatorSettings(pod_taught=self.taught))
        for seed in seeds:
            voice = RealCoach(plan, settings) if self.name == OURS else RivalCoach(plan, RIVALS[self.name]())
            whole.add(trial(plan, runner or cell.legs, cell.device, seed, voice))
        return whole


Measured = Callable[[Voice, Cell, Plan, range], Score]


@contextmanager
def shared(workers: int | None = None) -> Iterator[Measured]:
    """Scores over seeds, on all processors."""
    count = workers or os.cpu_count() or 1
    with ProcessPoolExecutor(count) as pool:

        def measured(voice: Voice, cell: Cell, plan: Plan, seeds: range, runner: Runner | None = None) -> Score:
            parts = pool.map(partial(voice.tally, cell, plan, runner=runner), [seeds[part :: count] for part in range(count)])
            whole = Tally()
            for part in parts:
                whole.add(part)
            return whole.score

        yield measured


def figures(score: Score) -> str:
    """One line of them."""

    def shown(value: float | None, form: str) -> str:
        return "–" if value is None else form.format(value)

    return (
        f"{score.corrections:6.2f} corrections/10 min  {shown(score.needless, '{:5.1f}'):>5} % needless  "
        f"{shown(score.error, '{:5.2f}'):>5} % rms  {shown(score.within, '{:3.0f}'):>3} % within 3 %  "
        f"first word {shown(score.first_word, '{:4.0f}'):>4} s  {score.cues:5.2f} cues/10 min"
    )


def main(arguments: list[str]) -> int:
    asked = _arguments(arguments)
    seeds = range(asked.seed, asked.seed + asked.seeds)
    policy = Policy(**_policy(asked.policy))
    ours = Voice(policy=policy, level=asked.level, verbosity=asked.verbosity, taught=asked.taught)
    voices = [ours, *(Voice(name) for name in RIVALS)] if asked.rivals else [ours]
    cells = [Cell.named(name) for name in asked.cell] or list(CELLS)
    with shared() as measured:
        for cell in cells:
            for voice in voices:
                score = measured(voice, cell, PLANS[asked.plan], seeds)
                print(f"{cell!s:<24} {voice.name:<16} {figures(score)}", flush=True)
    return 0


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rehearsal", description=__doc__.split("\n")[0])
    parser.add_argument("--cell", action="append", default=[], help=f"one of {', '.join(map(str, CELLS))}; default: all")
    parser.add_argument("--plan", choices=PLANS, default="steps")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many runs (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first of them")
    parser.add_argument("--policy", default="", help="settle_footpod=15,second_after=30")
    parser.add_argument("--level", default="intermediate")
    parser.add_argument("--verbosity", default="normal")
    parser.add_argument("--taught", type=float, default=0.0, help="s of good GPS that the footpod was taught in")
    parser.add_argument("--rivals", action="store_true", help="and the others")
    return parser.parse_args(arguments)


def _policy(text: str) -> dict[str, float]:
    pairs = (pair.partition("=") for pair in text.split(",") if pair)
    return {name.strip(): float(value) for name, _, value in pairs}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
