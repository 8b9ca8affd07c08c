"""The length of the GPS track: a polyline of legs long enough for noise to matter little, and short enough for bends."""

from __future__ import annotations

from coach.core.geometry import metres_between
from devices.sample import Fix

LEG = 30.0  # m: shorter legs add the noise of their ends, longer ones cut corners
LEAP = 12.5  # m/s: faster than anybody runs; such a leg is left out


class Path:
    """Feed it fixes; `metres` is the length so far, up to the latest position."""

    def __init__(self) -> None:
        self._metres = 0.0
        self._corner: Fix | None = None
        self._reach = 0.0  # m from the last corner to the latest position

    @property
    def metres(self) -> float:
        return self._metres + self._reach

    def feed(self, fix: Fix) -> None:
        if fix.lat is None or fix.lon is None:
            return
        corner = self._corner
        if corner is None or corner.lat is None or corner.lon is None:
            self._corner = fix
            return
        reach = metres_between(corner.lat, corner.lon, fix.lat, fix.lon)
        if reach > LEAP * (fix.at - corner.at) + LEG:
            self._corner, self._metres, self._reach = fix, self.metres, 0.0
            return
        self._reach = reach
        if reach >= LEG:
            self._corner, self._metres, self._reach = fix, self._metres + reach, 0.0

    def forget(self) -> None:
        """The distance from here to the next position was not run."""
        self._metres, self._reach, self._corner = self.metres, 0.0, None
