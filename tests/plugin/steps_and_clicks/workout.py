"""A workout format of one step a line: minutes, then seconds a kilometre.

10 390
20 330
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coach import Duration, Plan, Steady
from coach.core.plan.segments import UntilLap
from coach.planning.fitness.paces import Fitness
from coach.workouts.blocks import Written
from coach.workouts.files import text
from coach.workouts.reading import Reading, Workout


def read(path: Path, fitness: Fitness | None, warn: Callable[[str], None]) -> Workout:
    """Raises InvalidSettings, with the line."""
    reading = Reading(str(path), fitness, warn)
    segments = []
    for number, line in enumerate(text(reading).splitlines(), 1):
        minutes, _, pace = line.partition(" ")
        if not minutes.isdigit() or not pace.isdigit():
            raise reading.wrong(number, "is not a step", 'write minutes and seconds a kilometre: "10 390"')
        length, target = reading.seconds(number, 60.0 * int(minutes)), Steady(1000 / int(pace))
        segments.append(reading.segment(number, f"Step {number}", None, length, target))
    return reading.workout(path.stem, segments)


def write(plan: Plan, fitness: Fitness | None) -> Written:
    lines = [f"{_minutes(each.length)} {1000 / (each.mean_speed or 2.5):.0f}\n" for each in plan.segments]
    return Written("".join(lines).encode(), ("names, ramps and kinds are left out",))


def _minutes(length: object) -> int:
    assert not isinstance(length, UntilLap)
    return round(length.seconds / 60) if isinstance(length, Duration) else 10
