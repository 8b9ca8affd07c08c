"""What watches wrote on four recorded runs, and what we make of it, held against the footpod that was worn.

The truth is a centred mean of five seconds of the pod's speed, and one scale a run. From the watch's own speed we ought to
show no more error than it has and no more lag; from its positions alone no more than an exponential average of 8 s. How far
any linear rule could come is told beside that: the best weights of the last half minute, chosen in hindsight on the very run.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean

from coach.core.geometry import metres_between
from devices.sample import Fix, Mode
from tests.bench.calibration import Calibration, is_changing
from tests.bench.peers import PEERS, Ours, Rule
from tests.bench.real import AVERAGE, DEGREE, RUNNING, WARM, legs_folder
from tests.bench.row import Row
from tests.bench.simulator import Second

OTHER = 0.02  # m/s: nearer to the pod's speed on average, the watch only wrote down what the pod said
EMA = "EMA 8 s positions"
WORSE, LATER = 1.1, 1.0  # times the watch's own error, s later than it
TERRAIN = {"trail": 0.9}  # of the average's error; on roads 1
LAGS = range(10)  # s
WEIGHTS = 30  # s

Speeds = Sequence[float | None]


def measure() -> Iterator[Row]:
    runs = sorted(legs_folder().glob("*.csv"))
    if not runs:
        print("  no recorded legs: set COACH_LEGS")
    known = Calibration()
    for path in runs:
        rows = _rows(path)
        pod = [each[0] or 0.0 for each in rows]
        truth = [fmean(pod[max(0, at - AVERAGE) : at + AVERAGE + 1]) for at in range(len(pod))]
        watch = [each[1] for each in rows]
        if fmean(abs((own or 0.0) - true) for own, true in zip(watch, pod, strict=True)) > OTHER:
            yield from _from_speed(path.stem, rows, watch, truth)
        yield from _from_places(path.stem, rows, truth, known)
    yield from known.rows("positions alone, the real runs together")


def _from_speed(name: str, rows: Sequence[Sequence[float | None]], watch: Speeds, truth: Sequence[float]) -> Iterator[Row]:
    ours = _shown(Ours(), [_fix(at, row, row[1]) for at, row in enumerate(rows)], truth)
    own, made = _error(watch, truth), _error(ours, truth)
    yield Row(f"{name}, the watch's own speed (real legs)", own, "% rms")
    yield Row("  ours from it, against that", made / own, "x", WORSE)
    yield Row("  seconds later than it", _lag(ours, truth) - _lag(watch, truth), "s", LATER)


def _from_places(
    name: str, rows: Sequence[Sequence[float | None]], truth: Sequence[float], known: Calibration
) -> Iterator[Row]:
    fixes = [_fix(at, row, None) for at, row in enumerate(rows)]
    average, ours = _shown(PEERS[EMA](), fixes, truth), _shown(Ours(), fixes, truth)
    _calibrate(known, fixes, truth)
    limit = next((each for terrain, each in TERRAIN.items() if name.startswith(terrain)), 1.0)
    yield Row(f"{name}, positions alone, an average of 8 s (real legs)", _error(average, truth), "% rms")
    yield Row("  ours against that", _error(ours, truth) / _error(average, truth), "x", limit)
    yield Row("  the best linear rule in hindsight against that", _in_hindsight(fixes, truth) / _error(average, truth), "x")


def _calibrate(known: Calibration, fixes: Sequence[Fix | None], truth: Sequence[float]) -> None:
    """Adds the errors of a run, after its one scale, with their sigmas."""
    rule, told = Ours(), list[tuple[int, float, float]]()
    for at, fix in enumerate(fixes):
        speed = rule.speed(Second(float(at), truth[at], 0.0, (fix,) if fix else ()))
        if speed is not None and rule.sigma and at >= WARM and truth[at] > RUNNING:
            told.append((at, speed, rule.sigma))
    scale = sum(speed for _, speed, _ in told) / sum(truth[at] for at, _, _ in told)
    for at, speed, sigma in told:
        known.add(speed / scale - truth[at], sigma, is_changing(truth, at))


def _rows(path: Path) -> list[list[float | None]]:
    """A second each: the pod's speed, the watch's (m/s), and the place (m to the east and north); None where unknown."""
    with path.open(newline="") as table:
        return [
            [float(row[name]) if row[name] else None for name in ("pod_mps", "watch_mps", "x_m", "y_m")]
            for row in csv.DictReader(table)
        ]


def _fix(at: int, row: Sequence[float | None], speed: float | None) -> Fix | None:
    east, north = row[2], row[3]
    if east is None or north is None:
        return None if speed is None else Fix(float(at), "fit", speed=speed, mode=Mode.FIX_2D, smoothed=True)
    smoothed = None if speed is None else True
    return Fix(float(at), "fit", north / DEGREE, east / DEGREE, speed=speed, mode=Mode.FIX_2D, smoothed=smoothed)


def _shown(rule: Rule, fixes: Sequence[Fix | None], truth: Sequence[float]) -> list[float | None]:
    """What a rule shows second by second; while it knows nothing, what it showed last."""
    shown, last = list[float | None](), None
    for at, (fix, true) in enumerate(zip(fixes, truth, strict=True)):
        now = rule.speed(Second(float(at), true, 0.0, (fix,) if fix else ()))
        last = now if now is not None else last
        shown.append(last)
    return shown


def _pairs(shown: Speeds, truth: Sequence[float], lag: int) -> list[tuple[float, float]]:
    later = zip(shown[WARM + lag :], truth[WARM:], strict=False)
    return [(now, true) for now, true in later if now is not None and true > RUNNING]


def _error(shown: Speeds, truth: Sequence[float], lag: int = 0) -> float:
    """Root mean square as a share of the speed, %, after one scale a run."""
    pairs = _pairs(shown, truth, lag)
    scale = sum(now for now, _ in pairs) / sum(true for _, true in pairs)
    return 100 * sqrt(fmean((now / scale / true - 1) ** 2 for now, true in pairs))


def _lag(shown: Speeds, truth: Sequence[float]) -> int:
    return min(LAGS, key=lambda lag: _error(shown, truth, lag))


def _in_hindsight(fixes: Sequence[Fix | None], truth: Sequence[float]) -> float:
    """The error (% rms) of the weights of the last speeds between positions that make it least on this run."""
    speeds, last, now = list[float](), None, 0.0
    for fix in fixes:
        if fix and last and fix.at - last.at <= 1.0:
            now = metres_between(last.lat or 0.0, last.lon or 0.0, fix.lat or 0.0, fix.lon or 0.0)
        speeds.append(now)
        last = fix or last
    rows = [
        [speed / truth[at] for speed in speeds[at - WEIGHTS + 1 : at + 1]]
        for at in range(WARM, len(truth))
        if truth[at] > RUNNING
    ]
    products = [[sum(row[i] * row[j] for row in rows) for j in range(WEIGHTS)] for i in range(WEIGHTS)]
    weights = _solved(products, [sum(row[i] for row in rows) for i in range(WEIGHTS)])
    off = (sum(weight * each for weight, each in zip(weights, row, strict=True)) - 1 for row in rows)
    return 100 * sqrt(fmean(each * each for each in off))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination; the matrix is positive, so its diagonal will do."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        for other in rows[:at] + rows[at + 1 :]:
            share = other[at] / pivot[at]
            for column in range(at, len(pivot)):
                other[column] -= share * pivot[column]
    return [row[-1] / row[at] for at, row in enumerate(rows)]
