"""A moment is judged once, however many inputs tell of it."""

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from devices.sample import Fix, Mode, Pulse


def fix(at: float) -> Fix:
    return Fix(at, "gpx", 47 + at / 40_000, 8.5, speed=2.8, mode=Mode.FIX_2D)


def test_a_pulse_beside_a_position_is_known_at_once_and_heeded_with_the_next_input() -> None:
    coach = Coach(FREE_RUN)
    for at in (0.0, 1.0):
        coach.feed(fix(at))
    judged = coach.moment
    assert coach.feed(Pulse(1.0, "gpx", 151)) == []
    assert coach.moment is judged
    assert coach.beside.heart == 151
    coach.feed(Pulse(1.5, "strap", 152))
    assert coach.moment is not judged
    assert coach.moment is not None and coach.moment.at == 1.5
