"""Courses in files: GPX tracks and routes, and workouts that name one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from coach.core.plan.segments import Plan
from coach.errors import InvalidSettings
from coach.workouts import plain, read_workout, write_workout
from coach.workouts.courses import read_course
from devices.api import InvalidFile
from tests.cli.commands import coach, configured
from tests.runs.on_course import circle, drawn

HILLY = drawn([(0, 0), (2500, 0), (2500, 2500)])
TALL = [400.0 + max(0.0, min(30.0, (n - 60) * 0.6)) for n in range(len(HILLY))]  # 3 % up, from 1.2 km to 2.2 km


def gpx(path: Path, way: Sequence[tuple[float, float]], heights: Sequence[float] = (), point: str = "trkpt") -> Path:
    rows = "".join(
        f'<{point} lat="{lat:.7f}" lon="{lon:.7f}">{f"<ele>{heights[n]:.1f}</ele>" if heights else ""}</{point}>'
        for n, (lat, lon) in enumerate(way)
    )
    body = f"<trk><trkseg>{rows}</trkseg></trk>" if point == "trkpt" else f"<rte>{rows}</rte>"
    path.write_text(f'<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>')
    return path


@pytest.mark.parametrize("point", ["trkpt", "rtept"])
@pytest.mark.parametrize("heights", [TALL, []])
def test_a_track_or_a_route_with_heights_or_without(point: str, heights: Sequence[float], tmp_path: Path) -> None:
    course = read_course(gpx(tmp_path / "way.gpx", HILLY, heights, point))
    assert course.length == pytest.approx(5000, rel=2e-3)
    assert course.climb == pytest.approx(30.0 if heights else 0.0, abs=0.5)


def test_it_may_be_packed(tmp_path: Path) -> None:
    packed = tmp_path / "way.gpx.gz"
    packed.write_bytes(gzip.compress(gpx(tmp_path / "way.gpx", HILLY).read_bytes()))
    assert read_course(packed).length == pytest.approx(5000, rel=2e-3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"<gpx></gpx>", "neither a track nor a route"),
        (b'<gpx><trk><trkseg><trkpt lat="91" lon="0"/><trkpt lat="nan" lon="0"/></trkseg></trk></gpx>', "neither a track"),
        (b'<gpx><trk><trkseg><trkpt lat="1" lon="0"/></trkseg></trk></gpx>', "fewer than two"),
        (b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx><trk/></gpx>', "DOCTYPE"),
        (b"<gpx><trk><trkseg><trkpt", "has neither a track nor a route"),
        (b"<gpx>" + b"<a>" * 70, "has neither a track nor a route"),
        (b"hello", "is not a track"),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_what_is_no_course_is_one_line(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "bad.gpx").write_bytes(content)
    with pytest.raises(InvalidFile, match=says) as refused:
        read_course(tmp_path / "bad.gpx")
    assert len(str(refused.value).splitlines()) == 1


def test_every_recorded_track_is_a_course_or_refused_in_one_line(tracks: Path) -> None:
    for path in sorted(tracks.rglob("*.gpx")):
        try:
            assert read_course(path).length >= 200
        except InvalidFile as refused:
            assert len(str(refused).splitlines()) == 1


def raced(folder: Path, *options: str, to: str = "sunday.toml") -> Plan:
    out = folder / to
    coach(configured(folder), "race", "5k", "25:00", "--course", gpx(folder / "way.gpx", HILLY, TALL), "-o", out, *options)
    return read_workout(str(out), None)


def test_a_race_on_a_course_is_written_read_and_kept_in_the_journal_exactly(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    plan = raced(tmp_path, to="plans/sunday.toml")
    assert 'course = "../way.gpx"\nlaps = 1\n' in (tmp_path / "plans/sunday.toml").read_text()
    assert plan.course and plan.is_laid_out and plan.course.length == pytest.approx(5000, abs=1e-3)
    assert plan.totals.seconds == pytest.approx(1500, abs=0.05)
    assert plain.from_dict(json.loads(json.dumps(plain.as_dict(plan)))) == plan
    assert len(json.dumps(plain.as_dict(plan))) < 10_000


def test_a_workout_that_is_not_as_long_as_its_course_is_not_made_for_it(tmp_path: Path) -> None:
    gpx(tmp_path / "way.gpx", HILLY, TALL)
    (tmp_path / "easy.toml").write_text('course = "way.gpx"\n[[segment]]\nlength = "20 min"\npace = "6:00/km"\n')
    plan = read_workout(str(tmp_path / "easy.toml"), None)
    assert plan.course and not plan.is_laid_out


@pytest.mark.parametrize(
    ("top", "says"),
    [('course = "gone.gpx"', "gone.gpx: cannot be read"), ("laps = 3", "need a course"),
     ('course = "way.gpx"\nlaps = 3', "only a loop"), ('course = ""', "at least 1"),
     ('course = "way.gpx"\nlaps = 0', "greater than or equal to 1")],
)  # fmt: skip
def test_a_mistake_about_the_course_is_told_where_it_stands(top: str, says: str, tmp_path: Path) -> None:
    gpx(tmp_path / "way.gpx", HILLY)
    (tmp_path / "bad.toml").write_text(f'{top}\n[[segment]]\nlength = "20 min"\n')
    with pytest.raises(InvalidSettings, match=says) as wrong:
        read_workout(str(tmp_path / "bad.toml"), None)
    assert wrong.value.line in (1, 2)


def test_other_formats_leave_the_course_behind_and_say_so(tmp_path: Path) -> None:
    assert "the course was left out" in write_workout(raced(tmp_path), tmp_path / "sunday.icu")[-1]


def test_the_command_tells_of_the_course(tmp_path: Path) -> None:
    config = configured(tmp_path)
    way = gpx(tmp_path / "round.gpx", drawn(circle(200), 5))
    shown = coach(config, "race", "5k", "25:00", "--course", way).stdout
    assert "4 laps of 1.25 km, it has no heights, so the paces do not allow for hills" in shown
    told = json.loads(coach(config, "race", "5k", "25:00", "--course", way, "--laps", "4", "--json").stdout)
    assert told["course"] == {"file": str(way), "metres": 5000.0, "laps": 4, "climb": 0}
    for options, says in ((("--course", way, "--laps", "3"), "% apart"), (("--laps", "3"), "type --course")):
        assert says in coach(config, "race", "5k", "25:00", *options, check=2).stderr
