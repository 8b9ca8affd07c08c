"""Several devices that measure the same: which of them leads. The order is the config's, the best first.

The leader is followed as long as it speaks. When it has fallen silent the best of those that do speak leads; a better one
takes over again after it has spoken for a while, so that a loose plug does not make the source change back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from devices.sample import Fix, Sample, Stride

SILENT = 3.0  # s without a measurement until another device leads
PROVEN = 10.0  # s that a better device has to speak before it leads again


@dataclass(slots=True)
class _Speaker:
    since: float
    last: float


class Sources:
    def __init__(self, order: Iterable[str] = ()) -> None:
        self._rank = {name: rank for rank, name in enumerate(order)}
        self._speakers: dict[tuple[type[Sample], str], _Speaker] = {}
        self._leaders: dict[type[Sample], str] = {}

    def follows(self, sample: Sample) -> bool:
        """This sample is of the device that leads in what it measures. What nobody competes for is always followed."""
        if not _measures(sample):
            return True
        kind = type(sample)
        speaker = self._heard(kind, sample)
        leader = self._leaders.get(kind)
        if leader is None or (leader != sample.source and self._takes_over(kind, leader, sample, speaker)):
            self._leaders[kind] = leader = sample.source
        return leader == sample.source

    def _heard(self, kind: type[Sample], sample: Sample) -> _Speaker:
        speaker = self._speakers.get((kind, sample.source))
        if speaker is None or sample.at - speaker.last > SILENT:
            speaker = self._speakers[kind, sample.source] = _Speaker(sample.at, sample.at)
        speaker.last = sample.at
        return speaker

    def _takes_over(self, kind: type[Sample], leader: str, sample: Sample, speaker: _Speaker) -> bool:
        if sample.at - self._speakers[kind, leader].last > SILENT:
            return True
        is_better = self._rank.get(sample.source, len(self._rank)) < self._rank.get(leader, len(self._rank))
        return is_better and sample.at - speaker.since >= PROVEN


def _measures(sample: Sample) -> bool:
    """A position without a fix, or a cadence alone, takes the lead from nobody."""
    match sample:
        case Fix(lat=lat, speed=speed, distance=distance):
            return (lat, speed, distance) != (None, None, None)
        case Stride(speed=speed, distance=distance):
            return (speed, distance) != (None, None)
    return True
