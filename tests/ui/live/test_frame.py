"""The frames of the live screen: whole at every size, readable without colour, in terminals without Unicode too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.ui.live.curve import ASCII, UNICODE, Trail, curve, gauge
from coach.ui.live.digits import big
from coach.ui.live.frame import ALL, NONE, SOME, Look, frame
from coach.ui.state import Said, State, Stater
from coach.ui.told import Teller
from coach.workouts import read_workout
from tests.conftest import ROOT
from tests.ui.test_told import STATE

PLAN = read_workout(str(ROOT / "coach" / "demo" / "workout.toml"), None)
OUTLINE = Stater(Coach(PLAN)).outline
WORDS = tuple(Said(float(at), "on_pace", f"Words number {at}.") for at in range(3))


def look(width: int, height: int, *, ascii_only: bool = False, keys: str = SOME, language: str = "en") -> Look:
    trail = Trail()
    for part in range(40):
        trail.follow(replace(STATE, place=part / 100, speed=2.6 + part / 100))
    return Look(OUTLINE, trail, Teller(language, "metric").screen, "km", width, height, ascii_only, keys)


def lines(state: State, at: Look, language: str = "en") -> list[str]:
    return ["".join(piece.text for piece in line) for line in frame(state, Teller(language, "metric").told(state), at)]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("size", [(40, 8), (40, 12), (50, 15), (80, 24), (120, 40), (200, 60)])
def test_a_frame_fills_its_terminal_and_no_line_is_wider(size: tuple[int, int], language: str) -> None:
    state = replace(STATE, said=WORDS, name="晨跑 " * 30, saved=False, battery_low=("a strap with a very long name",))
    shown = lines(state, look(*size, language=language), language)
    assert len(shown) == size[1] and max(map(cell_len, shown)) <= size[0]
    assert "?" in shown[-1] or "q q" in shown[-1]


@pytest.mark.parametrize("size", [(40, 10), (50, 15), (80, 24), (120, 40)])
def test_pace_target_what_is_next_and_the_last_words_are_on_every_frame(size: tuple[int, int]) -> None:
    shown = "\n".join(lines(replace(STATE, said=WORDS), look(*size)))
    assert "target 5:33" in shown and "25 s too fast" in shown and "Next: Peak" in shown and "4.20 km left" in shown
    assert "Words number 2." in shown
    assert "5:08/km" in shown or all(row in shown for row in big("5:08", 2 if size[1] >= 34 else 1))


def test_a_pause_stands_out_and_a_run_that_is_not_saved_is_told() -> None:
    paused = lines(replace(STATE, phase="paused", saved=False), look(80, 24))
    assert sum("PAUSED" in line for line in paused) == 2 and any("not being saved" in line for line in paused)
    drawn = frame(replace(STATE, phase="paused"), Teller("en", "metric").told(replace(STATE, phase="paused")), look(80, 24))
    assert all(piece.style == "7" for line in drawn for piece in line if "PAUSED" in piece.text)
    assert "●" not in "\n".join(paused)  # who stands is on no side of the band


def test_a_lost_signal_and_the_end_stand_where_the_pace_would() -> None:
    lost = replace(STATE, speed=None, side=None, signal="none")
    drawn = frame(lost, Teller("en", "metric").told(lost), look(50, 15))
    assert any(piece.style == "7" and "no signal" in piece.text for line in drawn for piece in line)
    for size in ((50, 15), (50, 12)):
        ended = "\n".join(lines(replace(STATE, phase="done", side=None), look(*size)))
        assert ended.count("Finished") == 2 and "target" not in ended and ended.count("2.40 km") == 2


def test_keys_that_have_no_room_are_behind_the_one_that_shows_them() -> None:
    assert lines(STATE, look(50, 15, keys=NONE))[-1].strip() == "Ctrl-C"  # a run that nobody can steer
    assert lines(STATE, look(50, 15))[-1].strip() == "p pause   l lap   s skip   b back   ? keys"


def test_a_terminal_without_unicode_gets_ascii_in_every_drawing() -> None:
    shown = "".join(lines(STATE, look(80, 24, ascii_only=True)))
    drawn = set(shown) - set("–→")  # of the texts; the stream below replaces what its encoding lacks
    assert all(ord(character) < 128 for character in drawn)


def test_the_keys_take_the_place_of_the_curve() -> None:
    shown = lines(STATE, look(80, 24, keys=ALL))
    assert all(any(line.strip() == key for line in shown) for key in ("p pause", "l lap", "qq end"))
    assert not any(UNICODE.plan * 5 in line for line in shown[8:16])


def test_the_curve_shows_the_plan_what_was_run_and_where_the_runner_is() -> None:
    drawn, highest, lowest = curve(OUTLINE, look(80, 24).trail, 0.4, 60, 8, ASCII)
    assert len(drawn) == 8 and all(len(line) == 60 for line in drawn)
    assert all(line[24] in "|o-" for line in drawn)
    run = [[line[column] for line in drawn].count("o") for column in range(60)]
    assert sum(run[:24]) == 24 and sum(run[25:]) == 0
    targets = [leg.points[0][1] for leg in OUTLINE.legs if leg.points[0][1]]
    assert highest >= max(targets) and lowest <= min(targets)
    assert curve(Stater(Coach(FREE_RUN)).outline, Trail(), 0.0, 60, 8, ASCII) == ([], 0.0, 0.0)


@pytest.mark.parametrize(("speed", "before"), [(2.0, True), (2.95, True), (3.05, False), (9.0, False)])
def test_the_gauge_shows_the_side_on_which_the_speed_is(speed: float, before: bool) -> None:
    drawn = gauge(replace(STATE, speed=speed), 61, ASCII)
    assert len(drawn) == 61 and (drawn.index("O") < drawn.index("|")) == before
    assert ("=" in drawn[: drawn.index("O")]) == (speed > 2.9)


def test_figures_are_as_high_as_they_are_told_and_of_one_width() -> None:
    for times in (1, 2):
        rows = big("12:59", times)
        assert len(rows) == 3 * times and len({len(row) for row in rows}) == 1
    assert set("".join(big("0123456789:.–", ascii_only=True))) <= set('#"_ ')
