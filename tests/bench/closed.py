"""The closed loop in one table: signals, runners and plans, this coach beside other rules; and runners who answer oddly.

A rule beats this coach where it says less and keeps the pace closer. All rules have the same band. The legs are true to life.
"""

from __future__ import annotations

from collections.abc import Iterator

from coach.core.plan.segments import Plan
from coach.rehearsal.scores import Score
from tests.bench.row import Row
from tests.bench.virtual import COACHED, ODD, PLANS, STEPS, Cell, Measured, Who, shared

SEEDS = 12  # runs a cell
SIGNALS = ("footpod", "gps", "typical", "poor-gps")
OTHERS = ("RunnerUp", "RunPowerWorkout", "naive")
NEEDLESS = {"footpod": 5.0, "gps": 9.0}  # % of the corrections to an odd runner, at most


def measure(seed: int = 0) -> Iterator[Row]:
    seeds = range(seed, seed + SEEDS)
    with shared() as measured:
        for name, plan in PLANS.items():
            for signal in SIGNALS:
                for runner in COACHED:
                    yield from _against_others(measured, name, plan, Cell(signal, runner), seeds)
        for signal in NEEDLESS:
            for runner in ODD:
                yield from _odd(measured, Cell(signal, runner), seeds)


def _against_others(measured: Measured, name: str, plan: Plan, cell: Cell, seeds: range) -> Iterator[Row]:
    ours, better = measured(Who(), cell, plan, seeds), 0
    yield Row(f"{name}, {cell}: {_short(ours)}", _error(ours), "% rms")
    for other in OTHERS:
        score = measured(Who(other), cell, plan, seeds)
        better += _error(score) < _error(ours) and score.corrections <= ours.corrections
        yield Row(f"  {other}: {_short(score)}", _error(score), "% rms")
    yield Row("  rules that are better both ways", better, "", 0)


def _odd(measured: Measured, cell: Cell, seeds: range) -> Iterator[Row]:
    """RunnerUp's error is the most that ours may be."""
    ours, theirs = measured(Who(), cell, STEPS, seeds), measured(Who("RunnerUp"), cell, STEPS, seeds)
    yield Row(f"{cell.signal}, a runner {cell.runner}: {_short(ours)}", _error(ours), "% rms", _error(theirs))
    yield Row("  needless or the wrong way", ours.needless or 0.0, "%", NEEDLESS[cell.signal])


def _error(score: Score) -> float:
    return score.error or 0.0


def _short(score: Score) -> str:
    return f"{score.corrections:.1f} corrections/10 min, {score.needless or 0.0:.0f} % needless"
