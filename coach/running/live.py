"""Live inputs as one stream: what device threads and the keyboard send, and a Tick for each second of silence."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from coach.core.inputs import TICK, Input, Key, Tick
from coach.running.clock import RunClock
from coach.running.keyboard import keys
from devices.reader import REFUSED
from devices.sample import Link, Rx

Arrival = Rx | Link | Key | Tick


class Source(Protocol):
    """A device's reader thread."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Live:
    """One queue that all threads put into and the loop takes from, in the order of arrival.

    Time never goes back: an item that a slow thread stamped before the latest tick counts as arriving now.
    """

    def __init__(self, clock: RunClock) -> None:
        self._clock = clock
        self._arrivals: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()

    def put(self, arrival: Arrival) -> None:
        """Adds an arrival; may be called by any thread."""
        self._arrivals.put(arrival)

    def press(self, key: str) -> None:
        """The runner pressed `key` (one of inputs.KEYS) now; safe in a signal handler."""
        self.put(Key(self._clock.now(), key))

    def wake(self) -> None:
        """Time has passed while the run was stopped: a wait of SimpleQueue whose time ran out meanwhile would last for ever.

        Safe in a signal handler.
        """
        self.put(Tick(self._clock.now()))

    def end(self) -> None:
        """Ends the inputs: the run is interrupted here. Safe in a signal handler."""
        self._arrivals.put(None)

    def inputs(self, start: float = 0.0) -> Iterator[Input]:
        """Everything that arrives, and a Tick for each second in which nothing does. Ends only by `end`."""
        last = start
        yield Tick(start)
        while True:
            due = last + TICK
            try:
                arrival = self._arrivals.get(timeout=self._clock.ahead(due))
            except queue.Empty:
                last = max(due, self._clock.now())
                yield Tick(last)
                continue
            if arrival is None:
                return
            last = max(last, arrival.at)
            yield arrival if arrival.at == last else arrival._replace(at=last)

    def along(self, items: Iterable[Input]) -> Iterator[Input]:
        """Recorded items, each at its time by the clock, with the keys pressed meanwhile."""
        last = 0.0
        for item in items:
            while True:
                try:
                    arrival = self._arrivals.get(timeout=self._clock.ahead(item.at))
                except queue.Empty:
                    break
                if arrival is None:
                    return
                yield arrival._replace(at=last)
            yield item
            last = item.at


def telling_refusals(items: Iterable[Input], note: Callable[[str], object]) -> Iterator[Input]:
    """The same items; what a device refuses of the settings asked for is noted, once a device and setting."""
    told: set[tuple[str, str]] = set()
    for item in items:
        if isinstance(item, Link) and item.why.startswith(REFUSED) and (item.source, item.why) not in told:
            told.add((item.source, item.why))
            note(f"{item.source} {item.why}: the run goes on with what it sends")
        yield item


@contextmanager
def running(sources: Sequence[Source], press: Callable[[str], None], live: Live) -> Iterator[None]:
    """Runs the sources' threads, and the keyboard if there is one, inside this block."""
    with ExitStack() as stack:
        for source in sources:
            source.start()
        stack.callback(_stop, sources)
        stack.enter_context(keys(press, live.wake))
        yield


def _stop(sources: Sequence[Source]) -> None:
    """Stops all sources at the same time, because each may take a second if its port hangs."""
    stops = [threading.Thread(target=source.stop) for source in sources]
    for each in stops:
        each.start()
    for each in stops:
        each.join()
