"""The words of what is told of a run afterwards, from `languages`, in the runner's; what that one lacks is told in English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from coach.core.units import PER, pace_seconds
from coach.runs.report.reasons import Reasons
from coach.voice.words.screen import Screen
from coach.voice.words.tables import FALLBACK


class Texts:
    """`texts("page", "heart")` is a word of a table; {…} in it are filled in."""

    def __init__(self, language: str) -> None:
        base = language.partition("-")[0]
        self._own, self._english = _tables(base), _tables(FALLBACK)
        self.language = base if self._own else FALLBACK
        screen = Screen.load(language)
        self.name = screen.name  # a name that the program gave, in this language; others as they are
        self.why = screen.why  # why a segment has no score
        self.reason = _reasons(self.language).told  # why something was said or not
        self._point = self._own.get("decimal", self._english["decimal"])

    def __call__(self, table: str, name: str, **filled: object) -> str:
        text: str = self._own.get(table, {}).get(name) or self._english[table][name]
        return text.format(**filled) if filled else text

    def number(self, text: str) -> str:
        """A number as text, with the language's decimal point."""
        return text.replace(".", self._point)

    def off(self, share: float, target: float, unit: str) -> str:
        """ "14 s fast": how far off a pace per `unit` is, by the share that the speed is over its target (m/s)."""
        off = pace_seconds(target * (1 + share), PER[unit]) - pace_seconds(target, PER[unit])
        return self("off", "slow" if off > 0 else "fast" if off else "even", seconds=abs(off))


@cache
def _tables(language: str) -> dict[str, Any]:
    file = files("coach.runs.report").joinpath("languages", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


@cache
def _reasons(language: str) -> Reasons:
    return Reasons(_tables(language).get("reasons", {}))
