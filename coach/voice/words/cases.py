"""Fills the slots of a phrase, in the grammatical case a slot asks for: "in {elapsed:dative}" gives "in einer Stunde"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any


class Cases(Formatter):
    """`cases` is a language's table: for each case, the words that change in it."""

    def __init__(self, cases: Mapping[str, Mapping[str, str]]) -> None:
        self._cases = cases

    def fill(self, phrase: str, **slots: str) -> str:
        """Raises KeyError for a slot that nothing fills, or a case that the language does not list."""
        return self.vformat(phrase, (), slots)

    def format_field(self, value: Any, format_spec: str) -> str:
        words = str(value)
        for word, becomes in self._cases[format_spec].items() if format_spec else ():
            words = re.sub(rf"\b{word}\b", becomes, words)
        return words
