"""Bluetooth notifications: whole, cut short, in parts, and with what their makers do not know."""

from __future__ import annotations

import struct

import pytest

from devices.gatt import HEART, RSC, TREADMILL, GattDecoder, notification
from devices.sample import Sample, Stride


def read(*payloads: bytes, characteristic: str = TREADMILL) -> list[Sample]:
    decoder = GattDecoder("it")
    return [sample for payload in payloads for sample in decoder.feed(0.0, notification(characteristic, payload))]


def belt(flags: int, *fields: bytes) -> bytes:
    return struct.pack("<H", flags) + b"".join(fields)


SPEED = struct.pack("<H", 1080)  # 3 m/s
METRES = (345).to_bytes(3, "little")
INCLINE = struct.pack("<hh", 15, 0)  # 1.5 %
ALONE, METRES_FOLLOW, INCLINE_FOLLOWS, MORE = 0, 1 << 2, 1 << 3, 1  # flags


def test_a_record_in_parts_is_one_stride() -> None:
    (stride,) = read(belt(MORE | METRES_FOLLOW, METRES), belt(MORE | INCLINE_FOLLOWS, INCLINE), belt(ALONE, SPEED))
    assert stride == Stride(0.0, "it", 3.0, None, 345.0, 0.015)


def test_a_belt_that_tells_its_metres_after_its_speed_loses_none() -> None:
    parts = [part for _ in range(3) for part in (belt(ALONE, SPEED), belt(MORE | METRES_FOLLOW, METRES))]
    whole = Stride(0.0, "it", 3.0, None, 345.0)
    assert read(*parts) == [Stride(0.0, "it", 3.0), whole, whole]


def test_parts_whose_speed_got_lost_or_never_comes_are_told_without_it() -> None:
    part = belt(MORE | METRES_FOLLOW, METRES)
    assert read(part, part, belt(ALONE, SPEED)) == [
        Stride(0.0, "it", None, None, 345.0),
        Stride(0.0, "it", 3.0, None, 345.0),
    ]


def test_what_a_belt_does_not_know_is_unknown() -> None:
    flags = METRES_FOLLOW | INCLINE_FOLLOWS
    unknown = belt(flags, b"\xff\xff", b"\xff\xff\xff", b"\xff\x7f\xff\x7f")
    assert read(unknown) == []
    assert read(belt(flags, b"\xff\xff", METRES, b"\xff\x7f\xff\x7f")) == [Stride(0.0, "it", None, None, 345.0)]


@pytest.mark.parametrize(
    ("payload", "stride"),
    [
        ("0700035869", Stride(0.0, "it", 3.0, 176.0)),  # the stride's length is cut, the distance is missing
        ("070003586900e803", Stride(0.0, "it", 3.0, 176.0)),
        ("07000358", Stride(0.0, "it", 3.0, 176.0)),
        ("070003", Stride(0.0, "it", 3.0)),
        ("06000358e8030000", Stride(0.0, "it", 3.0, 176.0, 100.0)),
        ("070003ff6900ffffffff", Stride(0.0, "it", 3.0)),
    ],
)
def test_a_footpod_cut_short_tells_what_is_whole(payload: str, stride: Stride) -> None:
    assert read(bytes.fromhex(payload), characteristic=RSC) == [stride]


@pytest.mark.parametrize("payload", ["", "07", "0700"])
def test_a_footpod_cut_before_its_speed_tells_nothing_and_counts(payload: str) -> None:
    decoder = GattDecoder("it")
    assert decoder.feed(0.0, notification(RSC, bytes.fromhex(payload))) == []
    assert decoder.faults == {"short": 1}


@pytest.mark.parametrize("payload", ["", "16", "1797", "00ff", "0000", "1497"])
def test_a_strap_without_a_heart_tells_no_pulse(payload: str) -> None:
    assert read(bytes.fromhex(payload), characteristic=HEART) == []
