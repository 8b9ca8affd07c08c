"""A fixed piece of work, by which CPU time is measured: on a slow or busy computer it takes longer too, and the ratio stays.

Like the coach it calls methods, reads attributes and adds floats. Do not change it: every limit that is given in it would.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LOOPS = 1000  # of which one is the unit: 50 us of CPU on the computer where the first limits were set
STEPS = 390  # of a loop


class _Runner:
    __slots__ = ("metres", "speed")

    def __init__(self) -> None:
        self.metres, self.speed = 0.0, 3.0

    def step(self, seconds: float) -> float:
        self.speed += 0.1 * (3.0 - self.speed)
        self.metres = max(self.metres, self.metres + self.speed * seconds)
        return self.metres


def loop_seconds() -> float:
    """CPU seconds of one loop now."""
    runner, began = _Runner(), time.process_time()
    for _ in range(LOOPS):
        for _ in range(STEPS):
            runner.step(1.0)
    return (time.process_time() - began) / LOOPS


def in_loops(prepared: Callable[[], Callable[[], float]], times: int = 5) -> tuple[float, float]:
    """CPU time of a unit of work, in loops and in seconds: the least of some tries, each beside a loop of its own.

    `prepared` gives the work, which does it and gives how many units it did; to prepare it is not measured.
    """
    least_loop = least_work = float("inf")
    for _ in range(times):
        least_loop = min(least_loop, loop_seconds())
        work = prepared()
        began = time.process_time()
        units = work()
        least_work = min(least_work, (time.process_time() - began) / units)
    return least_work / least_loop, least_work
