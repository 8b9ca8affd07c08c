"""`coach schedule`: the files it writes are what other programs read, and it plans again from the journals."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from coach.core.coach import Coach
from coach.planning.fitness.paces import Fitness
from coach.runs import store
from coach.runs.entries import End, seal, write
from coach.runs.setup import Setup
from coach.workouts import read_workout
from devices.sample import Stride
from tests.cli.commands import coach, configured
from tests.planning.schedule.examiner import broken

ASKED = ("schedule", "--weekly", "190", "--longest", "75")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configured(tmp_path, '[runner]\nrace = "10k 50:00"\n')


def test_the_folder_holds_a_workout_for_each_run_a_plan_to_read_and_a_calendar(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "half"
    half = ("--start", "2027-01-04", "--race-date", "2027-03-14", "--race-distance", "half", "-o", str(out))
    shown = coach(config, *ASKED, *half).stdout
    assert "45 thirds 12E 12S 8M" in shown and "RACE half" in shown and "110 %" in shown
    told = json.loads((out / "schedule.json").read_text())
    assert list(broken(told)) == []
    runs = [run for week in told["weeks"] for run in week["runs"]]
    assert {path.name for path in out.glob("*.toml")} == {run["file"] for run in runs} and len(runs) == 39
    for run in runs:
        plan = read_workout(str(out / run["file"]), Fitness(40))
        assert plan.totals.seconds == 60 * run["minutes"] and plan.name == run["name"]
        paces = [segment["pace"] for segment in tomllib.loads((out / run["file"]).read_text())["segment"]]
        written = [1000 / each["speed"] for each in run["segments"]]
        assert paces == [f"{int(pace + 0.5) // 60}:{int(pace + 0.5) % 60:02}/km" for pace in written]
    events = Calendar.from_ical((out / "plan.ics").read_bytes()).walk("VEVENT")
    assert len(events) == 40 and len({event["uid"] for event in events}) == 40
    assert {event.decoded("dtstart").isoformat() for event in events} == {run["date"] for run in runs} | {"2027-03-14"}
    assert "RACE" not in (out / "plan.md").read_text() and "easy twin" in (out / "plan.md").read_text()


def test_a_new_schedule_in_the_same_folder_replaces_the_old_one_and_nothing_else(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    coach(config, *ASKED, "--start", "2027-01-04", "-o", out)
    (out / "mine.toml").write_text("mine")
    coach(config, *ASKED, "--start", "2027-02-01", "--weeks", "4", "-o", out)
    names = {path.name for path in out.glob("*.toml")}
    assert "mine.toml" in names and all(name >= "2027-02" for name in names) and len(names) == 17


def test_it_is_planned_again_from_the_journals(config: Path, tmp_path: Path, journal: Callable[[Path, date], None]) -> None:
    """On Saturday: Tuesday's run was run, Thursday's missed; both are behind, and the volume falls."""
    out = tmp_path / "plan"
    coach(config, *ASKED, "--start", "2027-01-04", "-o", out)
    before = json.loads((out / "schedule.json").read_text())
    first = before["weeks"][0]["runs"][0]
    journal(out / first["file"], date.fromisoformat(first["date"]))
    again = json.loads(coach(config, "schedule", "--again", out, "--today", "2027-01-09", "--json").stdout)
    assert again["scale"] == pytest.approx(1 - before["weeks"][0]["runs"][1]["minutes"] / (4 * 190), abs=1e-3)
    assert again["why"][0].startswith("1 run was counted")
    assert again["weeks"][0] == before["weeks"][0]
    assert again["weeks"][1]["minutes"] < before["weeks"][1]["minutes"]
    assert json.loads((out / "schedule.json").read_text())["scale"] == again["scale"]


def test_how_much_one_runs_comes_from_the_journals_too(
    config: Path, tmp_path: Path, journal: Callable[[Path, date], None]
) -> None:
    workout = tmp_path / "hour.toml"
    workout.write_text('[[segment]]\nkind = "easy"\nlength = "60 min"\npace = "6:24/km"\n')
    for day in (7, 14, 20, 28):
        journal(workout, date(2027, 1, day))
    told = json.loads(coach(config, "schedule", "--today", "2027-02-01", "--json").stdout)
    assert (told["runner"]["weekly"], told["runner"]["longest"]) == (60, 60)


@pytest.fixture
def journal(home: Path) -> Callable[[Path, date], None]:
    """Writes the journal of a workout run on a day exactly as it was planned."""

    def run(workout: Path, day: date) -> None:
        setup = Setup(read_workout(str(workout), Fitness(40)))
        runner, metres, lines = Coach(setup.plan), 0.0, list[bytes]()
        for second in range(round(setup.plan.totals.seconds) + 5):
            metres += runner.session.target or 0.0
            stride = Stride(float(second), "pod", speed=runner.session.target, distance=metres)
            runner.feed(stride)
            lines.append(write(stride))
        began = datetime(day.year, day.month, day.day, 7).timestamp()
        header = {"k": "run", "format": 1, "version": "0", "started": began, "run": setup.as_dict()}
        store.folder().mkdir(parents=True, exist_ok=True)
        path = store.folder() / f"{day}T07-00-00-run.jsonl"
        path.write_bytes(b"".join([seal(header), *lines, write(End(float(len(lines)), "complete"))]))

    return run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("schedule",), "--weekly 190 --longest 75"),
        ((*ASKED, "--days", "tue,caturday"), "'caturday' is not a weekday"),
        ((*ASKED, "--long", "mon"), "not one of your days"),
        ((*ASKED, "--weeks", "3"), "4 to 12 weeks"),
        ((*ASKED, "--start", "soon"), "write it as 2027-03-14"),
        ((*ASKED, "--race-date", "2027-03-14"), "--race-distance half"),
        ((*ASKED, "--race-date", "2027-03-14", "--race-distance", "lunch"), "is not a distance"),
        ((*ASKED, "--race", "soon"), "not a race result"),
        (("schedule", "--again", "nowhere"), "has no schedule.json"),
    ],
)
def test_what_is_wrong_is_one_line(arguments: tuple[str, ...], says: str, config: Path) -> None:
    done = coach(config, *arguments, check=2)
    assert says in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_folder_with_a_damaged_schedule_says_so(config: Path, tmp_path: Path) -> None:
    (tmp_path / "schedule.json").write_text('{"format": 1, "weeks": 3}')
    assert "is damaged" in coach(config, "schedule", "--again", tmp_path, check=2).stderr
    (tmp_path / "schedule.json").write_text('{"format": 9}')
    assert "another version" in coach(config, "schedule", "--again", tmp_path, check=2).stderr
