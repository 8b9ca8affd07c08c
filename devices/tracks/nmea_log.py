"""Reads the raw log of a receiver: NMEA sentences, u-blox frames, both, or gpsd's JSON lines.

It has no times of arrival, so the receiver's own time of day is used. As in other recordings, a few wrong times cost these
epochs alone, and a clock that was set costs none; a step back of more than an hour begins another log.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from devices.api import Decoder
from devices.epoch import DAY, Epoch, EpochClock
from devices.gpsd import GpsdDecoder
from devices.sample import RECORDER_PAUSED, Fix, Link, Sample
from devices.tracks.clock import AFTER_LEAP, ALONE, FEW
from devices.tracks.holes import OFTEN, SELDOM, longest_wait
from devices.tracks.samples import NOBODY_RUNS
from devices.ublox import UbloxDecoder

if TYPE_CHECKING:
    from devices.tracks import Track

CHUNK = 8192  # bytes
SOURCE = "nmea"
TEXT = b"\xef\xbb\xbf\0\t\r\n" + bytes(range(0x20, 0x7F))  # and the mark of UTF-8
AN_EPOCH = 4096  # bytes: more than any receiver sends for one moment
LEAP = 3600.0  # s back from which on another log begins


class LogClock(EpochClock):
    """Seconds since the first epoch by the receiver's time of day, less than half a day from the one before; may go back."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self._began = 0.0

    def at(self, epoch: Epoch) -> float | None:
        if epoch.time is None:
            return None
        if self._time is None:
            self._began = epoch.time
        else:
            self._at += (epoch.time - self._time + DAY / 2) % DAY - DAY / 2
        self._time = epoch.time
        self._midnights = int((self._began + self._at) // DAY)
        return self._at


def read(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if nothing has a good checksum."""
    yield from _in_sequence(track, _decoded(track, UbloxDecoder(SOURCE, clock=LogClock())))


def read_gpsd(track: Track) -> Iterator[Sample | Link]:
    """Raises InvalidFile if no line has a fix."""
    yield from _in_sequence(track, _decoded(track, GpsdDecoder(SOURCE, clock=LogClock())))


def _decoded(track: Track, decoder: Decoder) -> Iterator[Fix]:
    odd = 0  # bytes that are no text
    while chunk := track.read(CHUNK):
        odd += len(chunk.translate(None, TEXT))
        samples = decoder.feed(
            0.0, chunk if track.format == "ubx" else chunk.replace(b"\0", b"")
        )  # UTF-16, as PowerShell writes
        track.points += len(samples)
        yield from cast(Iterable[Fix], samples)  # a receiver gives nothing else
    samples = decoder.tick(1e9)
    track.points += len(samples)
    yield from cast(Iterable[Fix], samples)
    track.faults.update(decoder.faults)
    if track.faults["noise"] > odd:  # what a logger writes between the sentences is none
        track.faults["noise"] = odd
    track.faults += Counter()  # without what was not there
    if not track.points:
        raise track.wrong("has no fix with a time and a valid checksum")


def _in_sequence(track: Track, epochs: Iterator[Fix]) -> Iterator[Sample | Link]:
    """The epochs with times that never go back. Raises InvalidFile if all have the same time."""
    following: deque[Fix] = deque()
    last: float | None = None  # the time of the last epoch by the log
    known: Fix | None = None  # that epoch
    at, usual, kept, longer = 0.0, 1.0, 0, list[float]()
    while True:
        while len(following) <= FEW and (more := next(epochs, None)):
            following.append(more)
        if not following:
            break
        fix = following.popleft()
        step = 0.0 if last is None else fix.at - last
        is_usual = 0 < step <= OFTEN
        if not is_usual and (fault := _fault(last, fix.at, [each.at for each in following])) is not None:
            if fault != "repeated" or (known is not None and fix != known._replace(at=fix.at)):  # gpsd says some twice
                track.faults[fault] += 1
            continue
        if step < 0:
            track.faults["set back"] += 1
            step = AFTER_LEAP if step <= -LEAP else usual
        known = fix
        last, usual = fix.at, step if is_usual else usual
        if step > NOBODY_RUNS:
            yield Link(at, SOURCE, False, RECORDER_PAUSED)
            yield Link(at + step, SOURCE, True, RECORDER_PAUSED)
        at += step
        lasts = following[0].at - fix.at if following else 0.0
        kept += 1
        if lasts > OFTEN:
            insort(longer, lasts)
        waits = lasts > OFTEN and len(longer) > SELDOM * kept and lasts <= longest_wait(longer)
        yield fix if fix.at == at and not waits else fix._replace(at=at, lasts=lasts if waits else None)
    if kept == 1 and track.bytes_read > AN_EPOCH:
        raise track.wrong("cannot be replayed: all its epochs have the same time")


def _fault(last: float | None, now: float, following: Sequence[float]) -> str | None:
    """Why an epoch has to be left out after one at `last`; None for a good one, or if the clock was set."""
    if last is None:
        is_alone = len(following) > 1 and not 0 <= following[0] - now <= ALONE and 0 <= following[1] - following[0] <= ALONE
        return "stray" if is_alone else None
    if now == last:
        return "repeated"
    if now < last:
        return "stray" if len(following) < FEW or any(time > last for time in following) else None
    if not following and now - last > ALONE:
        return "stray"
    return "stray" if now - last > OFTEN and any(last < time < now for time in following) else None
