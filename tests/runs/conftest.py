"""A card that is always quick: a journal is closed as soon as it is written, however busy the disk of this machine is."""

import os

import pytest

from coach.runs import growing_file


@pytest.fixture(autouse=True)
def quick_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests write need not outlive a power cut. Runs in processes of their own wait for the real disk."""
    monkeypatch.setattr(os, "fsync", lambda file: None)
    monkeypatch.setattr(growing_file, "_sync", lambda file: None)
    monkeypatch.setattr(growing_file, "CLOSES_WITHIN", 60.0)
