"""What no linear filter can beat: the error of the one that knows the runner's legs and the sky's noise exactly.

The simulator's steady runner and its receiver (Doppler and positions, without bursts and dropouts) are linear in their
states, so the Kalman filter of that very model is the best there is (Kalman, 1960), and its variance follows from the
model alone. Beside it the best of the exponential averages of the Doppler speed, on the same model.
"""

from __future__ import annotations

from math import exp, sqrt

from coach.rehearsal.runner import ROAD
from tests.bench.simulator import SKIES, Sky

Matrix = list[list[float]]

PACE = 3.2  # m/s
CONVERGED = 600  # s after which the variance no longer changes
MEMORIES = (2.0, 3.0, 4.0, 6.0, 8.0, 10.0)  # s, of the averages


def bound(name: str, by_places: bool = True) -> float:
    """One sigma of the best estimate of the speed under a sky, m/s; by Doppler alone, or with the positions as well."""
    sky = SKIES[name]
    move, noise, speed = _model(sky)
    doppler = [*speed[:4], 1.0, 0.0, 0.0, 0.0]
    position = [0.0] * 5 + [1.0, 1.0, 1.0]
    cov = [[1.0 if i == j else 0.0 for j in range(8)] for i in range(8)]
    for _ in range(CONVERGED):
        cov = _plus(_times(_times(move, cov), _turned(move)), noise)
        cov = _measured(cov, doppler, sky.doppler**2)
        if by_places:
            cov = _measured(cov, position, sky.white**2 / sky.mean)
    return sqrt(_form(cov, speed))


def best_smoothing(name: str) -> float:
    """One sigma of the best exponential average of the Doppler speed, m/s."""
    return min(_smoothing(SKIES[name], memory) for memory in MEMORIES)


def _smoothing(sky: Sky, memory: float) -> float:
    """The average is one state more; its error's variance settles like the others."""
    move, noise, speed = _model(sky)
    share = 1 - exp(-1 / memory)
    doppler = [*speed[:4], 1.0, 0.0, 0.0, 0.0]
    shown = [share * sum(doppler[k] * move[k][j] for k in range(8)) for j in range(8)]
    wider = [[*row, 0.0] for row in move] + [[*shown, 1 - share]]
    seen = [share * sum(doppler[k] * noise[k][j] for k in range(8)) for j in range(8)]
    own = share**2 * (_form(noise, doppler) + sky.doppler**2)
    noises = [[*row, seen[i]] for i, row in enumerate(noise)] + [[*seen, own]]
    cov = [[0.0] * 9 for _ in range(9)]
    for _ in range(CONVERGED):
        cov = _plus(_times(_times(wider, cov), _turned(wider)), noises)
    return sqrt(_form(cov, [*(-each for each in speed), 1.0]))


def _model(sky: Sky) -> tuple[Matrix, Matrix, list[float]]:
    """A second's move, its noise, and what of the states is the speed (m/s).

    States: the waver, its lagged follower, restlessness and its follower (shares of speed), Doppler's wander (m/s), the way,
    and the two wanders of positions (m).
    """
    waver, lag, quick = exp(-1 / ROAD.waver_memory), 1 - exp(-1 / ROAD.lag), exp(-1 / ROAD.restless_memory)
    restless = ROAD.restless * (1 + quick) / sqrt(1 + quick * quick)
    slip, near, far = exp(-1 / sky.doppler_wander[1]), exp(-1 / sky.near[1]), exp(-1 / sky.far[1])
    speed = [0.0, PACE, 0.0, PACE, 0.0, 0.0, 0.0, 0.0]
    move = [[0.0] * 8 for _ in range(8)]
    move[0][0], move[1][0], move[1][1] = waver, lag * waver, 1 - lag
    move[2][2], move[3][2], move[3][3] = quick, (1 - quick) * quick, quick
    move[4][4], move[6][6], move[7][7] = slip, near, far
    move[5] = [sum(speed[k] * move[k][j] for k in range(5)) for j in range(8)]
    move[5][5] = 1.0
    sources = [  # how each of the random steps enters the states
        ([1.0, lag, 0, 0, 0, PACE * lag, 0, 0], ROAD.wavers**2 * (1 - waver**2)),
        ([0, 0, 1.0, 1 - quick, 0, PACE * (1 - quick), 0, 0], restless**2 * (1 - quick**2)),
        ([0, 0, 0, 0, 1.0, 0, 0, 0], sky.doppler_wander[0] ** 2 * (1 - slip**2)),
        ([0, 0, 0, 0, 0, 0, 1.0, 0], sky.near[0] ** 2 * (1 - near**2)),
        ([0, 0, 0, 0, 0, 0, 0, 1.0], sky.far[0] ** 2 * (1 - far**2)),
    ]
    noise = [[sum(variance * way[i] * way[j] for way, variance in sources) for j in range(8)] for i in range(8)]
    return move, noise, speed


def _measured(cov: Matrix, seen: list[float], noise: float) -> Matrix:
    """The covariance after a measurement of `seen` of the states."""
    lean = [sum(row[k] * seen[k] for k in range(len(seen))) for row in cov]
    total = sum(seen[k] * lean[k] for k in range(len(seen))) + noise
    return [[cov[i][j] - lean[i] * lean[j] / total for j in range(len(cov))] for i in range(len(cov))]


def _form(cov: Matrix, of: list[float]) -> float:
    return sum(of[i] * cov[i][j] * of[j] for i in range(len(of)) for j in range(len(of)))


def _times(a: Matrix, b: Matrix) -> Matrix:
    columns = list(zip(*b, strict=True))
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a]


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return [[x + y for x, y in zip(one, other, strict=True)] for one, other in zip(a, b, strict=True)]


def _turned(a: Matrix) -> Matrix:
    return [list(row) for row in zip(*a, strict=True)]
