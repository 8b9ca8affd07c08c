"""Compares a receiver's Doppler speed with its own positions: their disagreement is noise that no filter averages away, or a
speed that cannot be.

Both measure the same runner, so the runner's variations cancel and only the receiver's errors remain. Over SPAN seconds the
distance by Doppler is compared with the distance between positions, in legs of LEG seconds so that bends are followed. The
spread about the median counts, because bends always make the distance between positions a little too short.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from math import sqrt

from coach.core.geometry import metres_between
from devices.sample import Fix

SPAN = 20.0  # s of a comparison: longer ones average out slow errors, shorter ones contain more noise of the positions
LEG = 3.0  # s: shorter legs add sideways noise, longer ones cut corners
GAP = 3.0  # s without a measurement after which a new comparison begins
EVERY = 5.0  # s between two comparisons
REMEMBERED = 60  # comparisons: five minutes, of which fifteen are independent
LEAST = 8  # comparisons needed for a result: a minute
LATELY = 4  # comparisons, of the last half minute, ...
BURST = 2.0  # ... that stray this many times further than the usual ones are a burst of noise
SPREAD = 1.4826  # ratio of standard deviation to median absolute deviation of a normal variable
OF_DOPPLER = 0.8  # share of the disagreement that is Doppler's; the rest is the positions' (from simulations)
SUPPOSED = 0.02  # (m/s)²: assumed until it is known, for a receiver that states no accuracy of speed

SURE = 0.5  # share of the device below which the rest surely is the runner's: by chance it may fall to this
WILD = 2.0  # m/s: a larger second difference counts as this much
BENDS_LEARN, SETTLED, FEWEST_BENDS = 0.003, 333, 60  # share of each that is learned, after so many; and how many are needed
LEAST_SHARE = 0.1  # receivers that smooth positions and speed together share some of their noise

APART, LEAST_APART = 0.2, 0.09  # (m/s)²: by how much (mean square) speed and positions of the same second usually differ
LATELY_APART = 6.0  # s over which it is averaged
MUCH, MOST_APART = 3.0, 6.0  # times the usual one: more is a burst of noise; a single second counts as no more than this
USUAL_FOLLOWS = 0.01  # share per second by which the usual one moves

SLOW = 1.0  # m/s: if the other measurement is slower, the runner may be standing and the ratio means nothing
ALIKE = 1.6  # largest ratio of two that agree; noise in one record may well exceed it
MEMORY, OF_LEGS = 8.0, 20.0  # s
CONTRADICTED, TRUSTED = 0.75, 0.4  # share of recent time off to one side: above, contradicted; below, trusted again
LONGEST = 10.0  # s between two records that still say something of the seconds between
LONG_LEG = 9.5  # s over which positions are compared, because their jitter averages out over time
THREE_RECORDS, TWO_LEGS = 0.25, 0.6  # of the memory that they fill

Place = tuple[float, float]  # degrees


class Witness:
    """Feed it each Doppler speed with its position; `variance` is that of the slow, correlated noise of the speed.

    What differs from second to second is `bends`' and `apart`'s business.
    """

    def __init__(self) -> None:
        self.bends, self.apart = Bends(), Apart()
        self._at = 0.0
        self._speed: float | None = None
        self._by_doppler = self._by_places = 0.0  # m since the present comparison began
        self._corner: Place | None = None  # the last corner of the polyline of positions
        self._corner_at = self._compared_at = 0.0
        self._past: deque[tuple[float, float]] = deque()  # corners of SPAN seconds: (s, Doppler's lead in m)
        self._found: deque[float] = deque()
        self._ordered: list[float] = []  # the same, by size
        self._variance: float | None = None
        self.sigma: float | None = None  # m/s, one sigma of the correlated noise; None until it is known
        self.bias: float | None = None  # m/s by which the speed is larger than the places tell; None until it is known

    def variance(self, stated: float | None) -> float:
        """The variance of the correlated noise, (m/s)²; until it is known, that of the device's `stated` sigma (m/s)."""
        if self._variance is not None:
            return self._variance
        return SUPPOSED if stated is None else stated**2

    def compare(self, fix: Fix, speed: float, by_places: float | None, best: float) -> float:
        """The `speed` of a fix, that between its place and the last, and the `best` one of the moment; returns `variance`."""
        self.bends.feed(speed, by_places)
        self.apart.feed(speed, by_places)
        place = (fix.lat, fix.lon) if fix.lat is not None and fix.lon is not None else None
        return self.feed(fix.at, best, place, fix.speed_sigma)

    def feed(self, at: float, speed: float, place: Place | None, stated: float | None = None) -> float:
        """A Doppler speed (m/s), where it was measured, and the sigma (m/s) that the device states; returns `variance`."""
        if place is None or self._speed is None or at - self._at > GAP:
            self._begin(at, place)
        else:
            self._by_doppler += (self._speed + speed) / 2 * (at - self._at)
            if at - self._corner_at >= LEG:
                self._bend(at, place)
        self._at, self._speed = at, None if place is None else speed
        return self.variance(stated)

    def _begin(self, at: float, place: Place | None) -> None:
        self._corner, self._corner_at = place, at
        self._by_doppler = self._by_places = 0.0
        self._past.clear()
        self._past.append((at, 0.0))

    def _bend(self, at: float, place: Place) -> None:
        """Adds a corner to the polyline of positions, and compares if enough time has passed."""
        assert self._corner is not None
        self._by_places += metres_between(*self._corner, *place)
        self._corner, self._corner_at = place, at
        lead = self._by_doppler - self._by_places
        self._past.append((at, lead))
        while len(self._past) > 1 and self._past[1][0] <= at - SPAN:
            self._past.popleft()
        since, before = self._past[0]
        if at - since >= SPAN and at - self._compared_at >= EVERY:
            self._compared_at = at
            self._remember((lead - before) / (at - since))
            if len(self._found) >= LEAST:
                self._judge()

    def _remember(self, found: float) -> None:
        if len(self._found) == REMEMBERED:
            del self._ordered[bisect_left(self._ordered, self._found.popleft())]
        self._found.append(found)
        insort(self._ordered, found)

    def _judge(self) -> None:
        usual = middle(self._ordered)
        strays = [each - usual if each > usual else usual - each for each in self._ordered]  # falling, then rising
        spread = SPREAD * middle(sorted(strays))
        lately = sqrt(sum((self._found[-nth] - usual) ** 2 for nth in range(1, LATELY + 1)) / LATELY)
        self.bias, self._variance = usual, (OF_DOPPLER * spread) ** 2
        self.sigma = OF_DOPPLER * (lately if lately > BURST * spread else spread)


class Bends:
    """The second differences of a speed: those that the positions show too are the runner's, the others the device's.

    The two speeds have nothing in common but the runner, so their mean product is the variance that is his.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None  # the speeds of the last second, by the device and by the positions
        self._step: tuple[float, float] = (0.0, 0.0)  # how much they had changed since the one before
        self._run = 0  # seconds without a gap, up to 2
        self._seen = 0  # second differences
        self._own = self._shared = 0.0  # (m/s)²
        self.share = 1.0  # of the variance of a second difference, the device's; 1 until it is known
        self.by_runner = 0.0  # share of the learned sigma that surely is the runner's

    def feed(self, speed: float, by_places: float | None) -> None:
        """The speed of a second by the device and by the positions at its ends (m/s); None where these are unknown."""
        if by_places is None:
            self._last, self._run = None, 0
            return
        if self._last is not None:
            ours, places = speed - self._last[0], by_places - self._last[1]
            if self._run > 1:
                self._compare(ours - self._step[0], places - self._step[1])
            self._step = ours, places
        self._last = speed, by_places
        self._run += self._run < 2

    def _compare(self, ours: float, places: float) -> None:
        ours = WILD if ours > WILD else -WILD if ours < -WILD else ours
        places = WILD if places > WILD else -WILD if places < -WILD else places
        self._seen += 1
        learn = BENDS_LEARN if self._seen > SETTLED else 1 / self._seen
        self._own += learn * (ours * ours - self._own)
        self._shared += learn * (ours * places - self._shared)
        if self._seen >= FEWEST_BENDS and self._own > 0:
            share = 1 - self._shared / self._own
            self.share = LEAST_SHARE if share < LEAST_SHARE else 1.0 if share > 1.0 else share
            self.by_runner = sqrt(1 - self.share / SURE) if self.share < SURE else 0.0


class Apart:
    """Whether speed and positions have differed for some seconds by far more than they usually do: a burst of noise.

    The runner is in both, so nothing that he does looks like it.
    """

    def __init__(self) -> None:
        self._usual = self._lately = APART  # (m/s)²

    def feed(self, speed: float, by_places: float | None) -> None:
        """The speed of a second by the device and by the positions at its ends (m/s); None where these are unknown."""
        if by_places is None:
            return
        usual, off = self._usual, speed - by_places
        square, most = off * off, MOST_APART * (usual if usual > LEAST_APART else LEAST_APART)
        self._lately += ((square if square < most else most) - self._lately) / LATELY_APART
        self._usual = usual * (1 + USUAL_FOLLOWS if self._lately > usual else 1 / (1 + USUAL_FOLLOWS))

    @property
    def is_far(self) -> bool:
        return self._lately > MUCH * (self._usual if self._usual > LEAST_APART else LEAST_APART)


class Agreement:
    """Whether two measurements of the same motion agree, or constantly contradict each other.

    Examples of a contradiction: km/h instead of m/s, a speed of 0 that was not measured, an odometer that counts ten metres as
    one. Such values are wrong in every record and always in the same direction, unlike noise, bends, jumps or lag.
    Feed it both measurements; `holds` is False while the first is contradicted by the second.
    """

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

    @property
    def allows_standing(self) -> bool:
        """The speed has not been contradicted for being too small: who reports none stands."""
        return self._too_small.holds

    def feed(self, fix: Fix, speed: float, chord: float | None, seconds: float) -> bool:
        """Takes a fix: its speed (m/s), and `chord`, m from the last place `seconds` ago. Whether the speed is believed."""
        self.owed = 0.0
        if chord is None:
            self.skip()
            return self.holds
        by_speed = speed * seconds
        too_large, corner = self._too_large, self._corner
        if by_speed > SLOW * seconds:  # who stands tells nothing of the unit of a speed, though his places jitter
            too_large.feed(by_speed, chord if chord < by_speed else by_speed, seconds)
        self.is_known = too_large.is_known
        self._by_speed += by_speed
        if corner is None or fix.at - corner.at > LONGEST:
            self._corner, self._by_speed = fix, 0.0
        elif fix.at - corner.at >= LONG_LEG:
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


def middle(ordered: list[float]) -> float:
    """The median of values in order."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
