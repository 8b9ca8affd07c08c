"""The setup in a journal's first line, also that of an older journal."""

from __future__ import annotations

import json

import pytest

from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.errors import InvalidSettings
from coach.runs.setup import Setup

PLAN = Plan("p", (Segment("Easy", Kind.EASY, Duration(600.0), Steady(2.8)),))


def test_a_setup_is_read_back_as_it_was_written() -> None:
    setup = Setup(PLAN, language="de")
    assert Setup.from_dict(setup.as_dict()) == setup


def test_a_journal_whose_policy_is_one_flat_table_is_read() -> None:
    """Before the constants were ordered by subject, they stood side by side."""
    written = Setup(PLAN).as_dict()
    written["settings"]["policy"] = {"settle": 20.0, "heart_over": 45.0}
    policy = Setup.from_dict(written).settings.policy
    assert (policy.correction.settle, policy.heart.over, policy.heart.far) == (20.0, 45.0, 8.0)


def test_an_unknown_constant_is_named() -> None:
    written = Setup(PLAN).as_dict()
    written["settings"]["policy"] = {"patience": 20.0}
    with pytest.raises(InvalidSettings, match=r"another version.*patience"):
        Setup.from_dict(written)


def test_a_journal_from_before_runs_waited_and_paused_is_read_as_one_that_did_neither() -> None:
    written = json.loads(json.dumps(Setup(PLAN).as_dict()))
    for name in ("start", "pause", "belts"):
        del written["settings"][name]
    del written["settings"]["policy"]["moving"], written["settings"]["estimator"]["pod_measured"]
    assert Setup.from_dict(written) == Setup(PLAN)
