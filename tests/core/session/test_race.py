"""A race that is planned anew: after a stop at once, for a fade after minutes, and back again for who proves better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from coach.core.events import Estimate, Event
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.policy import Policy
from coach.core.session.phases import Phase, Session
from coach.core.session.race import Race
from coach.core.units import pace_seconds

POLICY = Policy()
TEN = Plan(
    "10 km", tuple(Segment(f"to {n}", Kind.TEMPO, Distance(2000.0), Steady(1000 / 300)) for n in range(2, 12, 2)), goal=3000.0
)
Share = Callable[[float], float]  # of the first plan's speed, at this second of the race


class Runner:
    """Runs a share of the first plan's speeds, or of the speeds as they are now, and keeps what the race said."""

    def __init__(self, plan: Plan = TEN, obeys: bool = False) -> None:
        race = Race.of(plan, POLICY)
        assert race is not None
        self.race, self.session, self.first, self.obeys = race, Session(plan), plan, obeys
        self.at, self.metres, self.told = 0.0, 0.0, list[Event]()
        self.session.advance(0.0, 0.0)

    def run(self, share: Share, unclear: Share = lambda at: 0.0, seconds: float = 1e9) -> list[tuple[float, str]]:
        while self.session.phase is Phase.RUNNING and self.at < seconds:
            target = (self.session.plan if self.obeys else self.first).segments[self.session.index].speed_at(self.session.done)
            speed = share(self.at) * (target or 0.0)
            self.at, self.metres = self.at + 1.0, self.metres + speed
            self.session.advance(self.at, self.metres)
            if self.session.phase is Phase.RUNNING:
                self._judge(speed, bool(unclear(self.at)))
        return [(event.at, event.facts["how"]) for event in self.told if event.facts["how"] != "race_paced"]

    def _judge(self, speed: float, unclear: bool) -> None:
        moment = self.session.look(Estimate(self.at, self.metres, speed, 0.02, "gps"))
        if changed := self.race.judge(moment, self.session.plan, unclear):
            self.session.retarget(changed[0])
            self.told.append(changed[1])
            assert left(self.session) == pytest.approx((self.session.plan.goal or 0.0) - self.session.elapsed, abs=25.0)


def left(session: Session) -> float:
    """Planned seconds of the rest."""
    later = session.plan.segments[session.index + 1 :]
    return (session.segment.seconds_from(session.done) or 0.0) + sum(each.seconds or 0.0 for each in later)


def stop(begin: float, seconds: float) -> Share:
    return lambda at: 0.0 if begin <= at < begin + seconds else 1.0


def test_a_stop_that_the_rest_wins_back_is_told_with_its_pace_and_the_goal_is_met() -> None:
    runner = Runner(obeys=True)
    ((at, how),) = runner.run(stop(600.0, 30.0))
    assert how == "race_replan" and 630 < at <= 660
    (told,) = [event for event in runner.told if event.facts["how"] == how]
    assert told.facts["lost"] == pytest.approx(30.0, abs=1.0)
    assert pace_seconds(told.facts["end"]) == 296
    assert runner.session.elapsed == pytest.approx(3000.0, abs=3.0)


def test_a_stop_that_cannot_be_won_back_makes_a_later_goal_and_that_is_met() -> None:
    runner = Runner(obeys=True)
    ((at, how),) = runner.run(stop(1800.0, 90.0))
    assert how == "race_estimate" and 1890 < at <= 1920
    assert runner.session.plan.goal == pytest.approx(3090.0, abs=3.0)
    assert runner.session.elapsed == pytest.approx(3090.0, abs=4.0)
    assert pace_seconds(runner.session.segment.speed_at(0.5) or 0.0) == 300


def test_a_short_wait_changes_no_goal_but_the_pace_of_the_next_segments() -> None:
    runner = Runner(obeys=True)
    assert runner.run(stop(700.0, 10.0)) == []
    assert [event.facts["how"] for event in runner.told] == ["race_paced"]
    assert runner.session.elapsed == pytest.approx(3000.0, abs=1.0)


@pytest.mark.parametrize(("share", "within"), [(0.95, 330.0), (0.92, 240.0), (0.88, 180.0)])
def test_a_fade_is_told_after_minutes(share: float, within: float) -> None:
    told = Runner().run(lambda at: 1.0 if at < 1500 else share)
    assert told[0][1] == "race_estimate" and 1500 < told[0][0] <= 1500 + within
    assert len(told) <= POLICY.race.most


def test_two_minutes_slower_are_no_fade_as_soon_as_the_pace_is_back() -> None:
    runner = Runner(obeys=True)
    assert runner.run(lambda at: 0.88 if 1500 <= at < 1620 else 1.0) == []
    assert runner.session.plan.goal == 3000.0


def test_who_proves_better_gets_the_first_goal_back() -> None:
    runner = Runner()
    (_, slips), *later, (_, last) = runner.run(lambda at: 0.92 if 900 <= at < 1300 else 1.04 if at >= 1300 else 1.0)
    assert (slips, last) == ("race_estimate", "race_back")
    assert runner.session.plan.goal == 3000.0
    assert all(goal == "race_estimate" for _, goal in later)


def test_a_goal_that_slipped_never_forbids_the_first_pace() -> None:
    runner = Runner()
    runner.run(lambda at: 1.0 if at < 1500 or at > 2000 else 0.9)
    slower = [event for event in runner.told if event.facts["how"] == "race_estimate"]
    assert slower
    for segment in runner.session.plan.segments:
        assert (segment.allowed_at(0.5) or 0.0) >= 1000 / 300 - 1e-9


def test_on_a_hill_nothing_is_inferred() -> None:
    assert Runner().run(lambda at: 1.0 if at < 1500 else 0.8, unclear=lambda at: float(at >= 1500)) == []


def test_in_the_opening_and_near_the_end_the_goal_stands() -> None:
    opening, ending = POLICY.race.opening, POLICY.race.ending
    for told in (Runner().run(lambda at: 0.85), Runner().run(lambda at: 1.0 if at < 2700 else 0.7)):
        assert all(opening * 3000 <= at <= (1 - ending) * 4000 for at, _ in told)


def test_who_cannot_hold_the_later_goal_either_is_followed_without_a_word() -> None:
    """Two corrections that did not help give up no first goal, and ask for no later one that is out of reach."""
    runner = Runner()
    assert runner.run(lambda at: 1.0 if at < 1500 else 0.92, seconds=1620) == []
    moment = runner.session.look(Estimate(runner.at, runner.metres, 3.0, 0.02, "gps"))
    assert runner.race.struck(moment, runner.session.plan, 3.0) is None
    assert runner.run(lambda at: 0.92, seconds=1740)
    moment = runner.session.look(Estimate(runner.at, runner.metres, 2.6, 0.02, "gps"))
    goal = runner.session.plan.goal
    again = runner.race.struck(moment, runner.session.plan, 2.6)
    assert again is not None and again[1].facts["how"] == "race_fades" and again[0].goal == goal


@cache
def race(hilly: bool) -> Plan:
    speeds = (3.0, 3.6, 3.2, 3.5, 3.4) if hilly else (3.3, 3.3, 3.3, 3.3, 3.3)
    segments = tuple(Segment(f"{n}", Kind.TEMPO, Distance(2000.0), Ramp(v, v + 0.1)) for n, v in enumerate(speeds))
    return Plan("p", segments, goal=sum(each.seconds or 0.0 for each in segments))


@pytest.mark.parametrize("hilly", [False, True])
@pytest.mark.parametrize("share", [0.997, 1.0, 1.015])
def test_a_pace_that_the_plan_itself_changes_is_no_news(hilly: bool, share: float) -> None:
    assert Runner(race(hilly)).run(lambda at: share) == []


def test_only_a_race_whose_time_can_be_foreseen_is_followed() -> None:
    timed = replace(TEN, segments=(Segment("S", Kind.EASY, Duration(600.0), Steady(2.5)), *TEN.segments))
    free = replace(TEN, segments=(*TEN.segments, Segment("On", Kind.TEMPO, Distance(1000.0))))
    assert Race.of(replace(TEN, goal=None), POLICY) is Race.of(timed, POLICY) is Race.of(free, POLICY) is None
