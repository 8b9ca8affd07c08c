"""Settings: how a runner wants to be coached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coach.core.estimate.estimator import EstimatorSettings
from coach.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Settings:
    """`units` (metric or imperial) are those of splits and of a treadmill's belt.

    `cues` turns kinds on or off whatever the verbosity. `ceilings` are beats a minute by kind of segment, `efforts` by speed
    (m/s), slowest first. `belts` are the sources that are a treadmill's own report.
    `hills`: without a course, the pace is judged by "effort", so a slope explains it, or always as "pace".
    `start`: a run starts "now", with the first steps ("moving") or by "key". `pause`: it pauses by itself "never", or while
    the runner is "standing". `keys`: whether this runner has keys to press, and so can be asked. `easy_speed` (m/s) is the pace
    for the rest of a run that became too hard. `heart_limit` (beats a minute, 0 for none) holds in every segment, also where a
    heart rate above it is the target.
    """

    level: str = "intermediate"
    verbosity: str = "normal"
    policy: Policy = field(default_factory=Policy)
    estimator: EstimatorSettings = field(default_factory=EstimatorSettings)
    units: str = "metric"
    cues: Mapping[str, bool] = field(default_factory=dict)
    treadmill: bool = False
    belts: tuple[str, ...] = ()
    hills: str = "effort"
    start: str = "now"
    pause: str = "never"
    keys: bool = False
    ceilings: Mapping[str, float] = field(default_factory=dict)
    efforts: tuple[tuple[float, float], ...] = ()
    heart_limit: int = 0
    easy_speed: float | None = None
