"""How loud the voice is in this run, in steps below the loudest: the keys louder and quieter move it."""

from __future__ import annotations

from typing import Any

QUIETEST = -5  # steps below the volume of the config, which is the loudest: more would be cut off at the peaks


class Volume:
    """`level` is 0 for the loudest and QUIETEST for the quietest; how much a step is, the voice decides."""

    def __init__(self) -> None:
        self.level = 0

    def turned(self, steps: int) -> dict[str, Any]:
        """Goes one step up (1) or down (-1); returns what became of it, and the level: at an end nothing changes."""
        before, self.level = self.level, max(QUIETEST, min(0, self.level + steps))
        if self.level == before:
            return {"volume": "loudest" if steps > 0 else "quietest", "level": self.level}
        return {"volume": "louder" if steps > 0 else "quieter", "level": self.level}
