"""When the points of a recording were, whatever became of the recorder's clock."""

from collections import Counter

import pytest

from devices.tracks.clock import AFTER_LEAP, placed
from devices.tracks.points import BLOCK, Point, Points, Recorded

RUN = [float(second) for second in range(1000, 1060)]


def recorded(*pieces: list[Point]) -> Recorded:
    made = Recorded()
    for nth, piece in enumerate(pieces):
        made.begin(paused=nth > 0)
        for point in piece:
            made.points.append(point)
    return made


def times(*pieces: list[float]) -> tuple[list[float], dict[str, int]]:
    """The times, and the faults; each point keeps its own speed, and its heart rate if it has one."""
    faults: Counter[str] = Counter()
    points = [[Point(utc, speed=utc, bpm=utc if utc % 3 else None) for utc in piece] for piece in pieces]
    run = placed(recorded(*points), faults)
    written = {point.utc: point for piece in points for point in piece}
    assert list(run.points) == [written[point.utc] for point in run.points]
    return list(run.ats), dict(faults)


def seconds(count: int) -> list[float]:
    return [float(second) for second in range(count)]


@pytest.mark.parametrize("back", [30, 1200, 3600, 10**9])
def test_a_clock_that_was_set_back_costs_nothing(back: int) -> None:
    assert times(RUN[:40] + [utc - back for utc in RUN[40:]]) == (seconds(60), {"set back": 1})


def test_a_leap_second_costs_a_point() -> None:
    points = RUN[:40] + [utc - 1 for utc in RUN[40:]]
    assert times(points) == (seconds(59), {"repeated": 1} if len(set(points)) < 59 else {})


@pytest.mark.parametrize("at", [0, 1, 30, 59])
@pytest.mark.parametrize("ahead", [1800, 10**8, -900])
def test_one_wrong_stamp_costs_one_point(at: int, ahead: int) -> None:
    wrong = [utc + ahead if nth == at else utc for nth, utc in enumerate(RUN)]
    placed_at, faults = times(wrong)
    assert len(placed_at) == 59
    assert placed_at[-1] - placed_at[0] in (58.0, 59.0)
    assert faults == {"stray": 1}


def test_three_wrong_stamps_in_a_row_cost_three_points() -> None:
    assert times([*RUN[:20], 5000.0, 5001.0, 5002.0, *RUN[23:]]) == (
        seconds(20) + [float(s) for s in range(23, 60)],
        {"stray": 3},
    )


def test_pieces_out_of_order_are_sorted() -> None:
    assert times(RUN[40:], RUN[:20], RUN[20:40]) == (seconds(60), {})


def test_pieces_that_overlap_are_a_clock_that_was_set_back_in_a_pause() -> None:
    placed_at, faults = times(RUN[:40], RUN[10:40])
    assert placed_at == seconds(40) + [39 + AFTER_LEAP + second for second in range(30)]
    assert faults == {"set back": 1}


def test_a_leap_ahead_of_more_than_a_day_is_a_pause() -> None:
    assert times([1e9, 1e9 + 1, 2e9, 2e9 + 1])[0] == [0.0, 1.0, 1.0 + AFTER_LEAP, 2.0 + AFTER_LEAP]


def test_a_recorder_that_learns_the_date_goes_on() -> None:
    assert times([100.0, 101.0, 102.0, 1.7e9, 1.7e9 + 1])[0] == seconds(5)


def test_points_of_one_moment_complete_one_another() -> None:
    faults: Counter[str] = Counter()
    points = [Point(1000.0, bpm=150.0), Point(1000.0, 47.0, 8.5), Point(1001.0, 47.0, 8.5), Point(1001.0, 47.1, 8.5)]
    (first, second) = placed(recorded(points), faults).points
    assert first == Point(1000.0, 47.0, 8.5, bpm=150.0)
    assert second.lat == 47.0
    assert faults == {"repeated": 1}


def test_a_pause_is_before_the_first_point_of_a_piece_wherever_that_comes_to_stand() -> None:
    def pauses(*pieces: list[float]) -> frozenset[int]:
        return placed(recorded(*([Point(utc) for utc in piece] for piece in pieces)), Counter()).pauses

    assert pauses(RUN[:20], RUN[20:]) == {20}
    assert pauses(RUN[40:], RUN[:20], RUN[20:40]) == {0, 20}  # the first piece of the file is no pause, wherever it is
    assert pauses(RUN[:20], [RUN[19], *RUN[20:]]) == {20}  # its first point is the last one's again
    assert pauses(RUN[:20], [], RUN[30:]) == {20}
    assert pauses([*RUN[:10], 9999.0, *RUN[11:20]], RUN[20:]) == {19}  # a wrong time before it


def test_any_points_come_out_as_they_went_in() -> None:
    for count in (0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 1):
        made = [Point(float(nth), alt=None if nth < BLOCK else 3.5, bpm=60.0 if nth % 7 else None) for nth in range(count)]
        points = Points(made)
        assert list(points) == made
        assert len(points) == count
        assert points.known("alt") == max(0, count - BLOCK)
        assert points.known("lat") == 0
        assert list(points.at(range(0, count, 2))) == made[::2]
        assert list(points.at(range(count)[::-1])) == made[::-1]
