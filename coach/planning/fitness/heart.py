"""Heart-rate ceilings for each kind of segment.

They are shares of the maximum heart rate, after studies of lactate thresholds and Daniels' zones. A measured maximum counts
before one computed from age, which is off by more than eleven beats for one runner in three. No ceiling is above a limit
that the runner entered.
"""

from __future__ import annotations

from coach.core.plan.segments import Kind

SHARES = {"recovery": 0.79, "easy": 0.79, "easy+": 0.79, "steady": 0.86, "marathon": 0.90, "half": 0.93, "threshold": 0.93,
          "10k": 0.97, "5k": 0.97}  # fmt: skip
ZONES = {"z1": (0.50, 0.60), "z2": (0.60, 0.70), "z3": (0.70, 0.80), "z4": (0.80, 0.90), "z5": (0.90, 1.00)}  # of the maximum
BEGINNER = 0.90  # share of the maximum: a beginner's ceiling in every segment
# A "steady" segment may be at marathon effort, and a "free" one at any effort.
_EFFORTS = {Kind.WARMUP: "easy", Kind.EASY: "easy", Kind.RECOVERY: "recovery", Kind.COOLDOWN: "easy", Kind.STEADY: "marathon",
            Kind.TEMPO: "threshold", Kind.PEAK: "5k", Kind.FREE: "5k"}  # fmt: skip
_SLOPE, _FOOT = 0.6463, 0.37182  # %HRmax = 0.6463 %VO2max + 37.182, valid from 63 to 92 % of the maximum
_TRUSTED = (0.63, 0.92)


def most_beats(max_heart: int = 0, age: int = 0, beta_blockers: bool = False) -> int | None:
    """The maximum heart rate: measured, or from age (Tanaka 2001; a lower formula with beta-blockers); None if unknown."""
    if max_heart:
        return max_heart
    if age:
        return round((164 if beta_blockers else 208) - 0.7 * age)
    return None


def heart_ceilings(
    level: str, max_heart: int = 0, limit: int = 0, age: int = 0, beta_blockers: bool = False
) -> dict[Kind, int]:
    """The ceiling in beats a minute for each kind of segment; empty if nothing is known. An argument of 0 means "not known"."""
    most = most_beats(max_heart, age, beta_blockers)
    return {kind: beats for kind in Kind if (beats := _ceiling(_EFFORTS[kind], level, most, limit))}


def pace_ceilings(level: str, max_heart: int = 0, limit: int = 0, age: int = 0, beta_blockers: bool = False) -> dict[str, int]:
    """The ceiling in beats a minute for each named pace."""
    most = most_beats(max_heart, age, beta_blockers)
    return {name: beats for name in SHARES if (beats := _ceiling(name, level, most, limit))}


def heart_share(beats: int, most: int) -> float:
    """The fraction of VDOT at a heart rate. Raises ValueError outside the range of the formula."""
    share = beats / most
    if not _TRUSTED[0] <= share <= _TRUSTED[1]:
        low, high = (round(bound * most) for bound in _TRUSTED)
        what = f"{beats} beats a minute are {100 * share:.0f} % of your maximum of {most}"
        much = "much" if beats > high else "little"
        raise ValueError(f"{what}, too {much} for this estimate: give a steady run at {low} to {high} beats a minute")
    return (share - _FOOT) / _SLOPE


def _ceiling(effort: str, level: str, most: int | None, limit: int) -> int | None:
    share = min(SHARES[effort], BEGINNER) if level == "beginner" else SHARES[effort]
    beats = [round(share * most)] if most else []
    return min([*beats, *([limit] if limit else [])], default=None)
