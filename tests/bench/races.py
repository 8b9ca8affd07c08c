"""Ten thousand random races on random hills: does each add up to its goal? And runners on courses: where is their finish?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from coach.core.course.progress import Progress
from coach.planning.one_run.race import race_plan
from tests.bench.row import Row
from tests.planning.one_run.test_race import hilly
from tests.runs.on_course import circle, course_of, drawn, follow

PLANS, RUNS = 10_000, 60
NEAR = 10.0  # m


def measure(seed: int = 1) -> Iterator[Row]:
    yield from _plans(random.Random(seed))
    yield from _runs(seed)


def _plans(chance: random.Random) -> Iterator[Row]:
    wrong, parts, began = 0, 0, perf_counter()
    for _ in range(PLANS):
        metres, split = chance.uniform(1_000, 50_000), chance.uniform(-0.03, 0.03)
        seconds = round(metres / chance.uniform(2.5, 6.0))
        plan = race_plan("race", metres, seconds, split, hilly(chance, metres)).plan
        parts += len(plan.segments)
        wrong += abs(plan.totals.seconds - seconds) > 1e-6 or abs(plan.totals.metres - metres) > 1e-6
    yield Row(f"races of random length, time, split and hills: {PLANS}; wrong", wrong, "", 0)
    yield Row("  parts of one pace in them", parts, "")
    yield Row("  time for each", 1000 * (perf_counter() - began) / PLANS, "ms")


def _runs(seed: int) -> Iterator[Row]:
    """Receivers that wander by 2.5 m, odometers off by up to 2 %."""
    out, lap = drawn([(0, 0), (1000, 0), (1000, 900), (2500, 900)]), drawn(circle(200), 5)
    eight = drawn([(0, 0), (400, 400), (800, 0), (800, 400), (400, 0), (0, 400), (0, 0)])
    ways = {"out and back": (1, out + out[::-1][1:]), "four laps": (4, lap), "a figure of eight": (1, eight)}
    for name, (laps, way) in ways.items():
        course, ends, marks = course_of(way, laps), list[float](), list[float]()
        for number in range(RUNS):
            end, off = _run(Progress(course), way + way[1:] * (laps - 1), seed * 1000 + number)
            ends.append(end)
            marks += off
        yield Row(f"{name}, {RUNS} runs: finish from its place, median", median(ends), "m")
        yield Row("  the worst", max(ends), "m", NEAR)
        yield Row("  kilometre marks from their places, the worst", max(marks), "m", NEAR)


def _run(progress: Progress, way: list[tuple[float, float]], seed: int) -> tuple[float, list[float]]:
    marks: list[float] = []
    for second, seen in enumerate(follow(way, 3.2, seed, 0.98 + seed % 5 / 100)):
        if seen.fix:
            progress.feed(seen.fix)
        progress.advance(float(second), seen.run)
        if progress.metres >= 1000 * (len(marks) + 1):
            marks.append(abs(seen.true - 1000 * (len(marks) + 1)))
    return abs(progress.metres - progress.course.length), marks
