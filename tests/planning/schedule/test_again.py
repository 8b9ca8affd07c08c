"""A schedule planned again: the same where all was run, less where it was not, and never more to make up for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.planning.fitness.paces import HALF
from coach.planning.one_run.ladders import Efforts
from coach.planning.schedule.again import replan
from coach.planning.schedule.generate import schedule
from coach.planning.schedule.parts import Done, Race, Run, Schedule, longest_allowed
from tests.planning.schedule.test_schedule import MONDAY, race, runner


@pytest.fixture
def plan() -> Schedule:
    return schedule(runner(), MONDAY, race=race(10))


def done(plan: Schedule, run: Run, score: int | None = 90, days: int = 0, complete: bool = True) -> Done:
    """The run as it was planned, perhaps some days later."""
    load = Efforts(plan.runner.fitness).load(run.steps)
    return Done(run.day + timedelta(days=days), run.minutes, load, plan.name_of(run), score, complete)


def everything(plan: Schedule, until: date) -> list[Done]:
    return [done(plan, run) for run in plan.runs if run.day < until]


@pytest.mark.parametrize("days", [0, 3, 7, 14, 20, 21, 35, 50, 63, 66])
def test_with_all_of_it_run_the_rest_stays_as_it_was(plan: Schedule, days: int) -> None:
    today = MONDAY + timedelta(days=days)
    again = replan(plan, everything(plan, today), today)
    assert again.weeks == plan.weeks and again.scale == 1.0


def test_planning_again_twice_changes_nothing_more(plan: Schedule) -> None:
    today = MONDAY + timedelta(days=14)
    log = [each for each in everything(plan, today) if each.day < MONDAY + timedelta(days=7)]
    once = replan(plan, log, today)
    assert replan(once, log, today).weeks == once.weeks


def test_a_missed_week_makes_the_next_ones_smaller_and_is_not_made_up_for(plan: Schedule) -> None:
    today = MONDAY + timedelta(days=14)
    again = replan(plan, everything(plan, MONDAY + timedelta(days=7)), today)
    assert again.weeks[:2] == plan.weeks[:2]
    assert all(after.minutes < before.minutes for after, before in zip(again.weeks[2:9], plan.weeks[2:9], strict=True))
    assert any("not made up for" in line for line in again.why)


def test_after_a_month_of_nothing_the_runs_are_short_again(plan: Schedule) -> None:
    again = replan(plan, [], MONDAY + timedelta(days=35))
    assert max(run.minutes for run in again.weeks[5].runs) <= longest_allowed([], again.weeks[5].starts)


def test_a_rung_that_did_not_go_well_is_run_again_and_after_the_second_one_goes_back(plan: Schedule) -> None:
    plan = schedule(runner(), MONDAY)
    today = MONDAY + timedelta(days=14)

    def next_rung(scores: list[int | None], complete: bool = True) -> int | None:
        quality = iter(scores)
        log = [
            done(plan, run, next(quality), complete=complete) if run.position is not None else done(plan, run)
            for run in plan.runs if run.day < today
        ]  # fmt: skip
        return next(run.position for run in replan(plan, log, today).weeks[2].runs if run.position is not None)

    assert next_rung([90, 90]) == 2 and next_rung([90, None]) == 2
    assert next_rung([90, 60]) == 1 and next_rung([90, 90], complete=False) == 0
    assert next_rung([60, 60]) == 0


def test_a_run_of_another_day_is_known_by_its_name(plan: Schedule) -> None:
    """Thursday's progression was run on Friday: it counts, and is not planned again."""
    today = MONDAY + timedelta(days=5)
    tuesday, thursday, *_ = plan.weeks[0].runs
    again = replan(plan, [done(plan, tuesday), done(plan, thursday, days=1)], today)
    assert [run.day.weekday() for run in again.weeks[0].runs if run.day >= today] == [5, 6]


def test_a_hard_run_nobody_planned_calms_the_next_days(plan: Schedule) -> None:
    today = MONDAY + timedelta(days=3)
    raced = Done(MONDAY + timedelta(days=2), 50, "very hard", "Free run")
    again = replan(plan, [done(plan, plan.weeks[0].runs[0]), raced], today)
    assert next(run for run in again.weeks[0].runs if run.day == today).sort == "easy"


def test_a_long_run_cut_short_shortens_the_next_ones() -> None:
    plan = schedule(runner(), MONDAY)
    today = MONDAY + timedelta(days=35)
    log = [Done(each.day, min(each.minutes, 50), each.load, each.name, 90) for each in everything(plan, today)]
    again = replan(plan, log, today)
    assert max(run.minutes for run in again.weeks[5].runs) <= 55


def test_a_schedule_that_is_over_is_not_planned_again(plan: Schedule) -> None:
    with pytest.raises(ValueError, match="ended on 2027-03-14"):
        replan(plan, [], MONDAY + timedelta(days=70))


def test_after_the_race_the_days_stay_easy_also_when_planned_again() -> None:
    when = Race(MONDAY + timedelta(days=27), HALF, "half")
    plan = schedule(runner(), MONDAY, 8, when)
    today = MONDAY + timedelta(days=28)
    again = replan(plan, everything(plan, today), today)
    efforts = Efforts(plan.runner.fitness)
    assert again.weeks == plan.weeks
    assert all(efforts.load(run.steps) == "easy" for run in again.runs if when.day < run.day <= when.easy_until)
