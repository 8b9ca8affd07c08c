"""Silence about a pace that is off: by which rule, on recorded runs replayed with workouts that their runners did not know.

Counted are the seconds at which the pace of the moment is off by more than 5 % to a side that is corrected. The recorded
runner answers nothing, so this is the hardest runner there is: what is not a word to him is silence.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coach.core.coach import Coach
from coach.core.plan.segments import EASY, Kind
from coach.core.session.phases import Phase
from coach.core.settings import Settings
from coach.runs.recording import open_recording
from coach.workouts import read_workout
from tests.bench.row import Row
from tests.conftest import ROOT
from tests.runs.test_recorded import HERE, RUNS

OFF = 0.05  # share of the target
AT_MOST, CORRECTIONS = 8.0, 3.5  # % of those seconds in peace or without a third; corrections in ten minutes
ABANDONED = ("left in peace", "there is no third")  # how the two rules that leave a runner alone say so
NOT_OFF = ("inside", "the runner stands", "the current pace is not judged")  # within what the signal leaves unsure


@dataclass(slots=True)
class Count:
    """Seconds off pace by what was said of them, and what was said in how many seconds with a target."""

    off: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: Count) -> None:
        self.off += other.off
        self.said += other.said
        self.seconds += other.seconds

    @property
    def abandoned(self) -> list[float]:
        """By either rule, % of the seconds off pace."""
        whole = max(1, sum(self.off.values()))
        return [100 * sum(count for why, count in self.off.items() if rule in why) / whole for rule in ABANDONED]

    def in_ten_minutes(self, *kinds: str) -> float:
        return 600 * sum(self.said[kind] for kind in kinds) / max(1.0, self.seconds)


def measure(verbosity: str = "normal") -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    whole = Count()
    for name, run in RUNS.items():
        if not run.treadmill and (tracks / run.track).exists():
            count = counted(tracks / run.track, HERE / name / "workout.toml", Settings(verbosity=verbosity, units=run.units))
            yield Row(f"{name}: abandoned, of {sum(count.off.values())} s off pace", sum(count.abandoned), "%")
            whole.add(count)
    if not whole.seconds:
        print(f"  no recordings in {tracks}: set COACH_TRACKS")
        return
    for rule, share in zip(ABANDONED, whole.abandoned, strict=True):
        yield Row(f"{rule}, of {sum(whole.off.values())} s off by more than 5 %", share, "%")
    yield Row("together (recorded runs)", sum(whole.abandoned), "%", AT_MOST)
    yield Row("  corrections", whole.in_ten_minutes("ease_off", "pick_up"), "/10 min", CORRECTIONS)
    yield Row("  other words about a pace that is off", whole.in_ten_minutes("still_off"), "/10 min")


def counted(track: Path, workout: Path, settings: Settings) -> Count:
    coach = Coach(read_workout(str(workout), None), settings)
    count, last = Count(), -1.0
    for item in open_recording(track).items():
        for cue in coach.feed(item):
            count.said.update(each.kind for each in (cue, *cue.also))
        moment = coach.moment
        if coach.finished or moment is None or coach.session.phase is not Phase.RUNNING or moment.at - last < 1:
            continue
        passed, last = min(10.0, moment.at - last), moment.at
        speed, target, kind = moment.estimate.speed, moment.target, moment.segment.kind
        if not target or not speed:
            continue
        count.seconds += passed
        off = speed / target - 1
        counts = not (off < 0 and kind in EASY) and not (off > 0 and kind is Kind.PEAK)
        if abs(off) > OFF and counts and not coach.judges.pacing.why.startswith(NOT_OFF):
            count.off[coach.judges.pacing.why] += round(passed)
    return count


if __name__ == "__main__":
    for each in measure(*sys.argv[1:]):
        print(each)
