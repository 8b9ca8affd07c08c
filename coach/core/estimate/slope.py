"""The slope of the ground under the runner, with its sigma, from the heights of a receiver or barometer.

Height errors are a random walk (they grow with the square root of time), so averaging does not help. A Kalman filter driven by
distance instead of time keeps three numbers: height, slope, and the slow error of the height. A jump in the height goes into
the error, so that it is not taken for a hill. Heights in m, slopes as rise over run (0.06 is 6 %).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp, sqrt
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Altimeter:
    """The height errors of a kind of device, measured on level ground and against a second barometer."""

    white: float  # m: white noise of one height
    walk: float  # m per square root of a second: random walk of the error
    bends: float  # variance of the change of slope per metre: how abruptly hills begin and end


BAROMETER = Altimeter(white=0.2, walk=0.15, bends=3e-6)
SATELLITE = Altimeter(white=0.15, walk=0.20, bends=2e-6)
WHOLE = 0.35  # m: least white noise of heights that are rounded to whole metres

ERROR_MEMORY = 100.0  # s: time constant with which the slow error decays
SEED_HEIGHT, SEED_SLOPE = 4.0, 0.02**2  # variances at the start: m²; slopes of 2 % are usual
JUMP = 3.0  # sigmas: a height that is further off counts as a jump
GAP = 20.0  # s without a height after which height and error start again; the slope is kept
WARM_UP = 120.0  # s after the first height: a fresh receiver's height moves up to 30 m
HELD = 5.0  # s of running with exactly the same height: the receiver may be holding it, so it is not used ...
LEVEL = 40.0  # ... until it has been the same for so many s that the ground must be level
STEP = 8.0  # s between the three heights whose second difference measures roughness
SEEN = 1.15  # median second difference on gentle ground, over that predicted from STEP, white and walk
ROUGHER_AT_MOST = 4.0  # times the usual random walk
LEARN = 0.03  # share by which a learned scale moves with each update: a memory of about half a minute
TYPICAL = 0.6745  # median absolute value of a normal variable, in sigmas


class Slope(NamedTuple):
    """A slope, rise over run, and its sigma."""

    value: float
    sigma: float


class SlopeFilter:
    """Feed it the distance run and the heights in order of time; `slope` is None until it can be known."""

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

    def feed(self, at: float, metres: float, height: float, accuracy: float | None = None) -> Slope | None:
        """A height (m) at `at` (s), `metres` into the run; `accuracy` (m) is the sigma that the device states.

        Returns the slope there.
        """
        if self._began is None or at - self._at > GAP:
            self._seed(at, metres, height)
        elif at > self._at:
            self._follow(at, metres, height, accuracy)
        return self.slope

    def forget_place(self) -> None:
        """The runner may be anywhere now: height and error start again with the next height."""
        self._at = float("-inf")

    def _follow(self, at: float, metres: float, height: float, accuracy: float | None) -> None:
        rougher = self._roughness.feed(at, height)
        if accuracy:
            rougher *= self._accuracy.ratio(accuracy)
        self._predict(at - self._at, metres - self._metres if metres > self._metres else 0.0, rougher)
        self._at, self._metres = at, metres
        if height == self._raw:
            if not self._whole and HELD < at - self._raw_since <= LEVEL:
                return  # the receiver may be holding it; heights rounded to metres stay the same anyway
        else:
            self._whole = self._whole and height == round(height)
            self._varied = True
            self._raw, self._raw_since = height, at
        self._correct(height)

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
        gg, gb, hg = self._gg, self._gb, self._hg
        self._hh += way * (2 * hg + way * gg)
        self._hg = hg + way * gg
        self._hb = keep * (self._hb + way * gb)
        self._gb = gb * keep
        self._gg = gg + self._altimeter.bends * way
        self._bb = keep * keep * self._bb + rougher**2 * self._altimeter.walk**2 * seconds

    def _correct(self, height: float) -> None:
        """The usual Kalman update; the measurement is height + error + white noise."""
        off = height - self._height - self._error
        white = self._altimeter.white
        white = WHOLE if self._whole and white < WHOLE else white
        hh, hg, hb, gb, bb = self._hh, self._hg, self._hb, self._gb, self._bb
        total = hh + 2 * hb + bb + white**2
        if off * off > JUMP**2 * total:
            self._bb = bb = bb + off * off
            total += off * off
        of_height, of_slope, of_error = hh + hb, hg + gb, hb + bb
        gain = off / total
        self._height += of_height * gain
        self._slope += of_slope * gain
        self._error += of_error * gain
        self._hh = hh - of_height * of_height / total
        self._hg = hg - of_height * of_slope / total
        self._hb = hb - of_height * of_error / total
        self._gg -= of_slope * of_slope / total
        self._gb = gb - of_slope * of_error / total
        self._bb = bb - of_error * of_error / total


class Roughness:
    """How much rougher than usual a device's heights are, by their second differences, which a slope does not change."""

    def __init__(self, altimeter: Altimeter) -> None:
        self._last: deque[tuple[float, float]] = deque()
        self._usual = TYPICAL * SEEN * sqrt(2 * altimeter.walk**2 * STEP + 6 * altimeter.white**2)
        self._scale = 1.0

    def restart(self) -> None:
        self._last.clear()

    def feed(self, at: float, height: float) -> float:
        """The ratio, at least 1: a barometer may be smoother than this shows, because its error changes more slowly."""
        last = self._last
        last.append((at, height))
        while at - last[0][0] > 2 * STEP:
            last.popleft()
        since, first = last[0]
        if at - since > 1.8 * STEP:
            middle = last[len(last) // 2][1]
            bend = height - 2 * middle + first
            rough = self._usual * self._scale
            scale = self._scale * (1 + LEARN if bend > rough or bend < -rough else 1 / (1 + LEARN))
            self._scale = 0.5 if scale < 0.5 else ROUGHER_AT_MOST if scale > ROUGHER_AT_MOST else scale
        return self._scale if self._scale > 1.0 else 1.0


class Accuracy:
    """The height accuracy that a device states shows when heights are worse than usual, but not how good they are."""

    def __init__(self) -> None:
        self._usual: float | None = None

    def ratio(self, stated: float | None) -> float:
        """The stated accuracy divided by its usual value (a moving median), at least 1; 1 if none is stated."""
        if not stated or stated <= 0:
            return 1.0
        usual = self._usual = stated if self._usual is None else self._usual
        self._usual = usual * (1 + LEARN if stated > usual else 1 / (1 + LEARN))
        return max(1.0, stated / usual)
