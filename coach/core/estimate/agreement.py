"""Finds out whether two measurements of the same motion agree, or constantly contradict each other.

Examples of a contradiction: km/h instead of m/s, a speed of 0 that was not measured, an odometer that counts ten metres as
one. Such values are wrong in every record and always in the same direction, unlike noise, bends, jumps or lag.
"""

from __future__ import annotations

from coach.core.geometry import metres_between
from devices.sample import Fix

SLOW = 1.0  # m/s: if the other measurement is slower, the runner may be standing and the ratio means nothing
ALIKE = 1.6  # largest ratio of two that agree; noise in one record may well exceed it
MEMORY, OF_LEGS = 8.0, 20.0  # s
CONTRADICTED, TRUSTED = (
    0.75,
    0.4,
)  # share of recent time off to one side: above, contradicted; below, trusted again
LONGEST = 10.0  # s between two records that still say something of the seconds between
LEG = 9.5  # s over which positions are compared, because their jitter averages out over time
THREE_RECORDS, TWO_LEGS = 0.25, 0.6  # of the memory that they fill
MILE, YARD = 1.609344, 0.9144  # km and m
STRETCH, STRETCHES = 100.0, 2  # s, and how many in a row show two units
EXACTLY = 0.006  # share by which a ratio may be off: a treadmill counts whole metres


class Agreement:
    """Feed it both measurements; `holds` is False while the first is contradicted by the second."""

    def __init__(self, memory: float = MEMORY, least_known: float = 0.0, alike: float = ALIKE) -> None:
        """`least_known` is the share of the memory (s) that must be filled before anything is contradicted; one measure is
        `alike` times the other, at most, where they agree.
        """
        self._memory, self._least_known, self._alike = memory, least_known, alike
        self.holds, self.is_known = True, False  # whether enough was compared
        self._lean = 0.0
        self._filled = 0.0  # share of the memory: in the first seconds the few records there are decide

    def feed(self, one: float, other: float, seconds: float) -> bool:
        """Takes the metres by both measurements over the same seconds. Returns whether the first can be trusted now."""
        if seconds > LONGEST:
            return self.holds
        side = 0
        if other >= SLOW * seconds:
            side = 1 if one > self._alike * other else -1 if other > self._alike * one else 0
        share = seconds / (seconds + self._memory)
        self._lean = lean = self._lean + share * (side - self._lean)
        self._filled = filled = self._filled + share * (1 - self._filled)
        if not filled:  # no time passed
            return self.holds
        self.is_known = filled > self._least_known
        lean = (lean if lean > 0 else -lean) / filled
        if lean > CONTRADICTED and self.is_known:
            self.holds = False
        elif lean < TRUSTED:
            self.holds = True
        return self.holds


class Units:
    """Whether two measures of one way are in the same unit; or stand to each other as two units do, stretch after stretch."""

    def __init__(self, *others: float) -> None:
        """`others` are ratios of the first measure to the second that show a wrong first one, besides thousandths of a mile."""
        self._ratios = (1 / MILE, *others)
        self._stretch = (0.0, 0.0, 0.0)  # m by the first, m by the second, s
        self._alike = 0  # stretches in a row with the ratio of two units
        self._difference = self._owed = 0.0  # m by which the first was too small in them
        self.differ = False

    def feed(self, one: float, other: float, seconds: float) -> bool:
        """Takes the metres by both over the same seconds. Returns whether they are in the same unit."""
        if not self.differ:
            metres, others, since = self._stretch
            self._stretch = metres, others, since = metres + one, others + other, since + seconds
            if since >= STRETCH and others >= SLOW * since:
                self._compare(metres, others)
        return not self.differ

    def settle(self, most: float) -> float:
        """The metres to add, or `most` at a time to take away, for what was counted before the units were known to differ."""
        paid = max(self._owed, -most)
        self._owed -= paid
        return paid

    def _compare(self, metres: float, others: float) -> None:
        self._stretch = (0.0, 0.0, 0.0)
        if any(abs(metres - ratio * others) < EXACTLY * metres for ratio in self._ratios):
            self._alike += 1
            self._difference += others - metres
        else:
            self._alike, self._difference = 0, 0.0
        if self._alike == STRETCHES:
            self.differ, self._owed = True, self._difference


class AgainstPlaces:
    """Whether a receiver's speed agrees with its positions. Jitter makes the distance between them longer, never shorter, so a
    single record shows a speed that is too high, but only a longer leg shows one that is too low.
    """

    def __init__(self) -> None:
        self._too_large, self._too_small = Agreement(least_known=THREE_RECORDS), Agreement(OF_LEGS, TWO_LEGS)
        self._corner: Fix | None = None
        self._by_speed = 0.0  # m since the corner
        self.is_known = False  # enough was compared to tell of a speed that is too large
        self._short = 0.0  # m by which recent legs were longer than the distance by the speed
        self.owed = 0.0  # m that turned out now to have been too few

    @property
    def holds(self) -> bool:
        return self._too_large.holds and self._too_small.holds

    def feed(self, fix: Fix, speed: float, chord: float | None, seconds: float) -> bool:
        """Takes a fix: its speed (m/s), and `chord`, m from the last place `seconds` ago. Whether the speed is believed."""
        self.owed = 0.0
        if chord is None:
            self.skip()
            return self.holds
        by_speed = speed * seconds
        too_large, corner = self._too_large, self._corner
        if by_speed > SLOW * seconds or chord > SLOW * seconds:  # who stands tells nothing of the unit of a speed
            too_large.feed(by_speed, chord if chord < by_speed else by_speed, seconds)
        self.is_known = too_large.is_known
        self._by_speed += by_speed
        if corner is None or fix.at - corner.at > LONGEST:
            self._corner, self._by_speed = fix, 0.0
        elif fix.at - corner.at >= LEG:
            self._turn(corner, fix)
        return too_large.holds and self._too_small.holds

    def skip(self) -> None:
        """A record without a speed or a place: no leg is compared across it."""
        self._corner, self.owed = None, 0.0

    def _turn(self, corner: Fix, fix: Fix) -> None:
        """Ends a leg here, and compares it."""
        assert corner.lat is not None and corner.lon is not None and fix.lat is not None and fix.lon is not None
        leg, believed = metres_between(corner.lat, corner.lon, fix.lat, fix.lon), self._too_small.holds
        self._short = self._short + leg - self._by_speed if leg > ALIKE * self._by_speed else 0.0
        if not self._too_small.feed(min(self._by_speed, leg), leg, fix.at - corner.at) and believed:
            self.owed, self._short = self._short, 0.0
        self._corner, self._by_speed = fix, 0.0
