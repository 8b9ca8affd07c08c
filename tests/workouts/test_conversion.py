"""Every workout through every writer and back: lengths and speeds as near as the format says, and all that is lost is told."""

from __future__ import annotations

import json
import os
import re
import struct
from itertools import pairwise
from pathlib import Path

import fitdecode
import pytest
from fit_tool.fit_file import FitFile
from fit_tool.validation import ProfileScope, validate_fit_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Saying, Segment, Steady, UntilLap
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.workouts import read_workout, write_workout
from coach.workouts.blocks import TOLERANCE, stairs
from tests.cli.commands import coach, configured, lines
from tests.conftest import ROOT
from tests.workouts.test_native import THURSDAY, read
from tests.workouts.test_samples import SAMPLES
from tests.workouts.test_writing import PLANS

FITNESS = Fitness.from_race("10k 50:00")
XSD = Path(os.environ.get("COACH_WORKOUTS", ROOT.parent / "shared" / "workouts")) / "xsd" / "TrainingCenterDatabasev2.xsd"

# format: how far a length may be off (s or m) and a mean speed (s/km) beyond what a ramp's steps are told to be off
FORMATS = {"toml": (0.001, 0.001), "txt": (0.5, 0.51), "fit": (0.005, 0.5), "json": (0.001, 0.05), "tcx": (0.5, 0.1)}
TWICE = tuple(Segment("Fast", Kind.PEAK, Duration(60), Steady(4.0), (turn, 2)) for turn in (1, 2))
WORST = re.compile(r"never more than ([0-9.]+) s/km")


def there_and_back(plan: Plan, folder: Path, suffix: str) -> tuple[Plan, tuple[str, ...]]:
    path = folder / f"x.{suffix}"
    notes = write_workout(plan, path, FITNESS)
    assert all("\n" not in note for note in notes)
    told: list[str] = []
    again = read_workout(str(path), FITNESS, told.append)
    assert told == [] or suffix == "txt", told  # what we write we read without a word
    return again, notes


def value(segment: Segment) -> float:
    """Its length, in whatever that counts."""
    match segment.length:
        case Duration(seconds):
            return seconds
        case Distance(metres):
            return metres
    return 1.0


def assert_same(plan: Plan, again: Plan, notes: tuple[str, ...], off_length: float, off_pace: float) -> None:
    """Segment by segment; what were steps of a ramp lies within what was told."""
    worst = max((float(found[1]) for note in notes for found in WORST.finditer(note)), default=0.0)
    later = list(again.segments)
    for segment in plan.segments:
        whole, done = value(segment), 0.0
        parts: list[Segment] = []
        while later and done < whole - off_length - 1e-6:
            part = later.pop(0)
            for edge in (done / whole, min(1.0, (done + value(part)) / whole)):
                off = abs(pace(segment, edge) - pace(part, 0.0)) if not isinstance(part.target, Ramp) else 0.0
                assert off <= (worst if isinstance(segment.target, Ramp) else 0.0) + off_pace + 0.06
            done += value(part)
            parts.append(part)
        assert done == pytest.approx(whole, abs=off_length + 1e-6), segment
        assert {type(part.length) for part in parts} == {type(segment.length)}
        if len(parts) == 1:
            assert pace(parts[0], None) == pytest.approx(pace(segment, None), abs=off_pace)
    assert not later


def pace(segment: Segment, at: float | None) -> float:
    """s/km at a part of it, or on the whole; 0 without a target."""
    speed = segment.mean_speed if at is None else segment.speed_at(at)
    return 1000 / speed if speed else 0.0


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("file", SAMPLES)
def test_every_sample_through_every_writer(file: str, suffix: str, workouts: Path, tmp_path: Path) -> None:
    plan = read_workout(str(workouts / file), FITNESS)
    assert_same(plan, *there_and_back(plan, tmp_path, suffix), *FORMATS[suffix])


@pytest.mark.parametrize("file", SAMPLES)
def test_every_sample_through_zwift(file: str, workouts: Path, tmp_path: Path) -> None:
    """One kind of length: time and way are those of the plan wherever it has them, speeds to a thousandth."""
    plan = read_workout(str(workouts / file), FITNESS)
    again, notes = there_and_back(plan, tmp_path, "zwo")
    assert len(again.segments) == len(plan.segments)
    for before, after in zip(plan.segments, again.segments, strict=True):
        assert after.mean_speed == (before.mean_speed and pytest.approx(before.mean_speed, rel=1e-5))
        for own, other in ((before.seconds, after.seconds), (before.metres, after.metres)):
            if own is not None and before.target:
                assert other == pytest.approx(own, rel=1e-5)
        if before.target is None and type(before.length) is not type(after.length):
            assert any(f'"{before.name}"' in note for note in notes)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLANS, st.sampled_from(sorted(FORMATS)))
def test_any_plan_through_any_writer(tmp_path: Path, plan: Plan, suffix: str) -> None:
    try:
        again, notes = there_and_back(plan, tmp_path, suffix)
    except InvalidSettings as refused:
        assert suffix == "tcx" and "holds" in str(refused)
        return
    assert_same(plan, again, notes, *FORMATS[suffix])


def test_a_ramp_becomes_steps_that_keep_its_time_and_way() -> None:
    for length in (Duration(1800.0), Distance(6000.0)):
        ramp = Segment("Build", Kind.STEADY, length, Ramp(2.6, 3.6))
        parts, worst = stairs(ramp, 7)
        assert sum(part.seconds or 0 for part in parts) == pytest.approx(ramp.seconds)
        assert sum(part.metres or 0 for part in parts) == pytest.approx(ramp.metres)
        off = [
            abs(1000 / (ramp.speed_at((number + share / 10) / 7) or 1) - 1000 / (part.mean_speed or 1))
            for number, part in enumerate(parts) for share in range(11)
        ]  # fmt: skip
        assert max(off) == pytest.approx(worst)
        assert all((before.mean_speed or 0) < (after.mean_speed or 0) for before, after in pairwise(parts))


def test_steps_stay_within_the_limit_and_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    ramp = Segment("Build", Kind.STEADY, Duration(3600.0), Ramp(2.0, 5.0))
    plan = Plan("Ramps", tuple([ramp] * 3))
    for suffix, most in (("fit", 50), ("json", 50), ("tcx", 20)):
        again, notes = there_and_back(plan, tmp_path, suffix)
        assert 0.6 * most < len(again.segments) <= most and len([note for note in notes if WORST.search(note)]) == 3
    many = Plan("Many", tuple(Segment(f"{n}", Kind.STEADY, Duration(60.0 + n)) for n in range(60)))
    for suffix in ("fit", "json", "tcx"):
        with pytest.raises(InvalidSettings, match=r"holds at most .* steps, and this workout has 60; write a .toml"):
            write_workout(many, tmp_path / f"x.{suffix}")


def test_all_that_is_lost_is_told(tmp_path: Path) -> None:
    says = (Saying(Duration(10.0), "Relax."),)
    long = "A name of more than thirty-one letters"
    segment = Segment(long, Kind.PEAK, Duration(600.5), Steady(3.0), cadence=176, says=says)
    plan = Plan("Loss", (segment, Segment("Open", Kind.FREE, UntilLap())))
    told = {suffix: " / ".join(write_workout(plan, tmp_path / f"x.{suffix}", FITNESS)) for suffix in [*FORMATS, "zwo"]}
    assert told["toml"] == ""
    for suffix in ("fit", "json", "tcx"):
        for what in ("peak is not kept", "words to be said", "metronome", "±1.5 %"):
            assert what in told[suffix], (suffix, what)
    assert "cut to 31 bytes" in told["fit"] and "cut to 15 characters" in told["tcx"] and "rounded to a second" in told["tcx"]
    assert "peak is not kept" in told["txt"] and "paces are rounded" in told["txt"] and "5m stands there" in told["txt"]
    for what in ("more than a name", "peak is not kept", "metronome", "until lap becomes 5 minutes"):
        assert what in told["zwo"]


def test_words_and_metronome_come_back_where_the_format_has_them(tmp_path: Path) -> None:
    says = (Saying(Duration(0.0), "Here we go."), Saying(Duration(90.0), 'Quick & "light" feet.'))
    segment = Segment("Build", Kind.STEADY, Duration(600.0), Steady(1000 / 300), cadence=176, says=says)
    plan = Plan("Words", (segment,))
    for suffix, cadence in (("toml", 176), ("txt", 176), ("zwo", None)):
        (again,) = there_and_back(plan, tmp_path, suffix)[0].segments
        assert (again.name, again.says, again.cadence) == ("Build", says, cadence), suffix


def test_repeats_are_found_again_in_every_format(tmp_path: Path) -> None:
    plan = read(tmp_path, THURSDAY)
    signs = {"fit": b"", "json": b'"RepeatGroupDTO"', "tcx": b"<Repetitions>3<", "txt": b"3x", "toml": b"repeat = 3"}
    for suffix, sign in signs.items():
        again, _ = there_and_back(plan, tmp_path, suffix)
        assert [each.turn for each in again.segments if each.turn] == [(n, 3) for n in (1, 1, 2, 2, 3, 3)], suffix
        assert sign in (tmp_path / f"x.{suffix}").read_bytes()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLANS)
def test_two_decoders_accept_our_fit(tmp_path: Path, plan: Plan) -> None:
    nested = Plan(plan.name, TWICE + plan.segments)
    write_workout(nested, tmp_path / "x.fit")
    file = FitFile.from_file(str(tmp_path / "x.fit"))
    errors = [each.message for each in validate_fit_file(file, profile_scope=ProfileScope.FULL).errors]
    assert [each for each in errors if "num_valid_steps" not in each] == []  # its rule is not the cookbook's: see fit.py
    strict = fitdecode.FitReader(str(tmp_path / "x.fit"), check_crc=fitdecode.CrcCheck.RAISE)
    with strict as frames:
        steps = [each for each in frames if isinstance(each, fitdecode.FitDataMessage) and each.name == "workout_step"]
    assert [each.get_value("message_index") for each in steps] == list(range(len(steps)))
    assert steps[1].get_value("duration_type") == "repeat_until_steps_cmplt" and steps[0].get_value("target_type") == "speed"


def test_our_fit_says_what_it_is_byte_by_byte(tmp_path: Path) -> None:
    write_workout(Plan("Ü" * 40, (Segment("Easy", Kind.EASY, Distance(1000.0), Band(2.5, 3.0)),)), tmp_path / "x.fit")
    data = (tmp_path / "x.fit").read_bytes()
    size, protocol, _, body, magic = struct.unpack("<BBHI4s", data[:12])
    assert (size, protocol, magic, len(data)) == (14, 0x20, b".FIT", 14 + body + 2)
    assert read_workout(str(tmp_path / "x.fit"), None).name == "Ü" * 15  # 31 bytes hold no half letter


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PLANS)
def test_our_tcx_is_valid_by_garmins_schema(tmp_path: Path, plan: Plan) -> None:
    if not XSD.exists():
        pytest.skip(f"no schema at {XSD}: set COACH_WORKOUTS")
    nested = Plan(plan.name, plan.segments + TWICE)
    try:
        write_workout(nested, tmp_path / "x.tcx")
    except InvalidSettings:
        return
    etree.XMLSchema(etree.parse(str(XSD))).assertValid(etree.parse(str(tmp_path / "x.tcx")))


def test_a_single_pace_is_a_band_that_keeps_its_middle(tmp_path: Path) -> None:
    plan = Plan("One", (Segment("Tempo", Kind.TEMPO, Duration(600.0), Steady(3.5)),))
    for suffix in ("fit", "json", "tcx"):
        target = there_and_back(plan, tmp_path, suffix)[0].segments[0].target
        assert isinstance(target, Band)
        assert target.fast / target.slow == pytest.approx((1 + TOLERANCE) / (1 - TOLERANCE), abs=1e-3)


def test_the_command_says_what_was_lost(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "10k 50:00"\n')
    out = tmp_path / "x.fit"
    done = coach(config, "convert", "10m Z2, 20m ramp 6:00-4:45/km Pace, Peak 5m 4:30/km Pace", out)
    assert "Z2" in done.stderr and "never more than" in done.stdout and f"Written to {out}" in done.stdout
    (row,) = lines(coach(config, "convert", out, tmp_path / "x.json", "--json").stdout)
    assert row["segments"] == len(read_workout(str(out), None).segments) and row["kind"] == "converted" and row["notes"] == []
    assert json.loads((tmp_path / "x.json").read_text())["workoutName"] == "Workout"
    for arguments, says in (
        ((out, out), "is also the input file"),
        ((out, tmp_path / "x.pdf"), "is not the name of a workout file"),
        ((tmp_path / "gone.fit", tmp_path / "y.fit"), "no such file"),
    ):
        assert says in coach(config, "convert", *arguments, check=2).stderr
    assert "needs your fitness" in coach(configured(tmp_path), "convert", out, tmp_path / "x.zwo", check=2).stderr


def test_a_made_plan_is_written_for_every_program(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "10k 50:00"\n')
    for suffix in (*FORMATS, "zwo"):
        coach(config, "plan", "continuous", "-o", tmp_path / f"x.{suffix}")
        told = coach(config, "check", tmp_path / f"x.{suffix}").stdout
        assert "55:00" in told
