"""Paces from a fitness, and a fitness from one race, by the equations of Daniels & Gilbert, "Oxygen Power" (1979).

Effort is a fraction of VDOT's oxygen cost. The fractions are fitted to published training paces (within
3.5 s/km from VDOT 30 to 85); race paces are predicted. What else tells of a fitness: planning/evidence.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, sqrt

from coach.core.units import METRES, amount, parse_distance, parse_duration

HALF, MARATHON = 21_097.5, 42_195.0  # m
RACES = {"mile": METRES["mi"], "half": HALF, "half marathon": HALF, "marathon": MARATHON}
LEAST, MOST = 15.0, 90.0  # VDOT: a slow walk; nobody
RECOVERY, EASY, BRISK, THRESHOLD = 0.60, 0.66, 0.72, 0.88  # fractions of VDOT: where each effort lies
EASY_SLOWEST, EASY_LONG, EASY_FASTEST, INTERVAL = 0.633, 0.672, 0.729, 0.974  # of the published columns
REPETITION = ((50.0, 20.0), (inf, 15.0))  # up to a VDOT: s/km quicker than an interval
_RACE = re.compile(r"(.+?)\s+([0-9:.]+)")


@dataclass(frozen=True, slots=True)
class Result:
    """A race or a time trial that was run."""

    metres: float
    seconds: float
    text: str

    @classmethod
    def parse(cls, text: str) -> Result:
        """Of "10k 50:00", "half 1:45:00", "5 km 24:30", "marathon 3:59:00"; ValueError says what is wrong."""
        match = _RACE.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f'{text!r} is not a race result; write for example "10k 50:00" or "half 1:52:30"')
        result = cls(race_distance(match[1]), parse_duration(match[2]), text.strip())
        if not LEAST <= result.vdot <= MOST:
            told = f"{result.metres / result.seconds * 3.6:.1f} km/h"
            raise ValueError(f"{text!r} is not a running race: that is {told}; check the time")
        return result

    @property
    def vdot(self) -> float:
        return oxygen_cost(self.metres / self.seconds) / _sustainable(self.seconds)


@dataclass(frozen=True, slots=True)
class Fitness:
    """A runner's VDOT, ml/kg/min of oxygen he runs as if he had.

    `origin` says in words what it comes from; an `estimate` comes from no race; `capped` holds a beginner without one at
    marathon pace.
    """

    vdot: float
    origin: str = ""
    estimate: bool = False
    capped: bool = False

    @classmethod
    def from_race(cls, text: str) -> Fitness:
        """From a race result as Result.parse takes it; ValueError says what is wrong."""
        result = Result.parse(text)
        return cls(result.vdot, result.text)

    def speed(self, name: str) -> float:
        """m/s of a pace name (one of NAMES); KeyError for another."""
        speed = _SPEEDS[name](self)
        return min(speed, self.marathon_speed) if self.capped else speed

    def at_effort(self, fraction: float) -> float:
        """m/s at a fraction of VDOT."""
        return speed_at_cost(self.vdot * fraction)

    def race_seconds(self, metres: float) -> float:
        """The predicted time of an even race; VDOT falls monotonely with the time, so halving finds it."""
        quick, slow = metres / 12.0, metres / 0.8
        for _ in range(60):
            middle = (quick + slow) / 2
            if oxygen_cost(metres / middle) / _sustainable(middle) > self.vdot:
                quick = middle
            else:
                slow = middle
        return (quick + slow) / 2

    def race_speed(self, metres: float) -> float:
        return metres / self.race_seconds(metres)

    @property
    def marathon_speed(self) -> float:
        """m/s in marathon training: below VDOT 42 somewhat slower than predicted, as the tables have it."""
        pace = 1000 / self.race_speed(MARATHON) + 0.9 * max(0.0, 42.0 - self.vdot)
        return 1000 / pace

    @property
    def interval_speed(self) -> float:
        """m/s of hard repeats of three to five minutes."""
        return self.at_effort(INTERVAL)

    @property
    def repetition_speed(self) -> float:
        """m/s of short, fast repeats."""
        return 1000 / (1000 / self.interval_speed - next(quicker for most, quicker in REPETITION if self.vdot < most))


_SPEEDS: dict[str, Callable[[Fitness], float]] = {
    "recovery": lambda fit: fit.at_effort(RECOVERY),
    "easy": lambda fit: fit.at_effort(EASY),
    "easy+": lambda fit: fit.at_effort(BRISK),
    "steady": lambda fit: (fit.at_effort(EASY_FASTEST) + fit.marathon_speed) / 2,
    "marathon": lambda fit: fit.marathon_speed,
    "half": lambda fit: fit.race_speed(HALF),
    "threshold": lambda fit: fit.at_effort(THRESHOLD),
    "10k": lambda fit: fit.race_speed(10_000.0),
    "5k": lambda fit: fit.race_speed(5_000.0),
}
NAMES = tuple(_SPEEDS)


def oxygen_cost(speed: float) -> float:
    """ml/kg/min at m/s (Daniels & Gilbert; their v is m/min)."""
    v = speed * 60
    return -4.60 + 0.182258 * v + 0.000104 * v**2


def speed_at_cost(cost: float) -> float:
    """m/s at ml/kg/min: the inverse."""
    return (-0.182258 + sqrt(0.182258**2 + 0.000416 * (4.60 + cost))) / 0.000208 / 60


def _sustainable(seconds: float) -> float:
    """The fraction of VDOT that can be held for this time."""
    t = seconds / 60
    return 0.8 + 0.1894393 * exp(-0.012778 * t) + 0.2989558 * exp(-0.1932605 * t)


def race_distance(text: str) -> float:
    """Metres of "10k", "half", "½ marathon", "5 km", "10 miles"; ValueError says what is wrong."""
    text = text.replace("-", " ").strip()
    written, _, name = text.rpartition(" ")
    if text in RACES or name not in RACES:
        return RACES.get(text) or parse_distance(re.sub(r"(?<=[0-9])\s*k$", " km", text))
    number = amount(written)
    if number is None:
        raise ValueError(f'{text!r} is not a distance; write "half", "marathon", "10k" or "12 km"')
    return number * RACES[name]
