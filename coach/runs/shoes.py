"""Remembers a footpod's scale between runs, for each pair of shoes."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from coach.core.estimate.footpod import SCALE_BOUNDS, FootpodScale
from coach.errors import InvalidSettings

WORTH_KEEPING = 120.0  # s of good GPS: what less of it taught is not better than what was known


def path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("progression-coach") / "shoes.json"


def recall(shoes: str) -> FootpodScale | None:
    """The scale remembered for these shoes. Raises InvalidSettings when what is remembered cannot be read."""
    return _all().get(shoes)


def remember(shoes: str, footpod: FootpodScale) -> None:
    """Saves the scale of these shoes, completely or not at all. Raises InvalidSettings as `recall` does, and OSError."""
    known = {**_all(), shoes: footpod}
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps({name: asdict(each) for name, each in known.items()}, indent=1))
    os.replace(fresh, target)


def _all() -> dict[str, FootpodScale]:
    kept = path()
    try:
        shoes = TypeAdapter(dict[str, FootpodScale]).validate_json(kept.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValidationError, OSError):
        raise InvalidSettings(str(kept), None, "cannot be read", "delete it, and `coach calibrate` again") from None
    low, high = SCALE_BOUNDS
    if wrong := [name for name, each in shoes.items() if not (low <= each.scale <= high and each.taught >= 0)]:
        raise InvalidSettings(str(kept), None, f"the scale of {wrong[0]!r} is none", "delete it, and `coach calibrate` again")
    return shoes
