"""The runner's keys: answered at once, whatever was being said; and what a change of segment is told with."""

from __future__ import annotations

import pytest

from coach.core.plan.segments import Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, UntilLap
from coach.core.settings import Settings
from tests.core.runners import OnFoot, kinds


def plan(*lengths: Length) -> Plan:
    return Plan("p", tuple(Segment(f"S{n}", Kind.STEADY, length, Steady(3.0)) for n, length in enumerate(lengths, 1)))


def began(runner: OnFoot) -> list[tuple[int, bool]]:
    """Which segments were announced as they began, and whether their preview had been heard."""
    told = [cue for cue in runner.cues if cue.kind in ("segment_began", "last_segment")]
    return [(cue.facts["index"], cue.facts["previewed"]) for cue in told]


@pytest.mark.parametrize("key", ["report", "progress", "verbosity"])
@pytest.mark.parametrize("seconds", [5, 100])
def test_a_question_is_answered_at_once(key: str, seconds: int) -> None:
    """In the quiet of the run; while it is being announced, right after that."""
    runner = OnFoot(plan(Duration(300), Duration(300)))
    runner.run(seconds, 3.0)
    (answer,) = runner.press(key)
    assert answer.kind == key and answer.at == runner.at + 0.5
    assert answer.due - answer.at <= 3.5


@pytest.mark.parametrize("key", ["report", "progress"])
def test_a_question_into_the_announcement_of_a_change_is_answered_once_that_was_heard(key: str) -> None:
    runner = OnFoot(plan(Duration(300), Duration(300)))
    runner.run(293, 3.0)
    assert runner.press(key) == []
    assert key in [cue.kind for cue in runner.run(15, 3.0)]


def test_a_report_tells_reading_target_what_is_left_and_the_gap() -> None:
    runner = OnFoot(Plan("p", (Segment("Climb", Kind.STEADY, Duration(600), Ramp(2.8, 3.2)), *plan(Distance(1000)).segments)))
    runner.run(301, runner.target(1.02))
    (report,) = runner.press("report")
    facts = report.facts
    assert facts["target"] == pytest.approx(3.0, abs=0.01) and facts["speed"] == pytest.approx(3.06, abs=0.03)
    assert facts["seconds_left"] == pytest.approx(299.5) and facts["metres_left"] is None and facts["ramp"]
    assert facts["ahead"] == pytest.approx(0.02 * 300 * 2.9 / 3.0, abs=0.5)
    runner.run(400, runner.target())
    assert runner.press("report")[0].facts["metres_left"] == pytest.approx(1000 - 101 * 3.0, abs=8)


def test_progress_tells_the_end_only_once_it_can() -> None:
    runner = OnFoot(plan(Distance(3000)))
    runner.run(60, 3.0)
    assert runner.press("progress")[0].facts["finish"] is None
    runner.run(200, 3.0)
    facts = runner.press("progress")[0].facts
    assert facts["finish"] == pytest.approx(1000, abs=10) and 0 < facts["sigma"] < 30 and facts["way"] is None


def test_the_verbosity_key_tells_the_new_one_and_a_quiet_coach_still_answers() -> None:
    runner = OnFoot(plan(Duration(900)), Settings(verbosity="chatty"))
    runner.run(100, 3.0)
    assert runner.press("verbosity")[0].facts["verbosity"] == "quiet"
    runner.run(10, 3.0)
    assert kinds(runner.press("report")) == ["report"]


def test_questions_are_answered_during_a_pause_too() -> None:
    runner = OnFoot(plan(Duration(900)))
    runner.run(100, 3.0)
    runner.press("pause")
    runner.run(30, 0.0)
    (report,) = runner.press("report")
    assert report.facts["elapsed"] == pytest.approx(99.5, abs=1)


def test_a_segment_that_was_announced_is_told_shorter() -> None:
    runner = OnFoot(plan(Duration(100), Duration(25), Duration(100), Duration(100)))
    runner.run(400, 3.0)
    assert began(runner) == [(2, True), (3, False), (4, True)]


def test_a_preview_that_was_switched_off_counts_as_not_heard() -> None:
    runner = OnFoot(plan(Duration(100), Duration(100)), Settings(cues={"preview": False}))
    runner.run(150, 3.0)
    assert began(runner) == [(2, False)] and "preview" not in kinds(runner.cues)


def test_skipping_tells_the_next_segment_in_full_unless_it_was_just_announced() -> None:
    runner = OnFoot(plan(*[Duration(100)] * 4))
    runner.run(50, 3.0)
    runner.press("skip")
    runner.run(95, 3.0)
    runner.press("skip")
    assert began(runner) == [(2, False), (3, True)]


def test_going_back_tells_the_segment_in_full_although_the_next_was_announced() -> None:
    runner = OnFoot(plan(*[Duration(100)] * 3))
    runner.run(195, 3.0)
    runner.press("back")
    assert began(runner)[-1] == (2, False)
    runner.run(103, 3.0)
    assert began(runner)[-1] == (3, True)
    assert kinds(runner.cues).count("preview") == 3  # of the second, and of the third twice


def test_going_back_begins_the_counting_of_corrections_anew() -> None:
    runner = OnFoot(plan(Duration(900), Duration(900)))
    runner.run(980, lambda: 3.0 if runner.at < 900 else 2.7)
    assert kinds(runner.cues).count("pick_up") == 2
    runner.press("back")
    said = runner.run(100, 2.7)
    corrections = [cue for cue in said if cue.kind == "pick_up"]
    assert [cue.facts["nth"] for cue in corrections] == [1, 2]
    assert corrections[0].at >= runner.at - 100 + Settings().policy.correction.settle_footpod


def test_a_segment_until_the_lap_key_is_neither_counted_down_nor_announced() -> None:
    runner = OnFoot(plan(UntilLap(), Duration(100)))
    runner.run(200, 3.0)
    assert not {"preview", "countdown"} & set(kinds(runner.cues))
    runner.press("lap")
    assert began(runner) == [(2, False)]


def test_segments_of_no_length_are_passed_through() -> None:
    runner = OnFoot(plan(Duration(0.0), Distance(0.0), Duration(60.0), Distance(0.0)))
    runner.run(80, 3.0)
    assert runner.coach.finished and kinds(runner.cues)[-1] == "run_complete"


def test_quitting_ends_it_and_nothing_is_said_after() -> None:
    runner = OnFoot(plan(Duration(900)))
    runner.run(100, 3.0)
    assert kinds(runner.press("quit")) == ["run_stopped"]
    assert runner.press("report") == [] and runner.coach.finished


def test_a_pause_is_no_standing_and_who_goes_on_from_it_is_not_asked_at_once() -> None:
    runner = OnFoot(Plan("p", (Segment("tempo", Kind.TEMPO, Duration(1200.0), Steady(3.0)),)))
    runner.run(60, 3.0)
    runner.run(20, 0.0)
    runner.press("pause")
    runner.run(300, 0.0)
    runner.press("resume")
    assert "standing" not in kinds(runner.run(30, 0.0))
    assert "standing" in kinds(runner.run(20, 0.0))
