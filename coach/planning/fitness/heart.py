"""Heart-rate ceilings for each kind of segment, and the runner's five zones.

Ceilings are shares of the maximum heart rate, after studies of lactate thresholds and Daniels' zones. A measured maximum counts
before one computed from age, which is off by more than eleven beats for one runner in three. No ceiling is above a limit
that the runner entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from coach.core.plan.segments import Kind

SHARES = {"recovery": 0.79, "easy": 0.79, "easy+": 0.79, "steady": 0.86, "marathon": 0.90, "half": 0.93, "threshold": 0.93,
          "10k": 0.97, "5k": 0.97}  # fmt: skip
ZONES = ("z1", "z2", "z3", "z4", "z5")
_TENTHS = (0.50, 0.60, 0.70, 0.80, 0.90, 1.00)
_EDGES = {  # shares at which the zones begin and the last one ends
    "maximum": _TENTHS,
    "reserve": _TENTHS,  # of what is between the resting and the maximum heart rate (Karvonen 1957)
    "threshold": (0.70, 0.85, 0.90, 0.95, 1.00, 1.06),  # Friel's zones for running: 5 is his 5a and 5b; ours is where 1 begins
}
BEGINNER = 0.90  # share of the maximum: a beginner's ceiling in every segment
# A "steady" segment may be at marathon effort, and a "free" one at any effort.
_EFFORTS = {Kind.WARMUP: "easy", Kind.EASY: "easy", Kind.RECOVERY: "recovery", Kind.COOLDOWN: "easy", Kind.STEADY: "marathon",
            Kind.TEMPO: "threshold", Kind.PEAK: "5k", Kind.FREE: "5k"}  # fmt: skip
_SLOPE, _FOOT = 0.6463, 0.37182  # %HRmax = 0.6463 %VO2max + 37.182, valid from 63 to 92 % of the maximum
_TRUSTED = (0.63, 0.92)


class UnknownHeart(ValueError):
    """Something needs a heart rate of the runner's that is not known. `keys` are the options of the config that tell it."""

    def __init__(self, what: str, needs: str, keys: str) -> None:
        super().__init__(f"{what} needs {needs}")
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Hearts:
    """What is known of a runner's heart, beats a minute, 0 for what is not: the maximum, the rates at threshold and at rest.

    `zones_by` says of what the zones are shares: "maximum", "threshold", "reserve", or "auto" for the best that is known.
    """

    most: int = 0
    threshold: int = 0
    rest: int = 0
    zones_by: str = "auto"

    @property
    def basis(self) -> str:
        """Of what the zones are shares. The threshold was measured on this runner, so it says most."""
        if self.zones_by != "auto":
            return self.zones_by
        return "threshold" if self.threshold else "reserve" if self.rest and self.most else "maximum"

    def zones(self, what: str = "a heart-rate zone") -> tuple[tuple[int, int], ...]:
        """The lowest and highest beats a minute of each of ZONES; `what` needs them. Raises UnknownHeart."""
        of, rest = self.share_of(self.basis, what), self.rest if self.basis == "reserve" else 0
        return tuple(pairwise(round(rest + edge * of) for edge in _EDGES[self.basis]))

    def share_of(self, basis: str, what: str) -> int:
        """The beats a minute that are 100 %. Raises UnknownHeart, if `what` needs something that is not known."""
        of, needs, keys = {
            "maximum": (self.most, "your maximum heart rate", "max_heart or age"),
            "threshold": (self.threshold, "your heart rate at threshold", "threshold_heart"),
            "reserve": (
                self.most - self.rest if self.most and self.rest else 0,
                "your maximum and your resting heart rate",
                "max_heart and resting_heart",
            ),
        }[basis]
        if not of:
            raise UnknownHeart(what, needs, keys)
        return of


UNKNOWN = Hearts()


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
