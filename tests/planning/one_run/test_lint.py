"""What a linter says of a workout, rule by rule; and nothing of what the planner makes."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from coach.core.plan.heart import HeartEnd
from coach.core.plan.segments import Band, Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, UntilLap
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.lint import RULES, Runner, goals_in, is_race, lint
from coach.planning.one_run.progressions import SIZES, STYLES, progression
from coach.planning.one_run.race import default_split, race_plan
from coach.workouts import read_workout
from tests.cli.commands import coach, configured, lines
from tests.workouts.test_reading import told_of

FITNESS = Fitness.from_race("10k 50:00")  # marathon 5:28, threshold 5:06
RUNNER = Runner("intermediate", FITNESS)


def pace(clock: str) -> float:
    minutes, seconds = clock.split(":")
    return 1000 / (60 * int(minutes) + int(seconds))


def step(kind: str, minutes: float, *clocks: str, ramp: bool = False) -> Segment:
    speeds = [pace(clock) for clock in clocks]
    target = (Ramp(*speeds) if ramp else Band(*speeds)) if len(speeds) == 2 else Steady(speeds[0]) if speeds else None
    return Segment(kind, Kind(kind), Duration(60 * minutes), target)


WARM, COOL = step("warmup", 10, "6:50"), step("cooldown", 5)


def found(
    *segments: Segment, runner: Runner = RUNNER, name: str = "x", goal: Length | None = None
) -> list[tuple[str, int | None]]:
    return [(each.rule, each.segment) for each in lint(Plan(name, segments), runner, goal)[0]]


@pytest.mark.parametrize(
    ("rule", "at", "segments"),
    [
        ("overlapping_bands", 2, [WARM, step("steady", 10, "6:20", "6:00"), step("steady", 10, "6:05", "5:45"), COOL]),
        ("small_step", 2, [WARM, step("steady", 10, "6:00"), step("steady", 10, "5:52"), COOL]),
        ("no_warm_up", 1, [step("warmup", 4, "6:50"), step("tempo", 8, "5:00"), step("easy", 20, "6:30")]),
        ("no_warm_up", 0, [step("steady", 8, "5:50", "4:45", ramp=True), step("easy", 20, "6:30")]),
        ("rising_cool_down", 1, [WARM, step("cooldown", 10, "7:00", "6:30", ramp=True)]),
        ("rising_cool_down", 2, [WARM, step("cooldown", 5, "7:00"), step("cooldown", 5, "6:30")]),
        ("too_much_fast", None, [WARM, step("steady", 30, "5:25"), COOL]),
        ("too_much_hard", None, [WARM, step("tempo", 14, "5:00"), step("easy", 20, "6:30"), COOL]),
        ("fast_recovery", 2, [WARM, step("steady", 5, "5:40"), step("recovery", 2, "5:20"), COOL]),
        ("steep_ramp", 1, [WARM, step("steady", 3, "6:20", "5:20", ramp=True), COOL]),
        ("too_long", None, [WARM, step("easy", 80, "6:30"), COOL]),
        ("heart", 2, [WARM, step("steady", 5, "5:40"), replace(step("recovery", 2), until=HeartEnd(40)), COOL]),
    ],
)
def test_each_rule_finds_its_own(rule: str, at: int | None, segments: list[Segment]) -> None:
    assert found(*segments) == [(rule, at)]


def test_a_good_workout_has_nothing() -> None:
    good = [WARM, step("easy", 10, "6:20"), step("steady", 10, "5:55"), step("tempo", 8, "5:10"), COOL]
    assert found(*good, goal=Duration(43 * 60)) == []
    assert found(*good, name="Progression 43 min") == []


def test_a_total_that_misses_its_goal_is_told() -> None:
    segments = [WARM, step("easy", 20, "6:30"), Segment("Cool-down", Kind.COOLDOWN, Duration(300.0), Steady(2.4))]
    assert found(*segments, name="Thursday 50 min") == [("misses_goal", None)]
    assert found(*segments, goal=Distance(10_000.0)) == [("misses_goal", None)]
    assert found(*segments, name="Thursday 50 min", goal=Duration(35 * 60.0)) == []  # the key in the file has the word
    assert found(*segments, Segment("Open", Kind.FREE, UntilLap()), name="Thursday 50 min") == []


@pytest.mark.parametrize(
    ("name", "goals"),
    [("50 min", (Duration(3000),)), ("Progression 10k", (Distance(10_000),)), ("8 km easy", (Distance(8000),)),
     ("10k in 50:00", (Duration(3000), Distance(10_000))), ("6 x 1 km", ()), ("3x10 min", ()), ("10k pace", ()),
     ("Fast finish 50", ()), ("5:00/km", ()),
     ("1:15:00 long", (Duration(4500),)), ("10 mi", (Distance(16_093.44),)), ("2 km, 3 km", ()), ("0 min", ())],
)  # fmt: skip
def test_what_a_name_promises(name: str, goals: tuple[Length, ...]) -> None:
    assert goals_in(name) == goals


def test_a_beginner_needs_larger_steps_and_less_fast_running() -> None:
    segments = [WARM, step("easy", 8, "6:30"), step("steady", 8, "6:12"), COOL]
    assert found(*segments) == [] and found(*segments, runner=Runner("beginner", FITNESS)) == [("small_step", 2)]
    fast = [WARM, step("easy", 12, "6:30"), step("tempo", 3, "5:00"), COOL]
    assert found(*fast) == [] and found(*fast, runner=Runner("beginner", FITNESS)) == [("too_much_hard", None)]


def test_without_fitness_what_needs_it_is_named_and_the_rest_is_looked_at() -> None:
    findings, skipped = lint(Plan("x", (step("tempo", 20, "5:00"), COOL)), Runner("intermediate", None))
    assert [each.rule for each in findings] == ["no_warm_up"]
    assert skipped == ["time at marathon pace or faster", "time at threshold or faster"]


def test_what_is_repeated_is_found_once() -> None:
    work, rest = step("steady", 3, "5:35"), step("recovery", 1, "5:20")
    assert found(WARM, *[work, rest] * 5, COOL) == [("fast_recovery", 2)]


def every_plan() -> list[tuple[str, str, str, Fitness, Length]]:
    """3 kinds in all styles, 3 levels, 20 runners, by time and by distance, short and long."""
    plans: list[tuple[str, str, str, Fitness, Length]] = []
    for kind, style in ((kind, style) for kind, styles in STYLES.items() for style in styles):
        for level, size in SIZES.items():
            for number in range(20):
                fitness = Fitness(28 + number * 44 / 19)
                for minutes in (size.least + 5, size.usual, (size.usual + size.most) / 2, size.most - 5):
                    metres = 100.0 * round(minutes * 60 * fitness.speed("easy") / 100)
                    totals = (Duration(60.0 * round(minutes)), Distance(metres))
                    plans += [(kind, style, level, fitness, total) for total in totals]
    return plans


def test_every_plan_of_ours_is_clean_and_faster_segments_are_faster() -> None:
    plans = every_plan()
    assert len(plans) == 6 * 3 * 20 * 4 * 2
    for kind, style, level, fitness, total in plans:
        plan = progression(kind, style, level, fitness, total).plan
        assert lint(plan, Runner(level, fitness), total)[0] == [], (style, level, fitness, total)
        work = [segment for segment in plan.segments if segment.kind not in (Kind.WARMUP, Kind.COOLDOWN)]
        for before, after in pairwise(work):
            assert (after.speed_at(0.0) or 0) >= (before.speed_at(1.0) or 0)
        assert (work[-1].speed_at(1.0) or 0) > (work[0].speed_at(0.0) or 0)


@pytest.mark.parametrize(
    ("distance", "metres", "seconds"), [("5k", 5000, 1500), ("10k", 10_000, 3000), ("half", 21_097.5, 6300)]
)
def test_a_race_is_no_training_and_is_clean(distance: str, metres: float, seconds: int) -> None:
    plan = race_plan(distance, metres, seconds, default_split(metres)).plan
    assert is_race(plan) and lint(plan, RUNNER)[0] == []


def test_every_rule_is_a_row_that_some_workout_breaks() -> None:
    marks = [mark for mark in test_each_rule_finds_its_own.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} | {"misses_goal"} == set(RULES)


FAULTY = """goal = "10 km"
[[segment]]
length = "2 min"
pace = "6:30/km"

[[segment]]
repeat = 2
  [[segment.segment]]
  name = "Hard"
  length = "1 km"
  pace = "4:40/km"

[[segment]]
length = "25 min"
pace = "6:20/km"
"""


def test_the_command_gives_advice_with_its_line_and_exit_0(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "10k 50:00"\n')
    (tmp_path / "w.toml").write_text(FAULTY)
    said = coach(config, "check", tmp_path / "w.toml").stdout
    assert f'tip  {tmp_path}/w.toml:8: "Hard": the hard running begins after only 2:00; put at least 5 minutes' in said
    done = coach(config, "check", tmp_path / "w.toml", "--json")
    rows = lines(done.stdout, "finding")
    assert [row["rule"] for row in rows] == ["misses_goal", "no_warm_up"]
    assert [(row["file"], row["line"], row["segment"]) for row in rows] == [
        (str(tmp_path / "w.toml"), None, None), (str(tmp_path / "w.toml"), 8, 2),
    ]  # fmt: skip
    assert all(row["what"] and row["advice"] for row in rows) and "Hard" in done.stderr
    coach(config, "convert", tmp_path / "w.toml", tmp_path / "w.fit")
    assert "w.fit: step 2," in coach(config, "check", tmp_path / "w.fit").stdout
    assert "not checked because your fitness is not known" in coach(configured(tmp_path), "check", tmp_path / "w.toml").stdout
    coach(config, "check", "10m 6:30", check=2)


def test_the_workout_of_the_config_is_looked_at_too(tmp_path: Path) -> None:
    text = "\n".join(FAULTY.replace("[[segment", "[[workout.segment").splitlines()[1:])
    config = configured(tmp_path, f'[workout]\ngoal = "10 km"\n{text}\n')
    rows = lines(coach(config, "check", "--json", check=None).stdout)
    assert {row["rule"] for row in rows if row["kind"] == "finding"} >= {"misses_goal"}
    assert {row["file"] for row in rows if row["kind"] == "finding"} == {str(config)}
    assert all(isinstance(row["ok"], bool) for row in rows if row["kind"] == "check")
    assert json.dumps(rows)


def test_every_sample_has_its_findings(workouts: Path) -> None:
    """Two of our own samples with a fault in them, one without."""
    for file, rules in (
        ("fit/own-progression-8k-ramp.fit", {"overlapping_bands", "too_much_fast", "too_much_hard"}),
        ("intervals-icu/own-progression-ramp.txt", {"too_much_fast", "too_much_hard"}),
        ("tcx/WorkoutSpeedTargets.tcx", set()),
    ):
        plan = read_workout(str(workouts / file), FITNESS)
        assert {each.rule for each in lint(plan, RUNNER)[0]} == rules, file


def test_words_on_the_command_line_are_looked_at() -> None:
    plan, _ = told_of("2m 6:30/km, 1km 4:30/km, 20m 6:20/km")
    assert [each.rule for each in lint(plan, RUNNER)[0]] == ["no_warm_up"]
