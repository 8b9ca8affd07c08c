"""Progression runs by level and fitness: exact totals, always rising, never too much, and they can be run from end to end."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.coach import Coach
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, Segment
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.progressions import SIZES, STEP_SPEED, STYLES, by_hand, picture, progression
from coach.workouts import read_workout, write_workout
from devices.sample import Stride
from tests.cli.commands import coach, configured

LEVELS = tuple(SIZES)
ALL = [(kind, style, level) for kind, styles in STYLES.items() for style in styles for level in LEVELS]


def middle(plan: Plan) -> list[Segment]:
    return [segment for segment in plan.segments if segment.kind not in (Kind.WARMUP, Kind.COOLDOWN)]


def fast_minutes(plan: Plan, fitness: Fitness) -> float:
    """At marathon pace or faster, second by second."""
    marathon = 0.99 * fitness.speed("marathon")
    count = 0
    for segment in plan.segments:
        seconds = round(segment.seconds or 0)
        count += sum((segment.speed_at(second / seconds) or 0) >= marathon for second in range(seconds))
    return count / 60


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(ALL), st.floats(28, 72), st.floats(0, 1), st.booleans())
def test_every_plan_rises_adds_up_and_is_not_too_much(
    which: tuple[str, str, str], vdot: float, part: float, by_way: bool
) -> None:
    kind, style, level = which
    fitness, size = Fitness(vdot), SIZES[level]
    minutes = round(size.least + part * (size.most - size.least))
    metres = 100.0 * round(minutes * 60 * fitness.speed("easy") / 100)
    total = Distance(metres) if by_way else Duration(60.0 * minutes)
    try:
        plan = progression(kind, style, level, fitness, total).plan
    except ValueError:
        assert by_way  # a way is judged by the time it takes at an easy pace: at the ends it may lie outside
        return
    reached, wanted = (plan.totals.metres, metres) if by_way else (plan.totals.seconds, 60 * minutes)
    assert reached == pytest.approx(wanted, abs=1e-6)
    assert plan.segments[0].kind is Kind.WARMUP and plan.segments[-1].kind is Kind.COOLDOWN
    ends = [(segment.speed_at(0.0) or 0, segment.speed_at(1.0) or 0) for segment in middle(plan)]
    assert all(start <= end for start, end in ends)
    for (_, before), (after, _) in pairwise(ends):
        is_climb = any(isinstance(segment.target, Ramp) for segment in plan.segments)
        assert after >= before if is_climb else after / before >= 1 + STEP_SPEED[level] - 0.012
    whole = plan.totals.seconds / 60
    assert fast_minutes(plan, fitness) <= min(size.fast, size.fast_share * whole) * 1.12 + 1.5


def test_a_ramp_of_a_known_runner() -> None:
    """VDOT 40, easy to threshold: 6:24 to 5:06."""
    plan = progression("continuous", "ramp", "intermediate", Fitness.from_race("10k 50:03"), None).plan
    (build,) = middle(plan)
    assert isinstance(build.target, Ramp)
    assert [round(1000 / speed) for speed in (build.target.start, build.target.end)] == [384, 306]
    assert plan.totals.seconds == 55 * 60


@pytest.mark.parametrize(("level", "minutes"), [("beginner", 90), ("advanced", 20)])
def test_what_is_not_for_this_level_is_refused_with_the_reason(level: str, minutes: int) -> None:
    with pytest.raises(ValueError, match=f"minutes are too .* for a progression run: level {level} takes "):
        progression("segmented", "thirds", level, Fitness(40), Duration(60.0 * minutes))


def test_by_hand_the_steps_are_equal_in_speed_and_the_way_is_exact() -> None:
    plan = by_hand(1000 / 360, 1000 / 285, 5, Distance(10_000.0))
    speeds = [segment.speed_at(0.0) or 0 for segment in plan.segments]
    steps = [after - before for before, after in pairwise(speeds)]
    assert max(steps) - min(steps) < 0.015
    assert plan.totals.metres == 10_000 and round(1000 / speeds[-1]) == 285
    with pytest.raises(ValueError, match="must end faster"):
        by_hand(4.0, 3.0, 5, Distance(10_000.0))
    with pytest.raises(ValueError, match="which leaves nothing"):
        by_hand(3.0, 4.0, 1, Duration(600.0), warm=600.0)


@pytest.mark.parametrize(("kind", "style", "level"), ALL)
def test_it_is_written_read_again_and_run_from_end_to_end(kind: str, style: str, level: str, tmp_path: Path) -> None:
    fitness = Fitness(45)
    plan = progression(kind, style, level, fitness, None).plan
    write_workout(plan, tmp_path / "it.toml", fitness)
    again = read_workout(str(tmp_path / "it.toml"), fitness)
    assert again.totals.seconds == plan.totals.seconds and len(again.segments) == len(plan.segments)
    runner, metres = Coach(again), 0.0
    cues = []
    for second in range(round(plan.totals.seconds) + 30):
        speed = runner.session.target or 3.0
        metres += speed
        cues += runner.feed(Stride(float(second), "pod", speed=speed, distance=metres))
    assert runner.finished and cues[-1].kind == "run_complete"
    assert not [cue for cue in cues if cue.kind in ("ease_off", "pick_up")]  # who runs the plan is not corrected
    assert len(picture(again)) in range(55, 66)


def test_the_command_writes_shows_and_explains(tmp_path: Path) -> None:
    config, out = configured(tmp_path, '[runner]\nrace = "10k 50:00"\n'), tmp_path / "x.toml"
    shown = coach(config, "plan", "segmented", "--style", "cut-down", "-o", out).stdout
    assert "VDOT 40" in shown and "▁" in shown and "coach run" in shown
    assert coach(config, "check", out).stdout.splitlines()[-1].split()[-2:] == shown.splitlines()[-5].split()[-2:]
    told = json.loads(coach(config, "plan", "continuous", "--from", "6:00", "--to", "4:45", "--total", "10km", "--json").stdout)
    assert told["metres"] == 10_000 and told["segments"][0]["to"] == pytest.approx(1000 / 285)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("plan", "continuous"), "your fitness is not known"),
        (("plan", "continuous", "--race", "soon"), "is not a race result"),
        (("plan", "segmented", "--style", "long", "--race", "10k 50:00"), "thirds, cut-down, stepped"),
        (("plan", "continuous", "--race", "10k 50:00", "--total", "a while"), "50min"),
        (("plan", "continuous", "--from", "6:00"), "--from 6:00 --to 4:45"),
        (("plan", "continuous", "--from", "x", "--to", "4:45", "--total", "10km"), "is not a pace"),
        (("race", "10k", "50:00", "--split", "5"), "a split of 5 % is too large; the most is 3 %"),
        (("race", "lunch", "50:00"), "is not a distance"),
        (("plan", "continuous", "--race", "10k 50:00", "-o", "x.pdf"), "is not the name of a workout file"),
    ],
)
def test_what_is_wrong_is_one_line(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = coach(configured(tmp_path), *arguments, check=2)
    assert says in done.stderr and len(done.stderr.strip().splitlines()) <= 2
