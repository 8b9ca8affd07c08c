"""Reads the raw log of a receiver: NMEA sentences, u-blox frames, both, or gpsd's JSON lines.

It has no times of arrival, so the receiver's own time is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devices.api import Decoder
from devices.epoch import DAY, Epoch, EpochClock
from devices.gpsd import GpsdDecoder
from devices.sample import Link, Sample
from devices.ublox import UbloxDecoder

if TYPE_CHECKING:
    from devices.tracks import Track

CHUNK = 8192  # bytes
SOURCE = "nmea"
LEAP = 3600.0  # s back, or DAY / 2 ahead, from which on another log begins
AFTER_LEAP = 900.0  # s
FEW = 3  # epochs of the past that are late; when more are, the clock was set


class LogClock(EpochClock):
    """Seconds since the first epoch, by the receiver's time of day."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self._since: float | None = None
        self._midnight = 0.0
        self._behind = 0  # epochs of the past in a row

    def at(self, epoch: Epoch) -> float | None:
        if epoch.time is None:
            return None
        if self._time is not None and epoch.time <= self._time and self._time - epoch.time < LEAP:
            self._behind += epoch.time < self._time
            if self._behind <= FEW:
                return None
            self._midnight += self._time - epoch.time + 1.0  # the receiver learned the time
            self._time = epoch.time
        self._behind = 0
        if self._time is not None and epoch.time < self._time:
            self._midnights += 1
            is_midnight = self._time - epoch.time > DAY / 2
            self._midnight += DAY if is_midnight else self._time - epoch.time + AFTER_LEAP
        self._time = epoch.time
        if self._since is None:
            self._since = epoch.time
        return self._midnight + epoch.time - self._since


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if nothing has a good checksum."""
    yield from _decoded(track, UbloxDecoder(SOURCE, clock=LogClock()))


def read_gpsd(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if no line has a fix."""
    yield from _decoded(track, GpsdDecoder(SOURCE, clock=LogClock()))


def _decoded(track: Track, decoder: Decoder) -> Iterator[Sample | Link]:
    while chunk := track.read(CHUNK):
        samples = decoder.feed(0.0, chunk)
        track.points += len(samples)
        yield from samples
    samples = decoder.tick(1e9)
    track.points += len(samples)
    yield from samples
    track.faults.update(decoder.faults)
    if not track.points:
        raise track.wrong("has no epoch with a time and a good checksum")
