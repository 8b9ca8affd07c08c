"""What a runner reads of a state: in the own language and units, one line each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.ui.state import Part, Said, State
from coach.ui.told import Teller

BUILD = Part(2, "Build", "steady", "distance", None, 6000.0, 2.78, 3.51, None)
PEAK = Part(3, "Peak", "peak", "time", 300.0, None, 3.57, 3.57, None)
STATE = State(
    at=900.0, phase="running", name="Thursday", elapsed=890.0, distance=2400.0, place=0.4, of=3, now=BUILD, next=PEAK,
    done=0.3, seconds_left=None, metres_left=4200.0, speed=3.25, sigma=0.05, source="gps", signal="good", target=3.0, low=2.9,
    high=3.1, side="fast", ahead=12.4, heart=152.0, cadence=172.0, incline=None, slope=0.01, battery_low=(),
    said=(Said(880.0, "ease_off", "Slow down."),), verbosity="normal", saved=True, treadmill=False, units="metric",
)  # fmt: skip


def test_a_state_is_told_in_the_runners_units() -> None:
    told = Teller("en", "metric").told(STATE)
    assert (told.pace, told.unit, told.target, told.band, told.off) == ("5:08", "/km", "5:33", "5:23–5:45", "25 s too fast")
    assert (told.segment, told.left) == ("Build, 2 of 3", "4.20 km left")
    assert told.next == "Next: Peak, 4:40, 5:00"
    assert (told.ahead, told.elapsed, told.distance, told.heart) == ("0:12 ahead of plan", "14:50", "2.40 km", "heart 152")
    miles = Teller("en", "imperial").told(STATE)
    assert (miles.pace, miles.unit, miles.off, miles.left) == ("8:15", "/mi", "41 s too fast", "2.61 mi left")


def test_on_a_treadmill_everything_is_told_as_the_belt_shows_it() -> None:
    told = Teller("en", "metric").told(replace(STATE, treadmill=True))
    assert (told.pace, told.unit, told.target, told.band) == ("11.7", "km/h", "10.8", "10.4–11.2")
    assert told.off == "0.9 km/h too fast" and told.next == "Next: Peak, 12.9, 5:00"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_text_is_there_in_every_language(language: str) -> None:
    told = Teller(language, "metric").told(replace(STATE, saved=False, battery_low=("strap",)))
    assert all(getattr(told, name) for name in told.__slots__)
    assert language == "en" or told.off != Teller("en", "metric").told(STATE).off


def test_what_is_unknown_is_not_told_as_a_number() -> None:
    told = Teller("en", "metric").told(replace(STATE, speed=None, side=None, signal="none", target=None, low=None, high=None))
    assert (told.pace, told.target, told.band, told.off, told.signal) == ("–", "by feel", "", "", "no signal")
    standing = Teller("en", "metric").told(replace(STATE, speed=0.1, side="slow"))
    assert (standing.pace, standing.off) == ("–", "")


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (replace(BUILD, heart=(140, 150), start=None), "heart 140–150"),
        (replace(BUILD, until="lap", metres=None), "until the lap key"),
        (replace(BUILD, until="heart", metres=None), "until the heart rate is reached"),
    ],
)
def test_hearts_and_open_ends_are_told(part: Part, told: str) -> None:
    texts = Teller("en", "metric").told(replace(STATE, now=part, metres_left=None))
    assert told in (texts.target, texts.left)


@pytest.mark.parametrize(
    ("beats", "told"),
    [
        (139.2, "heart 139, too low"),
        (139.8, "heart 140, on target"),
        (150.0, "heart 150, on target"),
        (158.0, "heart 158, too high"),
    ],
)
def test_a_heart_is_told_beside_its_target(beats: float, told: str) -> None:
    state = replace(STATE, now=replace(BUILD, heart=(140.0, 150.0), start=None), target=None, side=None, heart=beats)
    assert Teller("en", "metric").told(state).off == told


def test_a_plan_of_one_segment_has_no_other_to_be_counted() -> None:
    told = Teller("en", "metric").told(replace(STATE, of=1, next=None))
    assert (told.segment, told.next) == ("Build", "")


def test_one_sided_bands_show_the_edge_that_counts() -> None:
    teller = Teller("en", "metric")
    assert teller.told(replace(STATE, low=None)).band == "≥ 5:23"
    assert teller.told(replace(STATE, high=None)).band == "≤ 5:45"


def test_a_name_from_a_file_cannot_control_the_terminal() -> None:
    told = Teller("en", "metric").told(
        replace(STATE, now=replace(BUILD, name="a\x1b[2Jb\nc"), battery_low=("x\x1b]0;y",), saved=True)
    )
    assert "\x1b" not in told.segment + told.warning and "\n" not in told.segment
