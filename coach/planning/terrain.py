"""What a hill costs: how much slower an even effort is uphill, and how much faster down.

A factor is flat-equivalent over actual speed: on a climb of factor 1.2 an effort of 5:00/km is run in 6:00. The curve that
is spoken follows equal heart rate in some millions of runs; the energy measured on a treadmill (Minetti) promises downhill
what no knee can run, so of what a descent gives only part is asked for.
"""

from __future__ import annotations

from bisect import bisect_left

from coach.core.course import Course
from coach.core.hills import Stretch, joined, stretches

# grade -> factor at equal heart rate; read off Strava's published curve by others (specialsauce, MIT, 2023), straight between
_EQUAL_HEART = (
    (-0.20, 1.081), (-0.15, 0.941), (-0.10, 0.876), (-0.08, 0.876), (-0.06, 0.891), (-0.04, 0.918), (-0.02, 0.960), (0.0, 1.0),
    (0.02, 1.055), (0.04, 1.135), (0.06, 1.228), (0.08, 1.337), (0.10, 1.459), (0.15, 1.846), (0.20, 2.297),
)  # fmt: skip
FLAT = 0.01  # grade: less is not felt, and not known
MOST_UP = 1.50
DOWN_SHARE, LEAST_DOWN = 0.6, 0.92  # of what the curve gives downhill, and the most that is asked for: braking costs too
_COST = (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)  # Minetti et al. 2002, J/kg/m, powers of the grade from the fifth down
STEEPEST_MEASURED = 0.45
TOLD_APART = 0.02  # between two factors: less is no change of pace
BELT = 4.5  # ACSM: VO2 = 0.2 S + 0.9 S i + 3.5 (ml/kg/min, S in m/min), so a belt's incline counts 1 + 4.5 i


def at_equal_heart(grade: float) -> float:
    """The factor of a grade (rise over run) as runners keep it by heart rate; beyond the curve its last slope goes on."""
    number = min(max(1, bisect_left(_EQUAL_HEART, (grade,))), len(_EQUAL_HEART) - 1)
    (low, least), (high, most) = _EQUAL_HEART[number - 1 : number + 1]
    return least + (most - least) * (grade - low) / (high - low)


def energy(grade: float) -> float:
    """J per kg and metre (Minetti et al. 2002), within ±45 %."""
    cost = 0.0
    for power in _COST:
        cost = cost * min(STEEPEST_MEASURED, max(-STEEPEST_MEASURED, grade)) + power
    return cost


def spoken(grade: float) -> float:
    """The factor for a pace that is said: flat within ±1 %, at most half as slow again uphill, never much faster down."""
    if abs(grade) <= FLAT:
        return 1.0
    if grade > 0:
        return min(MOST_UP, at_equal_heart(grade - FLAT))
    return max(LEAST_DOWN, 1 - DOWN_SHARE * (1 - min(1.0, at_equal_heart(grade + FLAT))))


def planned(grade: float) -> float:
    """The factor for planning: as it is spoken, but a wall that is run by effort alone takes the time it takes."""
    return max(spoken(grade), at_equal_heart(grade - FLAT)) if grade > FLAT else spoken(grade)


def belt(incline: float) -> float:
    """The factor of a treadmill's incline (ACSM)."""
    return 1 + BELT * incline


def oxygen_on_a_belt(speed: float, incline: float) -> float:
    """ml/kg/min at m/s on a belt (ACSM running equation)."""
    return 0.2 * speed * 60 * belt(incline) + 3.5


def strips(course: Course | None, metres: float) -> tuple[Stretch, ...]:
    """The course in stretches of one grade; where nothing is known of it, one that is flat."""
    return (course and stretches(course)) or (Stretch(0.0, metres, 0.0),)


def for_a_race(course: Course | None, metres: float, least: float) -> tuple[Stretch, ...]:
    """Stretches to run at one pace each: none shorter than `least` (m), and no two in a row whose paces nobody tells apart."""
    found = [(each, spoken(each.grade)) for each in strips(course, metres)]
    while len(found) > 1:
        shortest = min(range(len(found)), key=lambda n: found[n][0].metres)
        if found[shortest][0].metres < least:
            which = min((n for n in (shortest, shortest + 1) if 1 <= n < len(found)), key=lambda n: _apart(found, n))
        else:
            which = min(range(1, len(found)), key=lambda n: _apart(found, n))
            if _apart(found, which) >= TOLD_APART:
                break
        one = joined(found[which - 1][0], found[which][0])
        found[which - 1 : which + 1] = [(one, spoken(one.grade))]
    return tuple(each for each, _ in found)


def _apart(found: list[tuple[Stretch, float]], number: int) -> float:
    return abs(found[number - 1][1] - found[number][1])
