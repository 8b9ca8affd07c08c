"""One epoch of a receiver: the fields of its sentences so far, and its time on the run's clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.sample import Fix, Mode

DAY = 86400.0  # s
ROLLOVER = 1024 * 7 * DAY  # s until the GPS week number wraps to 0
DRIFT = 2e-4  # s/s: two quartz clocks never drift apart faster
LATE = 1.0  # s behind for longer than LATE_FOR: the bytes are not just delayed; the receiver's clock was set
LATE_FOR = 2.0  # s
NONE, DEAD_RECKONING, FIX_2D, FIX_3D = (
    Mode.NONE,
    Mode.DEAD_RECKONING,
    Mode.FIX_2D,
    Mode.FIX_3D,
)  # asked of an enum they are slow


@dataclass(slots=True)
class Epoch:
    """Filled sentence by sentence. One that says "no fix" makes it an epoch without a fix, unless another of its kind has one:
    where a receiver hears several systems of satellites, it may speak as GP, GL and GA of each, and as GN of all.
    """

    arrived: float
    time: float | None = None  # s since midnight UTC
    clock: bytes | None = None  # the same as its sentences write it
    day: int | None = None  # days since 1970
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None
    alt_sigma: float | None = None
    speed: float | None = None
    course: float | None = None
    sigma: float | None = None
    hdop: float | None = None
    satellites: int | None = None
    dimensions: int = 0  # 1: no fix, 2: 2D, 3: 3D; 0: unknown
    valid: bool | None = None  # None: unknown
    verdicts: dict[bytes, bool] = field(default_factory=dict)  # whether it is valid, by the kind of sentence
    dead_reckoned: bool = False
    seen: dict[bytes, int] = field(default_factory=dict)  # number of sentences by kind
    clocked: bool = False  # a sentence with a time field has arrived, even if the field is empty

    @property
    def mode(self) -> Mode:
        if not self.valid or self.lat is None or self.dimensions == 1:
            return NONE
        if self.dead_reckoned:
            return DEAD_RECKONING
        if self.dimensions == 3 or (not self.dimensions and (self.satellites or 0) >= 4):
            return FIX_3D
        return FIX_2D

    def fix(self, source: str, at: float, utc: float | None) -> Fix:
        mode = self.mode
        if mode is NONE:
            return Fix(at, source, satellites=self.satellites, utc=utc)
        return Fix(
            at,
            source,
            self.lat,
            self.lon,
            self.alt,
            self.speed,
            None,
            self.course,
            self.sigma,
            self.hdop,
            mode,
            self.satellites,
            utc,
            None,
            self.alt_sigma,
        )


class EpochClock:
    """Ties the receiver's time of day to the run's clock and to the calendar.

    The receiver's clock is exact but may be set to anything; arrivals are on our clock but late, now more,
    now less. The least delay of late joins the two: thirty epochs that arrive at once lie a second apart.
    `not_before` is a Unix time: an earlier date is one that forgot a week rollover.
    """

    def __init__(self, not_before: float = 0.0) -> None:
        self._not_before = not_before
        self._time: float | None = None
        self._midnights = 0
        self._first_day: int | None = None
        self._offset: float | None = None
        self._late_since: float | None = None
        self._at = 0.0

    def fix(self, source: str, epoch: Epoch) -> Fix | None:
        """The fix of an epoch at its time; None for one that repeats or precedes the last."""
        at = self.at(epoch)
        return None if at is None else epoch.fix(source, at, self.utc(epoch))

    def at(self, epoch: Epoch) -> float | None:
        """Seconds since the run began; None for an epoch that repeats or precedes the last one."""
        if epoch.time is None:
            return epoch.arrived
        last, self._time = self._time, epoch.time
        if last is not None and epoch.time <= last:
            if last - epoch.time < DAY / 2:
                self._offset = self._offset if epoch.time == last else None
                return None
            self._midnights += 1
        elapsed = self._midnights * DAY + epoch.time
        passed = 0.0 if last is None else (epoch.time - last) % DAY
        self._tie(epoch.arrived, epoch.arrived - elapsed, passed)
        at = elapsed + (self._offset or 0.0)
        self._at = at = at if at > self._at else self._at
        return at

    def utc(self, epoch: Epoch) -> float | None:
        """The receiver's Unix time; the last known date serves for epochs without one."""
        if epoch.day is not None:
            self._first_day = epoch.day - self._midnights
        if epoch.time is None or self._first_day is None:
            return None
        utc = (self._first_day + self._midnights) * DAY + epoch.time
        while utc < self._not_before:
            utc += ROLLOVER
        return utc

    def _tie(self, arrived: float, offset: float, passed: float) -> None:
        known = None if self._offset is None else self._offset + DRIFT * passed
        if known is None or offset - known < LATE:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = arrived
        was_set = self._late_since is not None and arrived - self._late_since > LATE_FOR
        self._offset = offset if known is None or was_set or offset < known else known
