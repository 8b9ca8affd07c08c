"""The coaching policy's constants: when a deviation is worth a word, and how much talk a run can bear.

Every field may be set in ``[coach.policy]``. Shares are of the target speed (0.03 is 9 s/km at 5:00/km), so
one number fits every pace. Where no reason is given the value is a judgement, tuned on simulated runners.

How a field is documented: by the comment after it, on the same line. It begins with the unit, and says what the number
means for a runner. A comment on a line of its own is the heading of the fields below it. config.example.toml repeats both.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import inf
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Policy:
    """The constants by which the coach judges and speaks; the config file tells of each in `[coach.policy]`."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    # The band around the target: how far off the pace is worth a correction, by the kind of segment
    easy_too_fast: float = 0.04  # share; warm-up, easy, recovery, cool-down: faster is corrected, slower never: it is harmless
    steady_too_fast: float = 0.03  # share; steady segments: faster than this is corrected
    steady_too_slow: float = 0.04  # share; steady segments: slower than this is corrected
    tempo_too_fast: float = 0.03  # share; tempo segments: faster than this is corrected
    tempo_too_slow: float = 0.03  # share; tempo segments: slower than this is corrected
    peak_too_slow: float = 0.03  # share; peak segments: slower is corrected; faster never, the finish is the runner's own
    narrowest_band: float = 0.02  # share; the band is never narrower than this: nobody can run more evenly
    beginner_factor: float = 1.5  # factor on the band for beginners: they miss a given pace by 9 %, trained runners by 4 %
    sigmas: float = 2.0  # sigmas; the band is never narrower than this many standard deviations of the measured speed

    # When a correction is due
    settle: float = 15.0  # s without corrections after a segment began (GPS): the runner and the estimate both need it
    settle_footpod: float = 10.0  # s without corrections after a segment began (footpod)
    change_after: float = 6.0  # s after a segment began until most of the change of speed has happened
    change_variance: float = 0.06  # (m/s)²; how much variance the estimate then gains, so that it follows the change
    settle_stop: float = 10.0  # s without corrections after standing still
    arm: float = 45.0  # s after a standing start until a slow runner is corrected
    evidence: float = 6.5  # s of evidence before the first correction (GPS); it grows by (deviation / band - 1) a second
    evidence_footpod: float = 8.0  # s of evidence before the first correction (footpod)
    evidence_again: float = 5.0  # s of evidence before the second correction: less, as the runner is known to be off pace
    response: float = 13.0  # s after a correction in which no evidence is gathered (GPS): to hear it and react takes time
    response_footpod: float = 12.0  # s after a correction in which no evidence is gathered (footpod)
    second_after: float = 22.0  # s from one correction to the next, at least (GPS); an excursion has two at most
    second_after_footpod: float = 15.0  # s from one correction to the next, at least (footpod)
    inside: float = 10.0  # s inside the band after which an excursion is over and a new one may be corrected
    quiet_end: float = 20.0  # s without corrections before a segment ends, at least
    quiet_share: float = 0.15  # share of the segment's length without corrections before it ends: they would come too late
    quiet_most: float = 45.0  # s without corrections before a segment ends, at most
    stopped_below: float = 0.8  # m/s; a runner slower than this is standing, for example at a traffic light
    stopped_for: float = 3.0  # s below that speed after which it counts as a stop
    least_gain: float = 0.15  # share of the error; a correction that removed less of it was not answered
    ignored: int = 2  # corrections in a row without an answer, after which they come less often
    back_off: float = 2.0  # factor on the time between corrections from then on

    # The runner who cannot hold the pace, the one who starts a finish too fast, and the one who holds it well
    strike_after: float = 90.0  # s still off pace after the second correction, then the plan is eased; there is no third
    strike_span: float = 90.0  # s over which the median speed is taken to decide that
    strike_span_hard: float = 60.0  # s over which it is taken in tempo and peak segments
    too_short: float = 2.0  # bands; for a runner further below the target, half of the climb ahead is dropped at once
    hold: float = 120.0  # s at the speed the runner can hold, before an eased plan climbs again
    sprint: float = 0.04  # share over the target at the beginning of a finish, from which the runner is warned
    sprint_from: float = 180.0  # s; only a finish at least this long is worth the warning
    standing: float = 60.0  # s of standing still after which the runner is asked whether all is well
    praise_after: float = 180.0  # s inside the band after which the runner is praised
    praise_apart: float = 900.0  # s between two praises, at least: more often they become a phrase

    # The heart
    heart_settles: float = 180.0  # s at the beginning of a segment without a verdict: the heart rate lags behind the effort
    heart_over: float = 60.0  # s above the ceiling before it is said
    heart_far: float = 5.0  # beats a minute above the ceiling that count as far above it
    heart_far_for: float = 30.0  # s far above the ceiling before it is said and the plan is eased
    heart_share: float = 0.05  # share by which the targets are lowered because of the heart rate

    # Splits: used instead of the pace of the moment while the signal is poor
    stretch: float = 150.0  # m after which the time over a stretch is looked at first
    stretch_step: float = 50.0  # m after which it is looked at again
    stretch_most: float = 500.0  # m after which a new stretch begins
    stretch_error: float = 7.0  # m; standard deviation of the measured length of a stretch
    stretch_sigmas: float = 2.5  # standard deviations by which a stretch must be off pace to be corrected

    # The treadmill
    belt_lead: float = 5.0  # s before a change of the belt's speed at which it is announced
    belt_every: float = 60.0  # s between two changes of the belt's speed on a ramp, at least

    # The signal
    lost_after: float = 4.0  # s without a speed before the loss of the signal is said; the last speed is kept for five
    mute_after_back: float = 8.0  # s without corrections once the signal is back
    source_after: float = 10.0  # s for which another source must lead before the change is said
    fair_sigma: float = 0.015  # share of the speed; with a standard deviation above this the signal is fair, and the band wider
    poor_sigma: float = 0.03  # share of the speed; above this the signal is poor, and correcting would be worse than silence
    poor_for: float = 30.0  # s above poor_sigma before the pace of the moment is no longer corrected
    good_sigma: float = 0.025  # share of the speed; with a standard deviation below this the signal is good
    good_for: float = 60.0  # s below good_sigma before the pace of the moment is corrected again

    # Changes of segment, and ramps
    preview: float = 10.0  # s before a change of segment at which the next one is announced
    refresh_change: float = 0.02  # share by which a ramp's target must have moved before it is said again
    refresh_every: float = 120.0  # s between two such announcements, at least
    refresh_apart: float = 15.0  # s between a correction and such an announcement, at least

    # How much talk
    silence: float = 4.0  # s of silence between two announcements, at least
    apart: float = 30.0  # s between two announcements nobody asked for and no change of segment needs, at least
    per_hour: int = 25  # announcements of that sort an hour, at most
    airtime_quiet: float = 6.0  # s of such speech in any five minutes, at most, when the verbosity is quiet
    airtime_normal: float = 15.0  # s of such speech in any five minutes, at most, when the verbosity is normal
    airtime_chatty: float = 45.0  # s of such speech in any five minutes, at most, when the verbosity is chatty

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= getattr(self, field.name) < inf:
                raise ValueError(f"{field.name} = {getattr(self, field.name)} is not a number from 0 on")
