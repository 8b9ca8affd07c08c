"""Chooses the leading device among several that measure the same thing. The order is that of the config, best first.

The leader stays as long as it sends. When it falls silent, the best of the others takes over; a better one leads again only
after it has been sending for a while, so that a loose plug does not make the source change back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from devices.sample import Fix, Sample, Stride

SILENT = 3.0  # s without a measurement until another device leads
PROVEN = 10.0  # s for which a better device must send before it leads again


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
        """Whether to use this sample: its device leads in what it measures, or is the only one that measures it."""
        kind = type(sample)
        if not _measures(sample):
            return True
        speaker = self._heard(kind, sample)
        leader = self._leaders.get(kind)
        if leader == sample.source:
            return True
        if leader is None or self._takes_over(kind, leader, sample, speaker):
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
    """Whether the sample counts for the lead; a position without a fix, or a cadence alone, does not."""
    if isinstance(sample, Fix):
        return not (sample.lat is None and sample.speed is None and sample.distance is None)
    if isinstance(sample, Stride):
        return not (sample.speed is None and sample.distance is None)
    return True
