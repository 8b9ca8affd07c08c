"""A course from a file: GPX, drawn or recorded, or any other recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coach.core.plan.course import Course
from coach.core.plan.segments import Distance, Plan
from coach.planning.one_run.survey import FITS, fitted, in_laps, survey
from devices.api import InvalidFile
from devices.tracks.route import places


def read_course(path: Path, laps: int | None = None, metres: float | None = None) -> Course:
    """The course, fitted to a race of `metres` if given. Raises InvalidFile with a one-line message."""
    try:
        course = survey(places(str(path)))
        if metres is not None:
            course = fitted(course, metres, laps)
        elif laps is not None:
            course = in_laps(course, laps)
    except InvalidFile:
        raise
    except ValueError as wrong:
        raise InvalidFile(str(path), str(wrong)) from None
    return replace(course, file=str(path))


def laid_out(plan: Plan, course: Course) -> Plan:
    """The plan on its course; the course is scaled to the plan if their distances nearly agree."""
    metres = plan.totals.metres
    by_way = all(isinstance(segment.length, Distance) for segment in plan.segments)
    if by_way and abs(course.length / metres - 1) <= FITS:
        course = course.scaled(metres)
    return replace(plan, course=course)
