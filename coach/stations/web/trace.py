"""What was run on the plan's curve so far, in few points."""

from __future__ import annotations

from coach.ui.state import State

MOST = 400  # points; as many as a phone's screen is wide


class Trace:
    """`points` are the place (0 to 1 of the plan) and the speed there (m/s, None where it is unknown)."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float | None]] = []
        self._least = 0.0  # between two places

    def add(self, state: State) -> None:
        if state.phase != "running" or (self.points and 0 <= state.place - self.points[-1][0] < self._least):
            return
        self.points.append((round(state.place, 4), round(state.speed, 3) if state.speed is not None else None))
        if len(self.points) > MOST:
            self.points = self.points[::2]
            self._least = 1.0 / MOST
