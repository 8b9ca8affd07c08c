"""Ahead or behind, in seconds, and where it will end, with how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from coach.core.events import Estimate, Event
from coach.core.plan.segments import Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target, UntilLap
from coach.core.session.forecast import Finish, Forecast
from coach.core.session.phases import Phase, Session
from tests.core.runners import wavering


class Run:
    """A session and its forecast, a second at a time, as the coach moves them."""

    def __init__(self, plan: Plan, race: bool = False) -> None:
        self.session, self.forecast = Session(plan), Forecast(race)
        self.at, self.metres = 0, 0.0
        self._happened(self.session.advance(0.0, 0.0))

    def run(self, seconds: int, speed: float | Callable[[], float]) -> Run:
        for _ in range(seconds):
            if self.session.phase is Phase.DONE:
                break
            now = speed() if callable(speed) else speed
            self.at += 1
            self.metres += now
            self._happened(self.session.advance(float(self.at), self.metres))
            if self.session.phase is Phase.RUNNING:
                self.forecast.follow(self.session.look(Estimate(float(self.at), self.metres, now, None, "gps")))
        return self

    def press(self, key: str) -> None:
        self._happened(self.session.press(float(self.at), key))

    def on_target(self, share: float = 1.0) -> Callable[[], float]:
        return lambda: share * (self.session.target or 2.5)

    def finish(self) -> Finish:
        found = self.forecast.finish(self.session)
        assert found is not None
        return found

    def _happened(self, events: list[Event]) -> None:
        for event in events:
            if event.name == "segment_began":
                self.forecast.begin_segment()


def plan(length: Length, target: Target, kind: Kind = Kind.TEMPO, times: int = 1) -> Plan:
    return Plan("p", tuple(Segment(f"S{n}", kind, length, target) for n in range(times)))


@pytest.mark.parametrize("length", [Duration(600), Distance(1800)])
def test_who_runs_the_target_is_neither_ahead_nor_behind(length: Length) -> None:
    run = Run(plan(length, Steady(3.0), times=4)).run(2300, 3.0)
    assert run.session.index == 3
    assert run.forecast.ahead == pytest.approx(0.0, abs=0.01)


def test_boundaries_between_two_looks_cost_nothing() -> None:
    """Lengths that end between two seconds, in a row: what belongs to the one is not counted in the other."""
    run = Run(plan(Duration(20.5), Steady(3.0), times=30)).run(600, 3.0)
    assert run.forecast.ahead == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("length", [Duration(600), Distance(1800)])
def test_who_is_faster_is_ahead_by_the_seconds_he_saved(length: Length) -> None:
    run = Run(plan(length, Steady(3.0), times=2)).run(500, 3.03)
    assert run.forecast.ahead == run.forecast.ahead_here == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize("length", [Duration(1200), Distance(3900)])
def test_two_seconds_ahead_of_the_ramp(length: Length) -> None:
    run = Run(plan(length, Ramp(3.0, 3.5)))
    run.run(400, run.on_target())
    assert run.forecast.ahead == pytest.approx(0.0, abs=0.2)
    begun, speed = run.forecast.ahead, run.session.target or 0.0
    run.metres += 2 * speed  # two seconds' way more than the ramp had
    run.run(1, run.on_target())
    assert run.forecast.ahead - begun == pytest.approx(2.0, abs=0.05)


def test_a_segment_that_ended_stays_in_the_sum() -> None:
    run = Run(plan(Duration(300), Steady(3.0), times=2)).run(300, 3.06).run(100, 3.0)
    assert run.forecast.ahead == pytest.approx(6.0, abs=0.2)
    assert run.forecast.ahead_here == pytest.approx(0.0, abs=0.1)


def test_slow_easy_running_costs_nothing_unless_it_is_a_race() -> None:
    easy = plan(Duration(600), Steady(3.0), Kind.EASY)
    assert Run(easy).run(500, 2.5).forecast.ahead == 0.0
    assert Run(easy, race=True).run(500, 2.5).forecast.ahead < -80.0


def test_a_pause_is_no_time_lost() -> None:
    run = Run(plan(Duration(900), Steady(3.0))).run(300, 3.0)
    run.press("pause")
    run.run(200, 0.0)
    run.press("pause")
    assert run.run(100, 3.0).forecast.ahead == pytest.approx(0.0, abs=0.1)


def test_keys_leave_no_time_behind_that_was_never_run() -> None:
    run = Run(plan(Distance(1000), Steady(3.0), times=4)).run(200, 3.0)
    run.press("skip")
    run.run(100, 3.0)
    run.press("back")
    run.run(100, 3.0)
    assert run.session.index == 1
    assert run.forecast.ahead == pytest.approx(0.0, abs=0.05)
    assert run.finish().seconds == pytest.approx(400 + (1000 - 300 + 2000) / 3.0, abs=1)


# Where it will end


def test_nothing_is_predicted_before_there_is_evidence() -> None:
    run = Run(plan(Distance(5000), Steady(3.0))).run(119, 3.0)
    assert run.forecast.finish(run.session) is None
    assert run.run(2, 3.0).forecast.finish(run.session) is not None


def test_an_end_that_a_key_decides_is_not_predicted() -> None:
    for length in (UntilLap(), Distance(500)):
        open_end = replace(plan(Distance(3000), Steady(3.0)), name="open")
        open_end = replace(open_end, segments=(*open_end.segments, Segment("On", Kind.FREE, length)))
        run = Run(open_end).run(300, 3.0)
        assert run.forecast.finish(run.session) is None


def test_a_timed_part_without_a_target_hides_the_way_but_not_the_time() -> None:
    free = Segment("Cool-down", Kind.COOLDOWN, Duration(300))
    by_way = Run(Plan("p", (*plan(Distance(3000), Steady(3.0)).segments, free))).run(300, 3.0)
    assert by_way.finish().seconds == pytest.approx(1300, abs=2) and by_way.finish().metres is None
    by_time = Run(Plan("p", (*plan(Duration(1000), Steady(3.0)).segments, free))).run(300, 3.0)
    assert by_time.forecast.finish(by_time.session) is None


@pytest.mark.parametrize("target", [Steady(3.0), Ramp(2.8, 3.4)])
def test_a_plan_of_times_ends_at_a_way_and_a_plan_of_ways_at_a_time(target: Target) -> None:
    """On target it is the plan's own end, from wherever one looks; a ramp has the most still to come."""
    for length in (Duration(1800), Distance(5400)):
        whole = plan(length, target)
        for seconds in (200, 900, 1500):
            run = Run(whole)
            run.run(seconds, run.on_target())
            told, meant = run.finish(), whole.totals
            assert told.seconds is None or told.seconds == pytest.approx(meant.seconds, rel=2e-3)
            assert told.metres is None or told.metres == pytest.approx(meant.metres, rel=2e-3)


def test_the_prediction_converges_and_grows_sure() -> None:
    run = Run(plan(Distance(10_000), Steady(3.3)))
    off, sigmas = [], []
    for _ in range(9):
        run.run(300, run.on_target(0.95))
        off.append(abs((run.finish().seconds or 0.0) - 10_000 / (0.95 * 3.3)))
        sigmas.append(run.finish().sigma)
    assert off == sorted(off, reverse=True) and off[-1] < 2.0
    assert sigmas == sorted(sigmas, reverse=True) and sigmas[-1] < 5.0


@pytest.mark.parametrize("by_way", [True, False])
def test_two_sigmas_hold_nine_of_ten_finishes(by_way: bool) -> None:
    """Runners with an error of their own (3 %), a drift of up to 2 % over the run and a wavering of 1.5 % (60 s)."""
    whole = plan(Distance(10_000) if by_way else Duration(3000), Ramp(3.1, 3.5))
    random, inside, told = Random(7), 0, 0
    for seed in range(60):
        run, waver, bias, drift = Run(whole), wavering(seed, 0.015, 60.0), random.gauss(0.0, 0.03), random.uniform(-0.02, 0.02)
        looks: list[tuple[float, float]] = []

        def speed(run: Run = run, waver: Callable[[], float] = waver, bias: float = bias, drift: float = drift) -> float:
            return (run.session.target or 3.0) * waver() * (1 + bias + drift * (run.at / 3000 - 0.5))

        while True:
            run.run(300, speed)
            if run.session.phase is Phase.DONE:
                break
            if finish := run.forecast.finish(run.session):
                looks.append((finish.seconds or finish.metres or 0.0, finish.sigma))
        end = run.at if by_way else run.metres
        told += len(looks)
        inside += sum(abs(value - end) <= 2 * sigma for value, sigma in looks)
    assert inside / told >= 0.9
