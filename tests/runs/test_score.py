"""Scores: against the plan as it was asked for, with the time on each side of the band, and a word for what was not judged."""

from __future__ import annotations

from typing import Any

import pytest

from coach.core.events import Estimate
from coach.core.inputs import Key, Tick
from coach.core.judge.band import Bands
from coach.core.judge.ground import LEVEL, Excuse
from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Segment, Steady, Target
from coach.core.session.phases import Session
from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.runs.setup import Setup
from coach.runs.summary import Score, Summary
from coach.ui.views import Lines
from devices.sample import Stride

ASKED = Steady(3.0)


def summary(segments: list[Segment], speeds: list[float | None], keys: dict[int, str] | None = None) -> dict[str, Any]:
    """A run by footpod, a speed a second (None: nothing arrives), with keys pressed in those seconds."""
    setup = Setup(Plan("p", tuple(segments)), Settings())
    coach = setup.coach()
    told, metres = Summary(coach), 0.0
    loop = Loop(coach, setup.words(), Lines(write=lambda _: None), summary=told)
    items: list[Stride | Key | Tick] = []
    for second, speed in enumerate(speeds):
        metres += speed or 0.0
        at = float(second)
        items.append(Tick(at) if speed is None else Stride(at, "pod", speed=speed, distance=metres))
        if key := (keys or {}).get(second):
            items.append(Key(at, key))
    return loop.run(items).as_dict()


def segment(kind: Kind, target: Target = ASKED, seconds: float = 300.0) -> Segment:
    return Segment(kind.label, kind, Duration(seconds), target)


def row(kind: Kind, speed: float | None, target: Target = ASKED) -> dict[str, Any]:
    (told,) = summary([segment(kind, target)], [speed] * 301)["segments"]
    return dict(told)


@pytest.mark.parametrize(
    ("kind", "speed", "points"),
    [
        (Kind.STEADY, 3.0, 100),
        (Kind.STEADY, 3.0 * 1.06, 50),
        (Kind.STEADY, 3.0 * 1.10, 0),
        (Kind.EASY, 2.4, 100),
        (Kind.EASY, 1.4, 0),
        (Kind.RECOVERY, 0.0, 0),
        (Kind.PEAK, 3.5, 100),
    ],
)
def test_a_score_is_the_share_of_the_time_inside_and_part_of_that_near_it(kind: Kind, speed: float, points: int) -> None:
    assert row(kind, speed)["score"] == pytest.approx(points, abs=2)


def test_a_walk_that_was_asked_for_is_a_walk_well_done() -> None:
    assert row(Kind.RECOVERY, 1.5, Steady(1.5))["score"] == 100


def test_a_band_of_the_workouts_own_counts_on_both_sides() -> None:
    assert row(Kind.EASY, 2.95, Band(2.8, 3.0))["score"] == 100
    assert row(Kind.EASY, 2.4, Band(2.8, 3.0))["score"] == 0


def test_the_seconds_on_each_side_and_those_that_were_not_judged_are_the_whole_segment() -> None:
    speeds = [3.0] * 100 + [3.3] * 100 + [2.7] * 101
    (told,) = summary([segment(Kind.STEADY)], list(speeds))["segments"]
    judged = told["judged"]
    assert judged["unjudged"] == pytest.approx(30, abs=2) and judged["why"] is None
    assert judged["over"] == pytest.approx(100, abs=6) and judged["under"] == pytest.approx(100, abs=6)
    assert sum(judged[each] for each in ("inside", "over", "under", "unjudged")) == pytest.approx(300, abs=1)


def test_a_plan_that_gave_way_is_judged_as_it_was_asked_for() -> None:
    """Ten per cent slow all the way: the plan is eased to this pace, which makes nothing better."""
    (told,) = summary([segment(Kind.TEMPO, seconds=900)], [2.7] * 901)["segments"]
    assert told["score"] == 0 and told["judged"]["under"] == pytest.approx(870, abs=10)


@pytest.mark.parametrize(
    ("segment", "speed", "why"),
    [
        (segment(Kind.FREE, None), 3.0, "no pace was asked for"),
        (segment(Kind.STEADY, seconds=20), 3.0, "too short"),
        (segment(Kind.STEADY), None, "no speed was measured"),
    ],
)
def test_what_was_not_judged_says_why(segment: Segment, speed: float | None, why: str) -> None:
    whole = summary([segment], [speed] * 301)
    (told,) = whole["segments"]
    assert told["score"] is None and told["judged"]["why"] == why
    lines: list[str] = []
    Lines(write=lines.append).summary(whole)
    assert f"not judged: {why}" in lines[1]


def test_time_without_a_speed_is_not_judged_and_the_row_says_how_long() -> None:
    whole = summary([segment(Kind.STEADY)], [3.0] * 100 + [None] * 100 + [3.0] * 101)
    lines: list[str] = []
    Lines(write=lines.append).summary(whole)
    assert "score 100 (inside 2:5" in lines[1] and "not judged 2:0" in lines[1]


def test_on_a_hill_nothing_is_judged() -> None:
    setup = Setup(Plan("p", (segment(Kind.STEADY),)), Settings())
    score, session = Score(Bands(setup.plan, setup.settings.policy, "intermediate"), 0), Session(setup.plan)
    for second in range(301):
        session.advance(float(second), 2.5 * second)
        on_hill = Excuse(slow=True) if 100 <= second < 200 else LEVEL
        score.add(session.look(Estimate(float(second), 2.5 * second, 2.5, 0.1, "gps")), 3.0, on_hill)
    judged = score.as_dict(300.0)
    assert judged["under"] == pytest.approx(170, abs=2) and judged["unjudged"] == pytest.approx(131, abs=2)


def test_a_few_seconds_are_no_score() -> None:
    (told,) = summary([segment(Kind.STEADY, seconds=36)], [3.0] * 40)["segments"]
    assert told["score"] is None and told["judged"]["why"] == "too short" and told["judged"]["inside"] > 4


def test_after_a_pause_the_first_seconds_do_not_count() -> None:
    speeds = [3.0] * 100 + [0.0] * 60 + [1.0] * 8 + [3.0] * 100
    (told,) = summary([segment(Kind.STEADY)], list(speeds), {100: "pause", 160: "pause"})["segments"]
    assert told["score"] >= 98


@pytest.mark.parametrize("second", [150, 104])
def test_going_back_loses_no_row(second: int) -> None:
    """Within ten seconds to the segment before, later to the start of the same one."""
    segments = [Segment(f"S{n}", Kind.STEADY, Duration(100), Steady(3.0)) for n in (1, 2, 3)]
    whole = summary(segments, [3.0] * 600, {second: "back"})
    names = [each["name"] for each in whole["segments"]]
    assert names == (["S1", "S2", "S2", "S3"] if second == 150 else ["S1", "S2", "S1", "S2", "S3"])
    assert sum(each["actual"]["elapsed"] for each in whole["segments"]) == pytest.approx(whole["elapsed"], abs=0.5)
    assert sum(each["actual"]["distance"] for each in whole["segments"]) == pytest.approx(whole["distance"], abs=5)
    assert whole["complete"]


def test_a_run_that_was_ended_early_is_not_complete_however_many_rows_it_has() -> None:
    segments = [Segment(f"S{n}", Kind.STEADY, Distance(300), Steady(3.0)) for n in (1, 2)]
    whole = summary(segments, [3.0] * 200, {150: "back", 180: "quit"})
    assert not whole["complete"] and [each["name"] for each in whole["segments"]] == ["S1", "S2", "S2"]
