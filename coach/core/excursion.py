"""A time off the pace to one side. It gets two corrections, whichever way the pace is judged; then a strike, then peace."""

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

    def begin_segment(self) -> None:
        self.begin(0)
        self.said_at, self.past = -inf, False

    def begin(self, side: int) -> None:
        """Another one, to this side; 0: it is over."""
        self.side, self.said = side, 0

    def tell(self, at: float) -> None:
        """A correction is said."""
        self.said += 1
        self.said_at = at
