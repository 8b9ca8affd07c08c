"""A footpod that reads wrong: how many corrections are needless or go the wrong way, until the run's GPS contradicts it.

The errors are those of a pod in other shoes. Nobody taught it, or it was taught and is now wrong; alone, or beside a receiver
under open sky. The runner is the recreational one with recorded legs.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from coach.core.estimate.estimator import EstimatorSettings
from coach.core.settings import Settings
from coach.rehearsal.runner import RUNNERS, Correction, Legs
from coach.rehearsal.scores import Tally
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, Device, Reading
from coach.rehearsal.trial import RealCoach, Said, Trial
from devices.sample import Sample
from tests.bench.row import Row
from tests.bench.virtual import LEARNED, STEPS

ERRORS = (0.03, 0.06, 0.09)  # shares, to either side
SEEDS = 12
NEEDLESS = {"alone": 5.0, "beside GPS": 3.0}  # %, the most that is allowed by a pod that reads 3 % wrong


@dataclass(slots=True)
class Wrong(Tally):
    """Counts the corrections that went the wrong way, too."""

    wrong: int = 0

    def correct(self, at: float, said: Correction, error: float, own_band: bool = False) -> None:
        Tally.correct(self, at, said, error, own_band)
        self.wrong += said.error * error < 0


class Pod(Device):
    """A footpod that reads `error` too much, and a receiver beside it if there is one."""

    def __init__(self, error: float, has_gps: bool, seed: int) -> None:
        super().__init__(replace(FOOTPOD, bias=0.0), seed)
        self._scale = 1 + error
        self._gps = Device(GOOD_GPS, seed) if has_gps else None
        self.beside: Sample | None = None

    def read(self, at: float, speed: float) -> Reading:
        self.beside = self._gps.read(at, speed).sample if self._gps else None
        return super().read(at, speed)


class Listening(RealCoach):
    """The real coach, who hears both devices."""

    def __init__(self, pod: Pod, settings: Settings) -> None:
        super().__init__(STEPS, settings)
        self._pod = pod

    def hear(self, at: float, reading: Reading) -> list[Said]:
        told = self._feed(self._pod.beside) if self._pod.beside else []
        return told + super().hear(at, reading)


def one(error: float, has_gps: bool, taught: float, seed: int) -> Wrong:
    settings = Settings(estimator=EstimatorSettings(pod_taught=taught))
    pod, tally = Pod(error, has_gps, seed), Wrong()
    Trial(STEPS, Legs(RUNNERS["recreational"], seed), pod, Listening(pod, settings), tally).run()
    return tally


def measure(seed: int = 0) -> Iterator[Row]:
    with ProcessPoolExecutor() as pool:
        for taught, has_gps, error in product((0.0, LEARNED), (False, True), ERRORS):
            whole = Wrong()
            for side in (-1, 1):
                for tally in pool.map(partial(one, side * error, has_gps, taught), range(seed, seed + SEEDS)):
                    whole.add(tally)
                    whole.wrong += tally.wrong
            where = "beside GPS" if has_gps else "alone"
            bar = NEEDLESS[where] if error == ERRORS[0] else None
            share = 100 / max(1, whole.corrections)
            yield Row(
                f"{error:.0%} wrong, {'wrongly taught' if taught else 'untaught'}, {where}: needless",
                whole.needless * share,
                "%",
                bar,
            )
            yield Row("  the wrong way", whole.wrong * share, "%")
            yield Row("  corrections", whole.score.corrections, "/10 min")
            yield Row("  pace error", whole.score.error or 0.0, "% rms")
