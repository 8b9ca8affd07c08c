"""What a receiver's Doppler speed and its own positions disagree about: noise that no filter averages away.

Both measure the same runner, so his own coming and going cancels, and what is left is the receiver's. Over SPAN seconds
the way by Doppler is compared with the way between positions, drawn in legs of LEG seconds so that bends are followed.
The spread about the median counts: bends make the drawn way a little short, always to the same side.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from coach.core.geometry import metres_between

SPAN = 20.0  # s of a comparison: longer ones see less of the wander, shorter ones more of the positions' own noise
LEG = 3.0  # s: shorter legs add sideways noise to the way, longer ones cut corners
GAP = 3.0  # s without a measurement: a comparison begins anew
EVERY = 5.0  # s between two comparisons
REMEMBERED = 60  # comparisons: five minutes, of which fifteen are independent
LEAST = 8  # comparisons until anything is known: a minute
SPREAD = 1.4826  # standard deviation over median absolute deviation of a normal variable
OF_DOPPLER = 0.8  # of the disagreement is Doppler's wander, the rest the positions': measured on simulated skies
SUPPOSED = 0.02  # (m/s)²: until it is known, of a receiver that does not say what its speed is worth

Place = tuple[float, float]  # degrees


class Witness:
    """Fed with each Doppler speed and the position beside it; `variance` tells how much of the speed's noise wanders."""

    def __init__(self) -> None:
        self._at = 0.0
        self._speed: float | None = None
        self._by_doppler = self._by_places = 0.0  # m since the comparison began anew
        self._corner: Place | None = None  # of the way by places
        self._corner_at = self._compared_at = 0.0
        self._past: deque[tuple[float, float]] = deque()  # corners of SPAN seconds: when, and Doppler's lead in metres
        self._found: deque[float] = deque(maxlen=REMEMBERED)
        self._variance: float | None = None
        self.sigma: float | None = None  # m/s, one sigma of the noise that wanders; None until it is known

    def variance(self, stated: float | None) -> float:
        """Of the noise that wanders, (m/s)²; until it is known as much as the device `stated` (m/s, one sigma) of all of it."""
        if self._variance is not None:
            return self._variance
        return SUPPOSED if stated is None else stated**2

    def feed(self, at: float, speed: float, place: Place | None) -> None:
        """A Doppler speed (m/s) and where it was measured."""
        if place is None or self._speed is None or at - self._at > GAP:
            self._begin(at, place)
        else:
            self._by_doppler += (self._speed + speed) / 2 * (at - self._at)
            if at - self._corner_at >= LEG:
                self._bend(at, place)
        self._at, self._speed = at, None if place is None else speed

    def _begin(self, at: float, place: Place | None) -> None:
        self._corner, self._corner_at = place, at
        self._by_doppler = self._by_places = 0.0
        self._past.clear()
        self._past.append((at, 0.0))

    def _bend(self, at: float, place: Place) -> None:
        """The way by places has a corner here: compare, if it is long enough."""
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
            self._found.append((lead - before) / (at - since))
            if len(self._found) >= LEAST:
                middle = median(self._found)
                spread = SPREAD * median(abs(each - middle) for each in self._found)
                self.sigma = OF_DOPPLER * spread
                self._variance = self.sigma**2
