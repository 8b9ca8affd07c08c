"""When a deviation is worth a word: band, settle, persistence, two corrections, and the end of an excursion."""

from coach.core.events import Estimate, Event
from coach.core.pacing import Pacing
from coach.core.plan import Band, Duration, Kind, Plan, Segment, Steady, Target
from coach.core.policy import Policy
from coach.core.session import Session


class Runner:
    """Runs a one-segment plan at a given speed and collects what the pacing says, second by second."""

    def __init__(self, kind: Kind = Kind.TEMPO, target: Target = None, level: str = "intermediate") -> None:
        plan = Plan("p", (Segment("S", kind, Duration(1800), target or Steady(3.0)),))
        self.session = Session(plan)
        self.pacing = Pacing(plan, Policy(), level)
        self.session.advance(0.0, 0.0)
        self.pacing.begin_segment(0.0, first=False, by_footpod=False)
        self.at = 0
        self.said: list[Event] = []

    def run(self, speed: float, seconds: int, sigma: float = 0.02) -> list[Event]:
        said = []
        for _ in range(seconds):
            self.at += 1
            self.session.advance(float(self.at), 3.0 * self.at)
            said += self.pacing.judge(self.session, Estimate(self.at, 3.0 * self.at, speed, sigma, "gps"))
        self.said += said
        return said


def test_inside_the_band_nothing_is_said() -> None:
    assert Runner().run(3.05, 1700) == []


def test_no_correction_within_settle() -> None:
    (first, *_) = Runner().run(3.3, 60)
    assert first.at == Policy().settle


def test_two_corrections_and_no_third() -> None:
    said = Runner().run(3.3, 900)
    assert [(event.facts["nth"], event.facts["side"]) for event in said] == [(1, "fast"), (2, "fast")]
    assert said[1].at - said[0].at == Policy().second_after


def test_one_second_outside_is_no_deviation() -> None:
    runner = Runner()
    for _ in range(20):
        runner.run(3.3, 10)
        runner.run(3.0, 3)
    assert runner.said == []


def test_an_excursion_is_over_after_a_while_inside_and_said_so_once() -> None:
    runner = Runner()
    runner.run(2.7, 40)
    said = runner.run(3.0, 60)
    assert [event.name for event in said] == ["on_pace"]
    assert said[0].at == 40 + 1 + Policy().inside


def test_slow_easy_running_is_never_corrected() -> None:
    assert Runner(Kind.WARMUP).run(2.0, 600) == []


def test_the_finish_has_a_floor_and_no_ceiling() -> None:
    assert Runner(Kind.PEAK).run(3.6, 600) == []
    assert Runner(Kind.PEAK).run(2.7, 600)[0].facts["side"] == "slow"


def test_the_band_is_never_narrower_than_two_sigmas() -> None:
    assert Runner().run(3.25, 600, sigma=0.15) == []
    assert Runner().run(3.25, 600, sigma=0.05) != []


def test_a_workouts_own_band_replaces_the_table() -> None:
    band = Band(2.7, 3.3)
    assert Runner(target=band).run(3.25, 600) == []
    assert Runner(target=band).run(3.4, 600) != []


def test_a_beginner_gets_more_room() -> None:
    assert Runner(level="beginner").run(3.12, 600) == []
    assert Runner(level="advanced").run(3.12, 600) != []


def test_the_end_of_a_segment_is_left_in_peace() -> None:
    runner = Runner()
    runner.run(3.0, 1800 - 25)
    assert runner.run(3.4, 24) == []


def test_standing_at_a_light_is_not_too_slow() -> None:
    runner = Runner()
    runner.run(3.0, 60)
    assert runner.run(0.0, 120) == []
    assert runner.run(2.7, int(Policy().settle_stop)) == []


def test_from_a_standing_start_the_coach_waits_until_the_runner_was_in_the_band() -> None:
    plan = Plan("p", (Segment("S", Kind.TEMPO, Duration(1800), Steady(3.0)),))
    pacing, session = Pacing(plan, Policy(), "advanced"), Session(plan)
    session.advance(0.0, 0.0)
    pacing.begin_segment(0.0, first=True, by_footpod=False)
    said = []
    for at in range(1, 60):
        session.advance(float(at), 2.5 * at)
        said += pacing.judge(session, Estimate(at, 2.5 * at, 2.5, 0.02, "gps"))
    assert said[0].at == Policy().arm
