"""The coaching policy's constants: when a deviation is worth a word, and how much talk a run can bear.

Every field may be set in ``[coach.policy]``. Shares are of the target speed (0.03 is 9 s/km at 5:00/km), so
one number fits every pace. Where a reason is not given it is judgement, tuned on simulated runners.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import inf
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Policy:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    # The band: how far off the target is worth a correction, by the kind of segment
    easy_too_fast: float = 0.04  # warm-up, easy, recovery, cool-down; slow is never said there: it harms nobody
    steady_too_fast: float = 0.03
    steady_too_slow: float = 0.04
    tempo_too_fast: float = 0.03
    tempo_too_slow: float = 0.03
    peak_too_slow: float = 0.03  # a floor only: the finish is the runner's
    narrowest_band: float = 0.02  # nobody runs inside less
    beginner_factor: float = 1.5  # a beginner misses a told pace by 9 %, a trained runner by 4 %
    sigmas: float = 2.0  # the band is never narrower than this many sigmas of the estimate

    # When: seconds
    settle: float = 30.0  # s after a segment began, by GPS: estimate and runner both need it
    settle_footpod: float = 20.0
    settle_stop: float = 10.0  # s after standing still
    arm: float = 45.0  # s from a standing start until a slow runner is spoken to
    persist: float = 20.0  # s outside the band before a word, in easy and steady running
    persist_hard: float = 15.0  # s, in tempo and peak segments
    second_after: float = 45.0  # s from the first correction to the second; there is no third
    inside: float = 20.0  # s inside the band until the excursion is over
    quiet_end: float = 20.0  # s before a segment ends without corrections
    stopped_below: float = 0.8  # m/s: standing, or waiting at a light
    stopped_for: float = 3.0  # s

    # The signal
    lost_after: float = 4.0  # s without a speed until it is said; the last one is held for five
    mute_after_back: float = 8.0  # s of silence about pace once it is back
    source_after: float = 10.0  # s that another source leads until it is said
    fair_sigma: float = 0.015  # share of speed; from here on the band is as wide as the sigmas make it
    poor_sigma: float = 0.03  # share of speed; worse than this, correcting the pace of now is worse than silence
    poor_for: float = 30.0  # s at poor_sigma until coaching stops
    good_sigma: float = 0.025
    good_for: float = 60.0  # s at good_sigma until it goes on

    # Boundaries and the ramp
    preview: float = 10.0  # s ahead of a change: drivers want a last turn announced 7.7 s ahead
    refresh_change: float = 0.02  # the ramp's target is said again when it moved by this share ...
    refresh_every: float = 120.0  # ... and so many seconds passed
    refresh_apart: float = 15.0  # s between a correction and a refresh

    # How much talk
    silence: float = 4.0  # s between two utterances
    apart: float = 30.0  # s between two that nobody asked for and no boundary needs
    per_hour: int = 25  # of those
    airtime_quiet: float = 6.0  # s of them in any five minutes
    airtime_normal: float = 15.0
    airtime_chatty: float = 45.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= getattr(self, field.name) < inf:
                raise ValueError(f"{field.name} = {getattr(self, field.name)} is not a number from 0 on")
