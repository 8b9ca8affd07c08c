"""The terrain of a plan: parts of a course to be run at one pace each, and the measured energy cost of slopes.

The paces are those of core/course/cost.py. By the energy measured on a treadmill (Minetti), downhill paces would be faster
than any knee can bear; it is here only for comparison.
"""

from __future__ import annotations

from coach.core.course.cost import spoken
from coach.core.course.hills import Section, joined, sections
from coach.core.plan.course import Course

_COST = (
    155.4,
    -30.4,
    -43.3,
    46.3,
    19.5,
    3.6,
)  # Minetti et al. 2002, J/kg/m, by powers of the slope from the fifth down
STEEPEST_MEASURED = 0.45
TOLD_APART = 0.02  # difference of two pace factors below which runners notice no change of pace
BELT = 4.5  # ACSM: VO2 = 0.2 S + 0.9 S i + 3.5 (ml/kg/min, S in m/min), so the factor of an incline i is 1 + 4.5 i


def energy(slope: float) -> float:
    """The energy cost of a slope, J per kg and metre (Minetti et al. 2002), for slopes within ±45 %."""
    cost = 0.0
    for power in _COST:
        cost = cost * min(STEEPEST_MEASURED, max(-STEEPEST_MEASURED, slope)) + power
    return cost


def belt(incline: float) -> float:
    """The pace factor of a treadmill's incline (ACSM)."""
    return 1 + BELT * incline


def oxygen_on_a_belt(speed: float, incline: float) -> float:
    """The oxygen cost (ml/kg/min) of a speed (m/s) on a treadmill (ACSM running equation)."""
    return 0.2 * speed * 60 * belt(incline) + 3.5


def sections_or_flat(course: Course | None, metres: float) -> tuple[Section, ...]:
    """The sections of a course; one flat section if its heights are unknown."""
    return (course and sections(course)) or (Section(0.0, metres, 0.0),)


def for_a_race(course: Course | None, metres: float, least: float) -> tuple[Section, ...]:
    """The sections joined into parts with one pace each: none shorter than `least` (m), and each step in pace can be felt."""
    found = [(each, spoken(each.slope)) for each in sections_or_flat(course, metres)]
    while len(found) > 1:
        shortest = min(range(len(found)), key=lambda n: found[n][0].metres)
        if found[shortest][0].metres < least:
            which = min((n for n in (shortest, shortest + 1) if 1 <= n < len(found)), key=lambda n: _apart(found, n))
        else:
            which = min(range(1, len(found)), key=lambda n: _apart(found, n))
            if _apart(found, which) >= TOLD_APART:
                break
        one = joined(found[which - 1][0], found[which][0])
        found[which - 1 : which + 1] = [(one, spoken(one.slope))]
    return tuple(each for each, _ in found)


def _apart(found: list[tuple[Section, float]], number: int) -> float:
    return abs(found[number - 1][1] - found[number][1])
