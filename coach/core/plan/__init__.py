"""A workout as data: its segments, their lengths and targets."""

from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import (
    FREE_RUN,
    Band,
    Distance,
    Duration,
    Kind,
    Length,
    Plan,
    Ramp,
    Saying,
    Segment,
    Steady,
    Target,
    UntilLap,
)

__all__ = [
    "FREE_RUN", "Band", "Beats", "Distance", "Duration", "HeartEnd", "Kind", "Length", "Plan", "Ramp", "Saying", "Segment",
    "Steady", "Target", "UntilLap",
]  # fmt: skip
