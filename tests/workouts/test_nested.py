"""Nested repeats count both: "Set two of three, four of five", also after a file was written and read again."""

from __future__ import annotations

from pathlib import Path

from coach.cli.timeline import timeline
from coach.core.events import Cue
from coach.core.plan.segments import Plan
from coach.core.speech.facts import segment_facts
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import languages
from coach.workouts import plain, read_workout
from coach.workouts.blocks import Block, blocks
from coach.workouts.native_text import write

SETS = """
name = "Three sets"
[[segment]]
repeat = 3
  [[segment.segment]]
  repeat = 5
    [[segment.segment.segment]]
    kind = "tempo"
    length = "400 m"
    pace = "4:00/km"
    [[segment.segment.segment]]
    kind = "recovery"
    length = "1 min"
"""
REST = (
    SETS
    + """
  [[segment.segment]]
  kind = "easy"
  length = "3 min"
"""
)


def read(folder: Path, text: str) -> Plan:
    file = folder / "nested.toml"
    file.write_text(text)
    return read_workout(str(file), None)


def said(plan: Plan, index: int, kind: str, language: str = "en") -> str:
    facts = segment_facts(plan, index) | {"previewed": True}
    return Words.load(language, "metric").text(Cue(0.0, kind, 2, 0.0, 0.0, facts))


def test_each_segment_knows_its_turn_and_its_set(tmp_path: Path) -> None:
    plan = read(tmp_path, SETS)
    assert len(plan.segments) == 30
    assert (plan.segments[16].turn, plan.segments[16].sets) == ((4, 5), (2, 3))
    rest = read(tmp_path, REST).segments[10]
    assert (rest.turn, rest.sets) == ((1, 3), None)


def test_both_are_said_as_it_begins_and_the_inner_one_before(tmp_path: Path) -> None:
    plan = read(tmp_path, SETS)
    assert said(plan, 16, "segment_began") == "Tempo, set two of three, four of five. Four minutes per kilometer."
    assert said(plan, 16, "preview") == "Next up, tempo, four of five, four minutes per kilometer, four hundred meters."
    for language in languages():
        assert said(plan, 16, "segment_began", language) != said(plan, 6, "segment_began", language)


def test_the_timeline_shows_both(tmp_path: Path) -> None:
    assert any("Tempo (2 of 3, 4 of 5)" in line for line in timeline(read(tmp_path, SETS), "km"))


def test_they_are_folded_and_come_back_from_a_file_and_from_a_journal(tmp_path: Path) -> None:
    for text in (SETS, REST):
        plan = read(tmp_path, text)
        (outer,) = blocks(plan)
        assert isinstance(outer, Block) and outer.times == 3
        assert read(tmp_path, write(plan).content.decode()) == plan
        assert plain.from_dict(plain.as_dict(plan)) == plan


def test_sets_that_are_not_alike_are_not_folded_into_one(tmp_path: Path) -> None:
    plan = read(tmp_path, SETS)
    odd = Plan(plan.name, plan.segments[:29])
    assert all(not isinstance(each, Block) or each.times == 5 for each in blocks(odd))
