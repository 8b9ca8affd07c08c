"""Scores of a rehearsal: how close the runner was to the target pace, and how many cues were needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, sqrt
from statistics import median

from coach.core.plan.segments import EASY, Band, Kind, Segment
from coach.rehearsal.runner import Correction

SETTLED = 15.0  # s into a segment from which the pace is judged
CLOSE = 0.03  # share of the target that counts as on pace
NEEDLESS = 0.01  # share: a correction to a runner this close is needless
FAR = 0.05  # share: a runner this far off at the start of a segment should get a correction
TEN_MINUTES = 600.0  # s
MAY_BE_FASTER = (Kind.PEAK,)  # in a finish the runner may be as fast as he likes


def half_width(segment: Segment) -> float | None:
    """Half the width of the workout's own band as a share of its middle; None if it gives a single pace."""
    match segment.target:
        case Band(slow, fast):
            return (fast - slow) / (fast + slow)
    return None


def off_by(segment: Segment, speed: float, target: float) -> float:
    """The error of a true speed as a share of the target; 0 inside a band that the workout gives."""
    low = high = target
    if isinstance(segment.target, Band):
        low, high = segment.target.slow, segment.target.fast
    return min(0.0, speed / low - 1) + max(0.0, speed / high - 1)


def that_counts(segment: Segment, error: float) -> float:
    """The part of the error that counts against the runner, as in the score of a run."""
    free = (error < 0 and segment.kind in EASY) or (error > 0 and segment.kind in MAY_BE_FASTER)
    return 0.0 if free else error


@dataclass(slots=True)
class Tally:
    """The counts of one or more trials. `first_words`: seconds until a runner who began far off was corrected; inf if never."""

    seconds: int = 0
    judged: int = 0
    squares: float = 0.0
    close: int = 0
    corrections: int = 0
    needless: int = 0
    cues: int = 0
    first_words: list[float] = field(default_factory=list)
    _waits_since: float | None = None

    def begin_segment(self, at: float, error: float | None) -> None:
        """The runner begins a segment; `error` is the part that counts, None without a target."""
        self.end_wait()
        self._waits_since = at if error is not None and abs(error) > FAR else None

    def end_wait(self, after: float = inf) -> None:
        """A runner who began far off was corrected after `after` s, or never (inf)."""
        if self._waits_since is not None:
            self.first_words.append(after)
        self._waits_since = None

    def second(self, error: float | None, into: float) -> None:
        """A second was run; `error` is the part that counts, None without a target."""
        self.seconds += 1
        if error is not None and into >= SETTLED:
            self.judged += 1
            self.squares += error * error
            self.close += abs(error) <= CLOSE

    def correct(self, at: float, said: Correction, error: float, own_band: bool = False) -> None:
        """A correction sounded while the true error was `error`: needless if that is tiny or in the other direction.

        If the workout gives a band (`own_band`), any error outside it justifies a correction.
        """
        self.corrections += 1
        tiny = error == 0.0 if own_band else abs(error) < NEEDLESS
        self.needless += tiny or (said.error > 0) != (error > 0)
        if self._waits_since is not None:
            self.end_wait(at - self._waits_since)

    def add(self, other: Tally) -> None:
        """Adds another trial's counts; the mean square is taken over all seconds, not over runs."""
        for name in ("seconds", "judged", "squares", "close", "corrections", "needless", "cues"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first_words += other.first_words

    @property
    def score(self) -> Score:
        minutes = max(self.seconds, 1) / TEN_MINUTES
        return Score(
            corrections=self.corrections / minutes,
            needless=100 * self.needless / self.corrections if self.corrections else None,
            error=100 * sqrt(self.squares / self.judged) if self.judged else None,
            within=100 * self.close / self.judged if self.judged else None,
            first_word=_finite(median(self.first_words)) if self.first_words else None,
            cues=self.cues / minutes,
        )


@dataclass(frozen=True, slots=True)
class Score:
    """Corrections and cues per ten minutes; in %: needless ones, rms error, time within 3 % of the target; first word (s)."""

    corrections: float
    needless: float | None
    error: float | None
    within: float | None
    first_word: float | None
    cues: float


def _finite(seconds: float) -> float | None:
    return seconds if seconds < inf else None
