"""Decodes NMEA 0183, the protocol of nearly every satellite receiver, into one Fix per epoch.

    $GPRMC,144326.00,A,5107.0017737,N,11402.3291611,W,0.080,323.3,210307,0.0,E,A*20
     ^^    time      ^ valid    position             knots  course date       ^ mode
     talker, any     V: not

An epoch is all that carries the same time of day; VTG and GSA carry none and belong to the epoch they come
with. It is read and emitted as soon as its last sentence is in: that sentence is learned from the epochs before,
and until then, the next epoch's first sentence or 150 ms of silence ends an epoch. What each sentence adds:
devices/sentences.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from devices.epoch import Epoch, EpochClock
from devices.framing import Sentences, count
from devices.sample import Sample
from devices.sentences import GLL, ROWS, Row, read, time_of_day

QUIET = 0.15  # s without a byte that end an epoch: receivers send an epoch in one burst
PROPRIETARY = ord("P")  # the first letter of sentences with a meaning of their own


class NmeaDecoder:
    """A Decoder. `not_before` is a Unix time: an earlier date is corrected by a week rollover.

    A log without times of arrival brings a `clock` of its own.

    Faults: `checksum`, `noise` (bytes), `short` (fields missing), `impossible` (a value no receiver can
    mean), `repeated` (an epoch again, or one of the past).
    """

    def __init__(self, source: str, not_before: float = 0.0, clock: EpochClock | None = None) -> None:
        self._source = source
        self._faults: dict[str, int] = {}
        self._sentences = Sentences(self._faults)
        self._clock = clock or EpochClock(not_before)
        self._epoch: Epoch | None = None
        self._said: list[tuple[Row, list[bytes]]] = []  # its sentences so far
        self._last: tuple[bytes, int] | None = None  # a sentence's kind, and its number among that kind in the epoch
        self._ends_with: tuple[bytes, int] | None = None  # the learned last sentence of an epoch
        self._rows = {row.kind: row for row in ROWS}
        self._heard_at = 0.0

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        fixes = self.tick(at) if at - self._heard_at > QUIET else []
        self._heard_at = at
        rows = self._rows
        for body in self._sentences.feed(data):
            row = rows.get(body[2:6])
            if row is None or body[0] == PROPRIETARY:
                continue
            fields = body.replace(b"_", b"?").split(b",")  # Python's numbers may have a "_", a receiver's have none
            if len(fields) < row.fewest:
                count(self._faults, "short")
            else:
                self._take(at, row, fields, fixes)
        return fixes

    def tick(self, at: float) -> list[Sample]:
        fixes: list[Sample] = []
        if self._epoch is not None and at - self._heard_at > QUIET:
            self._end(fixes)
        return fixes

    def _take(self, at: float, row: Row, fields: list[bytes], fixes: list[Sample]) -> None:
        epoch, kind = self._epoch, row.kind
        if epoch is None or (row.time and fields[row.time] != epoch.clock):
            epoch = self._epoch_of(at, row, fields, fixes)
        epoch.clocked = epoch.clocked or row.time > 0
        seen = epoch.seen
        seen[kind] = nth = seen.get(kind, 0) + 1
        self._said.append((row, fields))
        self._last = last = (kind, nth)
        if last == self._ends_with and epoch.clocked:
            self._end(fixes)

    def _epoch_of(self, at: float, row: Row, fields: list[bytes], fixes: list[Sample]) -> Epoch:
        """The epoch that this sentence belongs to: the one that was begun, or a new one."""
        time = time_of_day(fields[row.time], self._faults) if row.time else None
        if self._epoch and row.time and _is_over(self._epoch, time, row.kind):
            self._end(fixes)
        epoch = self._epoch = self._epoch or Epoch(at)
        if time is not None:
            epoch.time, epoch.clock = time, fields[row.time]
        if row.time and row.kind != GLL:  # GLL adds nothing, and some receivers give it another second
            self._rows.pop(GLL, None)
        return epoch

    def _end(self, fixes: list[Sample]) -> None:
        epoch, self._epoch, self._ends_with = self._epoch, None, self._last
        said, self._said = self._said, []
        if epoch is None:
            return
        read(epoch, said, self._faults)
        if not epoch.clocked:
            return
        fix = self._clock.fix(self._source, epoch)
        if fix is None:
            count(self._faults, "repeated")
            self._ends_with = None  # it may have been the rest of an epoch that ended too early
        else:
            fixes.append(fix)


def _is_over(epoch: Epoch, time: float | None, kind: bytes) -> bool:
    """Whether a sentence of this time and kind begins the next epoch."""
    if time is None or epoch.time is None:
        return kind in epoch.seen
    return time != epoch.time
