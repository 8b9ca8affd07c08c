"""A time off the pace to one side. It gets two corrections, however the pace is judged meanwhile; then a strike, then peace."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

MOST_SAID = 2  # corrections


@dataclass(slots=True)
class Excursion:
    """`side` is -1 (too slow), +1 (too fast) or 0; `said` counts corrections, the last at `said_at` (s).

    Who was struck is `past` correcting in this segment.
    """

    side: int = 0
    said: int = 0
    said_at: float = -inf
    past: bool = False
    _before: float | None = None  # when the correction before the last was said, while the last may be taken back

    def begin_segment(self) -> None:
        """All targets are new ones."""
        self.begin(0)
        self.said_at, self.past = -inf, False

    def begin(self, side: int) -> None:
        """Another one, to this side; 0: it is over."""
        self.side, self.said, self._before = side, 0, None

    def tell(self, at: float) -> None:
        """A correction is said."""
        self._before, self.said_at = self.said_at, at
        self.said += 1

    def take_back(self) -> bool:
        """The last correction was not heard after all; False where there is none to take back."""
        if self._before is None:
            return False
        self.said, self.said_at, self._before = self.said - 1, self._before, None
        return True
