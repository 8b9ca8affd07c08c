"""Runs that earlier versions led can be told, exported and compared with what would be said now."""

from functools import cache
from pathlib import Path

import pytest

from coach.cli.past import past_activity
from coach.config import Config
from coach.runs.activity import Activity
from coach.runs.explain import explained
from coach.runs.export import FORMATS, content
from coach.runs.journal import JournalReader, SaidCue
from coach.runs.recording import open_recording
from coach.runs.report.page import page
from coach.runs.show import text
from coach.runs.verify import changes, verify
from tests.cli.commands import coach, configured
from tests.runs.fit_rules import broken

JOURNALS = sorted(Path(__file__).with_name("before").glob("*.jsonl.gz"))
each_journal = pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.name.removesuffix(".jsonl.gz"))


@cache
def activity(journal: Path) -> Activity:
    return past_activity(Config(), str(journal), None)[1]


def test_there_are_journals_of_each_time() -> None:
    assert len(JOURNALS) == 4


@each_journal
def test_it_is_told(journal: Path) -> None:
    shown = "\n".join(text(activity(journal), "km"))
    assert shown.startswith("Before · 2026-05-14") and "264 m in 1:3" in shown
    assert [part.name for _, part in activity(journal).segments] == ["Warm-up", "Build", "Fast"]
    recording = open_recording(journal)
    assert recording.setup
    assert [each.kind for each in explained(recording, recording.setup, "km") if each.rule is None][-1] == "run_complete"


@each_journal
def test_it_is_exported_and_reported(journal: Path) -> None:
    for kind in FORMATS:
        assert content(activity(journal), kind)
    assert broken(content(activity(journal), ".fit")) == []
    assert "Another version of this program coached this run" in page(activity(journal), "en", "km", 200.0)


@each_journal
def test_what_would_be_said_otherwise_now_is_told(journal: Path) -> None:
    said = [entry for entry in JournalReader(journal) if isinstance(entry, SaidCue)]
    found = changes(journal)
    assert found.same + found.reworded + found.gone == len(said) and found.damaged == 0
    assert verify(journal)[1] is not None and activity(journal).unlike > 0


def test_the_commands_say_that_another_version_spoke(tmp_path: Path) -> None:
    config = configured(tmp_path)
    assert "another version of this program wrote it" in coach(config, "verify", JOURNALS[0], check=1).stderr
    assert "another version coached this run" in coach(config, "show", JOURNALS[0]).stderr
