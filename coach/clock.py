"""Time at the edge of the program: the run's clock, and what gives recorded items their silence."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from coach.core.inputs import Input, Key, Tick
from devices.sample import RECORDER_PAUSED, Link, Sample

TICK = 1.0  # s: silence is made visible this often
LONG_GAP = 600.0  # s without a record: nobody was running, whatever the recorder thought


class RunClock:
    """Seconds since the run began, on the clock that no user, no daylight saving and no GPS can set back.

    A resumed run starts at the second at which it goes on; a replay may run `rate` times faster than life.
    """

    def __init__(self, start: float = 0.0, rate: float = 1.0) -> None:
        self._start, self._rate = start, rate
        self._origin = time.monotonic()

    def now(self) -> float:
        return self._start + (time.monotonic() - self._origin) * self._rate

    def monotonic(self, at: float) -> float:
        """The system's monotonic time of the run's second `at`."""
        return self._origin + (at - self._start) / self._rate

    def ahead(self, at: float) -> float:
        """Seconds to wait until the run's second `at`; 0 when it is past."""
        return max(0.0, self.monotonic(at) - time.monotonic())


def ticking(items: Iterable[Input]) -> Iterator[Input]:
    """The same items with a Tick wherever a second passed without one: the silence of a recording, made visible."""
    last: float | None = None
    for item in items:
        if last is not None:
            yield from _ticks_between(last, item.at)
        yield item
        last = item.at


def _ticks_between(last: float, following: float) -> Iterator[Input]:
    gap = following - last
    if gap > LONG_GAP:
        yield from _ticks_between(last, last + 60.0)
        yield Key(last + 60.0, "pause")
        yield Key(following, "resume")
        return
    for count in range(1, int(gap / TICK + 1.0 - 1e-9)):
        yield Tick(last + count * TICK)


def recorded(samples: Iterable[Sample | Link]) -> Iterator[Input]:
    """A recorded track as inputs: what its recorder paused is paused here too."""
    for sample in samples:
        yield sample
        if isinstance(sample, Link) and sample.why == RECORDER_PAUSED:
            yield Key(sample.at, "resume" if sample.up else "pause")
