"""Remembers a footpod's scale between runs, for each pair of shoes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from coach.core.estimate.footpod import SCALE_BOUNDS, FootpodScale

WORTH_KEEPING = 120.0  # s of good GPS: what less of it taught is not better than what was known


def path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("progression-coach") / "shoes.json"


def recall(shoes: str, note: Callable[[str], object]) -> FootpodScale | None:
    """The scale remembered for these shoes. A damaged file is set aside, and `note` is told: no run waits for it."""
    return _all(note).get(shoes)


def remember(shoes: str, footpod: FootpodScale, note: Callable[[str], object]) -> None:
    """Replaces what was known of these shoes, whole or not at all, also in a power cut. Raises OSError."""
    known = {**_all(note), shoes: footpod}
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({name: asdict(each) for name, each in known.items()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, target)
    with suppress(PermissionError):  # Windows opens no folders
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name is on the card too
        finally:
            os.close(folder)


def _all(note: Callable[[str], object]) -> dict[str, FootpodScale]:
    kept = path()
    try:
        shoes = TypeAdapter(dict[str, FootpodScale]).validate_json(kept.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError):
        _set_aside(kept, note)
        return {}
    low, high = SCALE_BOUNDS
    sound = {name: each for name, each in shoes.items() if low <= each.scale <= high and each.taught >= 0}
    if len(sound) < len(shoes):
        _set_aside(kept, note)
    return sound


def _set_aside(kept: Path, note: Callable[[str], object]) -> None:
    """Kept under another name for whoever wants to look; what the footpods taught is learned anew, run by run."""
    aside = kept.with_suffix(".damaged")
    try:
        os.replace(kept, aside)
    except OSError as refused:
        note(f"{kept} is damaged and cannot be moved ({refused.strerror}): what it knew of footpods is not used")
        return
    note(f"what was remembered of footpods is damaged: it is kept as {aside}, and learned anew")
