"""Computes paces from fitness, and fitness from a race, by the equations of Daniels & Gilbert, "Oxygen Power" (1979).

An effort is a fraction of VDOT's oxygen cost. The fractions are fitted to published training paces (within
3.5 s/km from VDOT 30 to 85); race paces are predicted. Other evidence of fitness is in evidence.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, sqrt

from coach.core.units import METRES, amount, parse_distance, parse_duration

HALF, MARATHON = 21_097.5, 42_195.0  # m
RACES = {"mile": METRES["mi"], "half": HALF, "half marathon": HALF, "marathon": MARATHON}
LEAST, MOST = 15.0, 90.0  # VDOT: a slow walk; more than anybody has
RECOVERY, EASY, BRISK, THRESHOLD = 0.60, 0.66, 0.72, 0.88  # fractions of VDOT for each effort
EASY_SLOWEST, EASY_LONG, EASY_FASTEST, INTERVAL = 0.633, 0.672, 0.729, 0.974  # fractions of VDOT, by the published columns
REPETITION = ((50.0, 20.0), (inf, 15.0))  # (up to this VDOT, s/km faster than interval pace)
_RACE = re.compile(r"(.+?)\s+([0-9:.]+)")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a race or a time trial."""

    metres: float
    seconds: float
    text: str

    @classmethod
    def parse(cls, text: str) -> Result:
        """From "10k 50:00", "half 1:45:00", "5 km 24:30", "marathon 3:59:00"; ValueError says what is wrong."""
        match = _RACE.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f'{text!r} is not a race result; write it like "10k 50:00" or "half 1:52:30"')
        result = cls(race_distance(match[1]), parse_duration(match[2]), text.strip())
        if not LEAST <= result.vdot <= MOST:
            told = f"{result.metres / result.seconds * 3.6:.1f} km/h"
            hours = cls(result.metres, 60 * result.seconds, "") if match[2].count(":") == 1 else result
            meant = f"did you mean {match[2]}:00?" if LEAST <= hours.vdot <= MOST else "check the time"
            raise ValueError(f"{text!r} is not a running race: that is {told}; {meant}")
        return result

    @property
    def vdot(self) -> float:
        return oxygen_cost(self.metres / self.seconds) / _sustainable(self.seconds)


@dataclass(frozen=True, slots=True)
class Fitness:
    """A runner's fitness as VDOT, ml/kg/min: the oxygen uptake that would explain the race result.

    `origin` says in words what it comes from. It is an `estimate` if there was no race; then a beginner is `capped`: no pace is
    faster than marathon pace.
    """

    vdot: float
    origin: str = ""
    estimate: bool = False
    capped: bool = False

    @classmethod
    def from_race(cls, text: str) -> Fitness:
        """From a race result as text, see Result.parse; ValueError says what is wrong."""
        result = Result.parse(text)
        return cls(result.vdot, result.text)

    def speed(self, name: str) -> float:
        """The speed (m/s) of a named pace, one of NAMES; raises KeyError for another name."""
        speed = _SPEEDS[name](self)
        return min(speed, self.marathon_speed) if self.capped else speed

    def at_effort(self, fraction: float) -> float:
        """The speed (m/s) at a fraction of VDOT."""
        return speed_at_cost(self.vdot * fraction)

    def race_seconds(self, metres: float) -> float:
        """The predicted time (s) of an evenly paced race, found by bisection: VDOT falls as the time grows."""
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
        """The speed (m/s) of marathon training; below VDOT 42 somewhat slower than predicted, as in the published tables."""
        pace = 1000 / self.race_speed(MARATHON) + 0.9 * max(0.0, 42.0 - self.vdot)
        return 1000 / pace

    @property
    def interval_speed(self) -> float:
        """The speed (m/s) of hard repeats of three to five minutes."""
        return self.at_effort(INTERVAL)

    @property
    def repetition_speed(self) -> float:
        """The speed (m/s) of short, fast repeats."""
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
    """The oxygen cost (ml/kg/min) of a speed (m/s), by Daniels & Gilbert, whose v is in m/min."""
    v = speed * 60
    return -4.60 + 0.182258 * v + 0.000104 * v**2


def speed_at_cost(cost: float) -> float:
    """The inverse of `oxygen_cost`: m/s from ml/kg/min."""
    return (-0.182258 + sqrt(0.182258**2 + 0.000416 * (4.60 + cost))) / 0.000208 / 60


def _sustainable(seconds: float) -> float:
    """The fraction of VDOT that can be held for `seconds`."""
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
