"""The policy's documentation, and its constants by their former names."""

from __future__ import annotations

import re
from dataclasses import fields
from inspect import getsource

import pytest

from coach.core.policy import FORMER, Policy
from tests.conftest import ROOT

FIELD = re.compile(r"^ *(\w+)(?:: \w+)? *= *[\d.]+ *# (.+)$", re.MULTILINE)
UNITS = (
    "s",
    "m",
    "m/s",
    "(m/s)²",
    "share",
    "factor",
    "sigmas",
    "standard",
    "bands",
    "beats",
    "corrections",
    "announcements",
    "pauses",
    "evidence",
)
SUBJECTS = [each.name for each in fields(Policy)]


def told(subject: str) -> dict[str, str]:
    return dict(FIELD.findall(getsource(type(getattr(Policy(), subject)))))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_constant_is_documented_with_its_unit_first(subject: str) -> None:
    comments = told(subject)
    assert [each.name for each in fields(getattr(Policy(), subject))] == list(comments)
    assert [f"{name}: {text}" for name, text in comments.items() if text.split()[0].rstrip(";") not in UNITS] == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_example_file_says_the_same_of_every_constant(subject: str) -> None:
    section = (ROOT / "config.example.toml").read_text().split(f"[coach.policy.{subject}]")[1].split("\n[")[0]
    assert dict(FIELD.findall(section)) == told(subject)


def test_a_table_of_former_names_is_read_as_the_subjects_they_stand_in_now() -> None:
    policy = Policy.from_dict({"settle": 5.0, "standing": 90.0, "apart": 12.0, "heart_share": 0.1, "poor_sigma": 0.2})
    assert (policy.correction.settle, policy.standing.ask_after, policy.talk.apart) == (5.0, 90.0, 12.0)
    assert (policy.heart.lower_by, policy.signal.poor_sigma) == (0.1, 0.2)


def test_a_former_name_beside_its_subject_adds_to_it() -> None:
    policy = Policy.from_dict({"signal": {"poor_sigma": 0.2}, "good_sigma": 0.1})
    assert (policy.signal.poor_sigma, policy.signal.good_sigma) == (0.2, 0.1)


def test_every_former_name_leads_to_a_constant() -> None:
    assert [name for name, (subject, constant) in FORMER.items() if not hasattr(getattr(Policy(), subject), constant)] == []


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_constant_is_a_finite_number_from_zero_on(value: float) -> None:
    with pytest.raises(ValueError, match=r"heart\.over = "):
        Policy.from_dict({"heart": {"over": value}})


@pytest.mark.parametrize("unknown", [{"settel": 5.0}, {"heart": {"settel": 5.0}}, {"hart": {}}])
def test_an_unknown_name_is_refused(unknown: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Policy.from_dict(unknown)
