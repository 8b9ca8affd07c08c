"""Whole runs on a course: the kilometres are where they are, hills are run by effort, and the journal alone tells it again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.inputs import Tick
from coach.core.plan.course import Course
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Segment, Steady
from coach.planning.one_run.race import race_plan
from coach.planning.one_run.survey import fitted
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.runs.verify import verify
from coach.workouts import read_workout
from tests.cli.commands import coach as command
from tests.cli.commands import configured
from tests.runs.on_course import course_of, drawn, follow
from tests.workouts.test_courses import HILLY, TALL, gpx

WAY = drawn([(0, 0), (2500, 0), (2500, 2500)])
BEYOND = WAY + drawn([(2500, 2500), (2500, 2550)])[1:]  # a runner does not stop at the line
BUMPY = [400 + 10 * max(0.0, min(1.0, (20 * n - 1300) / 120)) for n in range(len(WAY))]  # 8 % over 120 m
LEVEL = [400 + n % 2 * 0.1 for n in range(len(WAY))]


@dataclass
class Run:
    coach: Coach
    cues: list[Cue] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    at: dict[float, float] = field(default_factory=dict)  # s -> metres truly run


def run(plan: Plan, way: Sequence[tuple[float, float]] = BEYOND, seed: int = 1, odometer: float = 1.02) -> Run:
    """A runner who keeps the target of now, and runs on for a while."""
    told = Run(Coach(plan))
    for second, seen in enumerate(follow(way, lambda: told.coach.session.target or 3.0, seed, odometer)):
        told.cues += told.coach.feed(seen.fix or Tick(float(second)))
        told.events += told.coach.events
        told.at[float(second)] = seen.true
    return told


def race(course: Course, seconds: int = 1500) -> Plan:
    return race_plan("5k", 5_000.0, seconds, 0.005, fitted(course, 5_000.0)).plan


def test_a_race_ends_at_its_finish_though_the_receiver_is_two_per_cent_fast() -> None:
    told = run(race(course_of(WAY, heights=TALL)))
    ends = [event for event in told.events if event.name == "segment_ended"]
    lengths = [segment.metres or 0 for segment in told.coach.plan.segments]
    assert told.coach.finished and len(ends) == len(lengths) >= 4
    for number, event in enumerate(ends):
        assert abs(told.at[event.at] - sum(lengths[: number + 1])) < 12
    assert abs(told.coach.session.distance - 5000) < 10


def test_without_its_course_the_same_race_is_a_hundred_metres_wrong() -> None:
    plan = race(course_of(WAY, heights=TALL))
    told = run(Plan(plan.name, plan.segments))
    assert 5000 - told.at[next(event.at for event in told.events if event.name == "run_complete")] > 80


def test_an_ordinary_workout_leaves_a_climb_to_the_runner() -> None:
    """1 km of 3 % at a flat pace: the runner loses ten per cent on it, and is not told to hurry."""
    plan = Plan("p", (Segment("Tempo", Kind.TEMPO, Duration(3000), Steady(3.3)),), course_of(HILLY, heights=TALL))
    told = Run(Coach(plan))
    session = told.coach.session
    for second, seen in enumerate(follow(HILLY, lambda: 2.9 if 1200 < session.distance < 2060 else 3.3, 3)):
        told.cues += told.coach.feed(seen.fix or Tick(float(second)))
    assert [cue.kind for cue in told.cues if cue.kind in ("uphill", "level", "pick_up")] == ["uphill", "level"]
    flat = Run(Coach(Plan("p", plan.segments)))
    for second, seen in enumerate(follow(HILLY, lambda: 2.9 if 1200 < flat.coach.session.distance < 2060 else 3.3, 3)):
        flat.cues += flat.coach.feed(seen.fix or Tick(float(second)))
    assert "pick_up" in [cue.kind for cue in flat.cues]


def test_a_short_hill_in_a_race_is_told_with_what_to_do_and_what_comes_after() -> None:
    told = run(race(course_of(WAY, heights=BUMPY)), odometer=1.0)
    words = Setup(told.coach.plan).words()
    texts = [words.text(cue) for cue in told.cues if cue.kind in ("uphill", "downhill", "level")]
    assert texts == ["Uphill. Keep the effort, not the pace.", "Level again. Four fifty-nine."]
    assert not [cue for cue in told.cues if cue.kind in ("pick_up", "ease_off")]


def test_the_target_changes_no_faster_than_legs_do() -> None:
    heights = [400 + max(0.0, min(60.0, (20 * n - 1500) * 0.08)) for n in range(len(WAY))]
    coach, targets = Coach(race(course_of(WAY, heights=heights))), []
    for seen in follow(WAY, lambda: coach.session.target or 3.3, 1, 1.0):
        coach.feed(seen.fix or Tick(0.0))
        if coach.session.target and not coach.finished:
            targets.append(coach.session.target)
    assert min(targets) < 0.8 * max(targets)
    assert all(abs(after / before - 1) <= 0.00501 for before, after in itertools.pairwise(targets))


def test_who_leaves_the_course_is_told_once_and_again_when_back() -> None:
    lost = drawn([(0, 0), (2500, 0), (2900, 0), (2500, 0), (2500, 2550)])
    told = run(race(course_of(WAY, heights=LEVEL)), lost)
    said = [cue.kind for cue in told.cues if cue.kind in ("off_course", "back_on_course")]
    assert said == ["off_course", "back_on_course"]
    complete = next(event.at for event in told.events if event.name == "run_complete")
    assert abs(told.at[complete] - 5800) < 15


@pytest.mark.parametrize("is_there", [True, False])
def test_a_run_on_a_course_replays_from_its_journal_alone(is_there: bool, tmp_path: Path) -> None:
    way, out = gpx(tmp_path / "way.gpx", HILLY, TALL), tmp_path / "sunday.toml"
    command(configured(tmp_path), "race", "5k", "25:00", "--course", way, "-o", out)
    setup = Setup(read_workout(str(out), None))
    if not is_there:
        way.unlink()
        out.unlink()
    coach, words, journal = setup.coach(), setup.words(), tmp_path / "run.jsonl"
    writer, count = JournalWriter.begin(journal, setup.as_dict(), pytest.fail), 0
    for second, seen in enumerate(follow(HILLY, lambda: 0.93 * (coach.session.target or 3.0), 2)):
        item = seen.fix or Tick(float(second))
        writer.write_input(item)
        for cue in coach.feed(item):
            writer.write_cue(cue, words.text(cue))
            count += 1
    writer.close(9e9, None)
    assert verify(journal) == (count, None) and count > 10
    assert len(journal.read_bytes().partition(b"\n")[0]) < 10_000


def test_a_segment_by_feel_has_no_pace_to_say() -> None:
    climb = Segment("Climb", Kind.FREE, Distance(500), Steady(2.5))
    plan = Plan("p", (climb, Segment("On", Kind.TEMPO, Distance(500), Steady(3))))
    cue = Coach(plan).feed(Tick(0.0))[0]
    assert "by feel" in Setup(plan).words().text(cue)
