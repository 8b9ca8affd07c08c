"""The press machine: what a runner did with a button, whatever its contacts did."""

from math import inf

import pytest

from coach.stations.press import BOUNCE, DOUBLE, LONG, Made, PressMachine

Change = tuple[float, bool]


def gestures(changes: list[Change], doubles: tuple[str, ...] = (), until: float = 10.0) -> list[tuple[float, str]]:
    """With the moment at which each is known, if the machine is asked whenever it wants to be."""
    machine, told = PressMachine(doubles), list[tuple[float, str]]()
    for at, is_down in [*changes, (until, None)]:
        while machine.wake <= at:
            now = machine.wake
            told += [(round(now, 2), made.gesture) for made in machine.passed(now)]
        if is_down is not None:
            told += [(at, made.gesture) for made in machine.changed(at, "play", is_down)]
    assert machine.wake == inf
    return told


def test_a_press_is_short_at_its_end() -> None:
    assert gestures([(1.0, True), (1.2, False)]) == [(1.0, "down"), (1.2, "short")]


def test_a_press_is_long_while_it_is_still_held() -> None:
    assert gestures([(1.0, True), (3.0, False)]) == [(1.0, "down"), (1.0 + LONG, "long")]


def test_just_shorter_than_a_long_one_is_short() -> None:
    assert gestures([(1.0, True), (1.59, False)]) == [(1.0, "down"), (1.59, "short")]


def test_two_presses_are_double_where_that_means_something() -> None:
    twice = [(1.0, True), (1.1, False), (1.4, True), (1.5, False)]
    assert gestures(twice, ("play",)) == [(1.0, "down"), (1.4, "down"), (1.4, "double")]
    assert gestures(twice) == [(1.0, "down"), (1.1, "short"), (1.4, "down"), (1.5, "short")]


def test_a_short_press_waits_for_a_second_one_and_not_longer() -> None:
    late = [(1.0, True), (1.1, False), (1.6, True), (1.7, False)]
    known = [(1.0, "down"), (1.5, "short"), (1.6, "down"), (2.1, "short")]
    assert gestures(late, ("play",)) == known and DOUBLE == 0.4


def test_the_second_of_two_presses_may_be_held_and_makes_nothing_more() -> None:
    held = [(1.0, True), (1.1, False), (1.4, True), (4.0, False)]
    assert gestures(held, ("play",)) == [(1.0, "down"), (1.4, "down"), (1.4, "double")]


@pytest.mark.parametrize("apart", [0.001, 0.004, 0.009])
def test_five_bounces_at_either_end_are_one_press(apart: float) -> None:
    def bouncing(begin: float, ends: bool) -> list[Change]:
        return [(begin + nth * apart / 2, ends == (nth % 2 == 0)) for nth in range(7)]

    told = gestures([*bouncing(1.0, True), *bouncing(1.3, False)])
    assert [each for _, each in told] == ["down", "short"]


def test_a_contact_that_bounces_into_the_other_state_is_believed_once_it_lasts() -> None:
    assert gestures([(1.0, True), (1.005, False)]) == [(1.0, "down"), (round(1.0 + BOUNCE, 2), "short")]


def test_a_release_that_never_came_makes_a_long_press_and_no_second_one() -> None:
    assert gestures([(1.0, True), (5.0, True), (5.1, False)]) == [(1.0, "down"), (1.6, "long")]


def test_what_is_lost_makes_nothing() -> None:
    machine = PressMachine(("play",))
    assert machine.changed(1.0, "play", True) == [Made("play", "down")]
    machine.lost(1.2)
    assert machine.wake == inf and machine.passed(9.0) == []
    assert [made.gesture for made in machine.changed(9.0, "play", True) + machine.changed(9.1, "play", False)] == ["down"]


def test_two_buttons_do_not_disturb_each_other() -> None:
    machine = PressMachine()
    told = machine.changed(1.0, "play", True) + machine.changed(1.01, "next", True)
    told += machine.changed(1.2, "play", False) + machine.passed(1.7)
    assert told == [Made("play", "down"), Made("next", "down"), Made("play", "short"), Made("next", "long")]
