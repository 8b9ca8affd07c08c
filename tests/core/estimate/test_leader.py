"""Several devices: the best that speaks leads, without going back and forth. What is beside the speed is kept fresh."""

from collections.abc import Iterable

from coach.core.coach import Coach
from coach.core.estimate.leader import PROVEN, SILENT, Sources
from coach.core.events import Cue
from coach.core.inputs import Input, Tick
from coach.core.plan.segments import FREE_RUN
from devices.sample import Battery, Fix, Mode, Pulse, Stride


def fix(at: float, source: str, speed: float | None = 3.0) -> Fix:
    return Fix(at, source, 47.0 + at * 2.7e-5, 8.0, speed=speed, mode=Mode.FIX_3D)


def led_by(samples: list[Fix]) -> list[str]:
    sources = Sources(("good", "poor"))
    return [sample.source for sample in samples if sources.follows(sample)]


def test_the_first_of_the_config_leads_once_it_has_proved_itself() -> None:
    both = [fix(at + part, name) for at in range(30) for part, name in ((0.0, "poor"), (0.5, "good"))]
    led = led_by(both)
    assert led[0] == "poor" and led[-1] == "good"
    assert led.index("good") == PROVEN + 1  # the poor one was heard each second until then
    assert led == sorted(led, reverse=True)


def test_when_the_leader_falls_silent_the_other_leads_and_a_stutter_changes_nothing() -> None:
    good = [fix(float(at), "good") for at in range(60) if at not in range(20, 40)]
    poor = [fix(at + 0.5, "poor") for at in range(60)]
    led = led_by(sorted([*good, *poor], key=lambda each: each.at))
    changes = [name for name, before in zip(led[1:], led, strict=False) if name != before]
    assert changes == ["poor", "good"]
    assert led.count("poor") <= 20 + PROVEN - SILENT + 2


def test_a_cadence_or_an_empty_fix_takes_the_lead_from_nobody() -> None:
    sources = Sources(("belt", "pod"))
    assert sources.follows(Stride(0.0, "pod", speed=3.0))
    assert sources.follows(Stride(1.0, "belt", cadence=172.0))
    assert sources.follows(Stride(2.0, "pod", speed=3.0))
    assert sources.follows(Fix(2.0, "gps")) and sources.follows(Pulse(2.0, "strap", 140))


def run(items: Iterable[Input]) -> tuple[Coach, list[Cue]]:
    coach = Coach(FREE_RUN)
    return coach, [cue for item in items for cue in coach.feed(item)]


def test_two_receivers_do_not_add_up() -> None:
    items = [fix(at + part, name) for at in range(200) for part, name in ((0.0, "one"), (0.4, "two"))]
    coach, _ = run(items)
    assert 590 < coach.estimate.distance < 605


def test_heart_and_incline_are_told_while_they_are_fresh() -> None:
    coach, _ = run([Pulse(1.0, "strap", 151), Stride(1.0, "belt", speed=3.0, grade=0.015), Tick(3.0)])
    assert (coach.beside.heart, coach.beside.incline) == (151, 0.015)
    coach.feed(Tick(8.0))
    assert (coach.beside.heart, coach.beside.incline) == (None, 0.015)
    coach.feed(Tick(12.0))
    assert coach.beside.incline is None


def test_an_empty_battery_is_told_once() -> None:
    low = [Battery(float(at), "pod", low=True, charge=0.1) for at in range(60, 400, 10)]
    strides = [Stride(float(at), "pod", speed=3.0) for at in range(400)]
    _, cues = run(sorted([*low, *strides], key=lambda each: each.at))
    assert [cue.kind for cue in cues].count("battery_low") == 1


def test_a_belt_that_changes_in_steps_is_followed_in_steps() -> None:
    belt = [Stride(float(at), "belt", speed=2.5 if at < 100 else 3.0, distance=float(int(at * 2.5))) for at in range(100)]
    coach, _ = run([*belt])
    assert coach.estimate.speed == 2.5 or abs((coach.estimate.speed or 0) - 2.5) < 0.02
    for at in range(100, 106):
        coach.feed(Stride(float(at), "belt", speed=3.0, distance=float(int(250 + (at - 100) * 3.0))))
    assert abs((coach.estimate.speed or 0) - 3.0) < 0.05
