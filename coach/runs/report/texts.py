"""The words of the report in the runner's language, from `languages`; what a language lacks is told in English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from coach.voice.words.screen import Screen
from coach.voice.words.tables import FALLBACK


class Texts:
    """`texts("page", "heart")` is a word of a table; {…} in it are filled in."""

    def __init__(self, language: str) -> None:
        base = language.partition("-")[0]
        self._own, self._english = _tables(base), _tables(FALLBACK)
        self.language = base if self._own else FALLBACK
        self.name = Screen.load(language).name  # a name that the program gave, in this language; others as they are
        self._point = self._own.get("decimal", self._english["decimal"])

    def __call__(self, table: str, name: str, **filled: object) -> str:
        text: str = self._own.get(table, {}).get(name) or self._english[table][name]
        return text.format(**filled) if filled else text

    def number(self, text: str) -> str:
        """A number as text, with the language's decimal point."""
        return text.replace(".", self._point)


@cache
def _tables(language: str) -> dict[str, Any]:
    file = files("coach.runs.report").joinpath("languages", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
