"""What a hill costs: how much slower an even effort is uphill, and how much faster down.

A factor is flat-equivalent over actual speed: on a climb of factor 1.2 an effort of 5:00/km is run in 6:00. The curve follows
equal heart rate in some millions of runs; of what it gives downhill only part is asked for.
"""

from __future__ import annotations

from bisect import bisect_left

# grade -> factor at equal heart rate; read off Strava's published curve by others (specialsauce, MIT, 2023), straight between
_EQUAL_HEART = (
    (-0.20, 1.081), (-0.15, 0.941), (-0.10, 0.876), (-0.08, 0.876), (-0.06, 0.891), (-0.04, 0.918), (-0.02, 0.960), (0.0, 1.0),
    (0.02, 1.055), (0.04, 1.135), (0.06, 1.228), (0.08, 1.337), (0.10, 1.459), (0.15, 1.846), (0.20, 2.297),
)  # fmt: skip
FLAT = 0.01  # grade: less is not felt, and not known
MOST_UP = 1.50
DOWN_SHARE, LEAST_DOWN = 0.6, 0.92  # of what the curve gives downhill, and the most that is asked for: braking costs too


def at_equal_heart(grade: float) -> float:
    """The factor of a grade (rise over run) as runners keep it by heart rate; beyond the curve its last slope goes on."""
    number = min(max(1, bisect_left(_EQUAL_HEART, (grade,))), len(_EQUAL_HEART) - 1)
    (low, least), (high, most) = _EQUAL_HEART[number - 1 : number + 1]
    return least + (most - least) * (grade - low) / (high - low)


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
