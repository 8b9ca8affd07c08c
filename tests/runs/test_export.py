"""What is exported says the same as the run: read back by our own readers, and by those of others."""

import csv
import io
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fit_tool.fit_file import FitFile
from lxml import etree

import coach.demo as coach_demo
from coach.core.geometry import metres_between
from coach.core.inputs import Input, Key
from coach.core.plan.segments import FREE_RUN, Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.activity import Activity
from coach.runs.export import FORMATS, content, cutting, export
from coach.runs.recording import Recording, open_recording, ticking
from coach.runs.relive import relive
from coach.runs.setup import Setup
from coach.workouts.fit_file import EPOCH
from devices.sample import Fix, Mode, Pulse, Stride
from tests.cli.commands import coach, configured, lines
from tests.runs.fit_rules import broken, broken_in, messages
from tests.workouts.test_conversion import XSD

DEMO_TRACK = Path(coach_demo.__file__).with_name("run.nmea")
START = 1_778_736_600.0
PLAN = Plan(
    "Exported",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(120.0), Steady(2.5)),
        Segment("Build", Kind.STEADY, Distance(900.0), Ramp(2.6, 3.2)),
        Segment("Über die Höhe", Kind.TEMPO, Duration(120.0), Band(2.9, 3.1)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(120.0)),
    ),
)


def inputs(seconds: int = 800, pauses: tuple[tuple[float, float], ...] = ((200.5, 260.5),)) -> Iterator[Input]:
    """A runner on a straight road with a strap and a pod's cadence, who pauses."""
    way, items = 0.0, list[Input]()
    for at in range(seconds):
        stands = any(begin < at <= end for begin, end in pauses)
        speed = 0.0 if stands else 2.5 + at / 1000
        way += speed
        place = 47.0 + way / 111_195
        items += [
            Fix(float(at), "gps", place, 8.0, 400.0 + at / 100, speed=speed, speed_sigma=0.1, utc=START + at, mode=Mode.FIX_3D),
            Pulse(at + 0.2, "strap", 120 + at // 20),
        ]
    items += [Key(moment, "pause") for pause in pauses for moment in pause]
    return iter(sorted(items, key=lambda item: item.at))


@pytest.fixture(scope="module")
def run() -> Activity:
    return relive(Recording(lambda: ticking(inputs()), None, 0, lambda: 0), Setup(PLAN), "km")


def again(path: Path, plan: Plan = FREE_RUN) -> Activity:
    return relive(open_recording(path), Setup(plan), "km")


def written(activity: Activity, folder: Path, kind: str) -> Path:
    path = folder / f"run{kind}"
    export(activity, path)
    return path


@pytest.mark.parametrize("kind", [".fit", ".tcx", ".gpx"])
def test_our_own_readers_find_the_same_run(run: Activity, tmp_path: Path, kind: str) -> None:
    found = again(written(run, tmp_path, kind))
    assert found.started == pytest.approx(run.start, abs=0.6)
    assert found.summary["distance"] == pytest.approx(run.summary["distance"], rel=0.003 if kind == ".gpx" else 0.001)
    assert found.summary["elapsed"] == pytest.approx(run.summary["elapsed"], abs=2.0)
    assert len(found.pauses) == 1
    for before, now in zip(run.seconds[10::50], (found.seconds[10::50]), strict=False):
        assert (before.lat, before.lon, before.heart) == pytest.approx((now.lat, now.lon, now.heart), abs=1.01)


def test_records_have_the_speed_and_the_way_that_were_shown(run: Activity) -> None:
    records = messages(content(run, ".fit"))["record"]
    assert len(records) == len(run.seconds)
    for second, record in zip(run.seconds, records, strict=True):
        assert record["distance"] == pytest.approx(second.distance, abs=0.1)
        assert record["enhanced_speed"] == pytest.approx(second.speed, abs=0.01)
        assert record["heart_rate"] == second.heart
        assert record.get("target_speed") == (None if second.target is None else pytest.approx(second.target))
    told = " ".join(str(record["cue"]) for record in records if record.get("cue"))
    assert "Exported." in told and "Three. Two. One." in told and "Höhe" in told


def test_a_fit_activity_keeps_the_rules_that_readers_do_not_check(run: Activity) -> None:
    data = content(run, ".fit")
    assert broken(data) == []
    found = messages(data)
    [file_id], [session], laps, steps = (found[name] for name in ("file_id", "session", "lap", "workout_step"))
    assert file_id["type"] == "activity" and file_id["serial_number"] and len(laps) == 4
    assert session["start_time"] == laps[0]["start_time"] == found["record"][0]["timestamp"]
    assert session["total_timer_time"] == pytest.approx(run.summary["elapsed"], rel=0.001)
    assert session["total_elapsed_time"] - session["total_timer_time"] == pytest.approx(60.0, abs=1.0)
    assert [lap["wkt_step_index"] for lap in laps] == [step["message_index"] for step in steps]
    assert [step["wkt_step_name"] for step in steps] == [segment.name for segment in PLAN.segments]
    assert len(found["event"]) == 4


@pytest.mark.parametrize("name", ["file_id", "session", "lap", "record", "event", "activity"])
def test_a_file_without_one_kind_of_message_breaks_a_rule(run: Activity, name: str) -> None:
    found = messages(content(run, ".fit"))
    del found[name]
    assert list(broken_in(found))


def test_another_reader_takes_it_and_its_validator_finds_nothing(run: Activity, tmp_path: Path) -> None:
    from fit_tool.profile.messages.lap_message import LapMessage

    file = FitFile.from_file(str(written(run, tmp_path, ".fit")))
    laps = [record.message for record in file.records if isinstance(record.message, LapMessage)]
    assert sum(lap.total_timer_time for lap in laps) == pytest.approx(run.summary["elapsed"], rel=0.001)


@pytest.mark.skipif(not XSD.exists(), reason="needs Garmin's schema beside the checkout")
def test_the_tcx_is_as_its_schema_says(run: Activity) -> None:
    schema = etree.XMLSchema(etree.parse(str(XSD)))
    schema.assertValid(etree.fromstring(content(run, ".tcx")))


def test_the_table_has_a_row_a_second_and_what_was_said(run: Activity) -> None:
    rows = list(csv.DictReader(io.StringIO(content(run, ".csv").decode())))
    assert len(rows) == len(run.seconds)
    assert rows[0]["time"] == datetime.fromtimestamp(round(run.start), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert rows[0]["said"].startswith("Exported.") and float(rows[-1]["distance"]) > 1500


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_run_gives_the_same_bytes(run: Activity, kind: str) -> None:
    assert content(run, kind) == content(
        relive(Recording(lambda: ticking(inputs()), None, 0, lambda: 0), Setup(PLAN), "km"), kind
    )


def test_a_part_of_a_run_begins_anew_and_adds_up(run: Activity) -> None:
    cut = cutting.between(run, 100.0, 400.0)
    assert cut.seconds[0].elapsed == cut.seconds[0].distance == 0.0
    assert cut.summary["elapsed"] == pytest.approx(300.0, abs=2.0)
    whole = [part for _, part in cut.segments]
    assert sum(part.elapsed for part in whole) == pytest.approx(cut.summary["elapsed"], abs=0.1)
    assert sum(part.distance for part in whole) == pytest.approx(cut.summary["distance"], abs=0.1)
    [session] = messages(content(cut, ".fit"))["session"]
    assert session["start_time"].timestamp() == pytest.approx(START + 100, abs=1)
    with pytest.raises(InvalidSettings, match="nothing of the run"):
        cutting.between(run, 5000.0, 6000.0)


@pytest.mark.parametrize("seed", range(5))
def test_no_place_near_home_is_exported_by_any_format(run: Activity, seed: int, tmp_path: Path) -> None:
    radius, secret = 200.0, random.Random(seed).randbytes(16)
    there_and_back = [each._replace(lat=47.0 + abs(600 - each.distance) / 111_195) for each in run.seconds]
    run = relive(Recording(lambda: ticking(inputs()), None, 0, lambda: 0), Setup(PLAN), "km")
    run.seconds = there_and_back
    home, away = run.seconds[0], run.seconds[-1]
    cut = cutting.without_home(run, radius, secret)
    least = radius * (1 - cutting.MOST_SHIFT)
    for kind in (".fit", ".tcx", ".gpx"):
        for each in again(written(cut, tmp_path, kind)).seconds:
            for end in (home, away):
                assert each.lat is None or metres_between(each.lat, each.lon or 0, end.lat or 0, end.lon or 0) >= least - 1
    assert cut.summary["distance"] < run.summary["distance"] and cut.seconds[0].distance == 0.0
    assert cutting.without_home(run, radius, secret).seconds == cut.seconds


def test_a_run_without_places_has_none(run: Activity, tmp_path: Path) -> None:
    hidden = again(written(cutting.without_places(run), tmp_path, ".fit"))
    assert not [each for each in hidden.seconds if each.lat is not None or each.alt is not None]
    assert hidden.summary["distance"] == pytest.approx(run.summary["distance"], rel=0.001)


def test_the_secret_of_hidden_zones_is_its_owners_alone_and_stays() -> None:
    secret = cutting.secret()
    assert len(secret) == 16 and cutting.secret() == secret
    kept = store.folder().parent / "hidden-zone"
    assert os.stat(kept).st_mode & 0o077 == 0


def test_the_command_writes_what_show_tells(tmp_path: Path) -> None:
    config, out = configured(tmp_path), tmp_path / "out.fit"
    told = coach(config, "export", DEMO_TRACK, "--workout", "5m 6:00/km, 10m 5:30/km", "-o", out, "--json").stdout
    [row] = lines(told)
    [shown] = [each for each in lines(coach(config, "show", out, "--json").stdout) if each["kind"] == "summary"]
    assert shown["distance"] == pytest.approx(row["distance"], rel=0.001)
    assert shown["elapsed"] == pytest.approx(row["elapsed"], abs=1.0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "run.doc"], "is not in a format that a run can be exported to; end its name in .fit, .tcx, .gpx, .csv"),
        (["-o", "nowhere/run.fit"], "cannot be written: no such file or directory"),
        (["--from", "soon"], "'soon' is not a time"),
        (["--hide-home", "50 km"], "the whole run is within that distance; export it with --no-places"),
        (["--from", "3:00:00"], "nothing of the run lies between them"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_line(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = coach(configured(tmp_path), "export", DEMO_TRACK, *arguments, "-o", tmp_path / "x.fit", check=2) if (
        arguments[0] != "-o"
    ) else coach(configured(tmp_path), "export", DEMO_TRACK, arguments[0], tmp_path / arguments[1], check=2)  # fmt: skip
    assert told in done.stderr and len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("*.part"))


def test_strides_alone_are_a_run_as_well(tmp_path: Path) -> None:
    items = [Stride(float(at), "pod", 3.0, 171.0) for at in range(300)]
    activity = relive(Recording(lambda: ticking(iter(items)), None, 0, lambda: 0), Setup(FREE_RUN), "km")
    assert activity.started is None
    activity.started = START
    data = content(activity, ".fit")
    record = messages(data)["record"][100]
    assert (
        record["cadence"] == 85
        and record["fractional_cadence"] == 0.5
        and "position_lat" not in {name for name, value in record.items() if value is not None}
    )
    [file_id] = messages(data)["file_id"]
    assert file_id["time_created"].timestamp() - EPOCH == pytest.approx(START - EPOCH, abs=1)


@pytest.mark.parametrize("kind", [".tcx", ".gpx"])
def test_a_name_with_signs_that_xml_reserves_or_forbids_is_text(kind: str) -> None:
    odd = Plan("5 < 6 & \x01<b>", PLAN.segments)
    named = relive(Recording(lambda: ticking(inputs(60)), None, 0, lambda: 0), Setup(odd), "km")
    assert "5 < 6 & <b>" in [element.text for element in etree.fromstring(content(named, kind)).iter()]


@pytest.mark.parametrize("kind", [".tcx", ".gpx"])
def test_two_seconds_that_are_rounded_to_one_are_one_point(kind: str) -> None:
    fixes = [each._replace(at=each.at + (0.1 if each.at % 2 else 0.9)) for each in inputs(60) if isinstance(each, Fix)]
    uneven = relive(Recording(lambda: ticking(iter(fixes)), None, 0, lambda: 0), Setup(PLAN), "km")
    points = [each for each in etree.fromstring(content(uneven, kind)).iter() if each.tag.endswith(("}Trackpoint", "}trkpt"))]
    times = [each.text for point in points for each in point.iter() if each.tag.endswith(("}Time", "}time"))]
    assert times == sorted(set(times)) and 20 < len(times) < len(uneven.seconds)
