"""What is told of a run in another language: every reason is one of its own, and no English sentence is left in a table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.cli.rehearse import TITLES, _table
from coach.core.inputs import Input
from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.core.speech.floor import _FOR_EVERY_CUE, _FOR_UNASKED
from coach.core.speech.rule import MEASURED
from coach.core.speech.rules import RULES
from coach.rehearsal.scores import Score
from coach.runs import show
from coach.runs.explain import explained, why_not
from coach.runs.journal import JournalWriter
from coach.runs.recording import Recording, ticking
from coach.runs.relive import relive
from coach.runs.report.texts import Texts
from coach.runs.setup import Setup
from devices.sample import Pulse, Stride
from tests.cli.commands import coach, configured

OTHERS = ("de", "es", "fr")
ENGLISH = re.compile(
    r"\b(the|of|said|with|without|than|there|since|after|behind|ahead|heart|pace|time|run|runs)\b", re.IGNORECASE
)
OWN = re.compile(r"\w+(\.\w+)? = |, (Build|Peak)|\w+_\w+")  # names of constants, cues and segments
BEHIND = 3  # new reasons that a language may lack for a while: they are told in English
PLAN = Plan(
    "Progression",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(240.0), Steady(2.6)),
        Segment("Build", Kind.STEADY, Duration(900.0), Ramp(2.7, 3.4)),
        Segment("Peak", Kind.PEAK, Duration(180.0), Steady(3.5)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(60.0)),
    ),
)
SETUP = Setup(PLAN, Settings())


def items() -> Iterator[Input]:
    """A runner who is too fast for a while, then too slow, stops, and has a strap."""
    for second in range(1400):
        wanted = 2.6 if second < 240 else 2.7 + 0.7 * min(1.0, (second - 240) / 900) if second < 1140 else 3.5
        off = 1.1 if 500 <= second < 800 else 0.9 if 900 <= second < 1100 else 0.0 if 1250 <= second < 1280 else 1.0
        yield Stride(float(second), "pod", wanted * off, 170.0)
        yield Pulse(float(second), "strap", 150)


RECORDING = Recording(lambda: ticking(items()), None, 0, lambda: 0)


@pytest.fixture(scope="module")
def reasons() -> set[str]:
    """Why each cue of that run was said or kept back, and what was known at some moments of it."""
    told = {each.rule or each.because for each in explained(RECORDING, SETUP, "km")}
    moments = {line for at in (10.0, 300.0, 650.0, 1000.0, 1265.0) for line in why_not(RECORDING, SETUP, at, "km")}
    return {reason for reason in told | moments if reason}


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_is_told_in_the_runners_language(language: str, reasons: set[str]) -> None:
    texts, policy = Texts(language), SETUP.settings.policy
    rows = {rule.because for rule in RULES.values()} - {MEASURED} | {text for text, _ in (*_FOR_EVERY_CUE, *_FOR_UNASKED)}
    written = {policy.told(row).replace("{airtime:g}", "60") for row in rows}
    lacking = [reason for reason in sorted(reasons | written) if texts.reason(reason) == reason]
    assert len(lacking) <= BEHIND, f"coach/runs/report/languages/{language}.toml: [reasons] lacks {lacking}"
    for reason in reasons | written - {*lacking}:
        said = texts.reason(reason)
        assert reason in lacking or not ENGLISH.search(OWN.sub("", said)), said


def test_all_languages_tell_the_same_reasons() -> None:
    tables = [Texts(language)._own["reasons"] for language in OTHERS]
    assert all(table.keys() == tables[0].keys() for table in tables)
    for table in tables:
        for english, said in table.items():
            assert sorted(re.findall(r"{[\w.]+}", said)) == sorted(re.findall(r"{[\w.]+}", english)), english


def test_what_is_no_reason_and_what_is_within_another_are_told() -> None:
    reason = Texts("de").reason
    assert reason("too late: a change of segment is being announced") == "zu spät: ein Wechsel des Abschnitts wird angesagt"
    assert reason("something new") == "something new"
    assert Texts("en").reason("you asked") == "you asked"


@pytest.mark.parametrize("language", OTHERS)
def test_tables_hold_no_english(language: str) -> None:
    activity = relive(RECORDING, Setup(PLAN, Settings(), language=language), "km")
    shown = [*show.text(activity, "km", language)]
    nothing = {name: Score(0.0, 0.0, 0.0, 0.0, 0.0, 0.0) for name in TITLES}
    for line in [*shown, *_table(nothing, Texts(language))]:
        assert not ENGLISH.search(line), line
    assert any("150" in line for line in shown) and len(shown) > 10


@pytest.mark.parametrize("language", OTHERS)
def test_the_commands_speak_the_language_of_the_config(tmp_path: Path, language: str) -> None:
    """`coach runs` without a run; programs read the same in every language."""
    config = configured(tmp_path, f'[runner]\nlanguage = "{language}"\n')
    assert coach(config, "runs").stderr.strip() == Texts(language)("runs", "none") != Texts("en")("runs", "none")
    kept = JournalWriter.begin(tmp_path / "run.jsonl", SETUP.as_dict(), print)
    for item in itertools.islice(RECORDING.items(), 200):
        kept.write_input(item)
    kept.close(100.0, "quit")
    moment: list[str | Path] = ["explain", tmp_path / "run.jsonl", "--why-not", "1:00"]
    assert Texts(language).reason("target 6:25/km") in coach(config, *moment).stdout
    assert coach(config, *moment, "--json").stdout == coach(configured(tmp_path), *moment, "--json").stdout
