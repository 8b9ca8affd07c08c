"""Paces, lengths and durations as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.units import clock_text, pace_seconds, pace_text, parse_distance, parse_duration, parse_speed


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("5:00/km", 1000 / 300),
        ("8:00/mi", 1609.344 / 480),
        ("10.5 km/h", 10.5 / 3.6),
        ("6.5 mph", 6.5 * 1609.344 / 3600),
        ("3.2m/s", 3.2),
    ],
)
def test_a_pace_or_a_speed_becomes_metres_per_second(text: str, speed: float) -> None:
    assert parse_speed(text) == pytest.approx(speed)


@pytest.mark.parametrize(
    "text", ["", "5:00", "5:60/km", "0:00/km", "nan km/h", "1e3 km/h", "1_0 km/h", "５:00/km", "-5:00/km", "0:10/km",
             "59:00/km", "5:00/parsec", "inf m/s", "5.5/km"]
)  # fmt: skip
def test_what_is_no_running_pace_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_speed(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("10 min", 600), ("90 s", 90), ("90s", 90), ("1:30:00", 5400), ("5:00", 300), ("1.5 h", 5400)]
)
def test_a_duration_is_read_as_written(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["0 s", "0:00", "-5 min", "nan s", "99 h", "10", "10 km", "1e9 s", "inf h"])
def test_a_length_of_time_lies_above_zero_and_below_two_days(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize(("text", "metres"), [("2 km", 2000), ("400 m", 400), ("1 mi", 1609.344), ("0.5km", 500)])
def test_a_distance_is_read_as_written(text: str, metres: float) -> None:
    assert parse_distance(text) == metres


@pytest.mark.parametrize("text", ["0 km", "-1 km", "9999 km", "2", "2 min", "nan m"])
def test_a_distance_lies_above_zero_and_below_five_hundred_kilometres(text: str) -> None:
    with pytest.raises(ValueError):
        parse_distance(text)


@settings(derandomize=True, deadline=None)
@given(st.integers(150, 1200), st.sampled_from(["km", "mi"]))
def test_a_pace_reads_back_as_itself(seconds: int, unit: str) -> None:
    text = f"{seconds // 60}:{seconds % 60:02}/{unit}"
    assert pace_text(parse_speed(text), unit) == text


def test_seconds_are_rounded_before_they_are_split() -> None:
    assert pace_seconds(1000 / 239.6) == 240
    assert clock_text(239.6) == "4:00"
    assert clock_text(3599.7) == "1:00:00"
