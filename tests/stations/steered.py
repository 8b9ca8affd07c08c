"""A run that is seen and steered from one station, for its tests."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.resources import files

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Tick
from coach.ui.views import Lines
from coach.ui.watching import Station, Watching
from coach.workouts import read_workout


class Steered:
    """Time passes by `tick`; `pressed` are the keys that came."""

    def __init__(self, *stations: Station) -> None:
        self.coach = Coach(read_workout(str(files("coach.demo").joinpath("workout.toml")), None))
        self.watching = Watching(Lines(write=lambda line: None), self.coach)
        self.pressed: list[str] = []
        self._at = 0.0
        self._stack = ExitStack()
        for station in stations:
            self.watching.sinks.append(self._stack.enter_context(station(self.watching, self.pressed.append)))

    def tick(self) -> None:
        self._at += 1.0
        self.coach.feed(Tick(self._at))
        self.watching.followed(self.coach)

    def says(self, kind: str, text: str) -> None:
        self.watching.cue(Cue(self._at, kind, 3, self._at + 3.0, self._at, {}), text)

    def end(self) -> None:
        self._stack.close()
