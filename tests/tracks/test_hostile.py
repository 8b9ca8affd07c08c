"""Files from strangers: each is refused in one line, or read as far as it is whole; never a crash, never a flood."""

import random
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.runs.recording import recorded
from devices.api import InvalidFile
from devices.sample import Link, Sample
from devices.tracks import open_track
from tests.tracks.odd import zipped
from tests.tracks.test_tracks import NMEA, Write, gpx, point, tcx, trackpoint
from tests.tracks.test_tracks import write as write  # the fixture

GPX = gpx("".join(point(second) for second in range(60)))
TCX = tcx(f"<Track>{''.join(trackpoint(second, '<DistanceMeters>9.5</DistanceMeters>') for second in range(60))}</Track>")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def tried(path: str | Path) -> list[Sample | Link] | None:
    """The samples, or None when the file was refused in one line."""
    try:
        samples = list(open_track(str(path)).samples())
    except InvalidFile as refused:
        assert "\n" not in str(refused)
        assert str(refused).startswith(str(path))
        return None
    assert all(before.at <= after.at for before, after in pairwise(samples))
    return samples


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"hello", "is not a track in a known format"),
        (b"{}", "is JSON"),
        (b"<html></html>", "is XML, but neither GPX nor TCX"),
        (b"PK\x03\x04", "is a zip archive that cannot be read"),
        (b"PK\x05\x06" + bytes(18), "is an empty zip archive"),
        (
            zipped({"a.gpx": b"<gpx/>", "b/c.fit": b""}),
            "is a zip archive of 2 files: unpack it, and give one of a.gpx, b/c.fit",
        ),
        (zipped({"a.gpx": b"<gpx>" + b" " * (30 << 20)}), "unpacks to more than 200 times its size"),
        (zipped({"a.docx": b"hello"}), "is not a track in a known format"),
        (zipped({"a.zip": zipped({"a.gpx": b"<gpx/>"})}), "is a zip archive that was packed again"),
        (b"\xb5\x62\x01\x07" + b"\0" * 90, "has no fix"),
        (f'<!DOCTYPE gpx [<!ENTITY l0 "ha">{LAUGHS}]><gpx><trk>&l9;</trk></gpx>', "DOCTYPE"),
        ('<!DOCTYPE gpx SYSTEM "http://127.0.0.1/x.dtd"><gpx></gpx>', "DOCTYPE"),
        ('<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + gpx(point(0), head=""), "DOCTYPE"),
        ("<?xml version='1.0'?><!--" + "x" * 100_000 + "--><gpx></gpx>", "neither GPX nor TCX"),
        ("<gpx>" + "<a>" * 1000, "has no track points"),
        ("<gpx>" + "<a>" * 100_000, "has no track points"),
        ("<gpx " + " ".join(f"a{n}='1'" for n in range(1000)) + ">", "has no track points"),
        ("<gpx><trk>", "has no track points"),
        ("<gpx></gpx>", "has no track points"),
        (b"<gpx>\xff\xfe\xfd</gpx>", "has no track points"),
        ("<gpx a='" + "x" * (15 << 20) + "'></gpx>", "has no track points"),
        ("<gpx><trkpt lat='1' lon='1'>" + "x" * (2 << 20), "longer than 1 MB"),
        ("<gpx>" + "<!--" * 500_000, "has no track points"),
        ("<gpx>" + "<![CDATA[" * 200_000, "has no track points"),
        ("<gpx>" + "<trkpt " * 100_000 + "</trkpt>", "has no track points"),
    ],
)
def test_a_file_that_is_none_is_refused(write: Write, content: str | bytes, told: str) -> None:
    with pytest.raises(InvalidFile, match=told) as refused:
        open_track(write("x", content))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_may_not_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.gpx", tmp_path):
        with pytest.raises(InvalidFile, match="cannot be read"):
            open_track(str(path))


@pytest.mark.parametrize("whole", [GPX.encode(), TCX.encode(), NMEA[:9000]], ids=["gpx", "tcx", "nmea"])
def test_cut_anywhere_what_was_whole_is_read(write: Write, whole: bytes) -> None:
    counts = [len(tried(write("cut", whole[:length])) or ()) for length in range(0, len(whole), 97)]
    assert counts == sorted(counts)
    assert counts[-1] > 20


def test_a_cut_end_is_counted(write: Write) -> None:
    track = open_track(write("cut.gpx", GPX[: len(GPX) // 2]))
    assert list(track.samples())
    assert track.faults == {"truncated": 1}


def test_a_document_that_turns_hostile_later_is_read_up_to_there(write: Write) -> None:
    track = open_track(write("late.gpx", GPX.replace("</trk>", "<a>" * 100_000)))
    assert len(list(track.samples())) == 60


@pytest.mark.parametrize("wrong", ['lat="91"', 'lat="nan"', 'lat="1e999"', 'lat="1_0"', 'lat=""', 'lat="４７x"'])
def test_a_point_at_no_place_on_earth_is_none(write: Write, wrong: str) -> None:
    samples = tried(write("x.gpx", gpx(point(0) + point(1).replace('lat="47.0"', wrong) + point(2))))
    assert samples is not None
    assert [sample.at for sample in samples] == [0.0, 2.0]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", b"<gpx>", b"$GPRMC,1,", b"\x0e\x10\xd9\x07\0\0\0\0.FIT", b"\x1f\x8b"]))
def test_any_bytes_are_samples_or_refused(tmp_path: Path, noise: bytes, head: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(head + noise)
    tried(path)


def test_a_long_track_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.gpx"
    with path.open("w") as file:
        file.write("<gpx><trk><trkseg>")
        for second in range(40_000):
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            file.write(f'<trkpt lat="47.{second:06}" lon="8"><time>2026-05-14T{clock}Z</time></trkpt>')
        file.write("</trkseg></trk></gpx>")
    tracemalloc.start()
    try:
        track = open_track(str(path))
        count = sum(1 for _ in track.samples())
        assert tracemalloc.get_traced_memory()[1] < 20e6 * 40_000 / 150_000
    finally:
        tracemalloc.stop()
    assert count == 40_000


def recordings(tracks: Path) -> list[Path]:
    return [path for path in sorted(tracks.rglob("*")) if path.is_file() and path.stat().st_size < 1_500_000]


def test_every_real_file_is_coached_or_refused_in_one_line(tracks: Path) -> None:
    coached = 0
    for path in recordings(tracks):
        samples = tried(path)
        if samples is not None:
            coach, before = Coach(FREE_RUN), 0.0
            for item in recorded(samples):
                coach.feed(item)
                assert coach.session.distance >= before
                before = coach.session.distance
            coached += 1
    assert coached > 150


def test_real_files_with_bytes_changed_are_survived(tracks: Path, tmp_path: Path) -> None:
    chance, altered = random.Random(5), tmp_path / "altered"
    for path in recordings(tracks):
        data = bytearray(path.read_bytes())
        if path.suffix not in (".fit", ".tcx", ".gpx") or not 0 < len(data) < 60_000:
            continue
        for _ in range(8):
            data[chance.randrange(len(data))] = chance.randrange(256)
        altered.write_bytes(data)
        tried(altered)
