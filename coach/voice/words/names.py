"""Turns names of plans and segments into speakable text: numbers spelled out, signs replaced, the unspeakable left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from string import Formatter
from typing import Any

from coach.core.plan.segments import Kind
from coach.core.units import parse_distance, parse_duration
from coach.voice.words.cases import Cases
from coach.voice.words.numerals import Numerals

LONGEST = 9  # words of a name that are said
MOST_DIGITS = 5  # digits: a longer number is said digit by digit
_NUMBER = r"\d+(?:[.,]\d+)?"
_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_STRAIGHT = str.maketrans({"’": "'", "‐": "-", "‑": "-", "×": "x", "²": " 2", "³": " 3"})


class Names:
    """Says names as written; names that the program itself gave are said in the runner's language."""

    def __init__(self, language: Mapping[str, Any], numerals: Numerals) -> None:
        self._numerals = numerals
        self._roles: Mapping[str, str] = language["roles"]
        self._spelling: Mapping[str, Any] = language["spelling"]
        given = language["names"] | {kind.label: self._roles[kind.value] for kind in Kind}
        self._given = {name.casefold(): said for name, said in given.items()}
        self._built = [(_pattern(name), said) for name, said in given.items() if "{" in name]
        self._cases = Cases(language["cases"])
        units, per = ("|".join(self._spelling[table]) for table in ("units", "per"))
        self._token = re.compile(
            rf"(?P<clock>\d{{1,2}}:[0-5]\d)(?!\d)|/ ?(?P<per>{per})\b|(?P<quantity>{_NUMBER}) ?(?P<unit>{units})\b"
            rf"|(?P<times>(?<=\d) ?x(?= ?\d))|(?P<number>{_NUMBER})|(?P<word>{_WORD})|(?P<sign>\S)",
            re.IGNORECASE,
        )

    def plan(self, name: str) -> str:
        """The plan's name as spoken; empty if nothing of it can be spoken."""
        name = name.strip()
        return self._given.get(name.casefold()) or self._composed(name) or self.spoken(name)

    def segment(self, name: str, role: str) -> str:
        """The segment's name as spoken, or its role if no part of the name can be spoken."""
        return self.plan(name) or self._roles[role]

    def spoken(self, name: str, longest: int = LONGEST) -> str:
        """The text in letters and the punctuation of speech only; at most `longest` words."""
        text = unicodedata.normalize("NFKC", name.translate(_STRAIGHT)).translate(_STRAIGHT)
        said: list[str] = []
        for token in self._token.finditer(text):
            said += [self._say(token)]
            if len(" ".join(said).split()) > longest:
                return " ".join(filter(None, said[:-1])) or " ".join(said[0].split()[:longest])
        return " ".join(filter(None, said))

    def _composed(self, name: str) -> str:
        """A name that the program made of another name, a place or a time; "" if it is none."""
        for pattern, said in self._built:
            if found := pattern.fullmatch(name):
                return self._cases.fill(said, **{slot: self._filling(slot, text) for slot, text in found.groupdict().items()})
        return ""

    def _filling(self, slot: str, text: str) -> str:
        match slot:
            case "time":
                return self._numerals.time(parse_duration(text))
            case "place":
                return self._numerals.distance(parse_distance(text))
        return self.plan(text)

    def _say(self, token: re.Match[str]) -> str:
        match token.lastgroup:
            case "clock":
                minutes, seconds = token["clock"].split(":")
                return self._numerals.clock(int(minutes), int(seconds))
            case "unit":
                return self._quantity(token["quantity"], token["unit"])
            case "per":
                return str(self._spelling["per"][token["per"].casefold()])
            case "times":
                return str(self._spelling["times"])
            case "number":
                return self._number(token["number"])
            case "word":
                return self._word(token["word"])
        return str(self._spelling["signs"].get(token[0], ""))

    def _quantity(self, digits: str, unit: str) -> str:
        whole, fraction = _parts(digits)
        if len(whole) > MOST_DIGITS or len(fraction) > 1:
            return f"{self._number(digits)} {self._word(unit)}"
        return self._numerals.of_unit(self._spelling["units"][unit.casefold()], float(f"{whole}.{fraction or 0}"))

    def _number(self, digits: str) -> str:
        whole, fraction = _parts(digits)
        if len(whole) > MOST_DIGITS or len(fraction) > 1:
            return self._numerals.digits(whole + fraction)
        return self._numerals.decimal(float(f"{whole}.{fraction or 0}"))

    def _word(self, word: str) -> str:
        """The word with abbreviations written out, without characters that cannot be spoken."""
        short = self._spelling["words"]
        parts = (short.get(part.casefold(), part) for part in word.split("-"))
        return "-".join(filter(None, ("".join(c for c in part if c.isalpha() or c == "'") for part in parts)))


def _pattern(name: str) -> re.Pattern[str]:
    """What a name with slots matches: "{race} in {time}" matches "half in 1:45:00"."""
    slot = {"time": r"\d{1,2}:\d\d(?::\d\d)?", "number": r"\d{1,2}", "place": r"[\d.]+ (?:km|m|mi)"}
    parts = [
        re.escape(text) + (f"(?P<{field}>{slot.get(field, '.+')})" if field else "")
        for text, field, *_ in Formatter().parse(name)
    ]
    return re.compile("".join(parts), re.IGNORECASE)


def _parts(digits: str) -> tuple[str, str]:
    whole, _, fraction = digits.replace(",", ".").partition(".")
    return whole, fraction
