"""Compares what was said with what was written down: numbers become digits, and spellings that sound alike become one."""

from __future__ import annotations

import re

from coach.voice.words.tables import read

_NUMBERS = {word: str(value) for value, word in enumerate(read("en")["numbers"]["below_hundred"].split())}
_ALIKE = {
    "too": "to", "km": "kilometers", "kilometer": "kilometers", "kilometre": "kilometers", "kilometres": "kilometers",
    "warmup": "warm up", "cooldown": "cool down", "ok": "okay", "oh": "0", "o": "0",
    "footsensor": "foot sensor", "mins": "minutes", "secs": "seconds",
}  # fmt: skip


def as_heard(text: str) -> str:
    """In small letters without signs; digits in a row are one number: "five oh five", "5:05" and "505" are alike."""
    plain = re.sub(r"(?<=\d)[:.,](?=\d)", "", text.casefold())
    plain = re.sub(r"half[- ]way", "halfway", plain)
    plain = re.sub(r"(?<=ty)-(?=[a-z])", " ", plain).replace("/", " per ")
    words = " ".join(_ALIKE.get(word, word) for word in re.findall(r"[a-z']+|\d+", plain)).split()
    return " ".join(_joined([_NUMBERS.get(word, word) for word in words if word != "point"]))


def numbers(text: str) -> list[str]:
    return [word for word in as_heard(text).split() if word.isdigit()]


def _joined(words: list[str]) -> list[str]:
    """Twenty and five are 25, five and 25 are 525."""
    joined: list[str] = []
    tens = False
    for word in words:
        if word.isdigit() and joined and joined[-1].isdigit():
            if tens and len(word) == 1 and word != "0":
                joined[-1] = joined[-1][:-1] + word
            else:
                joined[-1] += word
        else:
            joined.append(word)
        tens = word.isdigit() and len(word) == 2 and word[0] in "23456789" and word[1] == "0"
    return joined
