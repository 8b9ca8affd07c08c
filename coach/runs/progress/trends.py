"""Compares the earlier half of some runs with the later one, and says only what chance does not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import TypeVar

from coach.runs.progress.measures import Measures

LEAST_RUNS = 4  # with fewer there are no halves
NEARER_TO = {"alone": 100.0, "gain": None, "reaction": 0.0}  # what is better; None: neither; for all others 0
# Two-sided 90 % of Student's t for 1, 2, … degrees of freedom; beyond them that of many
_T = (6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.90, 1.86, 1.83, 1.81, 1.80, 1.78, 1.77, 1.76, 1.75, 1.75, 1.74, 1.73, 1.73, 1.72)
_T_MANY = 1.68

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `runs` runs; the true one lies within `give` of it nine times of ten. None: one run says nothing of that."""

    value: float
    give: float | None
    runs: int

    @property
    def is_sure(self) -> bool:
        """Whether it is surely not 0."""
        return self.give is not None and abs(self.value) > self.give


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over all runs, and where there are enough in its earlier and later half, and by how much they differ."""

    name: str
    whole: Mean
    earlier: Mean | None = None
    later: Mean | None = None
    change: Mean | None = None

    @property
    def verdict(self) -> str:
        """ "better", "worse", or empty where chance explains the change."""
        best = NEARER_TO.get(self.name, 0.0)
        if not (self.earlier and self.later and self.change and self.change.is_sure) or best is None:
            return ""
        return "better" if abs(self.later.value - best) < abs(self.earlier.value - best) else "worse"


def trends(runs: Sequence[Measures]) -> dict[str, Trend]:
    """By name, from runs in order of time. A measure that some runs lack is taken from the others."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: _trend(name, [run[name] for run in runs if name in run]) for name in names}


def _trend(name: str, values: Sequence[float]) -> Trend:
    whole = _mean(values)
    if len(values) < LEAST_RUNS:
        return Trend(name, whole)
    earlier, later = halves(values)
    return Trend(name, whole, _mean(earlier), _mean(later), _difference(earlier, later))


def halves(values: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """The earlier and the later half; of an odd number, the one in the middle is in neither."""
    half = len(values) // 2
    return values[:half], values[-half:]


def _mean(values: Sequence[float]) -> Mean:
    count = len(values)
    give = _t(count - 1) * sqrt(variance(values) / count) if count > 1 else None
    return Mean(fmean(values), give, count)


def _difference(earlier: Sequence[float], later: Sequence[float]) -> Mean:
    """Of two means, by Welch: the halves may scatter differently."""
    one, other = variance(earlier) / len(earlier), variance(later) / len(later)
    freedom = (one + other) ** 2 / (one**2 / (len(earlier) - 1) + other**2 / (len(later) - 1)) if one + other else 1.0
    return Mean(fmean(later) - fmean(earlier), _t(int(freedom)) * sqrt(one + other), len(earlier) + len(later))


def _t(freedom: int) -> float:
    return _T[max(1, freedom) - 1] if freedom <= len(_T) else _T_MANY
