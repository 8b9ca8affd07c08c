"""The policy's documentation: every field says what it means, in the code and in the example file alike."""

from __future__ import annotations

import re
from dataclasses import fields

from coach.core.policy import Policy
from tests.conftest import ROOT

FIELD = re.compile(r"^ *(\w+)(?:: \w+)? *= *[\d.]+ *# (.+)$", re.MULTILINE)
UNITS = ("s", "m", "m/s", "(m/s)²", "share", "factor", "sigmas", "standard", "bands", "beats", "corrections", "announcements")


def test_every_field_is_documented_with_its_unit_first() -> None:
    told = dict(FIELD.findall((ROOT / "coach" / "core" / "policy.py").read_text()))
    assert [field.name for field in fields(Policy) if field.name not in told] == []
    assert [f"{name}: {text}" for name, text in told.items() if text.split()[0].rstrip(";") not in UNITS] == []


def test_the_example_file_says_the_same_of_every_field() -> None:
    told = dict(FIELD.findall((ROOT / "coach" / "core" / "policy.py").read_text()))
    section = (ROOT / "config.example.toml").read_text().split("[coach.policy]")[1].split("\n[")[0]
    assert dict(FIELD.findall(section)) == told
