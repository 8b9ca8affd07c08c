"""How pacing changes from run to run: what is measured, what is called better, and what is advised."""

import time
from html import escape
from pathlib import Path

import pytest

from coach.core.inputs import Input
from coach.core.plan.segments import FREE_RUN, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.runs import store
from coach.runs.activity import Activity
from coach.runs.journal import JournalWriter
from coach.runs.progress.measures import Measures, measures
from coach.runs.progress.page import page
from coach.runs.progress.told import advice, text
from coach.runs.progress.trends import trends
from coach.runs.recording import Recording, ticking
from coach.runs.relive import relive
from coach.runs.report.texts import Texts
from coach.runs.setup import Setup
from devices.sample import Stride
from tests.cli.commands import coach, configured, lines
from tests.runs.test_report import read

ENGLISH = Texts("en")
PLAN = Plan(
    "Measured",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(180.0), Steady(2.5)),
        Segment("Build", Kind.STEADY, Duration(600.0), Ramp(2.6, 3.2)),
        Segment("Fast", Kind.TEMPO, Duration(180.0), Steady(3.3)),
    ),
)
SETUP = Setup(PLAN, Settings(verbosity="normal"))


def strides(first: float = 1.0, last: float = 1.0) -> list[Input]:
    """A runner whose share of what is asked for changes evenly from `first` to `last`."""
    wanted = [2.5 if at < 180 else 2.6 + 0.6 * (at - 180) / 600 if at < 780 else 3.3 for at in range(961)]
    return [Stride(float(at), "pod", speed * (first + (last - first) * at / 960)) for at, speed in enumerate(wanted)]


def activity(items: list[Input]) -> Activity:
    return relive(Recording(lambda: ticking(iter(items)), None, 0, lambda: 0), SETUP, "km")


def test_who_runs_as_asked_for_has_no_error_and_needs_no_help() -> None:
    found = measures(activity(strides()), "km")
    assert found["error"] == pytest.approx(0.0, abs=2.0) and found["drift"] == pytest.approx(0.0, abs=3.0)
    assert found["alone"] > 95 and "gain" not in found


def test_errors_have_the_side_the_size_and_the_place_at_which_they_were_made() -> None:
    found = measures(activity(strides(1.1, 0.9)), "km")
    assert found["first"] > 10 > abs(found["middle"]) and found["last"] < -10 and found["drift"] < -30
    assert found["error steady"] < found["error tempo"] and found["alone"] < 60
    per_mile = measures(activity(strides(1.1, 0.9)), "mi")
    assert per_mile["drift"] == pytest.approx(found["drift"] * 1.609344)


def test_an_easy_segment_that_was_run_slower_is_no_error() -> None:
    found = measures(activity([each for each in strides(0.85, 0.85) if each.at < 180]), "km")
    assert found["error warmup"] == 0.0 and found["alone"] == 100.0


def test_a_correction_that_was_answered_has_a_gain_and_a_reaction() -> None:
    waves = [faster if each.at % 240 < 120 else each for each, faster in zip(strides(), strides(1.09, 1.09), strict=True)]
    found = measures(activity(waves), "km")
    assert found["gain"] > 1 and 1 < found["reaction"] <= 60


def of(name: str, *values: float) -> list[Measures]:
    return [{name: value, "error": 5.0} for value in values]


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        (of("drift", -20, -19, -21, -8, -9, -7), "better"),
        (of("drift", 8, 9, 7, 20, 19, 21), "worse"),
        (of("drift", -20, 20, -5, 10, -10, 4), ""),
        (of("alone", 50, 52, 51, 70, 72, 71), "better"),
        (of("gain", 5, 5.5, 5.2, 15, 15.5, 15.2), ""),  # a larger gain may come from a larger error
        (of("drift", -20, -8, -7), ""),
    ],
)
def test_only_what_chance_does_not_explain_is_called_better_or_worse(runs: list[Measures], verdict: str) -> None:
    assert trends(runs)[next(iter(runs[0]))].verdict == verdict


def test_a_band_holds_the_true_mean_nine_times_of_ten() -> None:
    import random

    chance, held = random.Random(5), 0
    for _ in range(500):
        mean = trends([{"error": chance.gauss(10.0, 3.0)} for _ in range(5)])["error"].whole
        assert mean.give is not None
        held += abs(mean.value - 10.0) <= mean.give
    assert 0.86 < held / 500 < 0.94


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        (of("first", 9, 11, 10), "Start more slowly: the first third is 10 s/km fast."),
        (of("drift", -9, -11, -10), "you lose 10 s/km from the first third to the last"),
        (of("first", -9, 11, 4), "Nothing stands out"),
        (of("error tempo", 9, 9, 9), "Nothing stands out"),  # there is no other kind to compare it with
        ([{"error": 5.0, "error easy": 2.0, "error tempo": 9.0}], "Tempo is the furthest off"),
        (of("alone", 90, 91), 'try verbosity = "quiet"'),
    ],
)
def test_what_stands_out_is_advised(runs: list[Measures], told: str) -> None:
    assert told in advice(trends(runs), "km", ENGLISH)[0]


def test_a_single_run_has_numbers_and_no_bands() -> None:
    table = "\n".join(text(trends([{"error": 5.0}]), [time.time()], "km", ENGLISH))
    assert "off the pace, s/km  5.0\n" in table.replace("   ", "  ") and "1 run" in table


def kept(items: list[Input], setup: Setup, number: int) -> None:
    writer = JournalWriter.begin(store.new_path(f"run {number}"), setup.as_dict(), pytest.fail, number)
    for item in items:
        writer.write_input(item)
    writer.close(961.0, "quit")


def test_the_command_compares_the_runs_that_say_something_and_tells_which_do_not(tmp_path: Path) -> None:
    config = configured(tmp_path)
    assert ENGLISH("progress", "none") in coach(config, "progress", check=1).stderr
    for number in range(4):
        kept(strides(1.08 - 0.02 * number), SETUP, number)
    kept(strides(), Setup(FREE_RUN), 4)
    damaged = store.new_path("damaged")
    damaged.write_bytes(store.find_run("last").read_bytes().replace(b'"level":', b'"levels":', 1))
    done = coach(config, "progress")
    assert done.stdout.startswith("4 runs, ") and "To train next" in done.stdout
    rows = lines(coach(config, "progress", "--json", "--runs", "6").stdout)
    assert [row["kind"] for row in rows][:5] == ["measured"] * 4 + ["trend"]
    first = next(row for row in rows if row.get("name") == "first")
    assert first["later"]["value"] < first["earlier"]["value"]


DAYS = [1.76e9 + 86_400.0 * each for each in (0, 2, 5, 9, 12, 16)]
BETTER = [{"error": 12.0 - each, "drift": -20.0 + 3 * each, "alone": 60.0 + 4 * each, "error tempo": 9.0} for each in range(6)]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_page_shows_each_run_and_what_chance_does_not_explain(language: str) -> None:
    texts, html = Texts(language), page([*zip(DAYS, BETTER, strict=True)], language, "km")
    found = read(html)
    assert not found.addresses and found.elements["svg"] == 3 and html.count('class="dot"') == 3 * len(DAYS)
    assert html.count('class="band"') == html.count('class="target"') == 2 * 3
    assert html.count(escape(texts("progress", "better"))) >= 3 and escape(texts("train", "end_under").split("{")[0]) in html
    assert "2025-10-09" in html and texts.number("12.0") in html


@pytest.mark.parametrize("values", [[5.0], [5.0, 5.0], [5.0, -5.0, 5.0]])
def test_a_page_of_few_runs_has_no_halves(values: list[float]) -> None:
    html = page([(day, {"error": 5.0, "drift": value}) for day, value in zip(DAYS, values, strict=False)], "en", "km")
    assert read(html).elements["svg"] == 2 and 'class="band"' not in html and "Four runs or more" in html


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    config = configured(tmp_path)
    assert ENGLISH("progress", "none") in coach(config, "report", "--all", "-o", tmp_path / "no.html", check=2).stderr
    for number in range(2):
        kept(strides(1.02), SETUP, number)
    coach(config, "report", "--all", "-o", tmp_path / "all.html")
    assert (tmp_path / "all.html").read_text().count('class="dot"') >= 4 and not (tmp_path / "no.html").exists()
    asked = coach(config, "report", tmp_path / "run.fit", "--all", "-o", tmp_path / "no.html", check=2)
    assert "leave out the run" in asked.stderr and not (tmp_path / "no.html").exists()
