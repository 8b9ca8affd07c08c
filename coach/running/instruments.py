"""Shows what the devices send now, for `coach devices --watch`, and captures it for a bug report."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from coach.core.plan.segments import FREE_RUN
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup, SourceSpec
from devices import catalogue
from devices.api import Decoder
from devices.reader import Reader
from devices.sample import Battery, Fix, Link, Pulse, Rx, Sample, Stride

EVERY = 1.0  # s between two readings
OPENING = 10.0  # s for a device to send its first byte: its port is opened, and its baud rate found, meanwhile
COUNTED_OVER = 5.0  # s over which the rate of samples is computed


@dataclass(slots=True)
class Instrument:
    """A device, and its latest value of each kind."""

    source: SourceSpec
    decoder: Decoder
    state: str = "opening"
    read: dict[str, Any] = field(default_factory=dict)
    _times: list[float] = field(default_factory=list)

    def take(self, arrival: Rx | Link) -> None:
        if isinstance(arrival, Link):
            self.state = "up" if arrival.up else arrival.why
            if arrival.up and arrival.why:
                self.read["refused"] = arrival.why
            return
        for sample in self.decoder.feed(arrival.at, arrival.data):
            self._times.append(sample.at)
            self.read |= _readings(sample)

    def reading(self, at: float) -> dict[str, Any]:
        self._times = [each for each in self._times if at - each <= COUNTED_OVER]
        of = {"name": self.source.name, "device": self.source.kind, "state": self.state}
        per_second = len(self._times) / max(EVERY, min(at, COUNTED_OVER))
        return of | {"per_second": round(per_second, 1), **self.read, "bad": dict(self.decoder.faults)}


@contextmanager
def listening(sources: Sequence[SourceSpec], put: Any, now: Any) -> Iterator[list[Instrument]]:
    """Runs the sources' readers inside this block."""
    readers = [
        Reader(each.name, catalogue.port(each.kind, each.options), now, put, catalogue.talk(each.kind, each.options))
        for each in sources
    ]
    for reader in readers:
        reader.start()
    try:
        yield [Instrument(each, catalogue.decoder(each.kind, each.name, each.options)) for each in sources]
    finally:
        for reader in readers:
            reader.stop()


def watch(sources: Sequence[SourceSpec], seconds: float) -> Iterator[list[dict[str, Any]]]:
    """The readings of all devices, once a second."""
    arrivals: queue.SimpleQueue[Rx | Link] = queue.SimpleQueue()
    began = time.monotonic()
    with listening(sources, arrivals.put, lambda: time.monotonic() - began) as instruments:
        of = {each.source.name: each for each in instruments}
        due = EVERY
        while (now := time.monotonic() - began) < seconds:
            try:
                arrival = arrivals.get(timeout=max(0.0, min(due, seconds) - now))
                of[arrival.source].take(arrival)
            except queue.Empty:
                due += EVERY
                yield [each.reading(now) for each in instruments]
    yield [each.reading(seconds) for each in instruments]


def capture(sources: Sequence[SourceSpec], path: Any, seconds: float, note: Any) -> int:
    """Writes what arrives, for `seconds` from the first byte on, to a journal that can be replayed; returns how many bytes."""
    arrivals: queue.SimpleQueue[Rx | Link] = queue.SimpleQueue()
    began, taken = time.monotonic(), 0
    writer = JournalWriter.begin(path, Setup(FREE_RUN, sources=tuple(sources)).as_dict(), note)
    last, until = 0.0, OPENING
    with listening(sources, arrivals.put, lambda: time.monotonic() - began):
        while (left := until - (time.monotonic() - began)) > 0:
            try:
                arrival = arrivals.get(timeout=left)
            except queue.Empty:
                break
            last = max(last, arrival.at)
            writer.write_input(arrival)
            if isinstance(arrival, Rx):
                until = until if taken else arrival.at + seconds
                taken += len(arrival.data)
    writer.close(last, "quit")
    return taken


def _readings(sample: Sample) -> dict[str, Any]:
    match sample:
        case Fix():
            fix = {"fix": sample.mode.name, "satellites": sample.satellites, "speed": sample.speed}
            return fix | {"speed_sigma": sample.speed_sigma, "sigma": sample.sigma}
        case Stride():
            told = {"speed": sample.speed, "cadence": sample.cadence, "distance": sample.distance, "grade": sample.grade}
            return {name: value for name, value in told.items() if value is not None}
        case Pulse():
            return {"heart": sample.bpm}
        case Battery():
            return {"battery": sample.charge if sample.charge is not None else "low" if sample.low else "fine"}
