"""The odometers of devices: their glitches, their units, and the metres to count while their reading stands."""

from __future__ import annotations

from coach.core.estimate.filter import USUAL_AT_MOST
from coach.core.estimate.witness import ALIKE, SLOW, Agreement
from devices.sample import Fix, Stride

STANDING = 0.3  # m/s: a slower receiver counts as standing still (one that really does reports 0.01)
LEAP, LEAPT = 40.0, 10.0  # m/s and m: an odometer that advances by more was reset
DEAD = 50.0  # m run while it stood: then it was no coarse one, of which the worst stand for 16 m, and no noise in a pause
OF_READINGS, ALIKE_READINGS = 20.0, 2.5  # s and a ratio: a watch smooths its speed more than its metres
REPAID = 0.25  # of what the speed counts, until what it counted too much is settled

MILE, YARD = 1.609344, 0.9144  # km and m
STRETCH, STRETCHES = 100.0, 2  # s, and how many in a row show two units
EXACTLY = 0.006  # share by which a ratio may be off: a treadmill counts whole metres


Run = tuple[float, float, float]  # s, s and m: from when to when somebody ran how far


class Glitches:
    """Finds single readings of an odometer that nobody could have run to: it blinks to 0, or leaps and comes back. Where the
    next reading goes on from such a one, it was no glitch: the odometer was set.
    """

    def __init__(self) -> None:
        self._source = ""
        self._good: tuple[float, float] | None = None  # s, m
        self._odd: tuple[float, float] | None = None

    def has(self, now: Fix | Stride) -> bool:
        """Whether the distance of this sample is a glitch."""
        if now.distance is None:
            return False
        fits = (before is not None and is_possible(now.distance - before[1], now.at - before[0]) for before in self._known())
        if now.source != self._source or self._good is None or any(fits):
            self._source, self._good, self._odd = now.source, (now.at, now.distance), None
            return False
        self._odd = now.at, now.distance
        return True

    def _known(self) -> tuple[tuple[float, float] | None, ...]:
        return self._good, self._odd


def is_possible(metres: float, seconds: float) -> bool:
    """Whether an odometer may advance by so much in this time: it was not set back, and did not leap as nobody runs."""
    return 0 <= metres <= LEAP * seconds + LEAPT


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


class Reading:
    """Smooths a device's own odometer. While its reading stands or is missing, the distance by speed counts; the difference
    is settled when the reading moves again. An odometer that never moves does no harm, and one that constantly contradicts
    the speed (a wrong unit) is not used.
    """

    def __init__(self, units: Units | None = None) -> None:
        """`units` finds an odometer that counts in another unit than the speed."""
        self._source = ""
        self.value: float | None = None  # m, when the reading moved last; None until there is one
        self._moved_at = 0.0
        self._ahead = self._debt = 0.0  # m counted by speed since then; the part that was too much even then
        self._besides = 0.0  # m by the other measurements since the reading moved
        self._agreement, self._units = Agreement(OF_READINGS, alike=ALIKE_READINGS), units or Units()

    def metres(self, now: Fix | Stride, since: float, speed: float | None, way: float | None = None) -> float | None:
        """The metres to count from `since` (s) to this sample; None if its odometer gives none.

        `speed` (m/s) is that of the device or its positions, `way` (m) the distance between the positions at both ends of a
        long gap; None if unknown.
        """
        if now.distance is None and self.value is None:
            return None
        elapsed = now.at - since
        bridge = way if elapsed > USUAL_AT_MOST else speed * elapsed if speed is not None else None
        if self.value is None or now.source != self._source or not self._may_be(now):
            self._source, self.value, self._moved_at = now.source, now.distance, now.at
            self._ahead = self._debt = 0.0
            return None
        self._besides += bridge or 0.0
        if now.distance == self.value and since - self._moved_at <= USUAL_AT_MOST < elapsed:
            return 0.0  # it moved until the device stopped sending, as at a red light
        if now.distance is None or now.distance == self.value:
            return self._bridged(bridge, is_silent=now.distance is None)
        step, seconds = now.distance - self.value, now.at - self._moved_at
        self.value, self._moved_at = now.distance, now.at
        if not elapsed:  # after a pause: what the reading moved beyond what was counted before it was not run
            self._ahead = max(0.0, self._ahead - step)
            return None
        besides, self._besides = self._besides, 0.0
        if bridge is not None and not self._agrees(step, besides, seconds, way if seconds <= elapsed else None):
            self._ahead = self._debt = 0.0
            return bridge + self._units.settle(REPAID * bridge)
        left = step - self._ahead
        if left < -max(DEAD, step):
            left = step  # it did not count seldom, it did not count at all
        self._ahead = self._debt = max(0.0, -left)
        return max(0.0, left)

    def _agrees(self, step: float, besides: float, seconds: float, way: float | None) -> bool:
        """Whether the odometer's step agrees with the speed; or with the places, which then show that the speed is wrong."""
        agrees = self._agreement.feed(step, besides, seconds)
        if way is not None and step <= ALIKE * way and way <= ALIKE * step and way > SLOW * seconds:
            agrees = True
        return agrees and self._units.feed(step, besides, seconds)

    def _may_be(self, now: Fix | Stride) -> bool:
        """Whether the reading is possible: not reset, and without a jump that nobody can run."""
        if now.distance is None or self.value is None:
            return True
        return is_possible(now.distance - self.value, now.at - self._moved_at)

    def _bridged(self, bridge: float | None, is_silent: bool) -> float | None:
        """The metres while the reading stands still: by the speed, if there is one."""
        if bridge is None:
            return None if is_silent else 0.0
        paid = min(self._debt, REPAID * bridge)
        self._debt -= paid
        self._ahead += bridge - paid
        return bridge - paid
