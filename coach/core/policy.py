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
    """The constants by which the coach judges and speaks; the config file tells of each in `[coach.policy]`."""

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
    settle: float = 15.0  # s after a segment began, by GPS: estimate and runner both need it
    settle_footpod: float = 10.0
    change_after: float = 6.0  # s after a segment began when the legs have followed, mostly: the estimate may follow them ...
    change_variance: float = 0.06  # (m/s)²: ... by so much
    settle_stop: float = 10.0  # s after standing still
    arm: float = 45.0  # s from a standing start until a slow runner is spoken to
    evidence: float = 6.5  # s at twice the band before a word, by GPS: twice that at half as much over
    evidence_footpod: float = 8.0
    evidence_again: float = 5.0  # s, for the second of an excursion: who was off is soon believed to be off still
    response: float = 13.0  # s after a correction in which nothing counts: hearing, legs and estimate all take their time
    response_footpod: float = 12.0
    second_after: float = 22.0  # s from one correction to the next; of an excursion there are two
    second_after_footpod: float = 15.0
    inside: float = 10.0  # s inside the band until the excursion is over, and another may be told of
    quiet_end: float = 20.0  # s before a segment ends without corrections, at least ...
    quiet_share: float = 0.15  # ... and of longer ones this share: a correction there comes too late to be worth a word ...
    quiet_most: float = 45.0  # s ... but never more
    stopped_below: float = 0.8  # m/s: standing, or waiting at a light
    stopped_for: float = 3.0  # s
    least_gain: float = 0.15  # of the error: who removed less of it has not answered
    ignored: int = 2  # such corrections in a row, and the next ones come ...
    back_off: float = 2.0  # ... so many times later

    # The runner who cannot hold it, and the one who cannot wait
    strike_after: float = 90.0  # s still out after the second correction: no third, the plan gives way
    strike_span: float = 90.0  # s of which the median speed decides
    strike_span_hard: float = 60.0  # s, in tempo and peak segments
    too_short: float = 2.0  # bands: who is further below the target loses half the climb at once
    hold: float = 120.0  # s at what the runner can hold, then the plan climbs again
    sprint: float = 0.04  # share over the target at the beginning of a finish
    sprint_from: float = 180.0  # s of finish that are long enough to warn of it

    standing: float = 60.0  # s until a runner who stands still is asked whether all is well
    praise_after: float = 180.0  # s inside the band that deserve a word
    praise_apart: float = 900.0  # s between two of those: more often it is a phrase

    # The heart
    heart_settles: float = 180.0  # s at the beginning of a segment that tell nothing of the effort
    heart_over: float = 60.0  # s over the ceiling until it is said
    heart_far: float = 5.0  # beats over the ceiling that are too many ...
    heart_far_for: float = 30.0  # ... after so many seconds
    heart_share: float = 0.05  # by which the targets are lowered the first time: about one anchor

    # Splits, where the pace of now is worth nothing
    stretch: float = 150.0  # m after which the time is looked at first ...
    stretch_step: float = 50.0  # m ... and again ...
    stretch_most: float = 500.0  # m ... until it begins anew
    stretch_error: float = 7.0  # m that the way between its ends is unsure by: one sigma
    stretch_sigmas: float = 2.5  # of those that a stretch must be off

    # The treadmill
    belt_lead: float = 5.0  # s before a step that it is announced
    belt_every: float = 60.0  # s between two steps of a ramp, at least

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
