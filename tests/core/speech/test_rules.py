"""The rows of RULES are whole: a newcomer who forgets a part of a row is told which part, of which kind."""

from dataclasses import asdict

import pytest

from coach.core.policy import Policy
from coach.core.speech.rules import MEASURED, RULES
from coach.voice.words.phrasing import _ROWS
from coach.voice.words.tables import languages, read

WHERE = "coach/core/speech/rules.py"


@pytest.mark.parametrize("kind", RULES)
def test_each_kind_of_cue_has_a_reason(kind: str) -> None:
    reason = RULES[kind].because
    assert reason.strip(), f"{WHERE}: add because=... to the row {kind!r}: `coach explain` tells it"
    assert reason == MEASURED or reason.format(**asdict(Policy())), f"{WHERE}: {kind!r}"


@pytest.mark.parametrize("kind", RULES)
def test_each_kind_withdraws_kinds_that_exist(kind: str) -> None:
    odd = set(RULES[kind].withdraws) - set(RULES)
    assert not odd, f"{WHERE}: {kind!r} withdraws {sorted(odd)}, which have no row"


def test_no_two_kinds_are_made_ready_at_the_same_place() -> None:
    places = [rule.warm for rule in RULES.values() if rule.warm]
    assert len(places) == len(set(places)), f"{WHERE}: two rows have the same warm=..."


def test_no_two_rows_are_made_of_one_event() -> None:
    events = [rule.event or kind for kind, rule in RULES.items()]
    assert len(events) == len(set(events)), f"{WHERE}: two rows have the same event=..."


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("language", languages())
def test_each_kind_has_words_in_each_language(kind: str, language: str) -> None:
    file = f"coach/voice/words/languages/{language}.toml"
    made = kind in _ROWS or not RULES[kind].sign.worded
    assert made or kind in read(language)["cues"], f'{file}: add {kind} = "..." under [cues]'
