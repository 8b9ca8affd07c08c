"""The slope of the ground under the runner, with its own sigma, from the heights that a receiver or a barometer tells.

Errors of a height wander (they grow with the square root of time), so averaging gains nothing. A Kalman filter driven by the
way run, not by the time, keeps three numbers: height, slope, and the slow error of the height. A jump of the height
goes into the error, so that it is not taken for a hill. Heights in m, slopes as rise over run (0.06 is 6 %).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp, sqrt


@dataclass(frozen=True, slots=True)
class Altimeter:
    """How the heights of a kind of device err, measured on level ground and against a second barometer."""

    white: float  # m: one height, without what wanders
    walk: float  # m in the square root of a second: how fast the error wanders
    bends: float  # variance of the slope in a metre of way: how fast hills begin and end


BAROMETER = Altimeter(white=0.2, walk=0.15, bends=3e-6)
SATELLITE = Altimeter(white=0.15, walk=0.20, bends=2e-6)
WHOLE = 0.35  # m: the least white error of heights that are whole metres

ERROR_MEMORY = 100.0  # s until the slow error has lost most of itself
SEED_HEIGHT, SEED_SLOPE = 4.0, 0.02**2  # variances at the start: m², and slopes of 2 % are usual
JUMP = 3.0  # sigmas: a height that is further off jumped
GAP = 20.0  # s without a height until height and error are begun anew; the slope is kept
WARM_UP = 120.0  # s after the first height: a fresh receiver's height moves up to 30 m
HELD = 5.0  # s on the move with the very same height: perhaps the receiver holds it, so it is not believed ...
LEVEL = 40.0  # s ... until it has stood for so long that the ground is level
STEP = 8.0  # s between the heights whose bend shows how rough they are
SEEN = 1.15  # of what STEP, white and walk predict, the median bend on gentle ground
ROUGHER_AT_MOST = 4.0  # times the usual walk
LEARN = 0.03  # share by which a learned scale moves with each look: about half a minute's memory
TYPICAL = 0.6745  # median of a normal variable's size, in sigmas


@dataclass(frozen=True, slots=True)
class Slope:
    """Rise over run, and its sigma."""

    value: float
    sigma: float


class SlopeFilter:
    """Feed it the way run and the heights in order of time; `slope` is None until it can be known."""

    def __init__(self, altimeter: Altimeter = SATELLITE) -> None:
        self._altimeter = altimeter
        self._began: float | None = None
        self._at = self._metres = 0.0
        self._height, self._slope, self._error = 0.0, 0.0, 0.0
        self._whole, self._varied = True, False
        self._raw, self._raw_since = 0.0, 0.0
        self._roughness = Roughness(altimeter)
        self._accuracy = Accuracy()
        self._hh = self._hg = self._hb = self._gb = self._bb = 0.0
        self._gg = SEED_SLOPE

    @property
    def slope(self) -> Slope | None:
        if self._began is None or not self._varied or self._at - self._began < WARM_UP:
            return None
        return Slope(self._slope, sqrt(self._gg))

    def feed(self, at: float, metres: float, height: float, accuracy: float | None = None) -> None:
        """A height (m) at `at` s, after so many metres of the run; `accuracy` m is the sigma that the device states of it."""
        if self._began is None or at - self._at > GAP:
            self._seed(at, metres, height)
            return
        if at <= self._at:
            return
        rougher = self._roughness.feed(at, height) * self._accuracy.ratio(accuracy)
        self._predict(at - self._at, max(0.0, metres - self._metres), rougher)
        self._at, self._metres = at, metres
        if not self._is_held(at, height):
            self._correct(height)

    def forget_place(self) -> None:
        """The runner may be anywhere now: height and error begin anew with the next height."""
        self._at = float("-inf")

    def _seed(self, at: float, metres: float, height: float) -> None:
        self._began = at if self._began is None else self._began
        self._at, self._metres = at, metres
        self._height, self._error = height, 0.0
        self._raw, self._raw_since = height, at
        self._whole = self._whole and height == round(height)
        self._hh, self._hg, self._hb, self._gb = SEED_HEIGHT, 0.0, 0.0, 0.0
        self._bb = ERROR_MEMORY / 2 * self._altimeter.walk**2
        self._roughness.restart()

    def _predict(self, seconds: float, way: float, rougher: float) -> None:
        keep = exp(-seconds / ERROR_MEMORY)
        self._height += way * self._slope
        self._error *= keep
        self._hh += way * (2 * self._hg + way * self._gg)
        self._hg += way * self._gg
        self._hb = keep * (self._hb + way * self._gb)
        self._gb *= keep
        self._gg += self._altimeter.bends * way
        self._bb = keep * keep * self._bb + rougher**2 * self._altimeter.walk**2 * seconds

    def _correct(self, height: float) -> None:
        """The usual update, measured: height + error + white noise."""
        off = height - self._height - self._error
        white = max(self._altimeter.white, WHOLE) if self._whole else self._altimeter.white
        total = self._hh + 2 * self._hb + self._bb + white**2
        if off * off > JUMP**2 * total:
            self._bb += off * off
            total += off * off
        of_height, of_slope, of_error = self._hh + self._hb, self._hg + self._gb, self._hb + self._bb
        gain = off / total
        self._height += of_height * gain
        self._slope += of_slope * gain
        self._error += of_error * gain
        self._hh -= of_height * of_height / total
        self._hg -= of_height * of_slope / total
        self._hb -= of_height * of_error / total
        self._gg -= of_slope * of_slope / total
        self._gb -= of_slope * of_error / total
        self._bb -= of_error * of_error / total

    def _is_held(self, at: float, height: float) -> bool:
        """The height stands while the runner moves; whole metres stand of themselves."""
        if height != self._raw:
            self._whole = self._whole and height == round(height)
            self._varied = True
            self._raw, self._raw_since = height, at
        return not self._whole and HELD < at - self._raw_since <= LEVEL


class Roughness:
    """How many times rougher than usual a device's heights are: by their bends over some seconds, which no slope changes."""

    def __init__(self, altimeter: Altimeter) -> None:
        self._last: deque[tuple[float, float]] = deque()
        self._usual = TYPICAL * SEEN * sqrt(2 * altimeter.walk**2 * STEP + 6 * altimeter.white**2)
        self._scale = 1.0

    def restart(self) -> None:
        self._last.clear()

    def feed(self, at: float, height: float) -> float:
        """At least 1: a barometer may be smoother than this shows, for its error is slower."""
        last = self._last
        last.append((at, height))
        while at - last[0][0] > 2 * STEP:
            last.popleft()
        if at - last[0][0] > 1.8 * STEP:
            middle = last[len(last) // 2][1]
            bend = abs(height - 2 * middle + last[0][1])
            grow = 1 + LEARN if bend > self._usual * self._scale else 1 / (1 + LEARN)
            self._scale = min(ROUGHER_AT_MOST, max(0.5, self._scale * grow))
        return max(1.0, self._scale)


class Accuracy:
    """The accuracy a device states of its heights says when they are worse than usual, not how good they are."""

    def __init__(self) -> None:
        self._usual: float | None = None

    def ratio(self, stated: float | None) -> float:
        """What is stated now over its own running median; at least 1."""
        if not stated or stated <= 0:
            return 1.0
        usual = self._usual = stated if self._usual is None else self._usual
        self._usual = usual * (1 + LEARN if stated > usual else 1 / (1 + LEARN))
        return max(1.0, stated / usual)
