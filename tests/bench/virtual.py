"""Virtual runners in numbers: the plans they run, cells of runner and signal, whoever coaches, and a pool that scores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial

from coach.core.estimate.estimator import EstimatorSettings
from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.core.settings import Settings
from coach.rehearsal.rivals import RIVALS
from coach.rehearsal.runner import RECREATIONAL, RUNNERS, Runner
from coach.rehearsal.scores import Score, Tally
from coach.rehearsal.signals import SIGNALS, Signal
from coach.rehearsal.trial import RealCoach, RivalCoach, trial

PACES = (360, 345, 330, 315, 300, 285)  # s/km
STEP = 300.0  # s
KINDS = (Kind.STEADY,) * 3 + (Kind.TEMPO,) * 3  # corrected on both sides
STEPS = Plan(
    "Six steps",
    tuple(Segment(f"{pace}", kind, Duration(STEP), Steady(1000 / pace)) for pace, kind in zip(PACES, KINDS, strict=True)),
)
RAMP = Plan("A ramp", (Segment("Ramp", Kind.TEMPO, Duration(6 * STEP), Ramp(1000 / PACES[0], 1000 / PACES[-1])),))
HARD = Segment("Work", Kind.TEMPO, Duration(240.0), Steady(1000 / 270))
JOG = Segment("Jog", Kind.RECOVERY, Duration(120.0), Steady(1000 / 390))
INTERVALS = Plan("Intervals", (HARD, JOG) * 5)
PLANS = {"steps": STEPS, "ramp": RAMP, "intervals": INTERVALS}
OURS = "this coach"
COACHED = ("recreational", "trained", "beginner")  # on roads; a trail runner is for `--cell`
AS_PUBLISHED = {"recreational": Runner(misjudges=0.08), "trained": Runner(misjudges=0.03)}  # of the published simulation
ODD = {
    "who obeys 30 %": replace(RECREATIONAL, obeys=(0.2, 0.4)),
    "who answers after 8 s": replace(RECREATIONAL, reaction=8.0),
    "with legs of 12 s": replace(RECREATIONAL, lag=12.0),
    "who overshoots": replace(RECREATIONAL, obeys=(1.2, 1.6)),
    "who misjudges by 12 %": replace(RECREATIONAL, misjudges=0.12),
}
MORE_SIGNALS = {"typical": Signal(noise=0.15, memory=6.0, late=1, place=4.0, way_bias=0.01)}  # between good and poor
LEARNED = 3600.0  # s of good GPS that a footpod was taught in: its scale is known, as it is after the first runs


@dataclass(frozen=True, slots=True)
class Cell:
    """A runner with a device."""

    signal: str
    runner: str
    states_sigma: bool = True
    hears_ramp: bool = True
    as_published: bool = False  # the runner of the published simulation, who is steadier and always answers

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
        return replace((SIGNALS | MORE_SIGNALS)[self.signal], states_sigma=self.states_sigma)

    @property
    def legs(self) -> Runner:
        return replace((AS_PUBLISHED if self.as_published else RUNNERS | ODD)[self.runner], hears_ramp=self.hears_ramp)


CELLS = tuple(Cell(signal, runner) for signal in SIGNALS for runner in COACHED)


@dataclass(frozen=True, slots=True)
class Who:
    """Who coaches: a rival by name, or this coach with a policy, a level, and what it knows of the footpod."""

    name: str = OURS
    policy: Policy = field(default_factory=Policy)
    level: str = "intermediate"
    verbosity: str = "normal"
    taught: float = LEARNED
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


def figures(score: Score) -> str:
    """One line of them."""

    def shown(value: float | None, form: str) -> str:
        return "–" if value is None else form.format(value)

    return (
        f"{score.corrections:6.2f} corrections/10 min  {shown(score.needless, '{:5.1f}'):>5} % needless  "
        f"{shown(score.error, '{:5.2f}'):>5} % rms  {shown(score.within, '{:3.0f}'):>3} % within 3 %  "
        f"first word {shown(score.first_word, '{:4.0f}'):>4} s  {score.cues:5.2f} cues/10 min"
    )
