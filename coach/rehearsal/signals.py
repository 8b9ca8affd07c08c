"""The signals of a rehearsal: a footpod, a good and a poor receiver, simulated from true speed and distance."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random

from coach.rehearsal.runner import wander
from devices.sample import Fix, Mode, Sample, Stride

DEGREE = 111_195.0  # m of latitude
START = 47.0  # degrees north: he runs due north from here


@dataclass(frozen=True, slots=True)
class Signal:
    """A device's errors: `noise` (m/s) with its `memory` (s; 0 is white), `late` (s); `bias`, `way_bias` are sds of shares."""

    noise: float
    memory: float = 0.0
    late: int = 0
    bias: float = 0.0  # of the speed, for a whole run
    footpod: bool = False
    place: float = 0.0  # m: sd of a position on each axis
    place_memory: float = 60.0  # s
    way_bias: float = 0.0  # of the distance between positions, for a whole run
    states_sigma: bool = True  # whether the receiver reports the accuracy of its speed


FOOTPOD = Signal(noise=0.05, bias=0.01, footpod=True)
GOOD_GPS = Signal(noise=0.10, memory=5.0, late=1, place=2.5, way_bias=0.01)
POOR_GPS = Signal(noise=0.25, memory=8.0, late=2, place=6.0, way_bias=0.01)
SIGNALS = {"footpod": FOOTPOD, "gps": GOOD_GPS, "poor-gps": POOR_GPS}


@dataclass(frozen=True, slots=True)
class Reading:
    """One second of a device: its sample, and the unfiltered speed (m/s)."""

    sample: Sample
    speed: float


class Device:
    """A simulated device during one run."""

    def __init__(self, signal: Signal, seed: int) -> None:
        self._signal = signal
        whole_run = Random(f"{seed} device")
        self._scale, self._way_scale = 1 + whole_run.gauss(0.0, signal.bias), 1 + whole_run.gauss(0.0, signal.way_bias)
        self._noise = wander(Random(f"{seed} speed"), signal.noise, signal.memory)
        self._north, self._east = (
            wander(Random(f"{seed} {axis}"), signal.place, signal.place_memory) for axis in ("north", "east")
        )
        self._speeds: deque[float] = deque(maxlen=signal.late + 1)
        self._ways: deque[float] = deque([0.0], maxlen=signal.late + 1)

    def read(self, at: float, speed: float) -> Reading:
        """Its reading at `at`, for a runner whose true speed over the last second was `speed` m/s."""
        self._speeds.append(speed)
        self._ways.append(self._ways[-1] + speed)
        seen = max(0.0, self._speeds[0] * self._scale + next(self._noise))
        return Reading(Stride(at, "pod", seen) if self._signal.footpod else self._fix(at, seen), seen)

    def _fix(self, at: float, speed: float) -> Fix:
        return Fix(
            at,
            "gps",
            START + (self._ways[0] * self._way_scale + next(self._north)) / DEGREE,
            next(self._east) / DEGREE,
            speed=speed,
            speed_sigma=self._signal.noise if self._signal.states_sigma else None,
            course=0.0,
            mode=Mode.FIX_3D,
        )
