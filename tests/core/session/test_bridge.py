"""A signal that is lost in a distance segment: its end comes on time, announced, and is settled once positions are back."""

from __future__ import annotations

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input, Tick
from coach.core.plan import Distance, Kind, Plan, Segment, Steady
from devices.sample import RECORDER_PAUSED, Fix, Link, Mode

RUN = 4.0  # m/s
DEGREE = 111_195.0  # m of latitude
PLAN = Plan(
    "p", tuple(Segment(name, Kind.STEADY, Distance(metres), Steady(RUN)) for name, metres in (("A", 400.0), ("B", 2000.0)))
)


def fix(at: int, metres: float) -> Fix:
    return Fix(float(at), "gps", 50.0 + metres / DEGREE, 8.0, speed=RUN, mode=Mode.FIX_3D)


def coached(items: list[Input]) -> tuple[Coach, list[Cue]]:
    coach = Coach(PLAN)
    return coach, [cue for item in items for cue in coach.feed(item)]


def run(lost: range, seconds: int = 200) -> list[Input]:
    """A fix each second, except while the signal is lost."""
    return [Tick(float(at)) if at in lost else fix(at, RUN * at) for at in range(seconds)]


def at(cues: list[Cue], kind: str) -> float:
    return next(cue.at for cue in cues if cue.kind == kind)


def test_the_end_of_a_distance_comes_on_time_with_its_preview_and_countdown() -> None:
    _, sound = coached(run(range(0)))
    _, cues = coached(run(range(70, 130)))
    for kind in ("preview", "countdown", "last_segment"):
        assert at(cues, kind) == pytest.approx(at(sound, kind), abs=2.0)


def test_the_distance_is_settled_when_positions_are_back() -> None:
    coach, _ = coached(run(range(70, 130)))
    assert coach.session.distance == pytest.approx(199 * RUN, rel=0.005)


def test_who_ran_slower_in_the_tunnel_waits_for_his_own_distance() -> None:
    """He stood for half a minute of it: the session is ahead of him at the end, and never goes back."""
    items: list[Input] = [fix(second, RUN * second) for second in range(70)]
    items += [Tick(float(second)) for second in range(70, 130)]
    items += [fix(second, RUN * (second - 30)) for second in range(130, 300)]
    coach, way = Coach(PLAN), []
    for item in items:
        coach.feed(item)
        way.append(coach.session.distance)
    assert way == sorted(way)
    assert way[-1] == pytest.approx(269 * RUN, rel=0.01)


def test_what_a_recorder_pauses_is_not_bridged() -> None:
    items: list[Input] = [fix(second, RUN * second) for second in range(70)]
    items += [Link(70.0, "gps", False, RECORDER_PAUSED), *(Tick(float(second)) for second in range(71, 130))]
    coach, _ = coached(items)
    assert coach.session.distance == pytest.approx(69 * RUN, rel=0.01)


def test_what_was_bridged_before_a_pause_is_not_owed_after_it() -> None:
    """Lost for a minute, then paused for one: the minute counts at the last speed, and the run goes on from there."""
    items: list[Input] = [fix(second, RUN * second) for second in range(70)]
    items += [Tick(float(second)) for second in range(70, 130)]
    items += [Link(130.0, "gps", False, RECORDER_PAUSED), Link(190.0, "gps", True, RECORDER_PAUSED)]
    items += [fix(second, RUN * (second - 60)) for second in range(190, 300)]
    coach, _ = coached(items)
    assert coach.session.distance == pytest.approx((129 + 110) * RUN, rel=0.02)


def test_nobody_runs_on_for_ever() -> None:
    coach, _ = coached(run(range(50, 1000), 1000))
    assert coach.session.distance < 50 * RUN + 121 * RUN
