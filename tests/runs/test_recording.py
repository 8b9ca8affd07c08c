"""A recorded track as inputs of a run: its silences are ticks, its pauses are pauses."""

import pytest

from coach.core.coach import Coach
from coach.core.inputs import Key, Tick
from coach.core.plan.segments import FREE_RUN
from coach.core.session.phases import Phase
from coach.runs.recording import recorded, ticking
from devices.sample import RECORDER_PAUSED, Link, Pulse, Sample, Stride


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


def test_a_recorders_short_stop_pauses_the_run_without_words() -> None:
    """Six seconds at a kerb, seven times: the clock stands, and nobody hears "Paused. Go on." """
    items: list[Sample | Link] = []
    for at in range(200):
        if at % 25 == 24:
            items += [Link(at - 6.0, "gpx", False, RECORDER_PAUSED), Link(float(at), "gpx", True, RECORDER_PAUSED)]
        if at % 25 < 19 or at % 25 == 24:
            items.append(Stride(float(at), "pod", speed=3.0))
    coach, said = Coach(FREE_RUN), []
    for item in ticking(recorded(items)):
        said += [cue.kind for cue in coach.feed(item)]
    assert said == ["run_began"]
    assert coach.session.elapsed == pytest.approx(199 - 8 * 6, abs=1)
    assert coach.session.phase is Phase.RUNNING


def test_a_longer_pause_of_the_recorder_is_said() -> None:
    pause = [Link(1.0, "gpx", False, RECORDER_PAUSED), Link(12.0, "gpx", True, RECORDER_PAUSED)]
    assert [item.key for item in recorded(pause) if isinstance(item, Key)] == ["pause", "resume"]
