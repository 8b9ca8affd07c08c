"""A band that the workout gives itself: corrections lead to its nearest edge, not to its middle."""

from __future__ import annotations

import pytest

from coach.core.plan.segments import Band, Duration, Kind, Plan, Segment, Steady, Target
from coach.voice.words.phrasing import Words
from tests.core.runners import OnFoot

WORDS = Words.load("en", "metric")
OWN = Band(1000 / 350, 1000 / 320)  # 5:50 to 5:20


def corrections(speed: float, target: Target = OWN) -> list[str]:
    runner = OnFoot(Plan("p", (Segment("Steady", Kind.STEADY, Duration(900), target),)))
    said = runner.run(110, speed)
    return [WORDS.text(cue) for cue in said if cue.kind in ("ease_off", "pick_up")]


@pytest.mark.parametrize(
    ("pace", "size", "edge"),
    [(305, "Slow down. Fifteen seconds too fast.", "five twenty"), (370, "Go faster. Twenty seconds too slow.", "five fifty")],
)
def test_a_correction_tells_the_way_to_the_nearest_edge(pace: int, size: str, edge: str) -> None:
    first, second, *_ = corrections(1000 / pace)
    assert first == size and edge in second


def test_the_answer_and_the_reminder_tell_the_band_too() -> None:
    runner = OnFoot(Plan("p", (Segment("Steady", Kind.STEADY, Duration(1800), OWN),)))
    runner.run(100, 1000 / 335)
    (report,) = runner.press("report")
    assert "Target between five fifty and five twenty." in WORDS.text(report)
    said = runner.run(1200, 1000 / 305)
    reminders = [cue for cue in said if cue.kind == "still_off"]
    assert all(cue.facts["edge"] == OWN.fast for cue in reminders)


def test_a_single_pace_is_corrected_to_itself() -> None:
    assert "five thirty-five" in corrections(1000 / 305, Steady(1000 / 335))[1]


def test_who_is_far_beyond_a_wide_band_is_told() -> None:
    wide = Band(1000 / 380, 1000 / 300)  # 12 % to either side
    assert corrections(1000 / 420, wide) and corrections(1000 / 265, wide)
    assert not corrections(1000 / 375, wide)
