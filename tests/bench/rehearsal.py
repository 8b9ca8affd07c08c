"""How close a runner comes to his pace for how much talk: this coach and other rules, in a closed loop.

Model and rules are those of `coach/rehearsal`. One cell, quickly, for whoever tunes the policy:

    python -m tests.bench.rehearsal --seeds 40 --cell footpod-recreational --policy settle_footpod=15,second_after=30
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from math import inf

from coach.core.coach import Settings
from coach.core.estimate import EstimatorSettings
from coach.core.plan import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.rehearsal.rivals import RIVALS
from coach.rehearsal.runner import RUNNERS, Runner
from coach.rehearsal.scores import Score, Tally
from coach.rehearsal.signals import SIGNALS, Signal
from coach.rehearsal.trial import RealCoach, RivalCoach, trial
from tests.bench.row import Row

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


@dataclass(frozen=True, slots=True)
class Bar:
    """The most corrections per ten minutes, pace error % rms, and needless corrections %."""

    corrections: float | None = None
    error: float | None = None
    needless: float | None = None


BARS = {
    "footpod-recreational": Bar(3.0, 2.3, 2.0),
    "gps-recreational": Bar(3.5, 2.8, 6.0),
    "poor-gps-trained": Bar(error=3.0, needless=10.0),
}
BY_DIRECTION = " that tells no size"
# Who, and in which cell: corrections per ten minutes, needless %, pace error % rms, within 3 % %
PUBLISHED: dict[tuple[str, str], tuple[float, float | None, float, float | None]] = {
    ("silence", "footpod-recreational"): (0, None, 7.9, 28),
    ("silence", "footpod-trained"): (0, None, 3.2, 65),
    ("naive", "footpod-recreational"): (36, 39, 1.7, 93),
    ("naive", "gps-recreational"): (48, 38, 2.6, 76),
    ("naive", "gps-trained"): (47, 39, 2.5, 76),
    ("naive", "poor-gps-recreational"): (57, 37, 6.5, 36),
    ("naive", "poor-gps-trained"): (57, 38, 6.5, 35),
    ("RunnerUp", "footpod-recreational"): (3.5, 4, 2.9, 81),
    (f"RunnerUp{BY_DIRECTION}", "footpod-recreational"): (4.3, None, 3.4, None),
    ("RunnerUp", "gps-recreational"): (5.9, 17, 2.9, 80),
    ("RunnerUp", "gps-trained"): (4.6, 25, 2.1, 86),
    ("RunnerUp", "poor-gps-recreational"): (11.9, 32, 5.0, 46),
    ("RunnerUp", "poor-gps-trained"): (11.7, 36, 4.6, 49),
    ("RunPowerWorkout", "footpod-recreational"): (7.3, 16, 2.0, 92),
    ("RunPowerWorkout", "gps-recreational"): (23.7, 34, 2.7, 78),
    ("RunPowerWorkout", "gps-trained"): (23.4, 37, 2.3, 80),
    ("RunPowerWorkout", "poor-gps-recreational"): (29.7, 35, 5.8, 41),
    ("RunPowerWorkout", "poor-gps-trained"): (29.6, 38, 5.6, 42),
}

@dataclass(frozen=True, slots=True)
class Cell:
    """A runner with a device."""

    signal: str
    runner: str
    states_sigma: bool = True
    hears_ramp: bool = True

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
        return replace(RUNNERS[self.runner], hears_ramp=self.hears_ramp)


CELLS = tuple(Cell(signal, runner) for signal in SIGNALS for runner in RUNNERS)
FRONT_CELLS = (Cell("footpod", "recreational"), Cell("gps", "recreational"))


@dataclass(frozen=True, slots=True)
class Who:
    """Who coaches: a rival by name, or this coach with a policy, a level, and what it knows of the footpod."""

    name: str = OURS
    policy: Policy = field(default_factory=Policy)
    level: str = "intermediate"
    verbosity: str = "normal"
    taught: float = 0.0
    sized: bool = True

    def tally(self, cell: Cell, plan: Plan, seeds: Iterable[int]) -> Tally:
        whole = Tally()
        settings = Settings(self.level, self.verbosity, self.policy, EstimatorSettings(pod_taught=self.taught))
        for seed in seeds:
            ours = self.name == OURS
            voice = RealCoach(plan, settings) if ours else RivalCoach(plan, RIVALS[self.name](), self.sized)
            whole.add(trial(plan, cell.legs, cell.device, seed, voice))
        return whole


Measured = Callable[[Who, Cell, Plan, range], Score]


@contextmanager
def shared() -> Iterator[Measured]:
    """Scores over seeds, on all processors; each is measured once."""
    count = os.cpu_count() or 1
    with ProcessPoolExecutor(count) as pool:

        @cache
        def measured(who: Who, cell: Cell, plan: Plan, seeds: range) -> Score:
            whole = Tally()
            for part in pool.map(partial(who.tally, cell, plan), [seeds[part::count] for part in range(count)]):
                whole.add(part)
            return whole.score

        yield measured


def measure(seed: int = 0) -> Iterator[Row]:
    """The figures that have a limit, the peers' as they were published, and the front of settings."""
    seeds = range(seed, seed + SEEDS)
    with shared() as measured:
        for cell in CELLS:
            yield from _held_to_bars(measured, cell, seeds)
        yield from _ramps(measured, seeds[: SEEDS // 2])
        yield from _without_accuracy(measured, seeds[: SEEDS // 2])
        yield from _as_published(measured, seeds)
        yield from _front(measured, seeds[: SEEDS // 3])


def _held_to_bars(measured: Measured, cell: Cell, seeds: range) -> Iterator[Row]:
    score, bar = measured(Who(), cell, STEPS, seeds), BARS.get(str(cell), Bar())
    yield Row(f"{cell}: corrections", score.corrections, "/10 min", bar.corrections)
    yield Row("  pace error", score.error or 0.0, "% rms", bar.error)
    yield Row("  needless or the wrong way", score.needless or 0.0, "%", bar.needless)
    yield Row("  within 3 %", score.within or 0.0, "%")
    yield Row("  first word after a start more than 5 % off", score.first_word or inf, "s")
    yield Row("  all that is said", score.cues, "/10 min")
    yield from _beaten(measured, cell, STEPS, seeds)


def _beaten(measured: Measured, cell: Cell, plan: Plan, seeds: range) -> Iterator[Row]:
    """No other rule is better on both counts; here is how each compares."""
    ours, better = measured(Who(), cell, plan, seeds), 0
    for name in RIVALS:
        score = measured(Who(name), cell, plan, seeds)
        better += (score.error or 0.0) < (ours.error or 0.0) and score.corrections <= ours.corrections
        yield Row(f"  {name}, at {score.corrections:.1f} corrections/10 min", score.error or 0.0, "% rms")
    yield Row("  rules that are better both ways", better, "", 0)


def _ramps(measured: Measured, seeds: range) -> Iterator[Row]:
    for cell in CELLS:
        score = measured(Who(), cell, RAMP, seeds)
        yield Row(f"a ramp, {cell}: corrections", score.corrections, "/10 min")
        yield Row("  pace error", score.error or 0.0, "% rms")
        yield from _beaten(measured, cell, RAMP, seeds)
    deaf = replace(CELLS[0], hears_ramp=False)
    score = measured(Who(), deaf, RAMP, seeds)
    yield Row(f"a ramp, {deaf}, who knows only what he is told: corrections", score.corrections, "/10 min")
    yield Row("  pace error", score.error or 0.0, "% rms")


def _without_accuracy(measured: Measured, seeds: range) -> Iterator[Row]:
    for cell in CELLS:
        if not cell.device.footpod:
            plain = replace(cell, states_sigma=False)
            score = measured(Who(), plain, STEPS, seeds)
            yield Row(f"{plain} (no accuracy stated): corrections", score.corrections, "/10 min")
            yield Row("  pace error", score.error or 0.0, "% rms")
            yield Row("  needless or the wrong way", score.needless or 0.0, "%")


def _as_published(measured: Measured, seeds: range) -> Iterator[Row]:
    """The model and the other rules give the published figures of the same simulation: how far off, at worst."""
    talk, error, needless, within = 0.0, 0.0, 0.0, 0.0
    for (name, cell), (corrections, *shares) in PUBLISHED.items():
        score = measured(Who(name.removesuffix(BY_DIRECTION), sized=BY_DIRECTION not in name), Cell.named(cell), STEPS, seeds)
        talk = max(talk, abs(score.corrections / corrections - 1) if corrections else score.corrections)
        needless, error, within = (
            worst if share is None else max(worst, abs((got or 0.0) - share))
            for worst, got, share in zip((needless, error, within), (score.needless, score.error, score.within), shares, strict=True)
        )
    yield Row("against the published figures of other rules: corrections", 100 * talk, "% off", 15.0)
    yield Row("  pace error", error, "points off", 0.4)
    yield Row("  needless", needless, "points off", 5.0)
    yield Row("  within 3 %", within, "points off", 5.0)


def _front(measured: Measured, seeds: range) -> Iterator[Row]:
    """What our settings give, beside the points of the others: the pace error at so much talk."""
    for cell in FRONT_CELLS:
        yield Row(f"the front, {cell}", len(seeds), "runs")
        for named, policy in settings().items():
            score = measured(Who(policy=policy), cell, STEPS, seeds)
            yield Row(f"  {named}: {score.corrections:.2f} corrections/10 min", score.error or 0.0, "% rms")
        for name in RIVALS:
            score = measured(Who(name), cell, STEPS, seeds)
            yield Row(f"  {name}: {score.corrections:.2f} corrections/10 min", score.error or 0.0, "% rms")


def settings() -> dict[str, Policy]:
    """The policy as it is, and turned one way or the other."""
    usual = Policy()

    def scaled(part: str, factor: float) -> Policy:
        names = [each.name for each in fields(Policy) if part in each.name]
        return replace(usual, **{name: getattr(usual, name) * factor for name in names})

    return {
        "as it is": usual,
        "bands x 0.8": scaled("_too_", 0.8),
        "bands x 1.3": scaled("_too_", 1.3),
        "sigmas x 0.7": scaled("sigmas", 0.7),
        "settle x 0.7": scaled("settle", 0.7),
        "persist x 0.6": scaled("persist", 0.6),
        "second after x 0.7": scaled("second_after", 0.7),
    }


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
    ours = Who(policy=policy, level=asked.level, verbosity=asked.verbosity, taught=asked.taught)
    coaches = [ours, *(Who(name) for name in RIVALS)] if asked.rivals else [ours]
    cells = [Cell.named(name) for name in asked.cell] or list(CELLS)
    with shared() as measured:
        for cell in cells:
            for who in coaches:
                score = measured(who, cell, PLANS[asked.plan], seeds)
                print(f"{cell!s:<24} {who.name:<16} {figures(score)}", flush=True)
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
