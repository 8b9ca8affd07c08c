"""Schedules: random runners before an independent examiner, and each fault of an earlier planner as a test of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from coach.core.plan.segments import Kind
from coach.planning.fitness.paces import BRISK, EASY, EASY_FASTEST, HALF, MARATHON, Fitness
from coach.planning.one_run.ladders import LADDERS, Efforts, easy, parts, recovery_days, rung, shorthand
from coach.planning.schedule.generate import schedule, shape
from coach.planning.schedule.guards import guarded
from coach.planning.schedule.parts import WEEKDAYS, Event, Race, Run, Runner, Schedule, Week
from coach.planning.schedule.weeks import FAST_FINISH_WEEKS, Sort, easy_days_after
from coach.workouts.schedules import as_dict
from tests.planning.schedule.examiner import broken
from tests.planning.schedule.runners import runners

MONDAY = date(2027, 1, 4)
SUITE = 300  # random runners here; `make bench ONLY=schedules` has 3,000


def runner(days: str = "tue thu sat sun", level: str = "intermediate", weekly: int = 190, longest: int = 75,
           cap: int | None = None, age: int = 0, long: str = "sun", vdot: float = 40.0) -> Runner:  # fmt: skip
    numbers = frozenset(WEEKDAYS.index(day) for day in days.split())
    return Runner(level, Fitness(vdot), numbers, WEEKDAYS.index(long), weekly, longest, cap, age)


def race(weeks: int, metres: float = HALF) -> Race:
    """On the last day of so many weeks."""
    return Race(MONDAY + timedelta(days=7 * weeks - 1), metres, "race")


def faults(found: Schedule) -> list[str]:
    return list(broken(as_dict(found)))


def minutes(weeks: Sequence[Week]) -> list[int]:
    return [week.minutes for week in weeks]


@pytest.mark.parametrize("seed", range(3))
def test_no_random_runner_gets_a_schedule_that_breaks_a_rule(seed: int) -> None:
    for asked in runners(SUITE // 3, seed + 100):
        assert faults(schedule(*asked)) == [], asked


def test_a_fresh_schedule_needs_no_repair() -> None:
    """The weeks are made to keep the guards; those are for plans that something else was run beside."""
    for asked in runners(100, 200):
        found = schedule(*asked)
        usual = Event(found.start - timedelta(days=1), found.runner.longest, "easy")
        assert guarded(found.weeks, [usual], found.race, found.runner) == found.weeks


def test_nearly_every_building_week_has_its_progression_run() -> None:
    building = [week for asked in runners(100, 300) for week in schedule(*asked).weeks if week.sort is Sort.BUILD]
    without = [week for week in building if all(run.sort in ("easy", "long") for run in week.runs)]
    assert len(without) < 0.06 * len(building)


def test_who_runs_little_climbs_the_ladder_of_those_who_do() -> None:
    few = runner("tue thu sun", "advanced", weekly=100, longest=45)
    assert few.ladder == "beginner" and runner(level="beginner", weekly=400).ladder == "beginner"
    assert shorthand(schedule(few, MONDAY).weeks[0].runs[1].steps) == "20E 3S"


def test_the_examiner_sees_what_is_wrong() -> None:
    """Each rule broken on purpose: an examiner that never complains proves nothing."""
    found = schedule(runner(), MONDAY, race=race(10))
    first, second = found.weeks[0], found.weeks[1]

    def told(week: Week, *runs: Run) -> str:
        weeks = (*found.weeks[: week.number - 1], replace(week, runs=runs), *found.weeks[week.number :])
        return "\n".join(faults(replace(found, weeks=weeks)))

    hard = replace(first.runs[1], steps=rung("intermediate", 3))
    assert "24 h after" in told(first, first.runs[0], hard, replace(hard, day=hard.day + timedelta(days=1)), first.runs[3])
    assert "the long run" in told(first, first.runs[0], replace(hard, day=hard.day + timedelta(days=2)), first.runs[3])
    assert "110 %" in told(second, replace(second.runs[3], steps=easy(100)))
    assert "% fast" in told(first, hard)
    assert "at threshold" in told(first, *first.runs[:3], replace(first.runs[3], steps=parts("50E 25T")))
    assert "no day" in told(first, replace(first.runs[0], day=MONDAY))
    assert "grows" in told(second, *(replace(run, steps=easy(75)) for run in second.runs))
    assert "fast finish" in told(second, replace(second.runs[3], sort="fast-finish", steps=parts("55E 15H")))
    assert "taper" in told(found.weeks[8], *found.weeks[7].runs)


def test_a_known_runner_before_a_half() -> None:
    """VDOT 40, four days, 190 min a week, ten weeks: the weeks the planner's rules give by hand, within a few minutes."""
    found = schedule(runner(), MONDAY, race=race(10))
    assert minutes(found.weeks) == [190, 203, 217, 169, 232, 249, 266, 285, pytest.approx(228, abs=12), 94]
    finishes = [(week.number, shorthand(run.steps)) for week in found.weeks for run in week.runs if run.sort == "fast-finish"]
    assert finishes == [(3, "49E 20H"), (5, "55E 20H"), (7, "68E 20H")]
    assert shorthand(found.weeks[9].runs[0].steps) == "10E 4S 4M 3T"


def test_the_ladders_are_run_rung_by_rung() -> None:
    found = schedule(runner(), MONDAY)
    rungs = [run.position for week in found.weeks if week.sort is Sort.BUILD for run in week.runs if run.position is not None]
    assert rungs == [0, 1, 2, 3, 4, 5]
    assert [shorthand(rung("intermediate", number)) for number in range(8)] == list(LADDERS["intermediate"])
    run = Efforts(Fitness(40)).plan("thirds", rung("intermediate", 2))
    assert [(seg.seconds, round(1000 / (seg.speed_at(0) or 1))) for seg in run.segments] == [
        (300, 414), (900, 384), (900, 341), (720, 328), (480, 414),
    ]  # fmt: skip
    assert run.totals.metres == pytest.approx(9100, abs=40)


def test_no_minutes_are_left_over_so_a_beginner_runs_on_all_of_his_days() -> None:
    found = schedule(runner("tue thu sun", "beginner", weekly=90, longest=35), MONDAY)
    assert all(len(week.runs) == 3 for week in found.weeks)
    assert [week.minutes for week in found.weeks if week.sort is Sort.BUILD] == [90, 96, 103, 110, 117, 126]


def test_what_no_easy_run_can_take_makes_the_progression_longer() -> None:
    found = schedule(runner("wed sun", weekly=150, longest=90), MONDAY)
    assert found.weeks[0].minutes == 150 and not faults(found)


@pytest.mark.parametrize(
    ("metres", "weeks", "factors"), [(10_000, 8, (0.6,)), (HALF, 10, (0.8, 0.6)), (MARATHON, 12, (0.85, 0.7, 0.5))]
)
def test_the_taper_makes_every_run_shorter(metres: float, weeks: int, factors: tuple[float, ...]) -> None:
    found = schedule(runner(weekly=240, longest=90), MONDAY, race=race(weeks, metres))
    building = [week for week in found.weeks if week.sort is Sort.BUILD]
    peak = max(minutes(building))
    for week, factor in zip(found.weeks[-len(factors) :], factors, strict=True):
        assert week.minutes <= factor * peak
        for sorts in (("easy",), ("long", "fast-finish")):
            like = max(run.minutes for each in building for run in each.runs if run.sort in sorts)
            assert all(run.minutes <= max(15, factor * like) for run in week.runs if run.sort in sorts)


def test_a_cut_back_week_has_no_full_dose() -> None:
    found, efforts = schedule(runner(), MONDAY), Efforts(Fitness(40))
    for before, cut in pairwise(found.weeks):
        if cut.sort is Sort.CUT:
            fast, less = (sum(efforts.fast_minutes(run.steps) for run in week.runs) for week in (before, cut))
            assert less <= 0.7 * fast and cut.minutes <= 0.85 * before.minutes
            assert [run.position for run in cut.runs if run.position is not None] == [
                run.position for run in before.runs if run.position is not None
            ]


def test_the_days_after_a_race_are_easy_and_after_a_cut_back_building_goes_on() -> None:
    when = race(4, HALF)
    found, efforts = schedule(runner(), MONDAY, 9, when), Efforts(Fitness(40))
    after = [run for run in found.runs if 0 < (run.day - when.day).days <= easy_days_after(HALF)]
    assert easy_days_after(HALF) == 7 and easy_days_after(MARATHON) == 14 and easy_days_after(10_000) == 4
    assert after and all(efforts.load(run.steps) == "easy" and run.minutes <= 45 for run in after)
    assert any(run.sort == "progression" for run in found.runs if run.day > when.easy_until)
    plain = schedule(runner(), MONDAY)
    assert plain.weeks[4].minutes > plain.weeks[2].minutes > plain.weeks[3].minutes


def test_from_fifty_on_and_for_beginners_a_day_more_lies_between_hard_runs() -> None:
    assert recovery_days("hard", False) == 2 and recovery_days("hard", True) == 3
    assert recovery_days("very hard", True) == 4 and recovery_days("easy", True) == 1
    days = "mon tue wed thu fri sun"
    young, old = (schedule(runner(days, "advanced", 400, 110, age=age, vdot=55), MONDAY) for age in (30, 50))
    hard = [sum(run.sort == "progression" for run in each.weeks[0].runs) for each in (young, old)]
    assert hard == [2, 1] and not faults(old) and runner(age=50).slow_to_recover


def test_steady_is_between_brisk_and_marathon_pace_not_a_fraction_of_its_own() -> None:
    for vdot in (32, 40, 55):
        fitness = Fitness(vdot)
        assert fitness.speed("steady") == pytest.approx((fitness.at_effort(EASY_FASTEST) + fitness.speed("marathon")) / 2)
        assert fitness.at_effort(EASY) < fitness.at_effort(BRISK) < fitness.speed("steady") < fitness.speed("marathon")


@pytest.mark.parametrize("start", range(7))
@pytest.mark.parametrize("long", ["mon", "wed", "sun"])
def test_hard_runs_do_not_touch_across_the_border_of_a_week(start: int, long: str) -> None:
    every_day = runner(" ".join(WEEKDAYS), "advanced", 420, 110, long=long, vdot=55)
    efforts = Efforts(Fitness(55))
    found = schedule(every_day, MONDAY + timedelta(days=start), race=Race(date(2027, 3, 21), HALF, "half"))
    hard = [run for run in found.runs if efforts.load(run.steps) in ("hard", "very hard")]
    assert all((later.day - run.day).days >= recovery_days(efforts.load(run.steps), False) for run, later in pairwise(hard))


@pytest.mark.parametrize("weeks", range(4, 13))
@pytest.mark.parametrize("age", [30, 55])
@pytest.mark.parametrize("metres", [0.0, 10_000.0, HALF, MARATHON])
def test_no_cut_back_in_the_second_week_before_a_taper_or_with_a_fast_finish(weeks: int, age: int, metres: float) -> None:
    when = race(weeks, metres) if metres else None
    row, fast = shape(runner(age=age), MONDAY, weeks, when)
    cuts = [number for number, sort in enumerate(row, 1) if sort is Sort.CUT]
    assert len(row) == weeks and not {1, 2} & set(cuts) and not fast & set(cuts)
    assert all(weeks - number in FAST_FINISH_WEEKS and row[number - 1] is Sort.BUILD for number in fast)
    assert not any(row[number : number + 1] == (Sort.TAPER,) for number in cuts)
    building = "".join("b" if sort is Sort.BUILD else " " for sort in row).split()
    assert max(map(len, building)) <= (5 if fast else 4)


def test_a_limit_is_not_rounded_down_to_five_minutes_so_a_short_long_run_grows() -> None:
    """110 % of 45 is 49, not 45."""
    found = schedule(runner("tue thu sat sun", "beginner", weekly=170, longest=45), MONDAY)
    longest = [max(run.minutes for run in week.runs) for week in found.weeks if week.sort is Sort.BUILD]
    assert longest[0] == 49 and all(after > before for before, after in pairwise(longest))


def test_a_week_before_a_marathon_nobody_runs_for_two_hours() -> None:
    when = race(12, MARATHON)
    found = schedule(runner("mon tue thu sat sun", "advanced", 420, 150, vdot=50), MONDAY, race=when)
    assert max(run.minutes for run in found.weeks[8].runs) == 150
    assert max(run.minutes for run in found.runs if when.out(run.day) <= 10) <= 75


def test_where_no_day_is_far_from_the_long_run_the_long_run_is_the_progression() -> None:
    found = schedule(runner("sat sun", weekly=100, longest=55), MONDAY)
    assert all(run.day.weekday() == 6 for run in found.runs if run.sort == "progression") and not faults(found)
    assert sum(run.sort == "progression" for run in found.runs) == 8


def test_the_easy_run_on_a_weekday_keeps_to_the_time_there_is() -> None:
    found = schedule(runner(weekly=300, longest=100, cap=40), MONDAY)
    assert all(run.minutes <= 40 for run in found.runs if run.day.weekday() < 5)


def test_a_beginner_on_an_estimate_stays_at_marathon_pace() -> None:
    someone = replace(runner("tue thu sun", "beginner", 100, 40), fitness=Fitness(33, "", True, True))
    found = schedule(someone, MONDAY, race=race(8, 10_000.0))
    most = 1.005 * someone.fitness.marathon_speed
    assert all(row["speed"] <= most for week in as_dict(found)["weeks"] for run in week["runs"] for row in run["segments"])


def test_the_guards_shorten_and_calm_what_was_planned_before_something_else_was_run() -> None:
    someone, day = runner(), MONDAY + timedelta(days=2)
    planned = Run(day, "progression", rung("intermediate", 7))
    week = Week(1, MONDAY, Sort.BUILD, (planned, Run(MONDAY + timedelta(days=6), "long", easy(120))))
    raced = [Event(MONDAY + timedelta(days=1), 50, "very hard")]
    (kept,) = guarded([week], raced, None, someone)
    assert kept.runs[0].sort == "easy" and kept.runs[0].minutes == 55
    assert kept.runs[1].minutes == 60


def test_the_peak_of_a_run_is_its_last_part() -> None:
    assert [step.kind for step in parts("15E 10S 8M 5T")] == [Kind.EASY, Kind.STEADY, Kind.STEADY, Kind.PEAK]


@pytest.mark.parametrize(
    ("who", "weeks", "when", "says"),
    [
        (runner("sun"), None, None, "two days"),
        (runner("tue thu", long="tue"), 3, None, "4 to 12 weeks"),
        (replace(runner(), long_day=0), None, None, "mon, is not one of your days"),
        (runner(weekly=30), None, None, "--weekly 30"),
        (runner(longest=10), None, None, "--longest 10"),
        (runner(cap=5), None, None, "--cap 5"),
        (runner(longest=200), None, None, "correct one"),
        (runner(), None, race(20), "start on 2027-03-01 or later"),
        (runner(), None, race(0), "before the start"),
        (runner(), 6, race(10), "leave out --weeks"),
    ],
)
def test_what_cannot_be_planned_is_said_in_one_line(who: Runner, weeks: int | None, when: Race | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        schedule(who, MONDAY, weeks, when)
