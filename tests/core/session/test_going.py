"""A run that waits for its runner, and pauses while the runner stands: by what the devices say, never against a key."""

from __future__ import annotations

import pytest

from coach.core.coach import Coach
from coach.core.inputs import Input, Key, Tick
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.session.phases import Phase
from coach.core.settings import Settings
from devices.sample import Fix, Mode, Stride
from tests.core.runners import OnFoot, kinds

PLAN = Plan("p", (Segment("Warm-up", Kind.WARMUP, Duration(300), Steady(2.8)), Segment("Rest", Kind.EASY, Duration(900))))
WAITING, BY_KEY = Settings(start="moving"), Settings(start="key")
PAUSING = Settings(pause="standing")


def told(runner: OnFoot) -> list[tuple[str, float]]:
    names = ("ready", "run_began", "paused", "resumed", "pause_off", "standing")
    return [(event.name, event.at) for event in runner.events if event.name in names]


def test_a_run_that_waits_says_ready_and_begins_with_the_first_steps() -> None:
    runner = OnFoot(PLAN, WAITING)
    assert kinds(runner.run(60, 0.0)) == ["ready"] and runner.coach.session.phase is Phase.READY
    runner.run(20, 2.8)
    assert told(runner) == [("ready", 3.0), ("run_began", 63.0)]
    assert runner.coach.session.elapsed == pytest.approx(16)
    assert runner.coach.session.distance == pytest.approx(16 * 2.8, abs=1)


def test_a_receiver_that_wakes_up_costs_no_warm_up() -> None:
    """Forty seconds of silence, ten of wild speeds without a position, then a runner who stands, then runs."""
    coach = Coach(PLAN, WAITING)
    began: list[float] = []
    said: list[str] = []
    for second in range(140):
        at = float(second)
        item: Input = Tick(at)
        if 40 <= second < 50:
            item = Fix(at, "gps", mode=Mode.NONE, satellites=3)
        elif second >= 50:
            lat = 47.0 + max(0, second - 100) * 3.0 / 111_195
            item = Fix(at, "gps", lat, 8.0, speed=3.0 if second >= 100 else 0.05, mode=Mode.FIX_3D, speed_sigma=0.2)
        said += kinds(coach.feed(item))
        began += [event.at for event in coach.events if event.name == "run_began"]
    assert said[:2] == ["ready", "run_began"] and began == [pytest.approx(103, abs=2)]
    assert coach.session.elapsed == pytest.approx(139 - began[0])
    assert "signal_lost" not in said


def test_nobody_waits_for_a_signal_in_silence() -> None:
    coach = Coach(PLAN, WAITING)
    said = [cue.kind for second in range(190) for cue in coach.feed(Tick(float(second)))]
    assert said == ["waiting"] * 3


def test_who_runs_at_once_is_not_told_to_start() -> None:
    runner = OnFoot(PLAN, WAITING)
    assert kinds(runner.run(10, 2.8)) == ["run_began"]


@pytest.mark.parametrize("key", ["pause", "resume", "lap"])
@pytest.mark.parametrize("settings", [WAITING, BY_KEY])
def test_a_key_begins_it_at_once_even_without_a_speed(settings: Settings, key: str) -> None:
    coach = Coach(PLAN, settings)
    coach.feed(Tick(0.0))
    coach.feed(Tick(1.0))
    assert kinds(coach.feed(Key(1.5, key))) == ["run_began"]


def test_by_key_it_waits_for_the_key_and_says_so_once_more_to_one_who_runs_without_it() -> None:
    runner = OnFoot(PLAN, BY_KEY)
    runner.run(20, 0.0)
    runner.run(100, 2.8)
    assert told(runner) == [("ready", 3.0), ("ready", 50.0)] and runner.coach.session.phase is Phase.READY
    runner.press("pause")
    runner.run(20, 2.8)
    assert runner.coach.session.elapsed == pytest.approx(19.5)


def test_a_run_that_waits_can_be_ended() -> None:
    coach = Coach(PLAN, WAITING)
    coach.feed(Tick(0.0))
    assert kinds(coach.feed(Key(1.0, "quit"))) == ["run_stopped"] and coach.finished


def test_it_pauses_for_one_who_stands_and_goes_on_with_the_steps() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(100, 2.8)
    runner.run(40, 0.2)
    runner.run(60, 2.8)
    assert told(runner) == [("run_began", 0.0), ("paused", 110.0), ("resumed", 143.0)]
    assert runner.coach.session.elapsed == pytest.approx(199 - 33)
    assert "standing" not in kinds(runner.cues)


def test_a_stop_that_is_over_soon_is_no_two_words() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(100, 2.8)
    runner.run(12, 0.0)
    runner.run(30, 2.8)
    runner.run(25, 0.0)
    runner.run(30, 2.8)
    assert [name for name, _ in told(runner)] == ["run_began", *["paused", "resumed"] * 2]
    assert [cue.at for cue in runner.cues if cue.kind in ("paused", "resumed")] == [157.0, 170.0]


def test_without_being_asked_to_it_never_pauses() -> None:
    runner = OnFoot(PLAN)
    runner.run(100, 2.8)
    runner.run(40, 0.0)
    assert told(runner) == [("run_began", 0.0)]


def test_walking_and_a_stop_of_a_few_seconds_are_no_pause() -> None:
    runner = OnFoot(PLAN, PAUSING)
    for _ in range(5):
        runner.run(20, 2.8)
        runner.run(9, 0.0)
        runner.run(20, 0.8)
    assert told(runner) == [("run_began", 0.0)]


def test_a_signal_that_is_lost_is_no_standing() -> None:
    coach = Coach(PLAN, PAUSING)
    for second in range(200):
        coach.feed(Stride(float(second), "pod", speed=2.8) if second < 50 else Tick(float(second)))
    assert coach.session.phase is Phase.RUNNING


def test_a_pause_by_key_ends_by_key() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(100, 2.8)
    runner.press("pause")
    runner.run(60, 2.8)
    assert runner.coach.session.phase is Phase.PAUSED
    assert [event.facts["by"] for event in runner.events if event.name == "paused"] == ["key"]


def test_who_goes_on_by_key_while_standing_is_not_paused_again_before_moving() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(100, 2.8)
    runner.run(20, 0.0)
    runner.press("pause")
    runner.run(60, 0.0)
    assert [name for name, _ in told(runner)][:3] == ["run_began", "paused", "resumed"] and len(told(runner)) <= 4
    runner.run(20, 2.8)
    runner.run(20, 0.0)
    assert told(runner)[-1][0] == "paused"


def test_who_stands_for_long_is_asked_once_although_the_run_is_paused() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(100, 2.8)
    runner.run(200, 0.0)
    assert told(runner)[1:] == [("paused", 110.0), ("standing", 160.0)]
    assert kinds(runner.cues).count("standing") == 1


def test_three_pauses_in_two_minutes_switch_it_off_and_that_is_said() -> None:
    runner = OnFoot(PLAN, PAUSING)
    runner.run(60, 2.8)
    for _ in range(5):
        runner.run(14, 0.2)
        runner.run(10, 2.8)
    names = [name for name, _ in told(runner)]
    assert names == ["run_began", *["paused", "resumed"] * 3, "pause_off"]
    assert kinds(runner.cues).count("pause_off") == 1


def test_three_lights_far_apart_switch_nothing_off() -> None:
    runner = OnFoot(PLAN, PAUSING)
    for _ in range(4):
        runner.run(60, 2.8)
        runner.run(30, 0.0)
    names = [name for name, _ in told(runner)]
    assert names.count("paused") == 4 and "pause_off" not in names


@pytest.mark.parametrize(("share", "kind", "soonest"), [(0.85, "pick_up", 45.0), (1.15, "ease_off", 10.0)])
def test_who_goes_on_after_a_pause_has_time_to_get_up_to_pace(share: float, kind: str, soonest: float) -> None:
    runner = OnFoot(Plan("p", (Segment("Tempo", Kind.TEMPO, Duration(1200), Steady(3.2)),)))
    runner.run(200, 3.2)
    runner.press("pause")
    runner.run(30, 0.0)
    runner.press("resume")
    since = runner.at + 0.5
    (first, *_) = [cue for cue in runner.run(80, 3.2 * share) if cue.kind in ("pick_up", "ease_off")]
    assert first.kind == kind and soonest <= first.at - since <= soonest + 15.0
