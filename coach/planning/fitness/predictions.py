"""Predicts race times over other distances, from one result or from two.

Two short races (2 to 30 minutes) give a critical speed, D = CS t + D': in this range distance over time is a straight line.
Two longer ones give an exponent, t2/t1 = (d2/d1)^k: how much this runner slows down with distance. A marathon is always
predicted by Vickers & Vertosick (2016), who studied ordinary runners; other formulas predict times at least ten minutes too
fast for half of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from coach.core.units import METRES, clock_text, pace_text
from coach.planning.fitness.paces import HALF, MARATHON, Fitness, Result

USUAL_WEEK = 20.0 * METRES["mi"]  # m: a modest week of marathon training, used if the runner's own is not known
TWO_APART = 1.4  # least ratio of the two distances: if they are closer, an error of seconds changes the result too much
EXPONENTS = (1.01, 1.20)  # bounds: outside them the two races do not show the same fitness
SHORT = (120.0, 1800.0)  # s: the range in which distance over time is a straight line
REACH = 2.2  # times the longer distance: the exponent is not used beyond
USUAL = 1.06  # the usual exponent, Riegel (1981)
TOLD = (5_000.0, 10_000.0, HALF, MARATHON)  # m


@dataclass(frozen=True, slots=True)
class Prediction:
    metres: float
    seconds: float
    by: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two results that show the same fitness, the shorter distance first."""

    short: Result
    long: Result

    @classmethod
    def of(cls, one: Result, other: Result) -> Pair:
        """Raises ValueError if the two cannot be used together."""
        short, long = sorted((one, other), key=lambda result: result.metres)
        if long.metres < TWO_APART * short.metres:
            raise ValueError(f"{one.text!r} and {other.text!r} are too close in distance: the longer one must be at least"
                             f" {TWO_APART:g} times as long")  # fmt: skip
        pair = cls(short, long)
        if not EXPONENTS[0] <= pair.exponent <= EXPONENTS[1]:
            low, high = (clock_text(short.seconds * (long.metres / short.metres) ** each) for each in EXPONENTS)
            raise ValueError(f"{one.text!r} and {other.text!r} do not fit together: after the shorter one {low} to {high}"
                             " would be likely; leave the older one out")  # fmt: skip
        return pair

    @property
    def exponent(self) -> float:
        return log(self.long.seconds / self.short.seconds) / log(self.long.metres / self.short.metres)

    @property
    def is_short(self) -> bool:
        """Whether both are in the range of durations that a critical speed describes."""
        return all(SHORT[0] <= result.seconds <= SHORT[1] for result in (self.short, self.long))

    @property
    def critical_speed(self) -> tuple[float, float]:
        """The critical speed (m/s), which can be held for long, and the metres that can be run on top of it."""
        speed: float = (self.long.metres - self.short.metres) / (self.long.seconds - self.short.seconds)
        return speed, self.short.metres - speed * self.short.seconds

    def why(self, unit: str) -> str:
        """The formula used for the two races, and why."""
        if self.is_short:
            speed, beyond = self.critical_speed
            told = f"critical speed {pace_text(speed, unit)}, and {beyond:.0f} m on top of it"
            return f"Both races lasted less than half an hour, a range in which distance grows evenly with time: {told}."
        told = f"your time grows with the distance to the power of {self.exponent:.3f} ({USUAL} is usual)"
        return f"One of the races lasted more than half an hour, too long for a critical speed: {told}."

    def seconds(self, metres: float) -> float | None:
        """The predicted time, s; None outside the range of these two races."""
        if self.is_short:
            speed, beyond = self.critical_speed
            even = (metres - beyond) / speed
            return even if SHORT[0] <= even <= SHORT[1] else None
        if not self.short.metres / REACH <= metres <= self.long.metres * REACH:
            return None
        time: float = self.long.seconds * (metres / self.long.metres) ** self.exponent
        return time


def marathon(result: Result, weekly: float = USUAL_WEEK) -> float:
    """The marathon time (s) predicted from one race and `weekly` metres of training a week (Vickers & Vertosick, 2016)."""
    even: float = MARATHON / (result.seconds * (MARATHON / result.metres) ** 1.07)
    return MARATHON / (0.16018617 + 0.83076202 * even + 0.06423826 * (weekly / METRES["mi"] / 10))


def marathon_after_two(pair: Pair, weekly: float = USUAL_WEEK) -> float:
    """The same from two races."""
    power = 1.4510756 - 0.23797948 * pair.exponent - 0.01410023 * (weekly / METRES["mi"] / 10)
    time: float = pair.long.seconds * (MARATHON / pair.long.metres) ** power
    return time


def predictions(fitness: Fitness, result: Result | None, pair: Pair | None, weekly: float | None) -> tuple[Prediction, ...]:
    """A prediction for each usual race distance, by the best method available for it."""
    return tuple(_predicted(metres, fitness, result, pair, weekly) for metres in TOLD)


def _predicted(metres: float, fitness: Fitness, result: Result | None, pair: Pair | None, weekly: float | None) -> Prediction:
    run = next((each for each in _results(result, pair) if each.metres == metres), None)
    if run:
        return Prediction(metres, run.seconds, "your result")
    if metres == MARATHON and result:
        week = USUAL_WEEK if weekly is None else weekly
        time = marathon_after_two(pair, week) if pair else marathon(result, week)
        return Prediction(metres, time, "Vickers & Vertosick")
    if pair and (time_of_two := pair.seconds(metres)):
        return Prediction(metres, time_of_two, "critical speed" if pair.is_short else "your two races")
    return Prediction(metres, fitness.race_seconds(metres), "Daniels & Gilbert")


def _results(result: Result | None, pair: Pair | None) -> tuple[Result, ...]:
    return (pair.short, pair.long) if pair else (result,) if result else ()
