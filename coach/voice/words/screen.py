"""What people read, in the runner's language: the state of a run, its summary, and the table of a plan. JSON stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from coach.core.plan.segments import Kind
from coach.voice.words.tables import FALLBACK, whole


class Screen:
    """The phrases of the tables [screen], [live] and [why] of one language."""

    def __init__(self, language: Mapping[str, Any], translated: bool) -> None:
        self._phrases: Mapping[str, str] = language["screen"]
        self._live: Mapping[str, str] = language["live"]
        self._why: Mapping[str, str] = language["why"]
        roles = {kind.label: language["roles"][kind.value] for kind in Kind}
        self._names: Mapping[str, str] = language["names"] | roles if translated else {}

    @classmethod
    @cache
    def load(cls, language: str = FALLBACK) -> Screen:
        """Raises ValueError if there is no such language. Missing phrases are in English."""
        return cls(whole(language)[0], language.partition("-")[0] != FALLBACK)

    def line(self, phrase: str, **slots: object) -> str:
        return self._phrases[phrase].format(**slots)

    def live(self, phrase: str, **slots: object) -> str:
        """A phrase of a run that is going on."""
        return self._live[phrase].format(**slots)

    def why(self, reason: str) -> str:
        """A reason why a segment has no score, which is written down in English."""
        return self._why.get(reason, reason)

    def name(self, name: str) -> str:
        """A name that the program gave, in the runner's language; any other as it is."""
        said = self._names.get(name)
        return said[0].upper() + said[1:] if said else name
