"""Which hills are run by effort, and when that begins and is over."""

from __future__ import annotations

import pytest

from coach.core.course.hills import SETTLE, Hills, by_effort, eased, sections
from coach.core.plan.course import Course


def course(*heights: tuple[float, float], laps: int = 1) -> Course:
    """Straight to the north, with these heights."""
    length = heights[-1][0]
    return Course(((47.0, 8.0, 0.0), (47.0 + length / 111_195, 8.0, length)), heights, laps)


LONG = course((0, 0), (1000, 0), (1600, 30), (2200, 30), (2700, 0), (4000, 0))  # 5 % up, 6 % down
WALL = course((0, 0), (1000, 0), (1200, 40), (2000, 40))  # 20 %
BUMP = course((0, 0), (1000, 0), (1100, 6), (2000, 6))  # 6 % over 100 m


def run(hills: Hills, metres: float, speed: float = 3.0) -> list[tuple[str, float, object]]:
    told = []
    for second in range(int(metres / speed)):
        events = hills.judge(float(second), second * speed, 3.3)
        told += [(event.name, second * speed, event.facts.get("side")) for event in events]
    return told


def test_a_plan_with_flat_paces_leaves_every_hill_to_the_runner() -> None:
    told = run(Hills(LONG, paced=False), 4000)
    assert [(name, side) for name, _, side in told] == [("hill", "up"), ("level", None), ("hill", "down"), ("level", None)]
    assert [metres for _, metres, _ in told] == pytest.approx([980, 1600, 2180, 2700], abs=4)


def test_a_plan_made_for_the_course_has_long_hills_in_its_paces() -> None:
    assert run(Hills(LONG, paced=True), 4000) == []


@pytest.mark.parametrize("hilly", [WALL, BUMP])
def test_walls_and_short_hills_are_run_by_effort_on_every_plan(hilly: Course) -> None:
    for paced in (True, False):
        assert [name for name, _, _ in run(Hills(hilly, paced), 2000)] == ["hill", "level"]


def test_a_bridge_is_no_hill() -> None:
    assert by_effort(sections(course((0, 0), (1000, 0), (1040, 2), (1080, 0), (2000, 0))), paced=False) == ()


def test_no_pace_is_corrected_on_the_hill_nor_right_after_the_slope_changed() -> None:
    hills = Hills(LONG, paced=True)
    run(hills, 999)
    assert hills.quiet_until == 0
    hills.judge(340.0, 1020.0, 3.3)
    assert hills.quiet_until == 340 + SETTLE
    flat = Hills(LONG, paced=False)
    run(flat, 1300)
    assert flat.quiet_until >= 432
    flat.judge(540.0, 1620.0, 3.3)
    assert flat.quiet_until == 540 + SETTLE


def test_hills_come_again_in_every_lap() -> None:
    told = run(Hills(course((0, 0), (1000, 0), (1100, 8), (2000, 0), laps=3), paced=True), 6000)
    assert [name for name, _, _ in told].count("hill") == 3


def test_a_target_follows_the_hill_as_fast_as_legs_do() -> None:
    target: float | None = 3.5
    for _ in range(10):
        before, target = target, eased(target, 2.8, 1.0)
        assert before and target and before - target <= 0.005 * before + 1e-9
    assert eased(3.5, 3.51, 1.0) == 3.51 and eased(None, 3.0, 1.0) == 3.0 and eased(3.0, None, 1.0) is None
