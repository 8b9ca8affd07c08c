"""Random runners for schedules: of every level, age, week and race; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from coach.planning.fitness.paces import HALF, MARATHON, Fitness
from coach.planning.schedule.parts import Race, Runner

Asked = tuple[Runner, date, int | None, Race | None]  # as schedule() takes them
RACES = (("5k", 5_000.0), ("10k", 10_000.0), ("10 mi", 16_093.44), ("half", HALF), ("marathon", MARATHON), ("50 km", 50_000.0))


def runners(count: int, seed: int = 1) -> Iterator[Asked]:
    chance = random.Random(seed)
    for _ in range(count):
        yield _asked(chance)


def _asked(chance: random.Random) -> Asked:
    days = frozenset(chance.sample(range(7), chance.randint(2, 7)))
    weekly = chance.choice((chance.randint(45, 120), chance.randint(60, 300), chance.randint(200, 700)))
    longest = chance.randint(20, min(weekly, 200))
    cap = chance.choice((None, None, chance.randint(20, 90)))
    level = chance.choice(("beginner", "intermediate", "advanced"))
    fitness = Fitness(chance.uniform(24, 72), capped=level == "beginner" and chance.random() < 0.5)
    runner = Runner(level, fitness, days, chance.choice(sorted(days)), weekly, longest, cap, chance.choice((0, 30, 55)))
    start = date(2027, 1, 4) + timedelta(days=chance.randint(0, 400))
    weeks = chance.choice((None, None, chance.randint(4, 12)))
    if chance.random() < 0.35:
        return runner, start, weeks, None
    name, metres = chance.choice(RACES)
    race = Race(start + timedelta(days=chance.randint(0, 7 * (weeks or 12) - 1)), metres, name)
    return runner, start, weeks, race
