"""Paces from one race result, by the equations of Daniels & Gilbert, "Oxygen Power" (1979).

Effort is a fraction of VDOT's oxygen cost. The fractions are fitted to published training paces (within
2.5 s/km from VDOT 30 to 85); race paces are predicted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt

from coach.core.units import METRES, parse_distance, parse_duration

HALF, MARATHON = 21_097.5, 42_195.0  # m
RACES = {"mile": METRES["mi"], "half": HALF, "half marathon": HALF, "marathon": MARATHON}
LEAST, MOST = 15.0, 90.0  # VDOT: a slow walk; nobody
EASY, EASY_FAST, THRESHOLD = 0.66, 0.729, 0.88  # fractions of VDOT
_RACE = re.compile(r"(.+?)\s+([0-9:.]+)")


@dataclass(frozen=True, slots=True)
class Fitness:
    """A runner's VDOT, ml/kg/min of oxygen he runs as if he had."""

    vdot: float

    @classmethod
    def from_race(cls, text: str) -> Fitness:
        """From "10k 50:00", "half 1:45:00", "5 km 24:30", "marathon 3:59:00"; ValueError says what is wrong."""
        match = _RACE.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f'{text!r} is no race result; write for example "10k 50:00" or "half 1:52:30"')
        metres = race_distance(match[1])
        seconds = parse_duration(match[2])
        vdot = oxygen_cost(metres / seconds) / _sustainable(seconds)
        if not LEAST <= vdot <= MOST:
            raise ValueError(f"{text!r} is no running race: {metres / seconds * 3.6:.1f} km/h; check the time")
        return cls(vdot)

    def speed(self, name: str) -> float:
        """m/s of a pace name (one of NAMES); KeyError for another."""
        return _SPEEDS[name](self)

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


_SPEEDS: dict[str, Callable[[Fitness], float]] = {
    "easy": lambda fit: fit.at_effort(EASY),
    "steady": lambda fit: (fit.at_effort(EASY_FAST) + fit.marathon_speed) / 2,
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
    """The fraction of VDOT that can be held for so long."""
    t = seconds / 60
    return 0.8 + 0.1894393 * exp(-0.012778 * t) + 0.2989558 * exp(-0.1932605 * t)


def race_distance(text: str) -> float:
    """Metres of "10k", "half", "marathon", "5 km", "10 mi"; ValueError says what is wrong."""
    if text in RACES:
        return RACES[text]
    return parse_distance(re.sub(r"(?<=[0-9])\s*k$", " km", text))
