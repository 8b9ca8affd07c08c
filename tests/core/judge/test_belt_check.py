"""A belt that does not run as it was set: told once it is clear, with what it reads; and how far belt and footpod differ."""

from __future__ import annotations

import pytest

from coach.core.coach import Coach
from coach.core.inputs import Key
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.voice.words.phrasing import Words
from devices.sample import Stride

KMH = 1 / 3.6
PLAN = Plan(
    "p",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(300), Steady(9 * KMH)),
        Segment("Run", Kind.STEADY, Duration(900), Steady(10 * KMH)),
    ),
)


class Mill:
    """A treadmill with a footpod, a belt that reports, or both, second by second in km/h."""

    def __init__(self, units: str = "metric") -> None:
        self.coach = Coach(PLAN, Settings(treadmill=True, belts=("belt",), units=units))
        self.words = Words.load("en", units, belt=True)
        self.at = 0
        self.said: list[tuple[float, str]] = []

    def run(self, seconds: int, pod: float | None = None, belt: float | None = None) -> list[str]:
        before = len(self.said)
        for _ in range(seconds):
            at = float(self.at)
            for source, speed in (("pod", pod), ("belt", belt)):
                if speed is not None:
                    for cue in self.coach.feed(Stride(at, source, speed=speed * KMH)):
                        self.said.append((at, self.words.text(cue)))
            self.at += 1
        return [text for _, text in self.said[before:] if text.startswith(("You're at", "Belt reads", "The belt says"))]


@pytest.mark.parametrize(
    ("pod", "belt", "told"),
    [
        (13.1, 13.0, "Belt reads thirteen. Set it to nine."),
        (None, 13.0, "Belt reads thirteen. Set it to nine."),
        (13.1, None, "You're at thirteen point one. Set the belt to nine."),
        (7.5, 7.4, "Belt reads seven point four. Set it to nine."),
    ],
)
def test_a_belt_that_is_set_wrong_is_told_what_it_reads_and_what_to_set(
    pod: float | None, belt: float | None, told: str
) -> None:
    mill = Mill()
    said = mill.run(270, pod, belt)
    assert said[:2] == [told, told] and len(said) <= 2
    first = next(at for at, text in mill.said if text == told)
    assert 20 <= first <= 60


@pytest.mark.parametrize(("pod", "belt"), [(9.0, 9.0), (9.2, 9.0), (8.8, None), (None, 9.1), (9.5, None)])
def test_a_belt_near_its_setting_is_left_alone(pod: float | None, belt: float | None) -> None:
    assert Mill().run(280, pod, belt) == []


def test_how_far_belt_and_footpod_differ_is_told_once_and_then_allowed_for() -> None:
    mill = Mill()
    said = mill.run(290, 8.4, 9.0)
    assert said == ["The belt says nine, your foot sensor eight point four."]
    mill.run(30, 9.33, 10.0)
    assert mill.run(300, 9.33, 10.0) == []
    assert mill.run(60, 10.0, 10.7)[:1] == ["Belt reads ten point seven. Set it to ten."]


def test_nothing_is_said_of_it_while_the_runner_presses_or_the_belt_stands() -> None:
    mill = Mill()
    assert mill.run(19, 12.0, 12.0) == []
    assert mill.run(240, 0.5, 0.5) == []


def test_who_keeps_the_belt_as_it_is_hears_it_twice_and_then_seldom() -> None:
    mill = Mill()
    mill.run(300, 9.0, 9.0)
    assert len(mill.run(880, 12.0, 12.0)) <= 5


def test_the_greeting_comes_first_and_no_setting_falls_into_the_countdown() -> None:
    mill = Mill()
    mill.run(1200, None, 9.0)
    texts = [text for _, text in mill.said]
    assert texts[0].endswith("First, warm-up, five minutes. Set the belt to nine.")
    settings = [at for at, text in mill.said if text.startswith("Set the belt")]
    assert settings == [294.0]  # 6 s ahead: it is said in 1.8 s, and the beeps begin 3 s ahead


@pytest.mark.parametrize(
    ("units", "told"), [("metric", "Nine. Target nine."), ("imperial", "Five point six. Target five point six.")]
)
def test_answers_are_in_the_belts_own_unit(units: str, told: str) -> None:
    mill = Mill(units)
    mill.run(100, 9.0, 9.0)
    (report,) = mill.coach.feed(Key(100.0, "report"))
    assert mill.words.text(report).startswith(told)
