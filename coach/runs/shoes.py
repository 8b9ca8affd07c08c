"""Remembers a footpod's scale between runs, for each pair of shoes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from unicodedata import normalize

from pydantic import TypeAdapter, ValidationError

from coach.core.estimate.footpod import SCALE_BOUNDS, FootpodScale
from coach.errors import read_at_most

LARGEST = 1 << 20  # bytes: ten thousand pairs
WORTH_KEEPING = 120.0  # s of good GPS: a scale learned from less is no better than the one known before


def path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("progression-coach") / "shoes.json"


def recall(shoes: str, note: Callable[[str], object]) -> FootpodScale | None:
    """The scale remembered for these shoes. A damaged file is set aside with a `note`; it does not stop a run."""
    return _all(note).get(normalize("NFC", shoes))


def remember(shoes: str, footpod: FootpodScale, note: Callable[[str], object]) -> None:
    """Replaces the scale of these shoes, completely or not at all, even in a power cut. Raises OSError."""
    known = {**_all(note), normalize("NFC", shoes): footpod}
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({name: asdict(each) for name, each in known.items()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, target)
    with suppress(PermissionError):  # Windows cannot open folders
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that the new name is on the card too
        finally:
            os.close(folder)


def _all(note: Callable[[str], object]) -> dict[str, FootpodScale]:
    kept = path()
    try:
        shoes = TypeAdapter(dict[str, FootpodScale]).validate_json(read_at_most(kept, LARGEST))
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError):
        _set_aside(kept, note)
        return {}
    low, high = SCALE_BOUNDS
    sound = {normalize("NFC", name): each for name, each in shoes.items() if low <= each.scale <= high and each.taught >= 0}
    if len(sound) < len(shoes):
        _set_aside(kept, note)
    return sound


def _set_aside(kept: Path, note: Callable[[str], object]) -> None:
    """Keeps a damaged file under another name; the scales are learned again, run by run."""
    aside = kept.with_suffix(".damaged")
    try:
        os.replace(kept, aside)
    except OSError as refused:
        note(f"{kept} is damaged and cannot be moved ({refused.strerror}): the footpod scales in it are not used")
        return
    note(f"the file of footpod scales is damaged: it is kept as {aside}, and they are learned again")
