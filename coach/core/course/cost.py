"""What a slope costs: how much slower the same effort is uphill, and how much faster downhill.

The factor is flat-equivalent speed / actual speed: on a climb of factor 1.2, the effort of 5:00/km on the flat gives 6:00/km.
The curve is that of equal heart rate in several million runs; downhill only part of its gain is asked for.
"""

from __future__ import annotations

from bisect import bisect_left

# slope -> factor at equal heart rate, interpolated linearly: points read off Strava's published curve (specialsauce, MIT, 2023)
_EQUAL_HEART = (
    (-0.20, 1.081), (-0.15, 0.941), (-0.10, 0.876), (-0.08, 0.876), (-0.06, 0.891), (-0.04, 0.918), (-0.02, 0.960), (0.0, 1.0),
    (0.02, 1.055), (0.04, 1.135), (0.06, 1.228), (0.08, 1.337), (0.10, 1.459), (0.15, 1.846), (0.20, 2.297),
)  # fmt: skip
FLAT = 0.01  # slope: less than this is neither felt nor measured reliably
MOST_UP = 1.50
DOWN_SHARE, LEAST_DOWN = 0.6, 0.92  # share of the curve's downhill gain, and the smallest factor: braking costs energy too


def at_equal_heart(slope: float) -> float:
    """The factor at equal heart rate for a slope (rise over run); extrapolated linearly beyond the curve."""
    number = min(max(1, bisect_left(_EQUAL_HEART, (slope,))), len(_EQUAL_HEART) - 1)
    (low, least), (high, most) = _EQUAL_HEART[number - 1 : number + 1]
    return least + (most - least) * (slope - low) / (high - low)


def spoken(slope: float) -> float:
    """The factor for a spoken pace: 1 within ±1 %, at most 1.5 uphill, at least 0.92 downhill."""
    if abs(slope) <= FLAT:
        return 1.0
    if slope > 0:
        return min(MOST_UP, at_equal_heart(slope - FLAT))
    return max(LEAST_DOWN, 1 - DOWN_SHARE * (1 - min(1.0, at_equal_heart(slope + FLAT))))


def planned(slope: float) -> float:
    """The factor for planning: as `spoken`, but without its upper limit, because a steep climb takes the time it takes."""
    return max(spoken(slope), at_equal_heart(slope - FLAT)) if slope > FLAT else spoken(slope)
