"""What a person types in place of a key, or a program hears: phrases for each of inputs.KEYS, as data."""

from __future__ import annotations

import re

from coach.core.inputs import KEYS

PHRASES = {
    "pause": ("stop for a moment", "wait", "start", "go", "pause or go on"),
    "resume": ("go on", "continue", "carry on"),
    "skip": ("next", "next segment", "skip this", "skip it"),
    "back": ("previous", "go back", "once more", "again", "begin again"),
    "lap": ("mark", "mark a lap", "split", "lap time"),
    "report": ("how am i doing", "how is it going", "how do i do", "status", "what now", "what is my pace", "my pace", "pace"),
    "progress": ("am i ahead", "am i behind", "am i on plan", "when will i finish", "how far", "how long", "how much is left"),
    "verbosity": ("talk less", "talk more", "say less", "say more", "less", "more"),
    "quit": ("end", "stop", "finish", "end the run", "stop the run"),
}


def key_of(typed: str) -> str | None:
    """The key that is meant; None if none is. Case and punctuation do not count."""
    said = " ".join(re.findall(r"[a-z]+", typed.lower().replace("'", "")))
    return next((key for key in KEYS if said == key or said in PHRASES[key]), None)
