"""Home-made pods: every style of line is a Stride in our units, chatter is nothing, nonsense is counted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.framing import sentence
from devices.pod import PodDecoder
from devices.sample import Stride


def strides(*lines: str, **options: Any) -> list[Stride]:
    samples = PodDecoder("pod", **options).feed(1.0, "".join(line + "\r\n" for line in lines).encode())
    return [sample for sample in samples if isinstance(sample, Stride)]


@pytest.mark.parametrize(
    ("line", "options", "speed"),
    [
        ("3.21", {}, 3.21),
        ("11.556", {"unit": "km/h"}, 3.21),
        ("11.556 km/h", {}, 3.21),
        ("11.556km/h", {"unit": "mph"}, 3.21),  # the line knows better
        ("7.2 mph", {}, 3.218688),
        ("5.0", {"unit": "min/km"}, 1000 / 300),
        ("300 s/km", {}, 1000 / 300),
        ("8 min/mi", {}, 1609.344 / 480),
        ("speed=3.21", {}, 3.21),
        ("SPEED : 11.556 KM/H ; other: 7", {}, 3.21),
        ("480 s/mi", {}, 1609.344 / 480),
        ("3.21 mps", {}, 3.21),
        ("11.556 kph", {}, 3.21),
        ("v=3.21,cad=86", {}, 3.21),
        ("pace: 5.0", {}, 1000 / 300),
        ('{"speed_kmh": 11.556}', {}, 3.21),
        ('{"speed": 11.556}', {"unit": "kmh"}, 3.21),
        ("7,3.21", {"columns": "-,speed"}, 3.21),
        ("0", {}, 0.0),
    ],
)
def test_a_speed_is_read_in_any_style_and_unit(line: str, options: dict[str, Any], speed: float) -> None:
    (stride,) = strides(line, **options)
    assert stride.speed == pytest.approx(speed)
    assert (stride.at, stride.source) == (1.0, "pod")


@pytest.mark.parametrize(
    ("line", "cadence"),
    [
        ("cad=86", 172.0),  # one foot
        ("cad=172", 172.0),
        ("cad=120", 240.0),
        ("cad=121", 121.0),
        ("cad=110 spm", 110.0),  # somebody walks, and says so
        ("cadence: 88 strides/min", 176.0),
        ("rpm=86", 172.0),
        ('{"steps": 100}', 100.0),
    ],
)
def test_cadence_is_in_steps_of_both_feet(line: str, cadence: float) -> None:
    (stride,) = strides(line)
    assert stride.cadence == cadence
    assert stride.speed is None


def test_our_own_sentence_brings_speed_cadence_and_distance() -> None:
    (stride,) = strides("$PFPOD,12345,3.210,86,1023.4*46")
    assert stride == Stride(1.0, "pod", 3.21, 172.0, 1023.4)
    assert strides("$PFPOD,12345,3.210,86,1023.4*47", "$PFPOD,1,2*00") == []


def test_what_a_pod_does_not_say_is_none() -> None:
    (stride,) = strides("$PFPOD,12345,3.210,,*" + f"{_sum('PFPOD,12345,3.210,,'):02X}")
    assert (stride.cadence, stride.distance, stride.grade) == (None, None, None)
    assert strides("time,speed,cadence", "1,,", "2,3.2,") == [Stride(1.0, "pod", 3.2)]


def test_a_distance_may_be_all_a_pod_knows() -> None:
    assert [stride.distance for stride in strides("0.5", "1.5 m", "0.002 km", mode="distance")] == [
        0.5,
        1.5,
        2.0,
    ]
    assert [stride.distance for stride in strides("1", unit="km", mode="distance")] == [1000.0]


def test_pulses_add_up() -> None:
    pulses = strides("Arduino ready", "1", "tick", mode="pulses", metres_per_pulse=1.05)
    assert [stride.distance for stride in pulses] == pytest.approx([1.05, 2.1])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ets Jun  8 2016 00:22:57", "unreadable"),
        ("rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", "unreadable"),
        ("speed=3.21.4", "unreadable"),
        ("pace: 5:12", "unreadable"),
        ("1,2,3", "unreadable"),
        ("nan", "unreadable"),
        ("{" * 200, "unreadable"),
        ('{"speed": 3.', "unreadable"),
        ('{"speed": true}', "unreadable"),
        ('{"speed": NaN}', "impossible"),
        ('{"speed": 1e999}', "impossible"),
        ('{"speed": 1' + "0" * 400 + "}", "impossible"),
        ("speed=-1", "impossible"),
        ("99", "impossible"),
        ("3.2 kg", "impossible"),
        ("cad=86 km/h", "impossible"),
        ("0.001 min/km", "impossible"),
    ],
)
def test_chatter_and_nonsense_are_counted_and_give_nothing(line: str, reason: str) -> None:
    decoder = PodDecoder("pod")
    assert decoder.feed(0.0, line.encode() + b"\n") == []
    assert decoder.faults == {reason: 1}


@pytest.mark.parametrize(
    ("options", "suggestion"),
    [
        ({"unit": "km/hh"}, 'did you mean "km/h"'),
        ({"unit": "km"}, 'unit = "km"'),  # no unit of speed
        ({"mode": "pulse"}, 'did you mean "pulses"'),
        ({"columns": "time,sped"}, 'did you mean "speed"'),
        ({"columns": ["watts"]}, "it is one of"),
        ({"mode": "pulses"}, "metres_per_pulse"),
        ({"metres_per_pulse": 1.0}, "pulses"),
        ({"mode": "pulses", "metres_per_pulse": float("nan")}, "is not between"),
    ],
)
def test_an_option_that_is_not_known_is_an_error_with_a_suggestion(options: dict[str, Any], suggestion: str) -> None:
    with pytest.raises(ValueError, match=suggestion):
        PodDecoder("pod", **options)


words = st.sampled_from(
    [
        "speed",
        "cad",
        "=",
        ":",
        ",",
        ";",
        " ",
        "3.2",
        "km/h",
        "-1",
        "{",
        "}",
        '"',
        "nan",
        "1e9",
        "$PFPOD",
        "*46",
        "\ufffd",
        ".",
    ]
)


@given(st.lists(words, max_size=20), st.sampled_from([{}, {"columns": "speed,cadence"}, {"mode": "distance"}]))
@settings(deadline=None, max_examples=300, derandomize=True)
def test_no_line_raises_and_every_value_is_one_that_can_be_run(line: list[str], options: dict[str, Any]) -> None:
    for stride in strides("".join(line), **options):
        assert stride.speed is None or 0 <= stride.speed <= 15
        assert stride.cadence is None or 0 <= stride.cadence <= 400
        assert stride.distance is None or 0 <= stride.distance <= 1e6


@given(st.lists(st.from_regex(rb"[ -#%-)+-~]{0,12}", fullmatch=True), max_size=6))
@settings(deadline=None, max_examples=200, derandomize=True)
def test_nonsense_in_our_own_sentence_raises_nothing(cells: list[bytes]) -> None:
    PodDecoder("pod").feed(0.0, sentence(b",".join([b"PFPOD", *cells])))


def _sum(body: str) -> int:
    return int(sentence(body.encode())[-4:-2], 16)
