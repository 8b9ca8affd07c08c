"""Runs on which something happens, to races, hearts, beginners and hard plans: what is said stands in golden transcripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import exp
from random import Random

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.inputs import Input, Key
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.planning.one_run.race import default_split, race_plan
from coach.running.loop import Loop
from coach.runs.setup import Setup
from coach.ui.views import Lines
from devices.sample import Pulse, Stride
from tests.runs.doubts import DOUBTS, Doubt

RACE = race_plan("10k", 10_000.0, 3000, default_split(10_000.0)).plan
WORK = Plan(
    "Threshold",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300.0), Steady(2.6)),
        Segment("Work", Kind.TEMPO, Duration(1500.0), Steady(3.3)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(180.0), Steady(2.5)),
    ),
)
CLIMB = Plan(
    "Climb",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300.0), Steady(2.6)),
        Segment("Build", Kind.TEMPO, Duration(1800.0), Ramp(2.9, 3.4)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(180.0), Steady(2.5)),
    ),
)
BY_HEART = Plan(
    "By heart",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300.0), Steady(2.6)),
        Segment("Steady", Kind.STEADY, Duration(1500.0), heart=Beats(138, 148)),
        Segment("Recovery", Kind.RECOVERY, Duration(180.0), until=HeartEnd(120)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(180.0), Steady(2.5)),
    ),
)
_WORK = Segment("Work", Kind.TEMPO, Duration(360.0), Steady(3.4))
_REST = Segment("Recovery", Kind.RECOVERY, Duration(120.0), Steady(2.95))
REPEATS = Plan("Repeats", (Segment("Warm-up", Kind.WARMUP, Duration(300.0), Steady(2.6)), *((_WORK, _REST) * 3)))
STEPS = 184.0  # a minute
RESPONSE, WAVERS, MEMORY = 4.0, 0.010, 60.0  # s, share, s: legs that follow what they mean, and waver about it
REST, GAIN, FOLLOWS = 75.0, 26.0, 57.0  # beats a minute, beats per m/s, s: a heart that follows the legs

Share = Callable[[float], float]  # of the target that the runner means to run, at this second
Strap = Callable[[float, float], float | None]  # what the strap says at a second, of a heart that beats so fast


@dataclass(frozen=True, slots=True)
class Occasion:
    """A plan, and a runner who means to run a `share` of its target: of the first plan's, unless he `obeys`."""

    plan: Plan = RACE
    share: Share = lambda at: 1.0
    obeys: bool = True
    strap: Strap | None = None
    settings: Settings = field(default_factory=Settings)
    presses: int | None = None  # the second in which the runner presses lap

    def run(self, seed: int, coach: Coach) -> Iterator[Input]:
        """Strides of an exact footpod, and beats, once a second until the run is complete."""
        chance, speed, waver, way, beats = Random(seed), 0.0, 0.0, 0.0, REST + 20.0
        keeps = exp(-1 / MEMORY)
        for at in range(20_000):
            session = coach.session
            segment = (session.plan if self.obeys else self.plan).segments[session.index]
            waver = keeps * waver + chance.gauss(0.0, WAVERS * (1 - keeps**2) ** 0.5)
            means = (segment.speed_at(session.done) or 2.6) * self.share(float(at)) * (1 + waver)
            speed = 0.0 if means <= 0.0 else speed + (means - speed) / RESPONSE
            way += speed
            beats += (REST + GAIN * speed - beats) / FOLLOWS
            if self.strap and (told := self.strap(float(at), beats)) is not None:
                yield Pulse(float(at), "heart", round(told))
            if at == self.presses:
                yield Key(float(at), "lap")
            yield Stride(float(at), "pod", speed=speed, cadence=STEPS if speed else 0.0, distance=way)
            if coach.finished:
                return


def between(begin: float, end: float, share: float) -> Share:
    return lambda at: share if begin <= at < end else 1.0


def comes_back(at: float) -> float:
    return 0.92 if 900 <= at < 1300 else 1.015 if at >= 1300 else 1.0


def slow_then_fast(at: float) -> float:
    return 0.94 if 700 <= at < 900 else 1.08 if 900 <= at < 1100 else 1.0


def fast_slow_and_a_walk(at: float) -> float:
    return 1.2 if 600 <= at < 900 else 0.8 if 1200 <= at < 1500 else 0.45 if at >= 1800 else 1.0


GUARDED = Settings(ceilings={"warmup": 160.0, "tempo": 166.0, "cooldown": 160.0})
ASKED = Settings(keys=True, easy_speed=2.5)
OCCASIONS: dict[str, Occasion | Doubt] = {
    **DOUBTS,
    "race-exactly": Occasion(),
    "race-stop": Occasion(share=between(600, 660, 0.0)),
    "race-late-stop": Occasion(share=between(1800, 1890, 0.0)),
    "race-dip": Occasion(share=between(1500, 1620, 0.88)),
    "race-slow-start": Occasion(share=between(0, 420, 0.94)),
    "race-fade": Occasion(share=lambda at: 0.92 if at >= 1500 else 1.0, obeys=False),
    "race-better": Occasion(share=comes_back, obeys=False),
    "heart-drift": Occasion(WORK, strap=lambda at, bpm: bpm + max(0.0, at - 500) / 100, settings=GUARDED),
    "heart-far": Occasion(WORK, strap=lambda at, bpm: bpm + (14 if at > 300 else 0), settings=GUARDED),
    "heart-lock": Occasion(WORK, strap=lambda at, bpm: STEPS + 2 if at > 700 else bpm, settings=GUARDED),
    "heart-lost": Occasion(WORK, strap=lambda at, bpm: bpm if at < 600 or at > 900 else None, settings=GUARDED),
    "heart-target": Occasion(BY_HEART, share=fast_slow_and_a_walk, strap=lambda at, bpm: bpm),
    "plan-lent": Occasion(CLIMB, share=between(700, 1100, 0.94), obeys=False),
    "plan-offered": Occasion(CLIMB, share=lambda at: 0.94 if at >= 700 else 1.0, obeys=False, settings=ASKED),
    "plan-kept": Occasion(CLIMB, share=between(700, 920, 0.94), obeys=False, settings=ASKED, presses=822),
    "plan-kept-by-legs": Occasion(CLIMB, share=between(700, 822, 0.94), obeys=False, settings=ASKED),
    "plan-lent-and-overpaid": Occasion(CLIMB, share=slow_then_fast, obeys=False),
    "beginner": Occasion(WORK, share=between(500, 900, 0.96), obeys=False, settings=Settings(level="beginner")),
    "too-fast-for-long": Occasion(WORK, share=lambda at: 1.06 if at >= 500 else 1.0, obeys=False),
    "very-far-off": Occasion(WORK, share=between(500, 560, 0.6), obeys=False),
    "recovery-stays": Occasion(REPEATS, share=between(300, 2000, 0.84), obeys=False),
}


def transcript(name: str, seed: int = 1) -> list[str]:
    occasion = OCCASIONS[name]
    setup = Setup(occasion.plan, replace(occasion.settings, estimator=EstimatorSettings(pod_taught=65.0)))
    lines: list[str] = []
    view, coach = Lines("km", lines.append), setup.coach()
    view.summary(Loop(coach, setup.words(), view).run(occasion.run(seed, coach)).as_dict())
    return "\n".join(lines).splitlines()
