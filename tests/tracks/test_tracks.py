"""Recorded tracks: what is in a file comes out, once, in order of time."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.api import InvalidFile
from devices.sample import RECORDER_PAUSED, Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks import Track, open_track
from devices.tracks.left_out import left_out
from devices.tracks.written import number, unix_time

Write = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def read(path: str) -> tuple[list[Sample | Link], Track]:
    track = open_track(path)
    return list(track.samples()), track


def point(second: int, lat: float = 47.0, inner: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="8.5"><ele>400</ele><time>2026-05-14T05:30:{second:02}Z</time>{inner}</trkpt>'


def gpx(*segments: str, head: str = '<?xml version="1.0"?>') -> str:
    tracks = "".join(f"<trkseg>{segment}</trkseg>" for segment in segments)
    return f'{head}<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk>{tracks}</trk></gpx>'


def test_gpx_points_are_fixes_with_their_own_times(write: Write) -> None:
    samples, track = read(write("a.gpx", gpx(point(0) + point(2, 47.1))))
    assert samples == [
        Fix(0.0, "gpx", 47.0, 8.5, 400.0, mode=Mode.FIX_2D, utc=unix_time("2026-05-14T05:30:00Z")),
        Fix(2.0, "gpx", 47.1, 8.5, 400.0, mode=Mode.FIX_2D, utc=unix_time("2026-05-14T05:30:02Z")),
    ]
    assert (track.format, track.faults, track.recorded_distance) == ("gpx", {}, None)
    assert track.bytes_read == track.size


def test_gpx_extensions_bring_speed_and_heart_rate(write: Write) -> None:
    values = "<x:hr>151</x:hr><x:speed>3.25</x:speed>"
    inner = f"<extensions><x:TrackPointExtension xmlns:x='u'>{values}</x:TrackPointExtension></extensions>"
    (fix, pulse), _ = read(write("a.gpx", gpx(point(0, inner=inner))))
    assert isinstance(fix, Fix)
    assert (fix.speed, pulse) == (3.25, Pulse(0.0, "gpx", 151))


def test_a_new_gpx_segment_is_a_pause_of_the_recorder(write: Write) -> None:
    samples, _ = read(write("a.gpx", gpx(point(0) + point(1), "", point(30))))
    assert samples[2:4] == [Link(1.0, "gpx", False, RECORDER_PAUSED), Link(30.0, "gpx", True, RECORDER_PAUSED)]
    assert samples[4].at == 30.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_gpx_in_any_declared_encoding(write: Write, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><!-- Läufe -->'
    samples, _ = read(write("a.gpx", gpx(point(0), head=head).encode(encoding)))
    assert len(samples) == 1


def test_a_route_is_refused(write: Write) -> None:
    with pytest.raises(InvalidFile, match="is a route, not a recording"):
        open_track(write("a.gpx", gpx('<trkpt lat="47" lon="8"/>' * 200)))


def test_times_in_an_unknown_form_are_quoted(write: Write) -> None:
    times = [f"Thursday {second}" for second in range(9)]
    points = "".join(f'<trkpt lat="47" lon="8"><time>{at}</time></trkpt>' for at in times)
    with pytest.raises(InvalidFile, match='has times in an unknown form, such as "Thursday 0"'):
        open_track(write("a.gpx", gpx(points)))
    points = "".join(f"<Trackpoint><Time>{at}</Time>{PLACE}</Trackpoint>" for at in times)
    with pytest.raises(InvalidFile, match='has times in an unknown form, such as "Thursday 0"'):
        open_track(write("a.tcx", tcx(f"<Track>{points}</Track>")))


def trackpoint(second: int, inner: str) -> str:
    return f"<Trackpoint><Time>2026-05-14T05:30:{second:02}Z</Time>{inner}</Trackpoint>"


def tcx(*laps: str) -> str:
    inner = "".join(f"<Lap><DistanceMeters>1000.5</DistanceMeters>{lap}</Lap>" for lap in laps)
    activity = f"<Activities><Activity>{inner}</Activity></Activities>"
    return f'<?xml version="1.0"?><TrainingCenterDatabase xmlns="u">{activity}</TrainingCenterDatabase>'


PLACE = "<Position><LatitudeDegrees>47</LatitudeDegrees><LongitudeDegrees>8.5</LongitudeDegrees></Position>"


def test_tcx_with_positions_and_without(write: Write) -> None:
    values = "<TPX><Speed>3.1</Speed><RunCadence>86</RunCadence></TPX>"
    treadmill = f"<DistanceMeters>12.5</DistanceMeters><Extensions>{values}</Extensions>"
    lap = f"<Track>{trackpoint(0, PLACE + '<DistanceMeters>0.0</DistanceMeters>')}</Track>"
    samples, track = read(write("a.tcx", tcx(lap)))
    assert isinstance(samples[0], Fix)
    assert (samples[0].lat, samples[0].distance) == (47.0, 0.0)
    assert track.recorded_distance == 1000.5
    samples, _ = read(write("b.tcx", tcx(f"<Track>{trackpoint(4, treadmill)}</Track>")))
    assert samples == [Stride(0.0, "tcx", 3.1, 172.0, 12.5)]


def test_a_second_track_in_a_lap_is_a_pause_and_a_new_lap_is_none(write: Write) -> None:
    first = f"<Track>{trackpoint(0, PLACE)}</Track><Track>{trackpoint(20, PLACE)}</Track>"
    samples, track = read(write("a.tcx", tcx(first, f"<Track>{trackpoint(21, PLACE)}</Track>")))
    links = [sample for sample in samples if isinstance(sample, Link)]
    assert links == [Link(0.0, "tcx", False, RECORDER_PAUSED), Link(20.0, "tcx", True, RECORDER_PAUSED)]
    assert track.recorded_distance == 2001.0


NMEA = (Path(__file__).parents[2] / "coach/demo/run.nmea").read_bytes()


def test_an_nmea_log_runs_on_the_receivers_own_time(write: Write) -> None:
    samples, track = read(write("a.log", NMEA))
    assert [sample.at for sample in samples] == [float(second) for second in range(1206)]
    assert track.format == "nmea"


def test_a_packed_file_is_unpacked_on_the_way(write: Write) -> None:
    assert len(read(write("a.gpx.gz", gzip.compress(gpx(point(0)).encode())))[0]) == 1
    with pytest.raises(InvalidFile, match="unpacks to more"):
        open_track(write("b.gz", gzip.compress(gpx(" " * (64 << 20)).encode())))
    with pytest.raises(InvalidFile, match="damaged gzip"):
        open_track(write("c.gz", gzip.compress(b"x" * 1000)[:-20]))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-05-14T05:30:00Z", 0.0), ("2026-05-14T05:30:00", 0.0), ("2026-05-14T07:30:00+02:00", 0.0),
        ("2026-05-14T05:30:00.250Z", 0.25), ("2026-05-14T05:29:60Z", 0.0), (" 2026-05-14T05:30:01Z ", 1.0),
        ("2026-05-14t05:30:00z", 0.0), ("2026-05-14T05:30:00,5Z", 0.5), ("2026-05-14 05:30:00 UTC", 0.0),
        ("2026-05-14T07:30+02", 0.0),
        ("14.05.2026 05:30:00", 0.0), ("5/14/2026 5:30:01 AM", 1.0), ("2026-05-14 05:30:00 PM", 43_200.0),
        ("2026-5-14T5:30:2Z", 2.0),
        ("2026-05-14T07:30:00+02:00[Europe/Berlin]", 0.0), ("2026-05-14T05:30:00 CEST", 0.0), ("2026-05-14T05:30:00ZZ", 0.0),
        ("1778736601", 1.0), ("1778736600500", 0.5), ("1778736600.25", 0.25),
        ("2026-5-14T5:30:02Z", 2.0), ("2026/05/14 05:30:00.75", 0.75), ("2026-05-14T05:30:00.1234567Z", 0.123456),
    ],
)  # fmt: skip
def test_moments_as_they_are_written(text: str, seconds: float) -> None:
    assert unix_time(text) == pytest.approx(1778736600.0 + seconds)


@pytest.mark.parametrize("text", [
    None, "", "now", "2026-13-01T00:00:00Z", "٢٠٢٦-05-14TÄ5:30:00Z", "0000-00-00", "9" * 50,
    "2026-13-1 5:30:00", "2026-05-14T05:30:xxZ"])  # fmt: skip
def test_what_is_no_moment_is_none(text: str | None) -> None:
    assert unix_time(text) is None


@pytest.mark.parametrize("text", [None, "", "nan", "inf", "-inf", "1_0", "1e999", "５", "0x10", "91", "9" * 60])
def test_what_is_no_number_within_bounds_is_none(text: str | None) -> None:
    assert number(text, -90, 90) is None


@pytest.mark.parametrize(
    "altered",
    [
        lambda text: " " * 10 + text,
        lambda text: "\ufeff\n" + text,
        lambda text: text.replace('version="1.0"', 'version="1.0" encoding="UTF-16"'),
        lambda text: text.replace('version="1.0"', 'version="1.0" encoding="utf8mb4"'),
        lambda text: text.replace("<trk>", "<trk><name>Here & there &nbsp; \x03</name>"),
        lambda text: text.replace("<trk>", "<trk><!-- <trkpt lat='1' lon='1'><time>2020-01-01T00:00:00Z</time></trkpt> -->"),
        lambda text: text.replace("<trk>", "<trk><name>never closed"),
        lambda text: text.replace('"', "'"),
        lambda text: text.replace("47.0", "47,0").replace("8.5", "8,5"),
        lambda text: text.replace("<", "<g:").replace("<g:/", "</g:").replace("<g:?", "<?"),
        lambda text: text.replace("05:30:00Z", "<![CDATA[05:30:00Z]]>"),
        lambda text: "\ufeff\ufeff\u00a0" + text,
        lambda text: "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + text,
        lambda text: text.replace("<gpx", f"<!-- {'x' * 5000} --><gpx"),
        lambda text: "\0\0\0" + text,
    ],
)  # fmt: skip
def test_what_exporters_write_around_the_points_does_not_matter(write: Write, altered: Callable[[str], str]) -> None:
    samples, track = read(write("a.gpx", altered(gpx(point(0) + point(1)))))
    assert [(fix.at, fix.lat, fix.lon) for fix in samples if isinstance(fix, Fix)] == [(0.0, 47.0, 8.5), (1.0, 47.0, 8.5)]
    assert not track.faults.total()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-32-be", "utf-32-le"])
def test_utf_16_is_known_without_its_mark(write: Write, encoding: str) -> None:
    assert len(read(write("a.log", NMEA[:2000].decode().encode(encoding)))[0]) > 5
    assert len(read(write("a.gpx", gpx(point(0)).encode(encoding)))[0]) == 1
    lap = f"<Track>{trackpoint(0, PLACE)}</Track>"
    assert len(read(write("a.tcx", tcx(lap).encode(encoding)))[0]) == 1


def test_a_packed_file_that_breaks_off_is_read_as_far_as_it_is_whole(write: Write) -> None:
    whole = gpx("".join(point(second) for second in range(60))).encode()
    samples, track = read(write("a.gpx.gz", gzip.compress(whole, 1)[:-30]))
    assert len(samples) > 20
    assert track.faults == {"truncated": 1}


def test_a_position_of_zero_is_none(write: Write) -> None:
    zero = point(0, 0.0).replace('lon="8.5"', 'lon="0"')
    samples, track = read(write("a.gpx", gpx(zero + point(1))))
    assert [sample.at for sample in samples] == [1.0]
    assert track.faults == {"no place": 1}


def test_points_without_a_position_in_a_file_that_has_some_are_no_footpods(write: Write) -> None:
    without = trackpoint(0, "<DistanceMeters>0.0</DistanceMeters>") + trackpoint(1, "<DistanceMeters>3.0</DistanceMeters>")
    samples, _ = read(write("a.tcx", tcx(f"<Track>{without}{trackpoint(2, PLACE)}</Track>")))
    assert [type(sample) for sample in samples] == [Fix, Fix, Fix]
    samples, _ = read(write("a.tcx", tcx(f"<Track>{without}</Track>")))
    assert [type(sample) for sample in samples] == [Stride, Stride]


def test_a_pause_of_a_second_or_two_is_none(write: Write) -> None:
    tracks = f"<Track>{trackpoint(0, PLACE)}</Track><Track>{trackpoint(1, PLACE)}</Track><Track>{trackpoint(20, PLACE)}</Track>"
    links = [sample.at for sample in read(write("a.tcx", tcx(tracks)))[0] if isinstance(sample, Link)]
    assert links == [1.0, 20.0]


def test_what_was_left_out_is_counted_and_told_from_a_hundredth_on(write: Write) -> None:
    points = [point(second) for second in range(50)]
    _, track = read(write("a.gpx", gpx("".join(points))))
    assert left_out(track) == ({}, None)
    _, track = read(write("a.gpx", gpx("".join(points) + "<trkpt lat='47' lon='8'/>" * 2)))
    counts, line = left_out(track)
    assert counts == {"points": 52, "untimed": 2}
    assert line == "a.gpx is damaged, and the rest of it was used: 2 of 52 points left out (2 without a time)."


def test_a_file_whose_points_all_have_one_time_is_refused(write: Write) -> None:
    with pytest.raises(InvalidFile, match="all its 30 points have the same time"):
        open_track(write("a.gpx", gpx("".join(point(0, 47 + nth / 1000) for nth in range(30)))))


def test_a_point_of_a_recorder_that_writes_only_changes_lasts_until_the_next(write: Write) -> None:
    def lasting(*seconds: int) -> list[float | None]:
        samples, _ = read(write("a.gpx", gpx("".join(point(second) for second in seconds))))
        return [sample.lasts for sample in samples if isinstance(sample, Fix)]

    assert lasting(0, 1, 9, 10, 35, 36) == [None, 8.0, None, 25.0, None, None]
    assert lasting(*range(30), 50) == [None] * 31  # one that writes every second had no signal


def test_points_that_tell_no_way_do_not_hide_that_the_others_are_seldom(write: Write) -> None:
    beats = "<HeartRateBpm><Value>140</Value></HeartRateBpm>"
    points = "".join(trackpoint(second, beats + ("" if second % 20 else PLACE)) for second in range(60))
    samples, _ = read(write("a.tcx", tcx(f"<Track>{points}</Track>")))
    assert [sample.lasts for sample in samples if isinstance(sample, Fix)] == [20.0, 20.0, None]


@pytest.mark.parametrize(
    "order",
    [
        [*range(30, 60), *range(30)],
        [*range(59, -1, -1)],
        [nth ^ 1 for nth in range(60)],
        [nth * 37 % 60 for nth in range(60)],
        [*range(60), *range(60)],
        [*range(40), *range(20, 60)],
        [*range(0, 60, 2), *range(1, 60, 2)],
    ],
)
@pytest.mark.parametrize("cut", ["", "</trkseg><trkseg>"])
def test_points_in_any_order_are_one_run(write: Write, order: list[int], cut: str) -> None:
    points = [point(nth, 47.0 + nth / 40_000) for nth in order]
    samples, track = read(write("a.gpx", gpx("".join(points[:30]) + cut + "".join(points[30:]))))
    assert [(fix.at, fix.lat) for fix in samples if isinstance(fix, Fix)] == [(nth, 47.0 + nth / 40_000) for nth in range(60)]
    assert not track.faults.total()


def test_a_long_gap_in_a_run_without_places_is_read_at_once(write: Write) -> None:
    times = [
        f"<Time>2026-05-14T0{5 + at // 30}:30:{at:02}Z</Time><DistanceMeters>{3 * at}</DistanceMeters>" for at in range(60)
    ]
    points = "".join(f"<Trackpoint>{time}</Trackpoint>" for time in times)
    samples, _ = read(write("a.tcx", tcx(f"<Track>{points}</Track>")))
    assert sum(isinstance(sample, Stride) for sample in samples) == 60
