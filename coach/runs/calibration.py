"""Calibrates a footpod over a known distance: laps of a track, or a measured kilometre."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from coach.core.estimate.estimator import Estimator
from coach.core.estimate.footpod import MEMORY, SCALE_BOUNDS, FootpodScale
from coach.core.inputs import Key
from coach.core.units import distance_text
from coach.errors import InvalidSettings
from coach.runs.recording import open_recording
from devices.sample import Stride

SPREAD = 0.02  # share between the longest and the shortest lap: if it is more, they were not the same distance


@dataclass(frozen=True, slots=True)
class Calibration:
    """The length of each lap as the pod measured it (m), and the scale that follows."""

    known: float
    laps: tuple[float, ...]
    whole: bool = False  # no lap was marked: the run is the distance

    @property
    def footpod(self) -> FootpodScale:
        return FootpodScale(median(self.laps) / self.known, MEMORY, measured=True)

    @property
    def rows(self) -> list[tuple[str, float]]:
        """Each lap by the number that was said when it ended, and its metres; lap one is what lies before the first press."""
        return (
            [("the run", self.laps[0])] if self.whole else [(f"lap {number}", lap) for number, lap in enumerate(self.laps, 2)]
        )

    @property
    def spread(self) -> float:
        return (max(self.laps) - min(self.laps)) / self.known


def calibrate(path: Path, known: float, unit: str) -> Calibration:
    """Calibrates with laps of `known` metres between presses of the lap key; without any, with the whole run.

    What was run before the first press and after the last is no lap. Raises InvalidSettings if no footpod was heard, the key
    was pressed only once, or a lap cannot have had this length.
    """
    marks, heard = _marks(path)
    if not heard:
        raise InvalidSettings(str(path), None, "no footpod was heard in this run")
    if len(marks) == 3:
        raise InvalidSettings(str(path), None, "the lap key was pressed only once", "press it at both ends of the distance")
    whole = len(marks) == 2
    inner = marks if whole else marks[1:-1]
    result = Calibration(known, tuple(end - start for start, end in pairwise(inner)), whole)
    low, high = SCALE_BOUNDS
    for name, lap in result.rows:
        if not low <= lap / known <= high:
            said = f"{name} is {lap:.0f} m by the footpod, which cannot be {distance_text(known, unit)}"
            raise InvalidSettings(str(path), None, said, "press the lap key exactly at both ends of the distance")
    if result.spread > SPREAD:
        worst = f"the laps differ by {100 * result.spread:.1f} % ({min(result.laps):.1f} to {max(result.laps):.1f} m)"
        raise InvalidSettings(str(path), None, worst, "run them again at one pace, and press the lap key at the same place")
    return result


def _marks(path: Path) -> tuple[list[float], bool]:
    """The start of the run, where the lap key was pressed, and the end of the run, in the footpod's metres."""
    recording = open_recording(path)
    coach = recording.setup.coach() if recording.setup else None
    pod, at, heard = Estimator(), 0.0, False
    marks = [0.0]
    for item in recording.items():
        at = max(at, item.at)
        for sample in coach.samples(item, at) if coach else [item]:
            if isinstance(sample, Stride):
                pod.feed(sample)
                heard = True
        if isinstance(item, Key) and item.key == "lap":
            marks.append(pod.estimate(at).distance)
    return [*marks, pod.estimate(at).distance], heard
