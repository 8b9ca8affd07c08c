"""How soon the whole coach says that a runner is 15 to 20 s/km off, and how often it says so to one who holds the pace.

A free start of five minutes, then an hour at 5:00/km, in the closed loop: the runner answers what he hears, right or wrong.
Two runners: an even one (0.04 m/s about his pace), and one with the legs of recorded road runners, who is off by himself
now and then. A correction is false while the true mean of 15 s is within 7.5 s/km of the pace.
"""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.rehearsal.runner import Correction, advice
from tests.bench.row import Row
from tests.bench.simulator import HELD, Devices, simulate

PACE = 300.0  # s/km
OFF = (15, -15, 20, -20)  # s/km
FREE, WHOLE = 300, 2400  # s: the free start, and the whole of a run on pace
EARLIEST, LATEST, LASTS = 600, 1200, 60  # s: when a deviation begins, and how soon it is to be told
REACTION, ANSWERED = 3, 0.7  # s; share of a told error that the runner mends
STEADY, TESTS = 60, 120  # runs
TRUE_MEAN, TRULY_ON = 15, 7.5  # s, s/km
PLAN = Plan(
    "An hour at 5:00",
    (
        Segment("Free", Kind.FREE, Duration(float(FREE))),
        Segment("Tempo", Kind.TEMPO, Duration(3600.0), Steady(1000 / PACE)),
    ),
)


@dataclass(slots=True)
class Run:
    """The seconds at which a correction was said, with the side (+1 too fast), and whether it was false."""

    said: list[tuple[int, int, bool]] = field(default_factory=list)
    on_pace: int = 0  # s on pace and judged


def measure(seed: int = 0, verbosity: str = "normal") -> Iterator[Row]:
    settings = Settings(verbosity=verbosity, estimator=EstimatorSettings())
    for what, devices, wander, most in (
        ("open, GPS, even runner", Devices("open"), HELD, 20.0),
        ("open, GPS, recorded legs", Devices("open"), None, None),
        ("open, GPS without accuracy, even runner", Devices("open", accuracy=False), HELD, None),
        ("typical, GPS, even runner", Devices("typical"), HELD, None),
        ("open, footpod, even runner", Devices("open", pod=True), HELD, 11.0),
        ("open, footpod, recorded legs", Devices("open", pod=True), None, None),
    ):
        steady = [run(settings, devices, seed + 5000 + each, wander, 0.0, WHOLE, 0) for each in range(STEADY)]
        hours = sum(each.on_pace for each in steady) / 3600
        false = sum(is_false for each in steady for *_, is_false in each.said) / hours
        delays = sorted(delay(settings, devices, seed + 9000 + each, wander, OFF[each % len(OFF)]) for each in range(TESTS))
        noticed = 100 * sum(each <= LASTS for each in delays) / len(delays)
        held = wander is not None and devices.sky == "open" and devices.accuracy
        yield Row(f"{what}: false corrections in {hours:.0f} h", false, "/h", 0.2 if held else None)
        yield Row("  15 to 20 s/km off is told after (median)", delays[len(delays) // 2], "s", most)
        yield Row("  and within 60 s", noticed, "%", 97.0 if held else None, least=True)


def delay(settings: Settings, devices: Devices, seed: int, wander: float | None, off: float) -> float:
    """From the first second off pace to the first correction on that side, s; twice LASTS if none came in time."""
    begins = random.Random(seed).randrange(EARLIEST, LATEST)
    found = run(settings, devices, seed, wander, off, begins + LASTS + 1, begins)
    side = 1 if off < 0 else -1
    return min((at - begins for at, said, _ in found.said if at > begins and said == side), default=2.0 * LASTS)


def run(settings: Settings, devices: Devices, seed: int, wander: float | None, off: float, seconds: int, begins: int) -> Run:
    """A run in which the runner is `off` (s/km) from the second `begins` on."""
    coach, found, heard = Coach(PLAN, settings), Run(), deque[tuple[float, float]]()
    shift, true = [0.0], deque[float](maxlen=TRUE_MEAN)

    def profile(at: float) -> float:
        return (1 + shift[0]) * 1000 / (PACE + (off if off and at >= begins else 0.0))

    for second in simulate(profile, seconds, devices, seed, wander=wander):
        while heard and heard[0][0] <= second.at:
            shift[0] -= ANSWERED * heard.popleft()[1]
        true.append(second.speed)
        error = 1000 * len(true) / max(sum(true), 1.0) - PACE
        is_on = abs(error) <= TRULY_ON
        found.on_pace += is_on and second.at > FREE
        for cue in (cue for sample in second.samples for cue in coach.feed(sample)):
            if isinstance(told := advice(cue), Correction):
                found.said.append((int(second.at), 1 if told.error > 0 else -1, is_on))
                heard.append((second.at + REACTION, told.error))
    return found


if __name__ == "__main__":
    for each in measure(0, *sys.argv[1:]):
        print(each, flush=True)
