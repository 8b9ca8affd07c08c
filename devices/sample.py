"""The output of devices: received bytes, links that went up or down, and measurements.

Units are SI (metres, seconds, m/s, degrees for angles on the Earth) and `at` is seconds since the run
began, on a clock that never goes back. What a device did not say is ``None``, never 0. All are immutable: named tuples,
because making a frozen dataclass takes five times as long and there are several each second.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

SLOWEST_HEART, FASTEST_HEART = 20, 250  # bpm: a strap that says less or more has no contact
RECORDER_PAUSED = "recorder paused"  # the `why` of a Link that a recorded track's own pause button took down


class Rx(NamedTuple):
    """These bytes came from `source`; `at` is when the last of them arrived."""

    at: float
    source: str
    data: bytes


class Link(NamedTuple):
    """A device was connected (`up`) or lost; `why` says the reason in plain words."""

    at: float
    source: str
    up: bool
    why: str = ""


class Mode(IntEnum):
    """The quality of a fix, in rising order."""

    NONE = 0
    DEAD_RECKONING = 1
    FIX_2D = 2
    FIX_3D = 3


class Fix(NamedTuple):
    """One epoch of a satellite receiver, or one recorded track point.

    `speed` is the receiver's own (Doppler) speed, never one derived from positions; `smoothed` where a recorder smoothed it
    before it wrote it. `distance` is the device's own odometer, metres since the source came up. `sigma` (position, m),
    `speed_sigma` (m/s) and `alt_sigma` (height, m) are one standard deviation as the receiver states them. `utc` is Unix time
    by the receiver.
    """

    at: float
    source: str
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None
    speed: float | None = None
    speed_sigma: float | None = None
    course: float | None = None
    sigma: float | None = None
    hdop: float | None = None
    mode: Mode = Mode.NONE
    satellites: int | None = None
    utc: float | None = None
    distance: float | None = None
    alt_sigma: float | None = None
    lasts: float | None = None  # s until the next one, of a recorder that writes only when something changes
    smoothed: bool | None = None


class Stride(NamedTuple):
    """Data of a footpod or treadmill: speed m/s, cadence steps/min, distance m since switched on, grade rise/run."""

    at: float
    source: str
    speed: float | None = None
    cadence: float | None = None
    distance: float | None = None
    grade: float | None = None
    strides: int | None = None  # strides (one foot) since switched on
    lasts: float | None = None  # s, as in Fix


class Pulse(NamedTuple):
    """Data of a heart-rate strap, beats per minute."""

    at: float
    source: str
    bpm: int


class Battery(NamedTuple):
    """The state of a device's battery: whether it is `low`; `charge` is 0 to 1 if known."""

    at: float
    source: str
    low: bool
    charge: float | None = None


Sample = Fix | Stride | Pulse | Battery
