"""Runners for the tests of the core: they feed a coach a second at a time, and keep what it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.events import Cue, Event
from coach.core.inputs import Key
from coach.core.plan.segments import Plan
from coach.core.settings import Settings
from coach.core.speech.floor import Decision
from devices.sample import Pulse, Stride

TAUGHT = EstimatorSettings(pod_taught=65.0)  # a footpod that is exact, and whose scale a first good minute has taught
CORRECTIONS = ("ease_off", "pick_up", "dont_sprint", "on_pace")


class OnFoot:
    """A coach, and a runner with a footpod (or on a treadmill), a measurement a second."""

    def __init__(self, plan: Plan, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        if not settings.treadmill and settings.estimator == EstimatorSettings():
            settings = replace(settings, estimator=TAUGHT)
        self.coach = Coach(plan, settings)
        self.at, self.metres = -1, 0.0
        self.cues: list[Cue] = []
        self.events: list[Event] = []
        self.decisions: list[Decision] = []

    def run(self, seconds: int, speed: float | Callable[[], float], bpm: int | None = None) -> list[Cue]:
        """At a speed (m/s), perhaps one that follows the session; what was said meanwhile, alone or in another's breath."""
        before = len(self.cues)
        for _ in range(seconds):
            if self.coach.finished:
                break
            self.at += 1
            now = speed() if callable(speed) else speed
            self.metres += now if self.at else 0.0
            if bpm is not None:
                self._feed(Pulse(float(self.at), "heart", bpm))
            self._feed(Stride(float(self.at), "pod", speed=now, distance=self.metres))
        return self.cues[before:]

    def press(self, key: str) -> list[Cue]:
        before = len(self.cues)
        self._feed(Key(self.at + 0.5, key))
        return self.cues[before:]

    def target(self, share: float = 1.0, otherwise: float = 2.8) -> Callable[[], float]:
        """The speed of one who runs this share of every target."""
        return lambda: share * (self.coach.session.target or otherwise / share)

    def _feed(self, item: Key | Pulse | Stride) -> None:
        said = self.coach.feed(item)
        self.cues += [each for cue in said for each in (cue, *cue.also)]
        self.events += self.coach.events
        self.decisions += self.coach.floor.decisions


def kinds(cues: list[Cue]) -> list[str]:
    return [cue.kind for cue in cues]


def wavering(seed: int, sigma: float, memory: float) -> Callable[[], float]:
    """Shares of 1 whose errors are alike over `memory` seconds: AR(1)."""
    random, keep, state = Random(seed), 1 - 1 / memory, 0.0

    def step() -> float:
        nonlocal state
        state = keep * state + random.gauss(0.0, sigma * (1 - keep**2) ** 0.5)
        return 1.0 + state

    return step
