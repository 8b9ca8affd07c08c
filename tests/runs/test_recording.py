"""A recorded track as inputs of a run: its silences are ticks, its pauses are pauses."""

from coach.core.inputs import Key, Tick
from coach.runs.recording import recorded, ticking
from devices.sample import RECORDER_PAUSED, Link, Pulse


def test_a_silence_is_a_tick_a_second() -> None:
    items = list(ticking([Pulse(0.0, "strap", 150), Pulse(3.5, "strap", 150)]))
    assert items[1:-1] == [Tick(1.0), Tick(2.0), Tick(3.0)]


def test_a_recorders_pause_of_hours_is_one_pause() -> None:
    pause = [Link(1.0, "gpx", False, RECORDER_PAUSED), Link(8000.0, "gpx", True, RECORDER_PAUSED)]
    keys = [(item.at, item.key) for item in ticking(recorded(pause)) if isinstance(item, Key)]
    assert keys == [(1.0, "pause"), (8000.0, "resume")]


def test_a_gap_in_which_nobody_ran_is_a_pause_from_its_first_minute_on() -> None:
    keys = [item for item in ticking([Pulse(0.0, "strap", 150), Pulse(700.0, "strap", 150)]) if isinstance(item, Key)]
    assert keys == [Key(60.0, "pause"), Key(700.0, "resume")]
