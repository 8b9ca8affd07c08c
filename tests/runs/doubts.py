"""Runs on which a device is in doubt: a footpod on other shoes than it was taught on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from coach.core.coach import Coach
from coach.core.inputs import Input
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.rehearsal.runner import ROAD, Legs
from coach.rehearsal.signals import FOOTPOD, GOOD_GPS, Device, Signal

STEADY = Plan(
    "Steady",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300.0), Steady(2.6)),
        Segment("Work", Kind.TEMPO, Duration(1200.0), Steady(3.2)),
    ),
)
RUNNER = replace(ROAD, wavers=0.01, restless=0.0, deaf=0.0)
OTHER_SHOES = 1.09  # what the pod says of a metre: it was taught on another pair


@dataclass(frozen=True, slots=True)
class Doubt:
    """A plan, its devices, each with the factor by which it is wrong, and a runner who answers nothing."""

    devices: tuple[tuple[Signal, float], ...]
    plan: Plan = STEADY
    settings: Settings = field(default_factory=Settings)

    def run(self, seed: int, coach: Coach) -> Iterator[Input]:
        legs, index, at = Legs(RUNNER, seed), -1, 0.0
        devices = [(Device(signal, seed + number), wrong) for number, (signal, wrong) in enumerate(self.devices)]
        while not coach.finished:
            session = coach.session
            if session.index != index:
                index = session.index
                legs.begin_segment(session.target)
            speed = legs.step(at, session.target)
            for device, wrong in devices:
                yield device.read(at, speed * wrong).sample
            at += 1.0


DOUBTS = {
    "pod-doubted": Doubt(((FOOTPOD, OTHER_SHOES), (GOOD_GPS, 1.0))),
}
