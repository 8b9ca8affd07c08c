"""The coaching policy's constants: when a deviation is worth a word, and how much talk a run can bear.

Every constant may be set in the config, in the table of its subject: ``[coach.policy.band]``. Shares are of the target speed
(0.03 is 9 s/km at 5:00/km), so one number fits every pace. Where no reason is given the value is a judgement, tuned on
simulated runners.

How a constant is documented: by the comment after it, on the same line. It begins with the unit, and says what the number
means for a runner. config.example.toml repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from math import inf
from typing import Any, ClassVar

from coach.core.former_names import GONE, RENAMED

_FORBID_UNKNOWN = {"extra": "forbid"}  # what pydantic, which reads the config, does with a key that is not a field


@dataclass(frozen=True, slots=True)
class Band:
    """How far off the target the pace may be before it is worth a correction, by the kind of segment."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    easy_too_fast: float = 0.04  # share; warm-up, easy, recovery, cool-down: faster is corrected, slower never: it is harmless
    steady_too_fast: float = 0.03  # share; steady segments: faster than this is corrected
    steady_too_slow: float = 0.04  # share; steady segments: slower than this is corrected
    tempo_too_fast: float = 0.03  # share; tempo segments: faster than this is corrected
    tempo_too_slow: float = 0.03  # share; tempo segments: slower than this is corrected
    peak_too_slow: float = 0.03  # share; peak segments: slower is corrected; faster never, the finish is the runner's own
    beginner_factor: float = 1.5  # factor on the band for beginners: they miss a given pace by 9 %, trained runners by 4 %
    sigmas: float = 2.0  # sigmas; the band is never narrower than this many standard deviations of the measured speed
    narrowest: float = 0.02  # share; the band is never narrower than this: nobody can run more evenly


@dataclass(frozen=True, slots=True)
class Correction:
    """When a correction is due, and when another."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    settle: float = 15.0  # s without corrections after a segment began (GPS): the runner and the estimate both need it
    settle_footpod: float = 10.0  # s without corrections after a segment began (footpod)
    arm: float = 45.0  # s after a standing start, or a pause, until a slow runner is corrected
    evidence_quiet: float = 8.1  # evidence (log of a likelihood ratio) before the first correction when quiet
    evidence_normal: float = 4.5  # evidence before it, normal: an even simulated runner is corrected wrongly once in 5 h
    evidence_chatty: float = 3.8  # evidence before it, chatty: once an hour
    evidence_again: float = 4.0  # evidence before the second correction: less, as the runner is known to be off pace
    evidence_often: float = 0.4  # share by which each correction of the last ten minutes raises the evidence that is needed
    sure: float = 1.0  # sigmas; how surely the pace of now must be off; up to 3 times that for a pace that wanders
    response: float = 13.0  # s after a correction in which no evidence is gathered (GPS): to hear it and react takes time
    response_footpod: float = 12.0  # s after a correction in which no evidence is gathered (footpod)
    second_after: float = 22.0  # s from the first correction of an excursion to the second, at least (GPS)
    second_after_footpod: float = 15.0  # s from the first correction of an excursion to the second, at least (footpod)
    third_after: float = 30.0  # s from the last word to a third, at least, which only a runner who answered that one hears
    stands_after: float = 40.0  # s from the second, at least, until a runner who did not answer hears how far off it is
    inside: float = 10.0  # s inside the band after which an excursion is over and a new one may be corrected
    quiet_end: float = 20.0  # s without corrections before a segment ends, at least
    quiet_share: float = 0.15  # share of the segment's length without corrections before it ends: they would come too late
    quiet_most: float = 45.0  # s without corrections before a segment ends, at most
    least_gain: float = 0.15  # share of the error; a correction that removed less of it was not answered
    ignored: int = 2  # corrections in a row without an answer, after which they come less often
    back_off: float = 2.0  # factor on the time between corrections from then on


@dataclass(frozen=True, slots=True)
class Standing:
    """The runner who stands still, at a traffic light for example."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    below: float = 0.8  # m/s; a runner slower than this is standing, for example at a traffic light
    stop_after: float = 3.0  # s below that speed after which it counts as a stop
    settle: float = 10.0  # s without corrections after standing still
    ask_after: float = 60.0  # s of standing still after which the runner is asked whether all is well


@dataclass(frozen=True, slots=True)
class Moving:
    """A run that starts with the first steps, and pauses while the runner stands still, if [coach] start and pause say so."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    ready_after: float = 3.0  # s of a known speed after which a run that waits says that it is ready
    above: float = 0.9  # m/s; a runner faster than this is moving: walking counts
    moving_for: float = 3.0  # s above that speed after which the run starts, or goes on
    below: float = 0.5  # m/s; a runner slower than this is standing still
    standing_for: float = 10.0  # s below that speed after which the run pauses
    flaps: int = 3  # pauses that ended within `flaps_within`, after which it pauses no more by itself in this run
    flaps_within: float = 120.0  # s from the first of these pauses to the end of the last


@dataclass(frozen=True, slots=True)
class GivingWay:
    """The runner who cannot hold the pace: when the plan is eased."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    strike_after: float = 90.0  # s still off pace after the last correction, then the plan is eased
    strike_span: float = 90.0  # s over which the median speed is taken to decide that
    strike_span_hard: float = 60.0  # s over which it is taken in tempo and peak segments
    too_short: float = 2.5  # bands; for a runner further below the target, half of the climb ahead is dropped at once
    peace: float = 240.0  # s without a correction once two did not help; then how far off the pace is, in other words
    peace_inside: float = 75.0  # s inside the band after which corrections are worth while again
    hold: float = 120.0  # s at the speed the runner can hold, before an eased plan climbs again
    offer: float = 20.0  # s in which the key lap keeps the plan before it gives way; 0, or no keyboard: nobody is asked
    back_for: float = 120.0  # s of work at the pace that was planned first, after which an eased plan is as it was
    back_within: float = 0.015  # share below that pace which still counts as being back at it


@dataclass(frozen=True, slots=True)
class Race:
    """The race whose plan follows the runner: a plan with a goal time."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    stop: float = 15.0  # s of standing still after which a race is planned anew, and the runner hears how
    slips_after: float = 60.0  # s for which the goal must be out of reach, or back in it, before that is said
    back: float = 0.4  # share of the delay at which a goal is given up, below which it is back: so it does not flip
    apart: float = 300.0  # s from one change of the goal to the next, at least
    apart_long: float = 900.0  # s from one to the next in a race of more than 30 km
    most: int = 3  # corrections of the goal in a race, at most; after a stop there is always one
    opening: float = 0.15  # share of the race at its beginning in which the goal never changes
    ending: float = 0.05  # share of the race at its end in which it never changes


@dataclass(frozen=True, slots=True)
class Finish:
    """The runner who starts a fast finish too fast."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    too_fast: float = 0.04  # share over the target at the beginning of a finish, from which the runner is warned
    least_length: float = 180.0  # s; only a finish at least this long is worth the warning


@dataclass(frozen=True, slots=True)
class Praise:
    """The runner who holds the pace."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    after: float = 180.0  # s inside the band after which the runner is praised
    apart: float = 900.0  # s between two praises, at least: more often they become a phrase


@dataclass(frozen=True, slots=True)
class Heart:
    """The heart rate: its ceiling, its target where a segment has one, and a strap that cannot be believed."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    settle: float = 150.0  # s at the beginning of a segment without a verdict: the heart rate lags behind the effort
    over: float = 30.0  # s above the ceiling before it is said
    far: float = 8.0  # beats a minute above the ceiling that count as far above it
    far_for: float = 15.0  # s far above the ceiling before it is said and the plan is eased
    again: float = 180.0  # s from one word about the ceiling to the next, while the heart rate is above it
    falling: float = 0.04  # beats a minute each second: a heart that falls, or rises, that fast is left to go on
    lower_by: float = 0.05  # share by which the targets are lowered because of the heart rate
    target_settle: float = 180.0  # s at the beginning of a segment with a heart-rate target until it is corrected
    target_low_after: float = 300.0  # s until a heart rate below its target is corrected
    target_off: float = 45.0  # s that the heart rate must be more than a beat outside the target before that is said
    target_apart: float = 120.0  # s from one such word to the next, at least: an earlier one would answer an echo
    lost_after: float = 60.0  # s without a heart rate before its loss is said, where something depends on it
    lock_after: float = 90.0  # s near the number of steps a minute after which the strap is not believed


@dataclass(frozen=True, slots=True)
class Splits:
    """How stretches of some hundred metres are timed while the signal is too poor for the current pace."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    first: float = 150.0  # m after which the time over a stretch is looked at first
    step: float = 50.0  # m after which it is looked at again
    most: float = 500.0  # m after which a new stretch begins
    error: float = 7.0  # m; standard deviation of the measured length of a stretch
    sigmas: float = 2.5  # standard deviations by which a stretch must be off pace to be corrected


@dataclass(frozen=True, slots=True)
class Belt:
    """The treadmill, where the runner sets the belt."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    lead: float = 6.0  # s before a change of the belt's speed at which it is announced, so that it ends before the countdown
    every: float = 60.0  # s between two changes of the belt's speed on a ramp, at least
    sooner: float = 1.0  # s by which the next segment is announced sooner than on the road, as the belt's setting follows


@dataclass(frozen=True, slots=True)
class Signal:
    """The signal: when it is lost, and when it is too poor to judge the pace of the moment by it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    lost_after: float = 4.0  # s without a speed before the loss of the signal is said; the last speed is kept for five
    mute_after_back: float = 8.0  # s without corrections once the signal is back
    source_after: float = 10.0  # s for which another source must lead before the change is said
    fair_sigma: float = 0.015  # share of the speed; with a standard deviation above this the signal is fair, and the band wider
    poor_sigma: float = 0.04  # share of the speed; above this the signal is poor, and correcting would be worse than silence
    poor_for: float = 30.0  # s above poor_sigma before the pace of the moment is no longer corrected
    good_sigma: float = 0.035  # share of the speed; with a standard deviation below this the signal is good
    good_for: float = 60.0  # s below good_sigma before the pace of the moment is corrected again


@dataclass(frozen=True, slots=True)
class Announcement:
    """Changes of segment, and ramps."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    preview: float = 10.0  # s before a change of segment at which the next one is announced
    refresh_change: float = 0.02  # share by which a ramp's target must have moved before it is said again
    refresh_every: float = 120.0  # s between two such announcements, at least
    refresh_apart: float = 15.0  # s between a correction and such an announcement, at least


@dataclass(frozen=True, slots=True)
class Talk:
    """How much talk a run can bear."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    silence: float = 4.0  # s of silence between two announcements, at least
    apart: float = 30.0  # s between two announcements nobody asked for and no change of segment needs, at least
    per_hour: int = 25  # announcements of that sort an hour, at most; if 12 or more, one more after 5 min of silence
    airtime_quiet: float = 6.0  # s of such speech in any five minutes, at most, when the verbosity is quiet
    airtime_normal: float = 15.0  # s of such speech in any five minutes, at most, when the verbosity is normal
    airtime_chatty: float = 45.0  # s of such speech in any five minutes, at most, when the verbosity is chatty


@dataclass(frozen=True, slots=True)
class Policy:
    """The constants by which the coach judges and speaks, by subject."""

    __pydantic_config__: ClassVar[dict[str, str]] = _FORBID_UNKNOWN

    band: Band = field(default_factory=Band)
    correction: Correction = field(default_factory=Correction)
    standing: Standing = field(default_factory=Standing)
    moving: Moving = field(default_factory=Moving)
    giving_way: GivingWay = field(default_factory=GivingWay)
    race: Race = field(default_factory=Race)
    finish: Finish = field(default_factory=Finish)
    praise: Praise = field(default_factory=Praise)
    heart: Heart = field(default_factory=Heart)
    splits: Splits = field(default_factory=Splits)
    belt: Belt = field(default_factory=Belt)
    signal: Signal = field(default_factory=Signal)
    announcement: Announcement = field(default_factory=Announcement)
    talk: Talk = field(default_factory=Talk)

    def __post_init__(self) -> None:
        for subject, constants in asdict(self).items():
            for name, value in constants.items():
                if not 0 <= value < inf:
                    raise ValueError(f"{subject}.{name} = {value}: must be a finite number, 0 or more")

    def told(self, text: str) -> str:
        """`text` with each `{subject.name}` replaced by "subject.name = value"."""
        return _NAMED.sub(lambda found: f"{found[1]}.{found[2]} = {getattr(getattr(self, found[1]), found[2]):g}", text)

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Policy:
        """From tables by subject, or from constants by their former names, as old journals have them.

        Raises KeyError or TypeError for a name that is unknown, ValueError for a value that is not valid.
        """
        tables = {
            subject: {name: value for name, value in table.items() if f"{subject}.{name}" not in GONE}
            for subject, table in written.items()
            if isinstance(table, Mapping)
        }
        for name in written.keys() - tables.keys() - GONE:
            subject, constant = FORMER[name]
            tables.setdefault(subject, {})[constant] = written[name]
        return cls(**{subject: _SUBJECTS[subject](**table) for subject, table in tables.items()})


_NAMED = re.compile(r"\{(\w+)\.(\w+)\}")
_SUBJECTS: dict[str, Any] = {each.name: each.default_factory for each in fields(Policy)}

# Where each constant stands now, by its former name: its subject, and its name there
FORMER = {each.name: (subject, each.name) for subject, kind in reversed(_SUBJECTS.items()) for each in fields(kind)} | RENAMED
