"""FIT: our reader gives what fitdecode gives, and more where that gives up."""

import random
import struct
from collections import Counter
from itertools import islice
from pathlib import Path

import fitdecode
import pytest

from devices.api import InvalidFile
from devices.sample import Fix, Link, Mode, Pulse, Sample, Stride
from devices.tracks import Track, open_track
from devices.tracks.fit_messages import TIME, FitMessages
from devices.tracks.left_out import left_out

NOW = 1_100_000_000  # s since FIT's epoch
EPOCH = 631_065_600
DEGREE = 2**31 / 180


def definition(local: int, number: int, *fields: tuple[int, int, int], order: str = "<", own: bytes = b"") -> bytes:
    head = struct.pack(f"{order}BBBHB", 0x40 | local | (0x20 if own else 0), 0, order == ">", number, len(fields))
    return head + b"".join(bytes(field) for field in fields) + own


def fit(*messages: bytes, size: int | None = None) -> bytes:
    body = b"".join(messages)
    return struct.pack("<BBHI4sH", 14, 16, 2000, len(body) if size is None else size, b".FIT", 0) + body + b"\0\0"


def read(tmp_path: Path, data: bytes) -> tuple[list[Sample | Link], Track]:
    path = tmp_path / "a.fit"
    path.write_bytes(data)
    track = open_track(str(path))
    return list(track.samples()), track


RECORD = definition(0, 20, (TIME, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (5, 4, 0x86), (6, 2, 0x84), (3, 1, 0x02))


def record(at: int, lat: float = 47.0, metres: float = 0.0, speed: float = 3.0, bpm: int = 150) -> bytes:
    place = round(lat * DEGREE), round(8.5 * DEGREE)
    return struct.pack("<BIiiIHB", 0, NOW + at, *place, round(100 * metres), round(1000 * speed), bpm)


RUN = [RECORD, *(record(at, 47 + at / 40_000, 3.0 * at) for at in range(30))]


def test_a_record_is_a_fix_and_a_pulse(tmp_path: Path) -> None:
    (fix, pulse), _ = read(tmp_path, fit(RECORD, record(0, 47.0, 12.5)))
    assert isinstance(fix, Fix)
    assert fix.lat == pytest.approx(47.0)
    assert fix.lon == pytest.approx(8.5)
    assert (fix.speed, fix.distance, fix.utc, fix.mode) == (3.0, 12.5, EPOCH + NOW, Mode.FIX_2D)
    assert pulse == Pulse(0.0, "fit", 150)


def test_big_endian_and_padding_and_arrays(tmp_path: Path) -> None:
    layout = definition(3, 20, (99, 5, 0x0D), (TIME, 4, 0x86), (6, 4, 0x84), order=">")
    data = struct.pack(">B5sIHH", 3, b"?????", NOW, 3100, 9999)
    assert read(tmp_path, fit(layout, data))[0] == [Stride(0.0, "fit", 3.1)]


def test_short_times_count_on_from_the_last(tmp_path: Path) -> None:
    full = definition(0, 20, (TIME, 4, 0x86), (6, 2, 0x84))
    short = definition(1, 20, (6, 2, 0x84))
    late = [struct.pack("<BH", 0x80 | 1 << 5 | (NOW + at) & 31, 3000) for at in (1, 2, 33, 40)]
    samples, _ = read(tmp_path, fit(full, short, struct.pack("<BIH", 0, NOW, 3000), *late))
    assert [sample.at for sample in samples] == [0.0, 1.0, 2.0, 33.0, 40.0]


def test_a_stop_and_a_start_are_a_pause(tmp_path: Path) -> None:
    event = definition(1, 21, (0, 1, 0), (1, 1, 0))
    samples, _ = read(tmp_path, fit(*RUN[:5], event, bytes((1, 0, 4)), bytes((1, 0, 0)), record(60)))
    assert [(each.at, each.up) for each in samples if isinstance(each, Link)] == [(3.0, False), (60.0, True)]


@pytest.mark.parametrize("size", [0, 1, 200, 400, 0xFFFFFFFF, 10**6])
def test_a_recorder_that_broke_off_left_a_wrong_size(tmp_path: Path, size: int) -> None:
    samples, track = read(tmp_path, fit(*RUN, size=size))
    assert samples[-1].at == 29.0
    assert track.faults == ({"truncated": 1} if size == 10**6 else {})  # the file may have been longer


def test_what_a_recorder_kept_free_before_it_crashed_is_counted(tmp_path: Path) -> None:
    samples, track = read(tmp_path, fit(*RUN, bytes(3000), size=0))
    assert samples[-1].at == 29.0
    assert track.faults["unread"] > 2700


def test_times_since_power_on_are_times(tmp_path: Path) -> None:
    early = [RECORD, *(record(at - NOW + 4000, 47 + at / 40_000) for at in range(30))]
    samples, _ = read(tmp_path, fit(*early))
    assert samples[-1].at == 29.0
    assert isinstance(samples[0], Fix)
    assert samples[0].utc is None


def test_a_developer_field_that_nobody_described_is_passed_over(tmp_path: Path) -> None:
    layout = definition(0, 20, (TIME, 4, 0x86), (6, 2, 0x84), own=bytes((1, 7, 3, 0)))
    samples, _ = read(tmp_path, fit(layout, struct.pack("<BIH3s", 0, NOW, 3100, b"???")))
    assert samples == [Stride(0.0, "fit", 3.1)]


def test_a_described_field_of_a_pod_stands_in(tmp_path: Path) -> None:
    described = definition(1, 206, (0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 6, 7))
    layout = definition(0, 20, (TIME, 4, 0x86), own=bytes((1, 7, 4, 0)))
    data = struct.pack("<BIf", 0, NOW, 3.25)
    samples, _ = read(tmp_path, fit(described, struct.pack("<BBBB6s", 1, 0, 7, 0x88, b"Speed\0"), layout, data))
    assert samples == [Stride(0.0, "fit", 3.25)]


def test_old_watches_pack_speed_and_distance_into_three_bytes(tmp_path: Path) -> None:
    layout = definition(0, 20, (TIME, 4, 0x86), (8, 3, 0x0D))
    packed = [(310, 4090), (310, 43), (0xFFF, 0xFFF)]  # 43 is 4139, counted round
    data = [
        struct.pack("<BI", 0, NOW + at) + (speed | way << 12).to_bytes(3, "little") for at, (speed, way) in enumerate(packed)
    ]
    samples, _ = read(tmp_path, fit(layout, *data))
    assert samples == [Stride(0.0, "fit", 3.1, distance=4090 / 16), Stride(1.0, "fit", 3.1, distance=4139 / 16)]


def test_heart_and_place_of_one_second_in_two_records_are_one(tmp_path: Path) -> None:
    heart = definition(1, 20, (TIME, 4, 0x86), (3, 1, 0x02))
    place = definition(2, 20, (TIME, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85))
    data = [
        each for at in range(3)
        for each in (struct.pack("<BIB", 1, NOW + at, 140), struct.pack("<BIii", 2, NOW + at, *[round(47 * DEGREE)] * 2))
    ]  # fmt: skip
    samples, track = read(tmp_path, fit(heart, place, *data))
    assert [type(sample) for sample in samples] == [Fix, Pulse] * 3
    assert not track.faults.total()


def test_files_that_follow_one_another_are_one_recording(tmp_path: Path) -> None:
    samples, _ = read(tmp_path, fit(*RUN) + fit(RECORD, record(40)))
    assert samples[-1].at == 40.0


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    samples, track = read(tmp_path, fit(*RUN, b"\x0f" * 100))
    assert samples[-1].at == 29.0
    assert track.faults == {"unread": 100}


def test_a_file_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="holds a workout"):
        read(tmp_path, fit(RECORD))


MOST = 4_000  # records of a file that are compared: an hour's; fitdecode takes half a minute for a day's


def test_our_reader_gives_what_fitdecode_gives(tracks: Path) -> None:
    fields = {0: "position_lat", 1: "position_long", 2: "altitude", 3: "heart_rate", 4: "cadence", 5: "distance", 6: "speed"}
    compared = 0
    for path in sorted(tracks.rglob("*.fit")):
        ours = [values for _, values in islice(FitMessages(path.read_bytes(), {20: tuple(fields)}, Counter()), MOST)]
        known = decoded(path)
        assert len(ours) >= len(known), path  # more of damaged files
        for mine, theirs in zip(ours, known, strict=False):
            for value, field in zip(mine, fields, strict=True):
                assert theirs.get((field, fields[field])) == value, path
                compared += value is not None
    assert compared > 100_000


def decoded(path: Path) -> list[dict[tuple[int, str], object]]:
    """The raw values of the first records by fitdecode, up to where it gives up."""
    found: list[dict[tuple[int, str], object]] = []
    keep = fitdecode.ErrorHandling.IGNORE
    try:
        with fitdecode.FitReader(str(path), check_crc=fitdecode.CrcCheck.DISABLED, error_handling=keep) as frames:
            for frame in frames:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record":
                    native = [field for field in frame.fields if field.field_def is not None]
                    found.append({(field.def_num, field.name): field.raw_value for field in native})
                if len(found) == MOST:
                    break
    except fitdecode.FitError:
        pass
    return found


def wavering(by_pod: bool) -> list[bytes]:
    """A run whose speed wavers, its metres counted by the speed of a pod, or by the way between positions and smoothed."""
    chance, records, metres, north, smooth = random.Random(7), [], 0.0, 0.0, 3.0
    for at in range(300):
        speed = 3.0 + chance.uniform(-0.5, 0.5) * (1 + at % 40 / 20)
        smooth += (speed - smooth) / 8
        north += (speed + chance.gauss(0, 0.6) if by_pod else speed) / 111_195
        metres += speed
        records.append(record(at, 47 + north, metres, speed if by_pod else smooth))
    return records


def test_a_speed_that_metres_follow_and_positions_do_not_is_a_pods(tmp_path: Path) -> None:
    samples, _ = read(tmp_path, fit(RECORD, *wavering(by_pod=True)))
    assert [type(sample) for sample in samples[:3]] == [Fix, Stride, Pulse]
    assert isinstance(samples[0], Fix)
    assert (samples[0].speed, samples[0].distance) == (None, None)
    samples, _ = read(tmp_path, fit(RECORD, *wavering(by_pod=False)))
    assert not any(isinstance(sample, Stride) for sample in samples)


def test_the_speed_of_a_pod_with_fields_of_its_own_comes_before_the_receivers(tmp_path: Path) -> None:
    described = definition(1, 206, (0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 6, 7))
    layout = definition(0, 20, (TIME, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), (6, 2, 0x84), own=bytes((1, 7, 4, 0)))
    data = struct.pack("<BIiiHf", 0, NOW, round(47 * DEGREE), round(8 * DEGREE), 2900, 3.25)
    samples, _ = read(tmp_path, fit(described, struct.pack("<BBBB6s", 1, 0, 7, 0x88, b"Speed\0"), layout, data))
    assert [type(sample) for sample in samples] == [Fix, Stride]
    assert samples[1] == Stride(0.0, "fit", 3.25)


def test_records_after_damage_are_read(tmp_path: Path) -> None:
    damage = b"\x0f" * 100
    samples, track = read(
        tmp_path, fit(RECORD, *(record(at) for at in range(20)), damage, *(record(at) for at in range(25, 40)))
    )
    assert [sample.at for sample in samples if isinstance(sample, Fix)] == [*map(float, range(20)), *map(float, range(25, 40))]
    assert track.faults == {"unread": 100}


@pytest.mark.parametrize("base", [0x07, 0x0D, 0x88])
def test_fields_of_another_type_than_a_number_are_unknown(tmp_path: Path, base: int) -> None:
    strange = [(number, 4, base) for number in (0, 1, 2, 3, 4, 5, 6)]
    layout = definition(0, 20, (TIME, 4, 0x86), (73, 4, 0x86), *strange)
    samples, _ = read(tmp_path, fit(layout, struct.pack("<BII28s", 0, NOW, 3100, b"\xff\xff\xff\x7f" * 7)))
    assert samples == [Stride(0.0, "fit", 3.1)]


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"\n"])
def test_what_a_transfer_put_before_the_header_does_not_matter(tmp_path: Path, before: bytes) -> None:
    assert read(tmp_path, before + fit(*RUN))[0] == read(tmp_path, fit(*RUN))[0]


def checked(*messages: bytes) -> bytes:
    """A file with a right checksum."""
    data, crc = fit(*messages)[:-2], 0
    for byte in data:  # bit by bit, as the standard defines it
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return data + struct.pack("<H", crc)


def test_a_file_that_a_transfer_took_for_text_is_read_as_it_was(tmp_path: Path) -> None:
    whole = checked(RECORD, *(record(at, 47 + at / 40_000, 3.0 * at, speed=2.570) for at in range(30)))  # 0A 0A
    sound, _ = read(tmp_path, whole)
    mended, track = read(tmp_path, whole.replace(b"\n", b"\r\n"))
    assert whole.count(b"\n") > 4
    assert mended == sound
    assert set(track.faults) == {"as text"}
    assert "took it for text" in (left_out(track)[1] or "")


def test_a_leap_in_time_is_told_where_the_checksum_is_wrong(tmp_path: Path) -> None:
    leaping = [RECORD, *(record(at if at < 15 else at + 3000, 47 + at / 40_000, 3.0 * at) for at in range(30))]
    _, track = read(tmp_path, checked(*leaping))
    assert left_out(track)[1] is None
    _, track = read(tmp_path, checked(*leaping)[:-2] + b"\x01\x02")
    assert "its checksum is wrong" in (left_out(track)[1] or "")


def test_a_wrong_checksum_alone_is_not_told(tmp_path: Path) -> None:
    """Files repaired by hand have it."""
    _, track = read(tmp_path, checked(*RUN)[:-2] + b"\x01\x02")
    assert left_out(track)[1] is None
