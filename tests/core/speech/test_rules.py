"""The rows of RULES are whole: a newcomer who forgets a part of a row is told which part, of which kind."""

from dataclasses import asdict

import pytest

from coach.core.policy import Policy
from coach.core.speech.rules import MEASURED, RULES

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
