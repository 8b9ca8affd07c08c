"""The virtual runner: misjudges the pace he is told, wavers about it, and answers a correction after a while, if at all.

The speed he intends is the target he heard × (1 + misjudged + waver); his legs follow with a lag, with a restless variation of
their own. How real legs waver was fitted to four recorded runs (`python -m tests.bench.legs --fit` prints the figures again).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import copysign, exp, floor, log, sqrt
from random import Random

from coach.core.events import Cue

CORRECTIONS = ("ease_off", "pick_up")  # the kinds of cue that tell the runner he is off
TARGETS = ("run_began", "segment_began", "last_segment", "ramp")  # the kinds that tell what to run now
HOW_IT_STANDS = "still_off"  # names the pace of now and the planned one; every other time what is left instead
QUANTUM = 5  # s/km: rounding of a spoken size
LEAST_SPEED = 0.8  # m/s: a virtual runner never runs slower
BY_FEEL = 2.8  # m/s: his speed without a target, if the plan does not suggest another
HOUR, MINUTE = 3600.0, 60.0  # s
USUAL, SPREAD = 3.3, 0.2  # m/s, and the spread of paces as a share: they scale the part of the bias that depends on pace
EVERYWHERE, BY_PACE = 0.8, 0.6  # shares of a runner's bias: common to all paces, and different for each pace


@dataclass(frozen=True, slots=True)
class Runner:
    """How a runner runs and answers. Shares are of speed. The defaults are those of the published simulation of cue rules."""

    misjudges: float  # sd of his error at the start of a segment, drawn again for each
    bias: float = 0.0  # sd of his error in all segments: drawn once per runner, and varied a little by pace
    wavers: float = 0.012  # sd of the slow variation about that, which decays by itself
    waver_memory: float = 60.0  # s
    restless: float = 0.0  # sd of the variation within a few seconds
    restless_memory: float = 2.3  # s
    deaf: float = 0.0  # probability that he responds to no correction in a whole run
    steadies: bool = False  # a correction removes the waver as far as it is the error; otherwise it shifts his idea of the pace
    lag: float = 6.0  # s: time constant of the legs
    reaction: float = 3.0  # s from hearing a cue to changing the pace
    obeys: tuple[float, float] = (0.5, 0.9)  # range of the share of a spoken correction that he makes
    moves: tuple[float, float] = (0.035, 0.012)  # mean and sd of his change if no size is said
    fatigue: float = 0.0  # share of speed lost an hour
    drift: float = 0.0  # sd of the drift of his idea of the pace in a minute
    hears_ramp: bool = True  # he knows a ramp's target at every moment; otherwise only the last one said


DEAF = 0.1  # share of runners who do not respond, from the measured effect of corrections

# Two recorded road runners, one of them trained, waver equally; a beginner and a trail runner on hills waver more
ROAD = Runner(0.0, wavers=0.053, waver_memory=31.0, restless=0.019, restless_memory=2.3, deaf=DEAF, steadies=True)
RECREATIONAL = replace(ROAD, misjudges=0.062, bias=0.05)  # 8 % in all: such runners miss a given pace by 9.5 s in 400 m
TRAINED = replace(ROAD, misjudges=0.022, bias=0.02)  # 3 % in all: 2.9 s
BEGINNER = replace(ROAD, misjudges=0.075, bias=0.05, wavers=0.124, waver_memory=112.0, restless=0.049, restless_memory=3.6)
TRAIL = replace(RECREATIONAL, wavers=0.045, waver_memory=67.0, restless=0.071, restless_memory=2.9)
RUNNERS = {"recreational": RECREATIONAL, "trained": TRAINED, "beginner": BEGINNER, "trail": TRAIL}


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as heard: the error he is told (share of the target, above 0 too fast), and whether its size was said.

    `target` (m/s) is the target that it named, or None.
    """

    error: float
    sized: bool = True
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The current target (m/s) was said."""

    target: float


Advice = Correction | Told


def advice(cue: Cue) -> Advice | None:
    """What a cue of the real coach tells the runner to do, taken from its facts; None if nothing."""
    target: float | None = cue.facts.get("edge") or cue.facts.get("target")
    if not target or cue.kind not in (*CORRECTIONS, HOW_IT_STANDS, *TARGETS):
        return None
    if cue.kind in TARGETS or (cue.kind == HOW_IT_STANDS and cue.facts.get("nth", 1) % 2 == 0):
        return Told(target)
    speed: float = cue.facts["speed"]
    if carries_size(cue):
        return Correction(spoken_error(speed, target))
    return Correction(speed / target - 1, sized=False, target=target)


def carries_size(cue: Cue) -> bool:
    """Whether this correction says how far off the runner is: by how much, or, very far off, what the pace is."""
    return bool(cue.kind == HOW_IT_STANDS or cue.facts.get("sized", cue.facts.get("nth") == 1))


def spoken_error(speed: float, target: float) -> float:
    """The error as a share of the target, after rounding to the seconds per km that are said."""
    pace, size = 1000 / target, _size(speed, target)
    return pace / (pace - size) - 1 if speed > target else pace / (pace + size) - 1


def _size(speed: float, target: float) -> int:
    difference = abs(1000 / max(speed, LEAST_SPEED) - 1000 / target)
    return max(QUANTUM, QUANTUM * floor(difference / QUANTUM + 0.5))


class Legs:
    """A runner on one run, second by second. Each purpose has its own random numbers, so every coach gets the same runner."""

    def __init__(self, runner: Runner, seed: int, easy: float = BY_FEEL) -> None:
        """`easy` is his speed (m/s) without a target."""
        self._runner, self._easy = runner, easy
        self._begins, self._answers = Random(f"{seed} begins"), Random(f"{seed} answers")
        self._wavers = wander(Random(f"{seed} wavers"), runner.wavers, runner.waver_memory)
        self._steadied, self._forgets = 0.0, exp(-1 / runner.waver_memory)
        self._waver = 0.0  # current value, after corrections
        self._restless = restlessness(Random(f"{seed} restless"), runner.restless, runner.restless_memory)
        self._bias = _bias(Random(f"{seed} bias"), runner.bias)
        self._is_deaf = Random(f"{seed} hears").random() < runner.deaf
        self._stray = Random(f"{seed} strays")
        self._keeps_up = 1 - exp(-1 / runner.lag)
        self._heard: deque[tuple[float, Advice]] = deque()  # when the legs respond, and to what
        self._target = easy
        self.misjudged = 0.0
        self._pace: float | None = None  # m/s, without the restless part; None before the first step

    def begin_segment(self, target: float | None) -> None:
        """A new target was said: it is misjudged again, and earlier corrections no longer count."""
        self._heard.clear()
        self._target = target or self._easy
        self.misjudged = self._begins.gauss(0.0, self._runner.misjudges) + self._bias(self._target)

    def hear(self, at: float, said: Advice) -> None:
        """He hears words at `at`; the legs respond after his reaction time."""
        self._heard.append((at + self._runner.reaction, said))

    def step(self, at: float, target: float | None) -> float:
        """The speed (m/s) at `at`, one second after the last; `target` is the plan's. At first he is already running."""
        while self._heard and self._heard[0][0] <= at:
            self._answer(self._heard.popleft()[1])
        if target and self._runner.hears_ramp:
            self._target = target
        if self._runner.drift:
            self.misjudged += self._stray.gauss(0.0, self._runner.drift / sqrt(MINUTE))
        tired = 1 - self._runner.fatigue * at / HOUR
        self._steadied *= self._forgets
        self._waver = next(self._wavers) - self._steadied
        wanted = max(0.0, self._target * tired * (1 + self.misjudged + self._waver))
        self._pace = wanted if self._pace is None else self._pace + (wanted - self._pace) * self._keeps_up
        return self._pace * max(0.0, 1 + next(self._restless))

    def _answer(self, said: Advice) -> None:
        self._target = said.target or self._target
        if self._is_deaf:
            return
        match said:
            case Correction(error, sized=True):
                self._change(-self._answers.uniform(*self._runner.obeys) * error)
            case Correction(error):
                self._change(-copysign(max(0.0, self._answers.gauss(*self._runner.moves)), error))

    def _change(self, share: float) -> None:
        """He runs faster by `share` from now on; if the runner `steadies`, the change is taken from the waver first."""
        off = self.misjudged + self._waver
        wavers = min(1.0, max(0.0, self._waver / off)) if self._runner.steadies and off * share < 0 else 0.0
        self._steadied -= wavers * share
        self.misjudged += (1 - wavers) * share


def wander(chance: Random, sd: float, memory: float) -> Iterator[float]:
    """A value for each second that varies about 0 (AR(1)) with this sd; white noise if `memory` (s) is 0."""
    keep = exp(-1 / memory) if memory else 0.0
    value = chance.gauss(0.0, sd)
    while True:
        yield value
        value = keep * value + chance.gauss(0.0, sd * sqrt(1 - keep * keep))


def restlessness(chance: Random, sd: float, memory: float) -> Iterator[float]:
    """A value for each second that varies smoothly, as legs do: `wander`, low-pass filtered with its own memory."""
    keep = exp(-1 / memory)
    followed = 0.0
    for value in wander(chance, sd * (1 + keep) / sqrt(1 + keep * keep), memory):
        followed += (value - followed) * (1 - keep)
        yield followed


def _bias(chance: Random, sd: float) -> Callable[[float], float]:
    """A runner's mean error at the start of a pace (m/s), as a share of the pace."""
    everywhere, by_pace = chance.gauss(0.0, EVERYWHERE * sd), chance.gauss(0.0, BY_PACE * sd)
    return lambda target: everywhere + by_pace * log(target / USUAL) / SPREAD
