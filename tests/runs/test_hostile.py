"""Journals and schedules that other versions, other hands or a damaged card wrote are refused in one line, or read."""

import copy
import json
import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.core.inputs import Key, Tick
from coach.core.plan.segments import FREE_RUN
from coach.core.settings import Settings
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.planning.schedule.again import replan
from coach.planning.schedule.generate import schedule
from coach.planning.schedule.parts import Runner
from coach.running.loop import MOST_TRACES, Loop
from coach.running.resuming import Started
from coach.runs import show, store
from coach.runs.activity import Activity
from coach.runs.calibration import calibrate
from coach.runs.entries import seal, unseal
from coach.runs.journal import LATEST, Bug, JournalReader, JournalWriter, is_journal
from coach.runs.recording import open_recording
from coach.runs.relive import relive
from coach.runs.setup import Setup, SourceSpec
from coach.runs.verify import verify
from coach.ui.views import Lines
from coach.workouts import read_workout, schedules
from devices.api import InvalidFile
from devices.sample import Battery, Fix, Link, Pulse, Rx, Stride

ODD: list[Any] = [None, True, -1, 0, 3.5, 1e300, 10**400, "", "x", [], {}, [1], {"a": 1}, float("nan"), float("inf"), "\x1b[2J"]
ODD_ENOUGH = 100  # seeded mutations of each sort
PLAN = "10s 6:00/km, 3x (10s 5:40-5:20/km, 100mtr ramp 5:00-4:00/km), press lap 10m"


def lived(path: Path) -> Activity:
    recording = open_recording(path)
    activity = relive(recording, recording.setup or Setup(FREE_RUN), "km")
    assert not activity.bugs
    return activity


def journal(path: Path) -> Path:
    sources = (SourceSpec("gps", "nmea", {"port": "/dev/null"}),)
    settings = Settings(easy_speed=2.5, ceilings={"easy": 150.0}, cues={"split": True})
    writer = JournalWriter.begin(path, Setup(read_workout(PLAN, None), settings, sources).as_dict(), pytest.fail, 1)
    for at in range(20):
        writer.write_input(Tick(float(at)))
        writer.write_input(Fix(at + 0.5, "track", 47.0 + at * 2e-5, 8.0, speed=3.0, utc=1.8e9 + at))
    for item in (Rx(21.0, "gps", b"$GPRMC\r\n"), Key(22.0, "lap"), Link(23.0, "gps", False, "x"), Stride(24.0, "pod", 3.0),
                 Pulse(25.0, "strap", 140), Battery(26.0, "pod", True)):  # fmt: skip
        writer.write_input(item)
    writer.close(27.0, "quit")
    return path


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([here] if here else []), *(place for key, each in inside for place in places(each, (*here, key)))]


def with_odd(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    changed = copy.deepcopy(value)
    holder = changed
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = odd
    return changed


def refused_or_done(act: Callable[[], object]) -> None:
    try:
        act()
    except (InvalidSettings, InvalidFile) as wrong:
        assert "\n" not in str(wrong) and len(str(wrong)) < 1000


@pytest.mark.parametrize("part", ["its first line", "an entry"])
def test_a_journal_with_odd_values_is_refused_in_one_line_or_read(part: str, tmp_path: Path) -> None:
    chance, path = random.Random(part), tmp_path / "odd.jsonl"
    plain = [unseal(line) or {} for line in journal(tmp_path / "run.jsonl").read_bytes().splitlines()]
    for line in plain:
        line.pop("crc", None)
    lines = [0] if part == "its first line" else range(1, len(plain))
    spots = [(number, *place) for number in lines for place in places(plain[number]) if place != ("run",)]
    for _ in range(ODD_ENOUGH):
        odd = with_odd(plain, chance.choice(spots), chance.choice(ODD))
        path.write_bytes(b"".join(map(seal, odd)))
        for act in (
            lambda: list(show.lines(lived(path), "km")), lambda: list(show.text(lived(path), "mi")),
            lambda: verify(path), lambda: Started.again(path),
            lambda: calibrate(path, 400.0, "km"), lambda: list(open_recording(path).items()),
        ):  # fmt: skip
            refused_or_done(act)


@pytest.mark.parametrize("run", [None, 3, [], {}, {"plan": {}}])
def test_a_journal_without_a_setup_is_refused(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(seal({"k": "run", "format": 1, "version": "9", "started": 1e300, "number": 1, "run": run}))
    with pytest.raises(InvalidSettings, match="written by another version"):
        open_recording(path)


def test_a_clock_at_the_end_of_time_is_no_reason_to_list_no_runs(tmp_path: Path) -> None:
    store.folder().mkdir(parents=True)
    for number, started in enumerate([1e300, -1e300, 0.0, "yesterday", 10**400]):
        header = {"k": "run", "format": 1, "version": "9", "started": started, "number": number, "run": {}}
        (store.folder() / f"{number}.jsonl").write_bytes(seal(header))
    assert len(store.list_runs()) == 5
    assert all(0 <= run.started < LATEST for run in store.list_runs())


def test_a_journal_whose_lines_an_editor_ended_as_windows_does_is_read(tmp_path: Path) -> None:
    path = journal(tmp_path / "run.jsonl")
    whole = [*JournalReader(path)]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    reader = JournalReader(path)
    assert [*reader] == whole and reader.damaged == 0


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gpx"
    os.mkfifo(pipe)
    assert not is_journal(pipe)
    for act in (lambda: JournalReader(pipe), lambda: open_recording(pipe)):
        with pytest.raises(InvalidFile, match="it is a pipe"):
            act()
    for name in ("pipe.toml", "pipe.zwo", "pipe.fit", "pipe.txt"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(InvalidSettings, match="it is a pipe"):
            read_workout(str(tmp_path / name), None)


def test_a_recording_of_silence_is_refused_before_it_lasts_for_weeks(tmp_path: Path) -> None:
    point = '<trkpt lat="{}" lon="8"><time>2026-01-{:02}T{:02}:{:02}:{:02}Z</time></trkpt>'
    for every, moves, sparse in ((599, 0, True), (61, 0, True), (61, 1e-3, True), (30, 1e-3, False)):
        times = [every * n for n in range(200)]
        points = (
            point.format(47 + moves * n, 1 + t // 86_400, t // 3600 % 24, t // 60 % 60, t % 60) for n, t in enumerate(times)
        )
        (tmp_path / "x.gpx").write_text(f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{"".join(points)}'
                                        "</trkseg></trk></gpx>")  # fmt: skip
        items = open_recording(tmp_path / "x.gpx").items()
        if sparse:
            with pytest.raises(InvalidFile, match="too few for a run"):
                list(items)
        else:
            assert len(list(items)) == 199 * 30 + 1


RUNNER = Runner("intermediate", Fitness.from_race("10k 50:00"), frozenset({1, 3, 5, 6}), 6, 190, 75)
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("seed", range(2))
def test_a_schedule_with_odd_values_is_refused_in_one_line_or_planned_on(seed: int, tmp_path: Path) -> None:
    chance, whole = random.Random(seed), schedules.as_dict(schedule(RUNNER, MONDAY, 6))
    spots = [place for place in places(whole) if place[0] != "weeks" or chance.random() < 0.1]
    for _ in range(ODD_ENOUGH):
        odd = with_odd(whole, chance.choice(spots), chance.choice([*ODD, "9999-12-31", "0001-01-01", 5000]))
        (tmp_path / schedules.STATE).write_text(json.dumps(odd))

        def plan_on() -> None:
            again = replan(schedules.read(tmp_path), [], MONDAY + timedelta(days=9))
            schedules.readable(again), schedules.calendar(again), schedules.state_text(again)

        refused_or_done(plan_on)


@pytest.mark.parametrize(("name", "value"), [("vdot", -1), ("vdot", 1e9), ("long_day", 9), ("weekly", 10**9), ("level", "x")])
def test_a_runner_that_nobody_is_is_refused(name: str, value: object, tmp_path: Path) -> None:
    whole = with_odd(schedules.as_dict(schedule(RUNNER, MONDAY, 6)), ("runner", name), value)
    (tmp_path / schedules.STATE).write_text(json.dumps(whole))
    with pytest.raises(InvalidSettings, match="is damaged"):
        schedules.read(tmp_path)


def test_a_bug_in_the_core_is_traced_once_and_then_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coach = Setup(read_workout("10m", None)).coach()

    def broken(item: object) -> None:
        raise ZeroDivisionError(f"{item}")  # each message is another

    monkeypatch.setattr(coach, "feed", broken)
    told: list[str] = []
    writer = JournalWriter.begin(tmp_path / "run.jsonl", {}, pytest.fail, 1)
    loop = Loop(coach, Setup(read_workout("10m", None)).words(), Lines(write=told.append), journal=writer)
    loop.run(Tick(float(at)) for at in range(500))
    writer.close(500.0, None)
    bugs = [entry for entry in JournalReader(tmp_path / "run.jsonl") if isinstance(entry, Bug)]
    assert len(bugs) == 2 and "ZeroDivisionError" in bugs[0].trace
    assert bugs[1].trace == told[-1] == "500 inputs were skipped because of 1 kind of error in the coach"
    assert len(told) == 2 < MOST_TRACES
